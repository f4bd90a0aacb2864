#include "server/v2_intake.h"

#include <algorithm>
#include <utility>

#include "base/json_edit.h"
#include "base/json_writer.h"
#include "map/map_case.h"
#include "parse/hl7v2_tree.h"
#include "security/digest.h"
#include "server/v2_answer.h"

namespace gateway::server {
namespace {

using parse::AckCode;
using parse::Acknowledgment;
using parse::Hl7v2Header;
using store::MessageState;

constexpr const char* kOther = "207";        // table 0357: application error
constexpr const char* kUnsupported = "201";  // event code

// Of this kind of work, in the pool at once: other work waits for no more.
constexpr std::size_t kAtOnce = 4;

// Whose certificate the connection showed. Where partners have certificates,
// one that nobody has is nobody's; without any, the site is open.
exchange::Caller caller_of(const Settings& settings,
                           const std::string& subject) {
  const auto& certificates = settings.certificates;
  const auto known = certificates.find(subject);
  if (known != certificates.end()) return settings.partners.at(known->second);
  if (!subject.empty() && !certificates.empty()) return {};
  return settings.partners.at(settings.open_partner);
}

// Who shares a turn: the holder of a certificate, else an address.
std::string sender_of(const transport::MllpFrame& frame) {
  if (!frame.tls_subject.empty()) return frame.tls_subject;
  return frame.peer.substr(0, frame.peer.rfind(':'));
}

Acknowledgment unknown_sender() {
  return answered(AckCode::AR,
                  {.condition = kOther,
                   .rule = "security/unknown-partner",
                   .text = "no partner has this client certificate; ask the "
                           "operator to add its subject"});
}

// Each resource says which map made it, of which files.
std::string with_source(const std::string& bundle, const std::string& source) {
  const auto document = JsonDocument::parse(bundle);
  if (!document) return bundle;
  std::vector<TextEdit> edits;
  for (const Json entry : document->root().get("entry")) {
    const Json resource = entry.get("resource");
    const Json meta = resource.get("meta");
    if (meta.is_object() && meta.size() > 0) {
      edits.push_back(set_member(meta, "source", json_quoted(source)));
    } else if (resource.exists()) {
      edits.push_back(set_member(resource, "meta",
                                 "{\"source\":" + json_quoted(source) + "}"));
    }
  }
  return edited(bundle, std::move(edits));
}

// Values by which operators look for a message that was not taken.
std::vector<std::string> search_keys(const std::string& content) {
  std::vector<std::string> keys;
  const auto message = parse::Hl7v2Message::parse(content);
  if (!message) return keys;
  const auto add = [&](const char* segment, parse::Hl7v2Place place) {
    auto value = message->text(message->find(segment), place);
    const bool there = std::find(keys.begin(), keys.end(), value) != keys.end();
    if (!value.empty() && !there) keys.push_back(std::move(value));
  };
  constexpr std::uint32_t kMostIdentifiers = 5;
  for (std::uint32_t i = 1; i <= kMostIdentifiers; ++i) {
    add("PID", {.field = 3, .repetition = i});
  }
  add("IN1", {.field = 36});
  return keys;
}

}  // namespace

struct V2Intake::Arrival {
  transport::MllpFrame frame;
  transport::MllpResponder responder;
  SharedEdition edition;
  exchange::Caller caller;
  std::shared_ptr<UnderWay::Mark> mark;
  Purpose purpose = Purpose::commit;
  std::shared_ptr<End> end{};
};

void V2Intake::handle(transport::MllpFrame frame,
                      transport::MllpResponder responder) {
  auto edition = parts_.editions.current();
  auto caller = caller_of(edition->settings, frame.tls_subject);
  const auto sender = sender_of(frame);
  enqueue(sender, std::make_shared<const Arrival>(Arrival{
                      std::move(frame), std::move(responder),
                      std::move(edition), std::move(caller),
                      std::make_shared<UnderWay::Mark>(parts_.under_way)}));
}

void V2Intake::replay(const store::StoredMessage& message, Purpose purpose,
                      std::shared_ptr<End> end,
                      transport::MllpResponder responder) {
  const auto edition = parts_.editions.current();
  const auto& partners = edition->settings.partners;
  const auto partner = partners.find(message.message.owner);
  exchange::Caller caller;
  if (partner != partners.end()) caller = partner->second;
  transport::MllpFrame frame{
      .content = message.message.content,
      .peer = "replay of " + std::to_string(message.sequence),
      .received_at = parts_.clock()};
  enqueue("replay", std::make_shared<const Arrival>(Arrival{
                        std::move(frame), std::move(responder), edition,
                        std::move(caller),
                        std::make_shared<UnderWay::Mark>(parts_.under_way),
                        purpose, std::move(end)}));
}

void V2Intake::enqueue(const std::string& sender, SharedArrival arrival) {
  auto mark = arrival->mark;
  {
    const std::lock_guard lock(mutex_);
    auto& queue = waiting_[sender];
    if (queue.empty()) turns_.push_back(sender);
    queue.push_back(std::move(arrival));
    if (working_ == kAtOnce) return;
    ++working_;
  }
  parts_.run([this, mark = std::move(mark)] { take_next(); });
}

void V2Intake::take_next() {
  SharedArrival arrival;
  {
    const std::lock_guard lock(mutex_);
    if (turns_.empty()) {
      --working_;
      return;
    }
    const auto sender = std::move(turns_.front());
    turns_.pop_front();
    const auto queue = waiting_.find(sender);
    arrival = std::move(queue->second.front());
    queue->second.pop_front();
    if (queue->second.empty()) {
      waiting_.erase(queue);
    } else {
      turns_.push_back(sender);
    }
  }
  take(*arrival);
  // Behind whatever else waits in the pool.
  parts_.run([this, mark = arrival->mark] { take_next(); });
}

std::vector<std::string> V2Intake::answers_to(
    const Hl7v2Header& header, const Acknowledgment& answer,
    const std::string& content) const {
  return answers(
      header, answer,
      [this] {
        return parse::AckStamp{parts_.ids.next(), parts_.clock()};
      },
      content);
}

void V2Intake::take(const Arrival& arrival) {
  const auto& content = arrival.frame.content;
  if (arrival.caller.partner.empty()) {
    return end(arrival, parse::salvaged_header(content), unknown_sender(),
               {MessageState::rejected});
  }
  const auto defect = arrival.frame.defect;
  if (defect != transport::MllpDefect::none) {
    return end(arrival, parse::salvaged_header(content), broken_frame(defect),
               {MessageState::unparsed});
  }
  const auto message = parse::Hl7v2Message::parse(content);
  if (!message) {
    return end(arrival, parse::salvaged_header(content),
               parse::refusal(message.error()), {MessageState::unparsed});
  }
  const auto header = parse::header_of(*message);
  const auto defects = parse::header_defects(header);
  if (!defects.empty()) {
    return end(arrival, header, parse::refusal(defects),
               {MessageState::rejected, {.parsed = parts_.clock()}});
  }
  map(arrival, *message, header);
}

Result<std::optional<exchange::Refusal>> V2Intake::contradiction(
    const std::string& partner, const std::string& content,
    const Hl7v2Header& header) const {
  const auto earlier =
      parts_.store.messages(store::Scope::of(partner),
                            {.control_id = header.control_id, .count = 20});
  if (!earlier) return earlier.error();
  for (const auto& one : *earlier) {
    if (one.message.channel != "mllp") continue;
    if (one.message.state == MessageState::rejected) continue;
    const auto known = parse::salvaged_header(one.message.content);
    if (known.sending_application != header.sending_application ||
        known.sending_facility != header.sending_facility ||
        one.message.content == content) {
      continue;
    }
    return std::optional(
        exchange::refusal(409, {.rule = "v2/known-control-id",
                                .type = fhir::IssueType::duplicate,
                                .expression = "MSH-10",
                                .text = "another message bore this control id",
                                .remedy = "send a new one"}));
  }
  return std::optional<exchange::Refusal>();
}

Original V2Intake::original(const Arrival& arrival,
                            const Hl7v2Header& header) const {
  const auto& content = arrival.frame.content;
  return {
      .channel = "mllp",
      .content = content,
      .digest = security::sha256_hex(content),
      .answer =
          [this, header, content](int status, const fhir::Outcome& outcome) {
            return joined(answers_to(
                header, of_outcome(code_of(status), outcome), content));
          },
      .name = "control " + header.sending_application + "|" +
              header.sending_facility + "|" + header.control_id,
      .objection =
          [this, header, content, partner = arrival.caller.partner] {
            return contradiction(partner, content, header);
          }};
}

void V2Intake::map(const Arrival& arrival, const parse::Hl7v2Message& message,
                   const Hl7v2Header& header) {
  store::Stages stages{.parsed = parts_.clock()};
  const auto& maps = *arrival.edition->maps;
  const auto& overlay = maps.overlay(arrival.caller.partner);
  const auto tree = parse::tree_of(message);
  const auto* chosen =
      maps.library->for_message(header.event(), tree.root(), overlay);
  if (chosen == nullptr) {
    return end(arrival, header,
               answered(AckCode::AR,
                        {.location = {.segment = "MSH", .field = 9},
                         .condition = kUnsupported,
                         .rule = "v2/unsupported-event",
                         .text = "no map takes this event; send one that the "
                                 "partner guide names"}),
               {MessageState::rejected, stages});
  }
  const auto output =
      map::run(*maps.library, *chosen, tree.root(), {.overlay = &overlay});
  if (output.verdict != map::Verdict::mapped) {
    stages.judged = parts_.clock();
    return end(arrival, header, of_outcome(AckCode::AE, output.outcome),
               {MessageState::rejected, stages});
  }
  stages.mapped = parts_.clock();
  Incoming incoming{
      .interaction = {.action = exchange::Action::bundle},
      .caller = arrival.caller,
      .request = header.event(),
      .peer = arrival.frame.peer,
      .control_id = header.control_id,
      .received_at = arrival.frame.received_at,
      .body = with_source(output.bundle, parts_.site.canonical + "/map/" +
                                             chosen->name + "|" + maps.hash),
      .stages = stages,
      .edition = arrival.edition};
  incoming.original = original(arrival, header);
  incoming.purpose = arrival.purpose;
  incoming.end = arrival.end;
  pipeline_.write(
      std::move(incoming),
      [responder = arrival.responder](const transport::Response& response) {
        // What is no acknowledgment is a store that is away: silence, so that
        // the sender sends again.
        if (response.status < 500) responder.send(parted(response.body));
      });
}

void V2Intake::end(const Arrival& arrival, const Hl7v2Header& header,
                   const Acknowledgment& answer, const Ending& ending) {
  const auto& content = arrival.frame.content;
  const auto messages = arrival.frame.defect == transport::MllpDefect::restarted
                            ? std::vector<std::string>()
                            : answers_to(header, answer, content);
  store::Commit commit;
  auto& message = commit.message;
  message.owner = arrival.caller.partner;
  message.channel = "mllp";
  message.received_at = arrival.frame.received_at;
  message.peer = arrival.frame.peer;
  message.request = header.event();
  message.control_id = header.control_id;
  message.content = content;
  message.state = ending.state;
  message.stages = ending.stages;
  message.keys = search_keys(content);
  if (!answer.errors.empty()) message.rule = answer.errors.front().rule;
  message.answer = joined(messages);
  if (arrival.end) {
    arrival.end->state = ending.state;
    arrival.end->rule = message.rule;
  }
  if (arrival.purpose == Purpose::trial) {
    return arrival.responder.send(messages);
  }
  parts_.store.commit(std::move(commit),
                      [responder = arrival.responder, mark = arrival.mark,
                       messages](const Result<store::Receipt>& receipt) {
                        if (receipt) responder.send(messages);
                      });
}

}  // namespace gateway::server
