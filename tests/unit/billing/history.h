// Random histories of one patient: bookings, cancellations, retroactive and
// overlapping authorizations, amendments and voids, in several zones and around
// changes of the clock. The same seed gives the same history.

#pragma once

#include <random>
#include <string>
#include <vector>

#include "unit/billing/clinic.h"

namespace gateway::billing {

class History {
 public:
  explicit History(unsigned seed) : random_(seed) {}

  // A few messages about one patient, each a version of some resource.
  std::vector<std::string> messages() {
    std::vector<std::string> all;
    all.push_back(
        order_json({.occurrence = chance(9) ? "" : Order().occurrence}));
    const int grants = 1 + pick(2);
    for (int i = 0; i < grants; ++i) all.push_back(grant(i));
    const int sessions = 1 + pick(4);
    for (int i = 0; i < sessions; ++i) all.push_back(session(i, "completed"));
    if (chance(3)) all.push_back(session(0, "completed"));
    if (chance(4)) all.push_back(session(0, "entered-in-error"));
    if (chance(3)) all.push_back(booking());
    if (chance(5)) all.push_back(grant(0));
    if (chance(5)) all.push_back(withdrawn(grant(0)));
    return all;
  }

  bool chance(int of) { return pick(of) == 0; }
  int pick(int below) {
    return static_cast<int>(random_() % static_cast<unsigned>(below));
  }
  std::mt19937& random() { return random_; }

 private:
  std::string date(int span) {
    // The clock of the facility changes on 2026-03-08.
    return LocalDate::from(2026, 3, 5)->plus_days(pick(span)).text();
  }

  std::string grant(int number) {
    const auto from = date(6);
    return grant_json(
        {.id = "a" + std::to_string(number),
         .number = chance(12) ? "" : "PA-" + std::to_string(number),
         .created = LocalDate::from(2026, 2, 27)->plus_days(pick(14)).text() +
                    "T10:00:00-06:00",
         .from = from,
         .to = LocalDate::parse(from)->plus_days(pick(10)).text(),
         .visits = std::to_string(1 + pick(3)),
         .unit = chance(10) ? "HS" : "VS"});
  }

  static std::string withdrawn(std::string grant) {
    const std::string active = "'status':'active'";
    return grant.replace(grant.find(active), active.size(),
                         "'status':'cancelled'");
  }

  std::string session(int number, const std::string& status) {
    const auto start = *parse_instant(date(7) + "T05:00:00Z") +
                       std::chrono::minutes(pick(1200));
    const auto end = start + std::chrono::seconds(60 * pick(330) + pick(60));
    return session_json(
        {.id = "s" + std::to_string(number),
         .start = utc_text(start),
         .end = utc_text(end),
         .status = status,
         .location = chance(3) ? "Location/l2" : "Location/l1"});
  }

  std::string booking() {
    const auto day = date(12);
    return "{'resourceType':'Appointment','id':'b1','status':'" +
           std::string(chance(3) ? "cancelled" : "booked") +
           "','basedOn':[{'reference':'ServiceRequest/r1'}],'start':'" + day +
           "T14:00:00Z','end':'" + day + "T17:00:00Z'}";
  }

  std::mt19937 random_;
};

inline SharedDocument document(const std::string& text) {
  return *parse_shared(json_of(text));
}

inline const std::vector<SharedDocument>& parties() {
  static const auto kParties = [] {
    std::vector<SharedDocument> all;
    for (const auto& text : party_jsons()) all.push_back(document(text));
    all.push_back(
        document("{'resourceType':'Location','id':'l2','extension':[{'url':"
                 "'https://workgate.example/fhir/StructureDefinition/timezone',"
                 "'valueCode':'America/Los_Angeles'}],'managingOrganization':{"
                 "'reference':'Organization/clinic'}}"));
    return all;
  }();
  return kParties;
}

inline void apply(episode::Case& facts, const SharedDocument& resource) {
  const auto root = resource->root();
  facts.apply(fhir::Resource{{std::string(root.get("resourceType").text()),
                              std::string(root.get("id").text())},
                             1,
                             Instant(),
                             "ehr",
                             resource});
}

inline episode::Case facts_of(const std::vector<SharedDocument>& messages) {
  episode::Case facts;
  for (const auto& party : parties()) apply(facts, party);
  for (const auto& message : messages) apply(facts, message);
  return facts;
}

}  // namespace gateway::billing
