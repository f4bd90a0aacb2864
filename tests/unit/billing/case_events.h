// Random events about one patient: everything that partners send, and that the
// time brings, in no sensible order. The same seed gives the same events.

#pragma once

#include <random>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "unit/billing/clinic.h"

namespace gateway::billing {

class CaseEvents {
 public:
  explicit CaseEvents(unsigned seed, std::string program = kUsual)
      : random_(seed), program_(std::move(program)) {}

  bool chance(int of) { return pick(of) == 0; }
  int pick(int below) {
    return static_cast<int>(random_() % static_cast<unsigned>(below));
  }

  // A text about the usual program, about that of these events.
  [[nodiscard]] std::string about(std::string text) const {
    const std::string usual = kUsual;
    for (auto at = text.find(usual); at != std::string::npos;
         at = text.find(usual, at + program_.size())) {
      text.replace(at, usual.size(), program_);
    }
    return text;
  }

  // A measure of progress: that it stays where it was speaks against asking for
  // more.
  std::string measure(int number, int percent) {
    return "{'resourceType':'Observation','id':'o" + std::to_string(number) +
           "','status':'final','subject':{'reference':'Patient/p1'},'code':{"
           "'coding':[{'system':"
           "'https://workgate.example/fhir/CodeSystem/observation-code',"
           "'code':'job-match-percent'}]},'effectiveDateTime':'" +
           LocalDate::from(2026, 3, 3)->plus_days(7 * number).text() +
           "','valueQuantity':{'value':" + std::to_string(percent) + "}}";
  }

  // Half of them are sessions. `known` is what there is so far.
  std::string next(const episode::Case& known) {
    using Maker = std::string (CaseEvents::*)();
    static constexpr Maker kMakers[] = {
        &CaseEvents::booking,     &CaseEvents::booking,  &CaseEvents::note,
        &CaseEvents::note,        &CaseEvents::scan,     &CaseEvents::treatment,
        &CaseEvents::composition, &CaseEvents::treatment};
    static constexpr Maker kRare[] = {
        &CaseEvents::any_grant,   &CaseEvents::encounter,
        &CaseEvents::order,       &CaseEvents::eligibility,
        &CaseEvents::measure,     &CaseEvents::attestation,
        &CaseEvents::party,       &CaseEvents::coverage,
        &CaseEvents::replacement, &CaseEvents::condition};
    const auto kind = pick(30);
    if (kind < 12) return about(session());
    if (kind < 20) return about((this->*kMakers[kind - 12])());
    if (kind < 22) return about((this->*kRare[pick(10)])());
    if (kind < 23) return chance(2) ? answer(known) : payer_number(known);
    if (kind < 24) return chance(3) ? discharge(known) : about(session());
    if (kind < 27) return about(night());
    return about(presence());
  }

  std::string grant(int number) {
    const auto from = date(14);
    return grant_json(
        {.id = "a" + std::to_string(number),
         .number = chance(12) ? "" : "PA-" + std::to_string(number),
         .created = LocalDate::from(2026, 2, 24)->plus_days(pick(14)).text() +
                    "T10:00:00-06:00",
         .from = from.text(),
         .to = from.plus_days(pick(16)).text(),
         .visits = std::to_string(1 + pick(6)),
         .unit = chance(10)   ? "HS"
                 : chance(10) ? ""
                              : "VS",
         .more = chance(4) ? "" : link(chance(5) ? "r2" : "r1")});
  }

 private:
  static constexpr const char* kUsual = "work-conditioning";

  // The clock of the facility changes on 2026-03-08.
  LocalDate date(int span) {
    return LocalDate::from(2026, 3, 2)->plus_days(pick(span));
  }

  // Two open orders of one payer: a grant says which it is for.
  static std::string link(const std::string& order) {
    return ",'extension':[{'url':'https://workgate.example/fhir/"
           "StructureDefinition/authorized-referral','valueReference':{"
           "'reference':'ServiceRequest/" +
           order + "'}}]";
  }

  std::string session() {
    const auto start = *parse_instant(date(16).text() + "T12:00:00Z") +
                       std::chrono::minutes(30 * pick(40));
    const auto end = start + std::chrono::minutes(60 * pick(6) + pick(2) * 20);
    return session_json(
        {.id = "s" + std::to_string(pick(9)),
         .start = utc_text(start),
         .end = utc_text(end),
         .referral = chance(8) ? "ServiceRequest/r2" : "ServiceRequest/r1",
         .status = chance(7) ? "entered-in-error" : "completed",
         .location = chance(5) ? "Location/l2" : "Location/l1"});
  }

  // Sessions around midnight that end where others begin: the day on which one
  // began is that of the next.
  std::string night() {
    const auto midnight = *parse_instant("2026-03-11T05:00:00Z");
    const auto at = [&](int halves) {
      return utc_text(midnight + std::chrono::minutes(30 * halves));
    };
    const int number = pick(3);
    const int start = number == 0 ? -5 : -1 + pick(3) + 2 * (number - 1);
    const int end = number == 0 ? -1 + pick(3) : start + 2 + pick(2);
    return session_json(
        {.id = "night" + std::to_string(number),
         .start = at(start),
         .end = at(end),
         .status = chance(6) ? "entered-in-error" : "completed"});
  }

  // Somebody came to what was booked, or not: on the days of sessions.
  std::string presence() {
    const auto day = date(12).text();
    static const char* const kStatus[] = {
        "noshow", "fulfilled", "fulfilled", "booked",
        "noshow','cancelationReason':{'coding':[{'system':"
        "'https://workgate.example/fhir/CodeSystem/absence','code':'excused'}]"
        "},'comment':'x"};
    return "{'resourceType':'Appointment','id':'p" + std::to_string(pick(6)) +
           "','status':'" + kStatus[pick(5)] +
           "','basedOn':[{'reference':'ServiceRequest/r1'}],'start':'" + day +
           "T14:00:00Z','end':'" + day + "T17:00:00Z'}";
  }

  std::string treatment() {
    const auto start = *parse_instant(date(16).text() + "T16:00:00Z");
    return session_json(
        {.id = "t" + std::to_string(pick(2)),
         .start = utc_text(start),
         .end = utc_text(start + std::chrono::minutes(15 * (1 + pick(4)))),
         .code = "{'coding':[{'system':'http://www.ama-assn.org/go/cpt',"
                 "'code':'97110'}]}"});
  }

  std::string encounter() {
    const auto start = *parse_instant(date(16).text() + "T14:00:00Z");
    return "{'resourceType':'Encounter','id':'e1','identifier':[{'system':"
           "'urn:ehr','value':'e1'}],'status':'finished','class':{'code':"
           "'AMB'},'type':[{'coding':[{'system':"
           "'https://workgate.example/fhir/CodeSystem/program','code':"
           "'work-conditioning'}]}],'subject':{'reference':'Patient/p1'},"
           "'basedOn':[{'reference':'ServiceRequest/r1'}],'period':{'start':'" +
           utc_text(start) + "','end':'" +
           utc_text(start + std::chrono::hours(2)) + "'}}";
  }

  std::string booking() {
    const auto day = date(20).text();
    static const char* const kStatus[] = {"booked", "cancelled", "noshow",
                                          "fulfilled", "booked"};
    return "{'resourceType':'Appointment','id':'b" + std::to_string(pick(4)) +
           "','status':'" + kStatus[pick(5)] +
           "','basedOn':[{'reference':'ServiceRequest/r" +
           (chance(5) ? "2" : "1") + "'}],'start':'" + day +
           "T14:00:00Z','end':'" + day +
           (chance(4) ? "T15:00:00Z'}" : "T17:00:00Z'}");
  }

  std::string document(const std::string& id, const std::string& kind,
                       const std::string& context) {
    return "{'resourceType':'DocumentReference','id':'" + id + "','status':'" +
           (chance(5) ? "entered-in-error" : "current") +
           "','subject':{'reference':'Patient/p1'},'type':{'coding':[{"
           "'system':'https://workgate.example/fhir/CodeSystem/document-type',"
           "'code':'" +
           kind + "'}]},'date':'" + date(16).text() +
           "T20:00:00Z','context':" + context + "}";
  }

  std::string note() {
    static const char* const kKinds[] = {"daily-note", "activity-sheet",
                                         "job-analysis", "progress-note"};
    return document("n" + std::to_string(pick(5)),
                    kKinds[chance(5) ? 2 + pick(2) : pick(2)],
                    "{'period':{'start':'" + date(16).text() + "'}}");
  }

  // A sheet that names the encounter of an EHR, or one of ours.
  std::string scan() {
    return document("x" + std::to_string(pick(2)), "activity-sheet",
                    "{'encounter':[{'reference':'Encounter/" +
                        (chance(3) ? std::string("e1")
                                   : "g" + std::to_string(1 + pick(12))) +
                        "'}]}");
  }

  std::string composition() {
    return "{'resourceType':'Composition','id':'c" + std::to_string(pick(2)) +
           "','status':'final','type':{'coding':[{'system':"
           "'http://loinc.org','code':'11508-9'}]},'subject':{'reference':"
           "'Patient/p1'},'date':'" +
           date(16).text() + "'}";
  }

  std::string any_grant() { return grant(pick(3)); }

  std::string order() {
    return order_json(
        {.id = chance(2) ? "r1" : "r2",
         .occurrence = chance(4) ? "" : Order().occurrence,
         .requester = chance(6) ? "Practitioner/therapist" : Order().requester,
         .status = chance(6) ? "revoked" : "active"});
  }

  std::string replacement() {
    return order_json({.id = "r3",
                       .more = ",'replaces':[{'reference':'ServiceRequest/r" +
                               std::string(chance(3) ? "2" : "1") + "'}]"});
  }

  std::string eligibility() {
    return "{'resourceType':'CoverageEligibilityResponse','id':'el" +
           std::to_string(pick(2)) +
           "','status':'active','purpose':['auth-requirements'],'patient':{"
           "'reference':'Patient/p1'},'created':'2026-03-0" +
           std::to_string(1 + pick(8)) +
           "','outcome':'complete','insurer':{'reference':"
           "'Organization/payer'},'preAuthRef':'EL-1','servicedPeriod':{"
           "'start':'" +
           date(8).text() +
           "'},'insurance':[{'coverage':{'reference':"
           "'Coverage/c1'},'item':[{'authorizationRequired':" +
           (chance(2) ? "true" : "false") + "}]}]}";
  }

  std::string measure() { return measure(pick(3), 40 + 5 * pick(8)); }

  std::string attestation() {
    return "{'resourceType':'DocumentReference','id':'att','status':'current',"
           "'subject':{'reference':'Patient/p1'},'category':[{'coding':[{"
           "'system':'https://workgate.example/fhir/CodeSystem/rule','code':"
           "'clinic-work-conditioning/A" +
           std::to_string(1 + pick(40)) + "'}]}]}";
  }

  std::string party() {
    auto parties = party_jsons();
    auto text = parties[static_cast<std::size_t>(pick(10))];
    if (!chance(2)) return text;
    const auto license = text.find(",'qualification'");
    if (license != std::string::npos) text = text.substr(0, license) + "}";
    return text;
  }

  std::string coverage() {
    auto text = party_jsons().back();
    if (chance(2)) text.replace(text.find("'active'"), 8, "'cancelled'");
    return text;
  }

  std::string condition() {
    return "{'resourceType':'Condition','id':'d1','subject':{'reference':"
           "'Patient/p1'},'code':{'coding':[{'system':"
           "'http://hl7.org/fhir/sid/icd-10-cm','code':'" +
           std::string(chance(2) ? "S39.012D" : "F32.0") +
           "'}]},'onsetDateTime':'2025-11-18'}";
  }

  // An emitted resource of a type, as JSON with ' for ".
  std::string emitted(const episode::Case& known, std::string_view type) {
    std::vector<const episode::Emitted*> found;
    for (const auto& [key, one] : known.emitted()) {
      if (one.type == type) found.push_back(&one);
    }
    if (found.empty()) return {};
    auto body =
        found[static_cast<std::size_t>(pick(static_cast<int>(found.size())))]
            ->body;
    const std::string escaped = "\\u0027";
    for (auto at = body.find('\''); at != std::string::npos;
         at = body.find('\'', at)) {
      body.replace(at, 1, escaped);
    }
    return body;
  }

  // Whoever owns a task answers it: with words, with a value that corrects the
  // order, or with another order.
  std::string answer(const episode::Case& known) {
    const auto body = emitted(known, "Task");
    if (body.empty()) return session();
    static const char* const kOutputs[] = {
        "",
        "'valueTiming':{'repeat':{'frequency':4,'period':1,'periodUnit':'wk'}}",
        "'valueQuantity':{'value':8}",
        "'valueReference':{'reference':'ServiceRequest/r2'}",
        "'valueReference':{'reference':'PractitionerRole/attending'}"};
    static const char* const kStatus[] = {"completed", "accepted", "rejected"};
    const std::string output = kOutputs[pick(5)];
    const auto document = *JsonDocument::parse(body);
    JsonWriter out;
    out.begin_object();
    for (const Json member : document.root()) {
      if (member.name() == "output") continue;
      out.key(member.name());
      if (member.name() == "status") {
        out.string(kStatus[pick(3)]);
      } else {
        out.raw(member.raw());
      }
    }
    if (!output.empty()) {
      out.key("output").raw(
          json_of("[{'type':{'text':'answer'}," + output + "}]"));
    }
    return out.end_object().take();
  }

  std::string discharge(const episode::Case& known) {
    auto body = emitted(known, "EpisodeOfCare");
    const auto status = body.find("\"active\"");
    if (status == std::string::npos) return session();
    return body.replace(status, 8, "\"finished\"");
  }

  std::string payer_number(const episode::Case& known) {
    const auto body = emitted(known, "Claim");
    if (body.empty()) return session();
    const auto document = *JsonDocument::parse(body);
    const auto id = std::string(document.root().get("id").text());
    return "{'resourceType':'ClaimResponse','id':'cr" + id +
           "','status':'active','use':'claim','patient':{'reference':"
           "'Patient/p1'},'identifier':[{'value':'P-" +
           id + "'}],'request':{'reference':'Claim/" + id +
           "'},'outcome':'complete'}";
  }

  std::mt19937 random_;
  std::string program_;
};

}  // namespace gateway::billing
