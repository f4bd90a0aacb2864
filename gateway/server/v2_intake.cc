#include "server/v2_intake.h"

#include <utility>

#include "map/map_case.h"
#include "parse/hl7v2_tree.h"
#include "security/digest.h"
#include "server/parked_tasks.h"
#include "server/v2_answer.h"
#include "server/v2_known.h"
#include "server/v2_places.h"
#include "server/v2_resources.h"

namespace gateway::server {
namespace {

using parse::AckCode;
using parse::Hl7v2Header;
using store::MessageState;

constexpr const char* kUnsupported = "201";  // table 0357: event code

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

V2Intake::V2Intake(const Parts& parts, Pipeline& pipeline)
    : parts_(parts),
      pipeline_(pipeline),
      turns_(parts.run),
      ends_(parts,
            [this](const SharedArrival& one) {
              enqueue(sender_of(one->frame), one);
            }),
      parking_(parts, ends_) {}

void V2Intake::enqueue(const std::string& sender,
                       const SharedArrival& arrival) {
  turns_.add(sender, {[this, arrival] { take(arrival); }, arrival->mark});
}

void V2Intake::handle(transport::MllpFrame frame,
                      transport::MllpResponder responder) {
  auto edition = parts_.editions.current();
  auto caller = caller_of(edition->settings, frame.tls_subject);
  const auto sender = sender_of(frame);
  enqueue(sender, std::make_shared<const V2Arrival>(V2Arrival{
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
  enqueue("replay", std::make_shared<const V2Arrival>(V2Arrival{
                        std::move(frame), std::move(responder), edition,
                        std::move(caller),
                        std::make_shared<UnderWay::Mark>(parts_.under_way),
                        message.sequence, purpose, std::move(end)}));
}

void V2Intake::release(const store::StoredMessage& message,
                       std::shared_ptr<Release> release,
                       transport::MllpResponder responder) {
  const auto edition = parts_.editions.current();
  const auto partner = edition->settings.partners.find(message.message.owner);
  // A reload took it away meanwhile: the message goes on waiting.
  if (partner == edition->settings.partners.end()) return responder.send({});
  transport::MllpFrame frame{
      .content = message.message.content,
      .peer = std::string(store::kReleaseOf) + std::to_string(message.sequence),
      .received_at = parts_.clock()};
  auto end = release->end;
  enqueue(
      "release",
      std::make_shared<const V2Arrival>(V2Arrival{
          std::move(frame), std::move(responder), edition, partner->second,
          std::make_shared<UnderWay::Mark>(parts_.under_way), message.sequence,
          Purpose::commit, std::move(end), std::move(release)}));
}

void V2Intake::take(const SharedArrival& arrival) {
  const auto& content = arrival->frame.content;
  if (arrival->caller.partner.empty()) {
    return ends_.end(arrival, parse::salvaged_header(content), unknown_sender(),
                     {MessageState::rejected});
  }
  const auto defect = arrival->frame.defect;
  if (defect != transport::MllpDefect::none) {
    return ends_.end(arrival, parse::salvaged_header(content),
                     broken_frame(defect), {MessageState::unparsed});
  }
  const auto message = parse::Hl7v2Message::parse(content);
  if (!message) {
    return ends_.refuse(arrival, parse::salvaged_header(content),
                        parse::refusal(message.error()),
                        {MessageState::unparsed});
  }
  const auto header = parse::header_of(*message);
  const auto defects = parse::header_defects(header);
  if (!defects.empty()) {
    return ends_.refuse(arrival, header, parse::refusal(defects),
                        {MessageState::rejected, {.parsed = parts_.clock()}});
  }
  map(arrival, *message, header);
}

Original V2Intake::original(
    const V2Arrival& arrival, const Hl7v2Header& header,
    const std::shared_ptr<const V2Places>& places) const {
  const auto& content = arrival.frame.content;
  return {
      .channel = "mllp",
      .content = content,
      .digest = security::sha256_hex(content),
      .answer =
          [this, header, content, places](int status,
                                          const fhir::Outcome& outcome) {
            return joined(ends_.answers_to(
                header, of_outcome(code_of(status), places->placed(outcome)),
                content));
          },
      .name = name_of(header),
      .objection =
          [this, header, content, partner = arrival.caller.partner,
           refuser = arrival.refuser()] {
            return objection_to({partner, content, header, refuser.get()},
                                parts_.store);
          },
      .refusal =
          [this, content,
           refuser = arrival.refuser()](const exchange::Refusal& refusal) {
            return refuser ? refusal_digest(refusal, content, *refuser,
                                            parts_.ids.next())
                           : std::string();
          },
      .numbers = patient_numbers(*places)};
}

void V2Intake::map(const SharedArrival& arrival,
                   const parse::Hl7v2Message& message,
                   const Hl7v2Header& header,
                   std::optional<std::uint32_t> first_number) {
  store::Stages stages{.parsed = parts_.clock()};
  const auto& maps = *arrival->edition->maps;
  const auto& overlay = maps.overlay(arrival->caller.partner);
  auto tree = parse::tree_of(message, first_number.value_or(0));
  const auto* chosen =
      maps.library->for_message(header.event(), tree.root(), overlay);
  if (chosen == nullptr) {
    return ends_.refuse(
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
  if (const auto hold = parking_.hold_of(*arrival, message, output)) {
    stages.judged = parts_.clock();
    return parking_.park(arrival, header, *hold, stages);
  }
  if (output.verdict != map::Verdict::mapped) {
    stages.judged = parts_.clock();
    return ends_.refuse(arrival, header,
                        of_outcome(AckCode::AE, output.outcome),
                        {.stages = stages, .bundle = std::move(output.bundle)});
  }
  stages.mapped = parts_.clock();
  const auto places =
      std::make_shared<const V2Places>(std::move(output), std::move(tree));
  auto incoming = incoming_of(*arrival, header, places);
  incoming.stages = stages;
  incoming.original->keys.add_message(message);
  auto ready = prepared(
      *places, parts_.site.canonical,
      parts_.site.canonical + "/map/" + chosen->name + "|" + maps.hash);
  incoming.body = std::move(ready.body);
  incoming.told.merge(std::move(ready.told));
  incoming.original->wait = [this, places, header, stages,
                             arrival](const fhir::Outcome& several) {
    auto judged = stages;
    judged.judged = parts_.clock();
    const auto again = parse::Hl7v2Message::parse(arrival->frame.content);
    if (!again) return;
    parking_.park(arrival, header,
                  {.findings = several,
                   .bundle = places->output().bundle,
                   .keys = waiting_keys(*again, places->bundle()),
                   .of_patients = true},
                  judged);
  };
  if (!first_number) {
    incoming.original->anew = [this, arrival, header](std::uint32_t first) {
      const auto again = parse::Hl7v2Message::parse(arrival->frame.content);
      if (again) map(arrival, *again, header, first);
    };
  }
  write(arrival, header, std::move(incoming));
}

void V2Intake::write(const SharedArrival& arrival, const Hl7v2Header& header,
                     Incoming incoming) {
  const auto kept = std::make_shared<store::Sequence>(0);
  incoming.original->kept = [kept](store::Sequence one) { *kept = one; };
  pipeline_.write(
      std::move(incoming),
      [this, kept, arrival, header](const transport::Response& response) {
        const bool acknowledges =
            response.status < 500 || response.body.starts_with("MSH");
        if (acknowledges) {
          return arrival->responder.send(parted(response.body),
                                         ends_.noted(*kept));
        }
        // What is no acknowledgment is a store that is away.
        if (arrival->release) return;
        constexpr int kFull = 507;
        ends_.fail(arrival, header,
                   {.code = ErrorCode::unavailable,
                    .message = "the store is away",
                    .disk_full = response.status == kFull});
      });
}

Incoming V2Intake::incoming_of(
    const V2Arrival& arrival, const Hl7v2Header& header,
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
        {one.entry, one.deleted, one.defaulted, one.posted, one.is_anew});
  }
  incoming.purpose = arrival.purpose;
  incoming.said = arrival.said;
  incoming.end = arrival.end;
  if (!arrival.release) return incoming;
  // The log knows its bytes and its control id already: those of the message
  // that was parked.
  auto& original = *incoming.original;
  original.digest.clear();
  original.name.clear();
  original.objection = nullptr;
  incoming.waited = true;
  original.answer = [release = arrival.release, answer = original.answer,
                     places](int status, const fhir::Outcome& outcome) {
    if (status >= 300) {
      release->hold = Hold{.findings = places->placed(outcome),
                           .bundle = places->output().bundle};
    }
    return answer(status, outcome);
  };
  incoming.beside =
      [this, message = arrival.release->message](store::Commit& commit) {
        return complete_task(parts_, message, commit);
      };
  return incoming;
}

}  // namespace gateway::server
