// A message that is accepted is written byte for byte, and each string of its
// tree lies within it; one that is refused has an answer that is a message.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "parse/acknowledgment.h"
#include "parse/hl7v2_tree.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check_spans(gateway::Json node, std::size_t size) {
  require(node.span().begin <= node.span().end && node.span().end <= size);
  for (const auto child : node) check_spans(child, size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace gateway::parse;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const AckStamp stamp{"1", {}};
  const auto message = Hl7v2Message::parse(bytes);
  if (!message.ok()) {
    const auto answer =
        acknowledgment(salvaged_header(bytes), refusal(message.error()), stamp);
    require(Hl7v2Message::parse(answer).ok());
    return 0;
  }
  require(written(*message) == bytes);
  const auto tree = tree_of(*message);
  check_spans(tree.root(), bytes.size());
  const auto header = header_of(*message);
  const auto answer =
      acknowledgment(header, refusal(header_defects(header)), stamp);
  require(Hl7v2Message::parse(answer).ok());
  require(
      Hl7v2Message::parse(referral_response(*message, {}, "A", stamp)).ok());
  return 0;
}
