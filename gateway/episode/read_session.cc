#include "episode/read.h"

namespace gateway::episode {
namespace {

constexpr std::string_view kZoneExtension =
    "http://hl7.org/fhir/StructureDefinition/timezone";
constexpr std::string_view kOldZoneExtension =
    "http://hl7.org/fhir/StructureDefinition/tz-code";

std::optional<Interval> interval_in(Json period) {
  const auto start = instant_in(period.get("start"));
  const auto end = instant_in(period.get("end"));
  if (!start || !end || *end < *start) return std::nullopt;
  return Interval{*start, *end};
}

bool is_negative(Json period, std::string_view base) {
  if (end_as_sent(period, base).exists()) return true;
  const auto start = instant_in(period.get("start"));
  const auto end = instant_in(period.get("end"));
  return start && end && *end < *start;
}

std::string zone_in(Json period) {
  const auto start = period.get("_start");
  const auto zone = extension(start, kZoneExtension);
  if (zone.exists()) return std::string(zone.get("valueCode").text());
  return std::string(
      extension(start, kOldZoneExtension).get("valueCode").text());
}

std::string_view nucc(Json concept_) {
  return code_in(concept_, "http://nucc.org/provider-taxonomy");
}

// What was done: a program, a CPT code beside it, or something else.
void read_type(Json concept_, std::string_view base, Session& session) {
  const auto program = program_in(concept_, base);
  if (program != Program::none) session.program = program;
  const auto cpt = code_in(concept_, kCpt);
  if (cpt == kFirstHours || cpt == kFurtherHours) {
    session.further_alone =
        cpt == kFurtherHours && session.program == Program::none;
    session.kind = Session::Kind::program;
    return;
  }
  if (!cpt.empty()) session.code = cpt;
  if (program == Program::none && cpt.empty() && concept_.exists()) {
    const auto coding = concept_.get("coding").first();
    session.other_type = coding.get("code").text();
    if (session.other_type.empty()) {
      session.other_type = concept_.get("text").text();
    }
  }
}

Session::State state_of(std::string_view status, std::string_view attended) {
  using State = Session::State;
  if (status == attended) return State::attended;
  if (status == "entered-in-error") return State::withdrawn;
  if (status == "arrived") return State::arrived;
  if (status == "in-progress") return State::under_way;
  if (status == "on-hold" || status == "onleave") return State::paused;
  return State::other;
}

void read_procedure(const Reading& reading, Session& session) {
  const Json root = reading.root;
  session.state = state_of(root.get("status").text(), "completed");
  read_type(root.get("code"), reading.base, session);
  session.patient = reference_in(root.get("subject"), reading.base);
  session.encounter = reference_in(root.get("encounter"), reading.base);
  session.location = reference_in(root.get("location"), reading.base);
  session.period = interval_in(root.get("performedPeriod"));
  session.ends_before_it_begins =
      is_negative(root.get("performedPeriod"), reading.base);
  session.zone = zone_in(root.get("performedPeriod"));
  for (const Json one : root.get("performer")) {
    const auto function = one.get("function");
    const auto code = nucc(function);
    session.performers.push_back(
        {reference_in(one.get("actor"), reading.base), std::string(code),
         reference_in(one.get("onBehalfOf"), reading.base),
         function.exists() && code.empty()});
  }
}

void read_breaks(Json root, Session& session) {
  for (const Json past : root.get("statusHistory")) {
    if (past.get("status").text() != "onleave") continue;
    const auto period = past.get("period");
    auto pause = interval_in(period);
    const auto start = instant_in(period.get("start"));
    // Nobody says that the patient came back.
    if (start && session.period && !period.get("end").exists() &&
        *start <= session.period->end) {
      pause = Interval{*start, session.period->end};
    }
    if (pause) session.breaks.push_back(*pause);
  }
}

void read_encounter(const Reading& reading, Session& session) {
  const Json root = reading.root;
  session.is_encounter = true;
  session.state = state_of(root.get("status").text(), "finished");
  for (const Json type : root.get("type")) {
    read_type(type, reading.base, session);
  }
  if (session.program != Program::none) session.other_type.clear();
  session.patient = reference_in(root.get("subject"), reading.base);
  session.location =
      reference_in(root.get("location").first().get("location"), reading.base);
  session.service_provider =
      reference_in(root.get("serviceProvider"), reading.base);
  session.period = interval_in(root.get("period"));
  session.ends_before_it_begins = is_negative(root.get("period"), reading.base);
  session.zone = zone_in(root.get("period"));
  read_breaks(root, session);
  for (const Json one : root.get("participant")) {
    if (any_has_code(one.get("type"), kParticipationType, "ATND")) continue;
    session.performers.push_back(
        {reference_in(one.get("individual"), reading.base),
         std::string(nucc(one.get("type").first())),
         {}});
  }
}

// What names a referral is meant for its program, whatever its type says: a
// wrong type is then a matter for rule A1.
Session::Kind kind_of(const Session& session) {
  if (session.kind == Session::Kind::program ||
      session.program != Program::none) {
    return Session::Kind::program;
  }
  if (!session.is_encounter && !session.code.empty()) {
    return Session::Kind::treatment;
  }
  return session.referral.empty() ? Session::Kind::unrelated
                                  : Session::Kind::program;
}

}  // namespace

Session read_session(const Reading& reading) {
  const Json root = reading.root;
  Session session;
  session.source = reading.source;
  session.business_key = business_key(root.get("identifier"));
  session.referral = reference_in(root.get("basedOn").first(), reading.base);
  if (root.get("resourceType").text() == "Procedure") {
    read_procedure(reading, session);
  } else {
    read_encounter(reading, session);
  }
  session.kind = kind_of(session);
  session.references = references_in(root, reading.base);
  return session;
}

Appointment read_appointment(const Reading& reading) {
  const Json root = reading.root;
  Appointment read;
  read.source = reading.source;
  read.status = root.get("status").text();
  read.referral = reference_in(root.get("basedOn").first(), reading.base);
  read.absence = code_in(root.get("cancelationReason"),
                         std::string(reading.base) + "/CodeSystem/absence");
  read.type = code(program_in(root.get("appointmentType"), reading.base));
  read.period = interval_in(root);
  if (const auto minutes = decimal_in(root.get("minutesDuration"))) {
    read.minutes = static_cast<std::int64_t>(minutes->coefficient());
  }
  read.created = instant_in(root.get("created"));
  for (const Json one : root.get("participant")) {
    auto actor = reference_in(one.get("actor"), reading.base);
    if (actor.starts_with("Patient/")) read.patient = actor;
    if (!actor.empty()) read.participants.push_back(std::move(actor));
  }
  return read;
}

}  // namespace gateway::episode
