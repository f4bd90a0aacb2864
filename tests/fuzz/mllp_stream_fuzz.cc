// Any stream, whole and in pieces, must lead to the same frames and defects;
// and what is framed must come back as it was.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "transport/mllp.h"

namespace {

using gateway::transport::MllpDecoder;
using Event = MllpDecoder::Event;

constexpr std::size_t kLimit = 200;

void note(MllpDecoder& decoder, std::string& out) {
  const std::string content = decoder.take_content();
  if (content.size() > kLimit) std::abort();
  out += text(decoder.defect());
  out += '\0' + content + '\0';
}

// Delivers pieces whose sizes `next_size` gives.
template <typename Sizes>
std::string decode(std::string_view bytes, Sizes next_size) {
  MllpDecoder decoder(kLimit);
  std::string found;
  while (!bytes.empty()) {
    auto piece = bytes.substr(0, next_size());
    bytes.remove_prefix(piece.size());
    while (!piece.empty()) {
      const auto step = decoder.feed(piece);
      if (step.consumed > piece.size()) std::abort();
      piece.remove_prefix(step.consumed);
      if (step.event != Event::need_more) note(decoder, found);
    }
  }
  if (decoder.end()) note(decoder, found);
  return found;
}

void expect_round_trip(std::string_view content) {
  const auto frame = gateway::transport::mllp_framed(content);
  if (!frame) return;
  MllpDecoder decoder(content.size());
  const auto step = decoder.feed(*frame);
  if (step.event != Event::frame || step.consumed != frame->size() ||
      decoder.take_content() != content) {
    std::abort();
  }
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
  const std::string whole = decode(bytes, [&] { return bytes.size(); });
  const std::string single = decode(bytes, [] { return std::size_t{1}; });
  const std::string pieces = decode(bytes, [&seed] {
    seed = seed * 1664525 + 1013904223;
    return std::size_t{1} + (seed >> 24U) % 23;
  });
  if (single != whole || pieces != whole) std::abort();
  expect_round_trip(bytes);
  return 0;
}
