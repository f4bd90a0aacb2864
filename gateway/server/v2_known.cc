#include "server/v2_known.h"

#include <optional>

#include "parse/hl7v2.h"
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

// Whether a refusal of that HTTP status is the message's own fault.
bool is_lasting(int status) {
  constexpr int kTooMany = 429;
  return status < 500 && status != kTooMany;
}

// Whether what is stored stood in the way: not where a control id is known,
// which is never freed.
bool rests_on_the_store(const exchange::Refusal& refusal) {
  constexpr int kConflict = 409;
  constexpr int kPrecondition = 412;
  const auto& findings = refusal.outcome.findings();
  const bool is_known = !findings.empty() && findings.front().rule == kRule;
  return (refusal.status == kConflict || refusal.status == kPrecondition) &&
         !is_known;
}

// What could not be read at all may still say whose it is.
parse::Hl7v2Header header_in(const std::string& content) {
  const auto message = parse::Hl7v2Message::parse(content);
  return message ? parse::header_of(*message) : parse::salvaged_header(content);
}

}  // namespace

std::string name_of(const parse::Hl7v2Header& header) {
  return "control " + header.sending_application + "|" +
         header.sending_facility + "|" + header.control_id;
}

void note_name(const std::string& name, store::Message& message) {
  if (name.empty() || !bears_the_id(message)) return;
  message.keys.push_back(name);
}

std::string refusal_digest(const std::string& content, const Edition& edition) {
  return security::sha256_hex(edition.hash + content);
}

std::string refusal_digest(const exchange::Refusal& refusal,
                           const std::string& content, const Edition& edition,
                           const std::string& unique) {
  if (!is_lasting(refusal.status)) return {};
  if (!rests_on_the_store(refusal)) return refusal_digest(content, edition);
  return refusal_digest(content + unique, edition);
}

Result<Objection> objection_to(const Seen& seen, store::Store& store) {
  if (seen.edition != nullptr) {
    const auto known = store.find_digest(
        seen.partner, refusal_digest(seen.content, *seen.edition));
    if (!known) return known.error();
    if (*known) return Objection((*known)->message);
  }
  // Only those that bear the id have its key. Of one name there is one content,
  // sent once or several times: the newest few are enough.
  constexpr std::size_t kMost = 20;
  const auto earlier =
      store.messages(store::Scope::of(seen.partner),
                     {.key = name_of(seen.header), .count = kMost});
  if (!earlier) return earlier.error();
  for (const auto& one : *earlier) {
    const auto& message = one.message;
    // A sender of FHIR may choose such a key.
    const bool is_other =
        message.channel == "mllp" && message.content != seen.content;
    if (!is_other || !bears_the_id(message)) continue;
    if (name_of(header_in(message.content)) != name_of(seen.header)) continue;
    return Objection(exchange::refusal(
        409, {.rule = kRule,
              .type = fhir::IssueType::duplicate,
              .expression = "MSH-10",
              .text = "another message bore this control id",
              .remedy = "send this one with a new control id"}));
  }
  return Objection();
}

}  // namespace gateway::server
