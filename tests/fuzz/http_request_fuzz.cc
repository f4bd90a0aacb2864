// Any bytes, whole and in pieces, must lead to the same requests and the same
// verdict, and never to a crash.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "transport/http_parser.h"
#include "transport/http_syntax.h"

namespace {

using gateway::transport::HttpLimits;
using gateway::transport::HttpParser;
using Progress = HttpParser::Progress;

struct Verdict {
  std::string requests;
  std::string_view rule;
  bool operator==(const Verdict&) const = default;
};

HttpLimits small() {
  HttpLimits limits;
  limits.request_line = 200;
  limits.head = 600;
  limits.fields = 10;
  limits.body = 500;
  limits.chunk_extension = 20;
  limits.trailer = 60;
  return limits;
}

void note(const gateway::transport::Request& request, std::string& out) {
  out += request.method + '\n' + request.path + '\n' + request.query + '\n';
  for (const auto& [name, value] : request.headers) {
    if (!gateway::transport::is_header_name(name)) std::abort();
    if (!gateway::transport::is_header_value(value)) std::abort();
    out += name + ':' + value + '\n';
  }
  out += request.body + '\n';
}

// Delivers pieces whose sizes `next_size` gives.
template <typename Sizes>
Verdict read(std::string_view bytes, Sizes next_size) {
  HttpParser parser(small());
  Verdict verdict;
  std::string buffer;
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), next_size());
    buffer += bytes.substr(0, size);
    bytes.remove_prefix(size);
    auto progress = Progress::complete;
    while (progress != Progress::need_more && !buffer.empty()) {
      const auto step = parser.feed(buffer);
      if (step.consumed > buffer.size()) std::abort();
      buffer.erase(0, step.consumed);
      progress = step.progress;
      if (progress == Progress::refused) {
        verdict.rule = parser.refusal().rule->id;
        return verdict;
      }
      if (progress != Progress::complete) continue;
      note(parser.request(), verdict.requests);
      parser.reset();
    }
  }
  return verdict;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size < 4) return 0;
  // The first bytes seed the sizes of the pieces.
  std::uint32_t seed = 0;
  for (int i = 0; i < 4; ++i) seed = seed * 256 + data[i];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 4,
                               size - 4);
  const Verdict whole = read(bytes, [&] { return bytes.size(); });
  const Verdict single = read(bytes, [] { return std::size_t{1}; });
  const Verdict pieces = read(bytes, [&seed] {
    seed = seed * 1664525 + 1013904223;
    return std::size_t{1} + (seed >> 24U) % 23;
  });
  if (single != whole || pieces != whole) std::abort();
  return 0;
}
