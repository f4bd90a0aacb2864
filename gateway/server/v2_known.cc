#include "server/v2_known.h"

#include "security/digest.h"

namespace gateway::server {
namespace {

using store::MessageState;

constexpr const char* kRule = "v2/known-control-id";

bool is_refused(const store::Message& message) {
  return message.state == MessageState::rejected ||
         message.state == MessageState::unparsed;
}

// Whether the control id is that of this message from now on.
bool bears_the_id(const store::Message& message) {
  return !is_refused(message) ||
         (!message.digest.empty() && message.rule != kRule);
}

}  // namespace

std::string refusal_digest(const std::string& content, const Edition& edition) {
  return security::sha256_hex(edition.hash + content);
}

bool is_lasting(int status) {
  constexpr int kTooMany = 429;
  return status < 500 && status != kTooMany;
}

Result<Objection> objection_to(const Seen& seen, store::Store& store) {
  constexpr std::size_t kMost = 20;
  const auto earlier =
      store.messages(store::Scope::of(seen.partner),
                     {.control_id = seen.header.control_id, .count = kMost});
  if (!earlier) return earlier.error();
  Objection objection;
  for (const auto& one : *earlier) {
    const auto& message = one.message;
    if (message.channel != "mllp") continue;
    const auto known = parse::salvaged_header(message.content);
    if (known.sending_application != seen.header.sending_application ||
        known.sending_facility != seen.header.sending_facility) {
      continue;
    }
    if (message.content != seen.content) {
      if (!bears_the_id(message)) continue;
      objection = exchange::refusal(
          409, {.rule = kRule,
                .type = fhir::IssueType::duplicate,
                .expression = "MSH-10",
                .text = "another message bore this control id",
                .remedy = "send this one with a new control id"});
    } else if (is_refused(message) && seen.edition != nullptr &&
               message.digest == refusal_digest(seen.content, *seen.edition)) {
      return Objection(message);
    }
  }
  return objection;
}

}  // namespace gateway::server
