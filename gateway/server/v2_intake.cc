#include "server/v2_intake.h"

#include <utility>

#include "map/map_case.h"
#include "parse/hl7v2_tree.h"
#include "security/digest.h"

namespace gateway::server {
namespace {

using parse::AckCode;
using parse::Acknowledgment;
using parse::Hl7v2Error;
using parse::Hl7v2Header;
using store::MessageState;

constexpr const char* kOther = "207";        // table 0357: application error
constexpr const char* kDuplicate = "205";    // duplicate key identifier
constexpr const char* kUnsupported = "201";  // event code

Acknowledgment answered(AckCode code, Hl7v2Error error) {
  return {.code = code, .errors = {std::move(error)}};
}

Acknowledgment broken_frame(transport::MllpDefect defect) {
  return answered(AckCode::AR, {.condition = kOther,
                                .rule = "mllp/bad-frame",
                                .text = std::string(text(defect))});
}

// The findings of an outcome as ERR segments: warnings where it was taken.
Acknowledgment of_outcome(AckCode code, const fhir::Outcome& outcome) {
  Acknowledgment answer{.code = code};
  for (const auto& finding : outcome.findings()) {
    if (finding.severity == fhir::Severity::information) continue;
    answer.errors.push_back({.condition = kOther,
                             .severity = code == AckCode::AA ? 'W' : 'E',
                             .rule = finding.rule,
                             .text = sentence(finding)});
  }
  return answer;
}

AckCode code_of(int status) {
  if (status < 300) return AckCode::AA;
  if (status == 409 || status == 412 || status == 422) return AckCode::AE;
  return AckCode::AR;
}

// Whose certificate the connection showed. Where partners have certificates,
// one that nobody has is nobody's; without any, the site is open.
exchange::Caller sender(const Settings& settings, const std::string& subject) {
  const auto& certificates = settings.certificates;
  const auto known = certificates.find(subject);
  if (known != certificates.end()) return settings.partners.at(known->second);
  if (!subject.empty() && !certificates.empty()) return {};
  return settings.partners.at(settings.open_partner);
}

Acknowledgment unknown_sender() {
  return answered(AckCode::AR,
                  {.condition = kOther,
                   .rule = "security/unknown-partner",
                   .text = "no partner has this client certificate; ask the "
                           "operator to add its subject"});
}

// Several answers to one message lie in one text: each begins with MSH.
constexpr char kBetween = '\x1e';

std::string joined(const std::vector<std::string>& answers) {
  std::string text;
  for (const auto& answer : answers) {
    if (!text.empty()) text += kBetween;
    text += answer;
  }
  return text;
}

std::vector<std::string> parted(const std::string& text) {
  std::vector<std::string> answers;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(kBetween, at), text.size());
    answers.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return answers;
}

}  // namespace

struct V2Intake::Arrival {
  transport::MllpFrame frame;
  transport::MllpResponder responder;
  SharedEdition edition;
  exchange::Caller caller;
};

void V2Intake::handle(transport::MllpFrame frame,
                      transport::MllpResponder responder) {
  auto edition = parts_.editions.current();
  auto caller = sender(edition->settings, frame.tls_subject);
  parts_.run([this, mark = std::make_shared<UnderWay::Mark>(parts_.under_way),
              arrival = Arrival{std::move(frame), std::move(responder),
                                std::move(edition), std::move(caller)}] {
    take(arrival);
  });
}

parse::AckStamp V2Intake::stamp() const {
  return {parts_.ids.next(), parts_.clock()};
}

// As MSH-15 and MSH-16 ask for.
std::vector<std::string> V2Intake::answers(const Hl7v2Header& header,
                                           const Acknowledgment& answer) const {
  std::vector<std::string> messages;
  const auto demand = parse::demanded(header, answer.code);
  if (demand.accept) {
    auto accept = answer;
    accept.code = parse::accept_code(answer.code);
    messages.push_back(parse::acknowledgment(header, accept, stamp()));
  }
  if (demand.application) {
    messages.push_back(parse::acknowledgment(header, answer, stamp()));
  }
  return messages;
}

void V2Intake::take(const Arrival& arrival) {
  if (arrival.caller.partner.empty()) {
    return end(arrival, parse::salvaged_header(arrival.frame.content),
               unknown_sender(), MessageState::rejected);
  }
  const auto& content = arrival.frame.content;
  const auto defect = arrival.frame.defect;
  if (defect != transport::MllpDefect::none) {
    return end(arrival, parse::salvaged_header(content), broken_frame(defect),
               MessageState::unparsed);
  }
  const auto message = parse::Hl7v2Message::parse(content);
  if (!message) {
    return end(arrival, parse::salvaged_header(content),
               parse::refusal(message.error()), MessageState::unparsed);
  }
  const auto header = parse::header_of(*message);
  const auto defects = parse::header_defects(header);
  if (!defects.empty()) {
    return end(arrival, header, parse::refusal(defects),
               MessageState::rejected);
  }
  const auto contradiction = is_contradiction(arrival, header);
  if (!contradiction) return;  // no answer: the sender sends again
  if (*contradiction) {
    return end(arrival, header,
               answered(AckCode::AE,
                        {.location = {.segment = "MSH", .field = 10},
                         .condition = kDuplicate,
                         .rule = "v2/known-control-id",
                         .text = "another message bore this control id; send "
                                 "a new one"}),
               MessageState::rejected);
  }
  map(arrival, *message, header);
}

Result<bool> V2Intake::is_contradiction(const Arrival& arrival,
                                        const Hl7v2Header& header) const {
  const auto earlier =
      parts_.store.messages(store::Scope::of(arrival.caller.partner),
                            {.control_id = header.control_id, .count = 20});
  if (!earlier) return earlier.error();
  for (const auto& one : *earlier) {
    if (one.message.channel != "mllp") continue;
    if (one.message.state == MessageState::rejected) continue;
    const auto known = parse::salvaged_header(one.message.content);
    if (known.sending_application == header.sending_application &&
        known.sending_facility == header.sending_facility &&
        one.message.content != arrival.frame.content) {
      return true;
    }
  }
  return false;
}

void V2Intake::map(const Arrival& arrival, const parse::Hl7v2Message& message,
                   const Hl7v2Header& header) {
  const auto& maps = *arrival.edition->maps;
  const auto* chosen = maps.library->for_event(header.event());
  if (chosen == nullptr) {
    return end(arrival, header,
               answered(AckCode::AR,
                        {.location = {.segment = "MSH", .field = 9},
                         .condition = kUnsupported,
                         .rule = "v2/unsupported-event",
                         .text = "no map takes this event; send one that the "
                                 "partner guide names"}),
               MessageState::rejected);
  }
  const auto tree = parse::tree_of(message);
  const auto output =
      map::run(*maps.library, *chosen, tree.root(),
               {.overlay = &maps.overlay(arrival.caller.partner)});
  if (output.verdict != map::Verdict::mapped) {
    return end(arrival, header, of_outcome(AckCode::AE, output.outcome),
               MessageState::rejected);
  }
  Incoming incoming{.interaction = {.action = exchange::Action::bundle},
                    .caller = arrival.caller,
                    .request = header.event(),
                    .peer = arrival.frame.peer,
                    .control_id = header.control_id,
                    .received_at = arrival.frame.received_at,
                    .body = output.bundle,
                    .edition = arrival.edition};
  incoming.original = Original{
      .channel = "mllp",
      .content = arrival.frame.content,
      .digest = security::sha256_hex(arrival.frame.content),
      .answer = [this, header](int status, const fhir::Outcome& outcome) {
        return joined(answers(header, of_outcome(code_of(status), outcome)));
      }};
  pipeline_.write(
      std::move(incoming),
      [responder = arrival.responder](const transport::Response& response) {
        // What is no acknowledgment is a store that is away: silence, so that
        // the sender sends again.
        if (response.status < 500) responder.send(parted(response.body));
      });
}

void V2Intake::end(const Arrival& arrival, const Hl7v2Header& header,
                   const Acknowledgment& answer, MessageState state) {
  const auto messages = arrival.frame.defect == transport::MllpDefect::restarted
                            ? std::vector<std::string>()
                            : answers(header, answer);
  store::Commit commit;
  auto& message = commit.message;
  message.owner = arrival.caller.partner;
  message.channel = "mllp";
  message.received_at = arrival.frame.received_at;
  message.peer = arrival.frame.peer;
  message.request = header.event();
  message.control_id = header.control_id;
  message.content = arrival.frame.content;
  message.state = state;
  if (!answer.errors.empty()) message.rule = answer.errors.front().rule;
  message.answer = joined(messages);
  parts_.store.commit(std::move(commit),
                      [responder = arrival.responder,
                       messages](const Result<store::Receipt>& receipt) {
                        if (receipt) responder.send(messages);
                      });
}

}  // namespace gateway::server
