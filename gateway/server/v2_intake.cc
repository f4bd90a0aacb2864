#include "server/v2_intake.h"

#include <algorithm>
#include <utility>

#include "map/map_case.h"
#include "parse/hl7v2_tree.h"
#include "security/digest.h"
#include "server/message_keys.h"
#include "server/parked_tasks.h"
#include "server/v2_answer.h"
#include "server/v2_known.h"
#include "server/v2_places.h"
#include "server/v2_resources.h"

namespace gateway::server {
namespace {

using parse::AckCode;
using parse::Acknowledgment;
using parse::Hl7v2Header;
using store::MessageState;

constexpr const char* kUnsupported = "201";  // table 0357: event code

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

}  // namespace

struct V2Intake::Arrival {
  transport::MllpFrame frame;
  transport::MllpResponder responder;
  SharedEdition edition;
  exchange::Caller caller;
  std::shared_ptr<UnderWay::Mark> mark;
  Purpose purpose = Purpose::commit;
  std::shared_ptr<End> end{};
  std::shared_ptr<Release> release{};

  // None for what the log brings once more: it may end otherwise now.
  [[nodiscard]] SharedEdition refuser() const {
    return end || release ? nullptr : edition;
  }
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
      .peer = std::string(store::kReplayOf) + std::to_string(message.sequence),
      .received_at = parts_.clock()};
  enqueue("replay", std::make_shared<const Arrival>(Arrival{
                        std::move(frame), std::move(responder), edition,
                        std::move(caller),
                        std::make_shared<UnderWay::Mark>(parts_.under_way),
                        purpose, std::move(end)}));
}

void V2Intake::release(const store::StoredMessage& message,
                       std::shared_ptr<Release> release,
                       transport::MllpResponder responder) {
  const auto edition = parts_.editions.current();
  transport::MllpFrame frame{
      .content = message.message.content,
      .peer = std::string(store::kReleaseOf) + std::to_string(message.sequence),
      .received_at = parts_.clock()};
  auto end = release->end;
  enqueue("release", std::make_shared<const Arrival>(Arrival{
                         std::move(frame), std::move(responder), edition,
                         edition->settings.partners.at(message.message.owner),
                         std::make_shared<UnderWay::Mark>(parts_.under_way),
                         Purpose::commit, std::move(end), std::move(release)}));
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
    return refuse(arrival, parse::salvaged_header(content),
                  parse::refusal(message.error()), {MessageState::unparsed});
  }
  const auto header = parse::header_of(*message);
  const auto defects = parse::header_defects(header);
  if (!defects.empty()) {
    return refuse(arrival, header, parse::refusal(defects),
                  {MessageState::rejected, {.parsed = parts_.clock()}});
  }
  map(arrival, *message, header);
}

Original V2Intake::original(
    const Arrival& arrival, const Hl7v2Header& header,
    const std::shared_ptr<const V2Places>& places) const {
  const auto& content = arrival.frame.content;
  return {
      .channel = "mllp",
      .content = content,
      .digest = security::sha256_hex(content),
      .answer =
          [this, header, content, places](int status,
                                          const fhir::Outcome& outcome) {
            return joined(answers_to(
                header, of_outcome(code_of(status), places->placed(outcome)),
                content));
          },
      .name = "control " + header.sending_application + "|" +
              header.sending_facility + "|" + header.control_id,
      .objection =
          [this, header, content, partner = arrival.caller.partner,
           refuser = arrival.refuser()] {
            return objection_to({partner, content, header, refuser.get()},
                                parts_.store);
          },
      .refusal =
          [content,
           refuser = arrival.refuser()](const exchange::Refusal& refusal) {
            return refuser ? refusal_digest(refusal, content, *refuser)
                           : std::string();
          },
      .numbers = patient_numbers(*places)};
}

void V2Intake::map(const Arrival& arrival, const parse::Hl7v2Message& message,
                   const Hl7v2Header& header) {
  store::Stages stages{.parsed = parts_.clock()};
  const auto& maps = *arrival.edition->maps;
  const auto& overlay = maps.overlay(arrival.caller.partner);
  auto tree = parse::tree_of(message);
  const auto* chosen =
      maps.library->for_message(header.event(), tree.root(), overlay);
  if (chosen == nullptr) {
    return refuse(
        arrival, header,
        answered(AckCode::AR,
                 {.location = {.segment = "MSH", .field = 9},
                  .condition = kUnsupported,
                  .rule = "v2/unsupported-event",
                  .text = "no map takes this event; send one that the "
                          "partner guide names"}),
        {MessageState::rejected, stages});
  }
  auto output =
      map::run(*maps.library, *chosen, tree.root(), {.overlay = &overlay});
  if (const auto hold = hold_of(arrival, output)) {
    stages.judged = parts_.clock();
    return park(arrival, header, *hold, stages);
  }
  if (output.verdict != map::Verdict::mapped) {
    stages.judged = parts_.clock();
    return refuse(arrival, header, of_outcome(AckCode::AE, output.outcome),
                  {.stages = stages, .bundle = std::move(output.bundle)});
  }
  stages.mapped = parts_.clock();
  const auto places =
      std::make_shared<const V2Places>(std::move(output), std::move(tree));
  auto incoming = incoming_of(arrival, header, places);
  incoming.stages = stages;
  incoming.original->keys.add_message(message);
  auto ready = prepared(
      *places, parts_.site.canonical,
      parts_.site.canonical + "/map/" + chosen->name + "|" + maps.hash);
  incoming.body = std::move(ready.body);
  incoming.told.merge(std::move(ready.told));
  incoming.original->wait = [this, places, header, stages,
                             arrival = std::make_shared<const Arrival>(
                                 arrival)](const fhir::Outcome& several) {
    Hold hold{.findings = several, .bundle = places->output().bundle};
    hold.keys = order_keys(places->bundle());
    hold.of_patients = true;
    park(*arrival, header, hold, stages);
  };
  write(arrival, std::move(incoming));
}

transport::MllpResponder::Written V2Intake::noted(
    store::Sequence sequence) const {
  if (sequence == 0) return {};
  return [&store = parts_.store, sequence](Instant at) {
    store.acknowledged(sequence, at);
  };
}

void V2Intake::write(const Arrival& arrival, Incoming incoming) {
  const auto kept = std::make_shared<store::Sequence>(0);
  incoming.original->kept = [kept](store::Sequence one) { *kept = one; };
  pipeline_.write(
      std::move(incoming),
      [this, kept, responder = arrival.responder,
       release = arrival.release](const transport::Response& response) {
        // What is no acknowledgment is a store that is away: silence, so that
        // the sender sends again.
        const bool acknowledges =
            response.status < 500 || response.body.starts_with("MSH");
        if (acknowledges) {
          return responder.send(parted(response.body), noted(*kept));
        }
        if (release) release->end->state.reset();
      });
}

Incoming V2Intake::incoming_of(
    const Arrival& arrival, const Hl7v2Header& header,
    const std::shared_ptr<const V2Places>& places) const {
  Incoming incoming{.interaction = {.action = exchange::Action::bundle},
                    .caller = arrival.caller,
                    .request = header.event(),
                    .peer = arrival.frame.peer,
                    .control_id = header.control_id,
                    .received_at = arrival.frame.received_at,
                    .body = {},
                    .edition = arrival.edition};
  incoming.original = original(arrival, header, places);
  incoming.told = places->output().outcome;
  for (const auto& one : places->output().amendments) {
    incoming.amendments.push_back(
        {one.entry, one.deleted, one.posted, one.is_anew});
  }
  incoming.purpose = arrival.purpose;
  incoming.end = arrival.end;
  if (!arrival.release) return incoming;
  // The log knows its bytes and its control id already: those of the message
  // that was parked.
  auto& original = *incoming.original;
  original.digest.clear();
  original.name.clear();
  original.objection = nullptr;
  original.answer = [release = arrival.release, answer = original.answer](
                        int status, const fhir::Outcome& outcome) {
    if (status >= 300) release->hold = Hold{.findings = outcome};
    return answer(status, outcome);
  };
  incoming.beside =
      [this, message = arrival.release->message](store::Commit& commit) {
        return complete_task(parts_, message, commit);
      };
  return incoming;
}

std::optional<Hold> V2Intake::hold_of(const Arrival& arrival,
                                      const map::MapOutput& output) const {
  const auto bundle = JsonDocument::parse(output.bundle);
  Hold hold{.findings = output.outcome, .bundle = output.bundle};
  if (bundle) hold.keys = order_keys(bundle->root());
  if (output.waits_for_rows()) {
    hold.rows = output.missing_rows;
    return hold;
  }
  if (output.verdict != map::Verdict::mapped) {
    return arrival.release ? std::optional(std::move(hold)) : std::nullopt;
  }
  const auto ahead =
      parked_.ahead_of(arrival.caller.partner, hold.keys,
                       arrival.release ? arrival.release->message.sequence : 0);
  if (!ahead) return std::nullopt;
  hold.behind = ahead->task.text();
  hold.findings.add(
      {.rule = "map/waits-behind",
       .severity = fhir::Severity::warning,
       .type = fhir::IssueType::business_rule,
       .text =
           "An earlier message about the same waits; its Task says for what",
       .remedy = "nothing: this one is taken up with it",
       .actor = fhir::Actor::operator_});
  return hold;
}

bool V2Intake::answered_before(const Arrival& arrival,
                               const Hl7v2Header& header) {
  const auto& content = arrival.frame.content;
  const auto& partner = arrival.caller.partner;
  const auto known =
      parts_.store.find_digest(partner, security::sha256_hex(content));
  if (!known) return true;  // silence: the store is away
  if (*known) {
    arrival.responder.send(parted((*known)->message.answer));
    return true;
  }
  const auto objection = objection_to(
      {partner, content, header, arrival.refuser().get()}, parts_.store);
  if (!objection) return true;
  if (const auto* before = std::get_if<store::Message>(&*objection)) {
    arrival.responder.send(parted(before->answer));
    return true;
  }
  const auto* forbidden = std::get_if<exchange::Refusal>(&*objection);
  if (forbidden == nullptr) return false;
  end(arrival, header, of_outcome(AckCode::AE, forbidden->outcome),
      {MessageState::rejected, {}, arrival.refuser() != nullptr});
  return true;
}

void V2Intake::park(const Arrival& arrival, const Hl7v2Header& header,
                    const Hold& hold, const store::Stages& stages) {
  if (arrival.release) {
    arrival.release->hold = hold;
    return arrival.responder.send({});
  }
  const auto& content = arrival.frame.content;
  const auto answer = of_outcome(AckCode::AA, hold.findings);
  if (arrival.purpose == Purpose::trial) {
    return end(arrival, header, answer, {MessageState::held, stages});
  }
  if (answered_before(arrival, header)) return;
  const Parked parked{.base = parts_.site.canonical,
                      .partner = arrival.caller.partner,
                      .digest = security::sha256_hex(content),
                      .event = header.event(),
                      .control_id = header.control_id};
  const auto messages = answers_to(header, answer, content);
  store::Commit commit;
  commit.message = record(arrival, header, answer,
                          {MessageState::held, stages, false, hold.bundle});
  auto& message = commit.message;
  message.digest = parked.digest;
  message.answer = joined(messages);
  message.outcome =
      fhir::to_operation_outcome(hold.findings, parts_.site.canonical);
  message.keys.insert(message.keys.end(), hold.keys.begin(), hold.keys.end());
  if (arrival.end) {
    arrival.end->state = MessageState::held;
    arrival.end->rule = message.rule;
  }
  const auto task = add_task(parts_, parked, hold, commit);
  parts_.store.commit(
      std::move(commit), [this, arrival, messages, parked, task,
                          hold](const Result<store::Receipt>& receipt) {
        if (!receipt) {
          // The same bytes came twice at once: the other one has the answer.
          if (receipt.error().code != ErrorCode::conflict) return;
          return enqueue(sender_of(arrival.frame),
                         std::make_shared<const Arrival>(arrival));
        }
        parked_.add({.sequence = receipt->sequence,
                     .owner = parked.partner,
                     .digest = parked.digest,
                     .task = task,
                     .keys = hold.keys,
                     .of_patients = hold.of_patients},
                    hold.behind);
        // Maps that came meanwhile may know the code.
        if (parts_.editions.current() != arrival.edition) parked_.wake();
        arrival.responder.send(messages, noted(receipt->sequence));
      });
}

store::Message V2Intake::record(const Arrival& arrival,
                                const Hl7v2Header& header,
                                const Acknowledgment& answer,
                                const Ending& ending) {
  store::Message message;
  message.owner = arrival.caller.partner;
  message.channel = "mllp";
  message.received_at = arrival.frame.received_at;
  message.peer = arrival.frame.peer;
  message.request = header.event();
  message.control_id = header.control_id;
  message.content = arrival.frame.content;
  message.state = ending.state;
  if (ending.once) {
    message.digest = refusal_digest(message.content, *arrival.edition);
  }
  message.stages = ending.stages;
  message.keys = MessageKeys::of(message.content, ending.bundle, message.peer);
  if (!answer.errors.empty()) message.rule = answer.errors.front().rule;
  return message;
}

void V2Intake::refuse(const Arrival& arrival, const Hl7v2Header& header,
                      const Acknowledgment& answer, const Ending& ending) {
  const bool once = header.has_control_id() && arrival.refuser();
  if (once && answered_before(arrival, header)) return;
  auto ended = ending;
  ended.once = once;
  end(arrival, header, answer, ended);
}

void V2Intake::end(const Arrival& arrival, const Hl7v2Header& header,
                   const Acknowledgment& answer, const Ending& ending) {
  const auto& content = arrival.frame.content;
  const auto messages = arrival.frame.defect == transport::MllpDefect::restarted
                            ? std::vector<std::string>()
                            : answers_to(header, answer, content);
  store::Commit commit;
  commit.message = record(arrival, header, answer, ending);
  auto& message = commit.message;
  message.answer = joined(messages);
  if (arrival.end) {
    arrival.end->state = ending.state;
    arrival.end->rule = message.rule;
  }
  if (arrival.purpose == Purpose::trial) {
    return arrival.responder.send(messages);
  }
  parts_.store.commit(
      std::move(commit),
      [this, arrival, messages](const Result<store::Receipt>& receipt) {
        if (receipt) {
          return arrival.responder.send(messages, noted(receipt->sequence));
        }
        // The same bytes came twice at once: the other one has the answer.
        if (receipt.error().code != ErrorCode::conflict) return;
        enqueue(sender_of(arrival.frame),
                std::make_shared<const Arrival>(arrival));
      });
}

}  // namespace gateway::server
