#include "transport/mllp.h"

#include <algorithm>
#include <atomic>
#include <utility>

namespace gateway::transport {
namespace {

constexpr char kVt = '\x0B';
constexpr char kFs = '\x1C';
constexpr char kCr = '\x0D';
constexpr std::string_view kMarks = "\x0B\x1C";
constexpr std::string_view kHeader = "MSH";

}  // namespace

std::string_view text(MllpDefect defect) {
  switch (defect) {
    case MllpDefect::none:
      return "none";
    case MllpDefect::restarted:
      return "a frame began inside another: 0x0B where 0x1C 0x0D was expected";
    case MllpDefect::bad_end:
      return "a frame ended without 0x0D behind 0x1C";
    case MllpDefect::too_large:
      return "a frame is larger than the limit";
    case MllpDefect::cut:
      return "a frame was begun and never ended";
    case MllpDefect::unopened:
      return "a message without 0x0B before it";
  }
  return "none";
}

struct MllpResponder::Once {
  Once(SendAndSay how, Forgotten otherwise)
      : send(std::move(how)), forgotten(std::move(otherwise)) {}
  Once(const Once&) = delete;
  Once& operator=(const Once&) = delete;
  ~Once() {
    if (!used.exchange(true)) forgotten();
  }

  SendAndSay send;
  Forgotten forgotten;
  std::atomic<bool> used = false;
};

MllpResponder::MllpResponder(Send send, Forgotten forgotten)
    : MllpResponder([send = std::move(send)](
                        std::vector<std::string> messages,
                        const Written&) { send(std::move(messages)); },
                    std::move(forgotten)) {}

MllpResponder::MllpResponder(SendAndSay send, Forgotten forgotten)
    : once_(std::make_shared<Once>(std::move(send), std::move(forgotten))) {}

void MllpResponder::send(std::vector<std::string> messages,
                         Written written) const {
  if (!once_->used.exchange(true)) {
    once_->send(std::move(messages), std::move(written));
  }
}

Result<std::string> mllp_framed(std::string_view content) {
  if (content.find_first_of(kMarks) != std::string_view::npos) {
    return Error{ErrorCode::invalid,
                 "the message holds 0x0B or 0x1C, which frame it"};
  }
  std::string frame;
  frame.reserve(content.size() + 3);
  frame += kVt;
  frame += content;
  frame += kFs;
  frame += kCr;
  return frame;
}

MllpDecoder::Step MllpDecoder::feed(std::string_view bytes) {
  std::size_t consumed = 0;
  while (consumed < bytes.size()) {
    if (place_ == Place::between) {
      consumed += skip(bytes.substr(consumed));
      continue;
    }
    const Step step = take(bytes.substr(consumed));
    consumed += step.consumed;
    if (step.event != Event::need_more) return {step.event, consumed};
  }
  return {Event::need_more, consumed};
}

std::size_t MllpDecoder::skip(std::string_view bytes) {
  const std::size_t begin = std::min(bytes.find(kVt), bytes.size());
  std::size_t used = 0;
  if (begins_message(bytes.substr(0, begin), used)) return used;
  skipped_ += begin;
  skipped_text_.append(
      bytes.substr(0, std::min(begin, most_bytes_ - skipped_text_.size())));
  if (begin == bytes.size()) return begin;
  place_ = Place::inside;
  return begin + 1;
}

// `used`: how many of them, where it does.
bool MllpDecoder::begins_message(std::string_view skipped, std::size_t& used) {
  for (; used < skipped.size() && strays_.size() < kHeader.size(); ++used) {
    const bool blank = static_cast<unsigned char>(skipped[used]) <= 0x20U;
    if (blank && strays_.empty()) continue;
    strays_ += skipped[used];
    if (strays_ != kHeader) continue;
    ++used;
    content_ = kHeader;
    place_ = Place::inside;
    unopened_ = true;
    return true;
  }
  return false;
}

MllpDecoder::Step MllpDecoder::take(std::string_view bytes) {
  if (place_ == Place::behind_fs) {
    place_ = Place::between;
    if (bytes[0] == kCr && unopened_) {
      return finish(Event::defect, MllpDefect::unopened, 1);
    }
    if (bytes[0] == kCr) return finish(Event::frame, MllpDefect::none, 1);
    return finish(Event::defect, MllpDefect::bad_end, 0);
  }
  const std::size_t end = std::min(bytes.find_first_of(kMarks), bytes.size());
  if (content_.size() + end > most_bytes_) {
    const std::size_t fits = most_bytes_ - content_.size();
    content_.append(bytes.substr(0, fits));
    place_ = Place::between;
    return finish(Event::defect, MllpDefect::too_large, fits);
  }
  content_.append(bytes.substr(0, end));
  if (end == bytes.size()) return {Event::need_more, end};
  if (bytes[end] == kVt) {
    return finish(Event::defect, MllpDefect::restarted, end + 1);
  }
  place_ = Place::behind_fs;
  return {Event::need_more, end + 1};
}

MllpDecoder::Step MllpDecoder::finish(Event event, MllpDefect defect,
                                      std::size_t consumed) {
  finished_ = std::exchange(content_, {});
  defect_ = defect;
  skipped_ = 0;
  skipped_text_.clear();
  strays_.clear();
  unopened_ = false;
  return {event, consumed};
}

bool MllpDecoder::end() {
  if (place_ == Place::between) return false;
  place_ = Place::between;
  finish(Event::defect, MllpDefect::cut, 0);
  return true;
}

}  // namespace gateway::transport
