// Any bytes are a JSON document or an error with a place; what is a document
// is read back byte by byte.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/json.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

std::size_t walk(gateway::Json node) {
  require(node.span().begin <= node.span().end);
  require(node.span().end <= node.document()->source().size());
  std::size_t count = 1;
  for (const gateway::Json child : node) {
    require(child.parent() == node);
    require(child.span().begin >= node.span().begin);
    count += walk(child);
  }
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto document = gateway::JsonDocument::parse(text);
  if (!document.ok()) {
    require(!document.error().message.empty());
    return 0;
  }
  require(document->source() == text);
  require(walk(document->root()) == document->node_count());
  const auto again =
      gateway::JsonDocument::parse(std::string(document->root().raw()));
  require(again.ok() && again->node_count() == document->node_count());
  return 0;
}
