// Every knob has an effect, or says that it has none: the same case, decided
// with two values of one knob, comes out differently.

#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "program/knobs.h"
#include "unit/billing/complete_case.h"

namespace gateway::billing {
namespace {

using Edits = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kClinic = "clinic-work-conditioning";
constexpr const char* kOptum = "optum-481-work-hardening";
constexpr const char* kCpt = "cpt-97545-97546";
constexpr const char* kPractice = "return-to-work-practice";
constexpr const char* kTexas = "texas-dwc";
constexpr const char* kMississippi = "mississippi";
constexpr const char* kWashington = "washington-lni";

struct Effect {
  std::string knob;
  std::string pack;
  std::string one;
  std::string other;
  Edits edits = {};
  Edits settings = {};  // further knobs of the same pack
};

void PrintTo(const Effect& effect, std::ostream* out) { *out << effect.knob; }

// All that a knob may decide, as text.
std::string summary(const Plan& plan) {
  std::ostringstream out;
  for (const auto& visit : plan.visits) {
    out << visit.key << " " << visit.billable << "\n";
    for (const auto& line : visit.lines) {
      out << line.code << " " << line.quantity;
      for (const auto& modifier : line.modifiers) out << " " << modifier;
      out << " " << (line.net ? line.net->text() : "no fee") << "\n";
    }
  }
  for (const auto& claim : plan.claims) {
    out << claim.key << " " << claim.held << " "
        << (claim.file_by ? claim.file_by->text() : "") << "\n";
  }
  std::set<std::string> unmet;
  for (const auto* one : plan.unmet()) {
    unmet.insert(std::string(one->rule) + " " +
                 std::string(program::code(one->weight)) + " " +
                 (one->holds() ? "holds" : ""));
  }
  for (const auto& one : unmet) out << one << "\n";
  for (const auto& balance : plan.balances) {
    out << balance.number << " " << balance.unit << " " << balance.used << "\n";
  }
  return out.str();
}

std::string decided(const Effect& effect, const std::string& value) {
  auto site = demo_site();
  site.accept_unverified = true;
  const bool hardening = effect.pack == kOptum;
  if (effect.pack == kTexas || effect.pack == kMississippi ||
      effect.pack == kWashington) {
    site.policies[Program::work_conditioning] = {effect.pack};
  }
  auto& overrides = site.overrides[effect.pack];
  overrides[effect.knob] = value;
  for (const auto& [knob, setting] : effect.settings) {
    if (knob == "no fees") {
      site.fees.clear();
    } else {
      overrides[knob] = setting;
    }
  }
  const auto programs = shipped_programs(std::move(site));
  CompleteCase complete(hardening ? Program::work_hardening
                                  : Program::work_conditioning);
  for (const auto& [name, edit] : effect.edits) complete.apply(name, edit);
  const auto facts = complete.facts(programs.resource_types());
  return summary(
      decide(facts, programs, *parse_instant("2026-04-28T12:00:00Z")));
}

Edits lasting(const std::string& until) {
  return {{"Procedure",
           R"({"performedPeriod":{"start":"2026-04-13T08:00:00-05:00",)"
           R"("end":"2026-04-13T)" +
               until + R"(:00-05:00"}})"}};
}

Edits measured(const std::string& from, const std::string& to) {
  const auto measure = [](const std::string& id, const std::string& date) {
    return R"({"resourceType":"Observation","id":")" + id +
           R"(","status":"final","code":{"coding":[{"system":)"
           R"("https://workgate.example/fhir/CodeSystem/observation-code",)"
           R"("code":"job-match-percent"}]},"subject":{"reference":)"
           R"("Patient/p1"},"effectiveDateTime":")" +
           date + R"(","valueQuantity":{"value":60}})";
  };
  return {{"add", measure("m1", from)}, {"add then", measure("m2", to)}};
}

Edits with_order_of(const std::string& day, Edits edits) {
  edits.push_back({"ServiceRequest", R"({"authoredOn":")" + day + "\"}"});
  return edits;
}

Edits other(const std::string& code, const std::string& until) {
  return {{"Procedure other",
           R"({"code":{"coding":[{"system":"http://www.ama-assn.org/go/cpt",)"
           R"("code":")" +
               code +
               R"("}]},"performedPeriod":{"start":"2026-04-13T13:00:00-05:00",)"
               R"("end":"2026-04-13T)" +
               until + R"(:00-05:00"}})"}};
}

// Kept five minutes late on as many days as it is repeated.
Edits late_by_ten(int days) {
  Edits edits;
  for (int day = 0; day < days; ++day) {
    const auto date = LocalDate::from(2026, 4, 13)->plus_days(day).text();
    edits.emplace_back("add " + std::to_string(day),
                       R"({"resourceType":"Appointment","id":"k)" +
                           std::to_string(day) +
                           R"(","status":"fulfilled","basedOn":[{"reference":)"
                           R"("ServiceRequest/r1"}],"start":")" +
                           date + R"(T07:50:00-05:00","end":")" + date +
                           R"(T12:00:00-05:00"})");
  }
  edits.emplace_back("repeat", std::to_string(days));
  return edits;
}

Edits granted(const std::string& members) {
  return {{"ClaimResponse", members}};
}

const std::string kUnitless =
    R"({"addItem":[{"productOrService":{"coding":[{"system":)"
    R"("http://www.ama-assn.org/go/cpt","code":"97545"}]},)"
    R"("quantity":{"value":20}}]})";
const std::string kAssistant =
    R"({"performer":[{"actor":{"reference":"Practitioner/therapist"}},)"
    R"({"actor":{"reference":"Practitioner/second"},"function":{"coding":[)"
    R"({"system":"http://nucc.org/provider-taxonomy","code":"225200000X"}]}}]})";
const std::string kLateSheet =
    R"({"date":"2026-04-17T18:00:00-05:00","context":{"encounter":[)"
    R"({"reference":"Encounter/e1"}]}})";
const std::string kFrame =
    R"({"resourceType":"Encounter","id":"e1","status":"finished","class":)"
    R"({"code":"AMB"},"subject":{"reference":"Patient/p1"},"period":{"start":)"
    R"("2026-04-13T08:00:00-05:00","end":"2026-04-13T12:00:00-05:00"}})";
const std::string kLater =
    R"({"resourceType":"Procedure","id":"late","status":"completed",)"
    R"("identifier":[{"system":"urn:ehr","value":"late"}],"code":{"coding":[)"
    R"({"system":"https://workgate.example/fhir/CodeSystem/program","code":)"
    R"("work-conditioning"}]},"subject":{"reference":"Patient/p1"},"basedOn":[)"
    R"({"reference":"ServiceRequest/r1"}],"performedPeriod":{"start":)"
    R"("2026-04-13T12:30:00-05:00","end":"2026-04-13T13:00:00-05:00"}})";

std::vector<Effect> effects() {
  return {
      {"unitRule", kCpt, "MIDPOINT", "STARTED", lasting("10:10")},
      {"tie",
       kCpt,
       "DOWN",
       "HOLD",
       lasting("10:30"),
       {{"unitRule", "NEAREST"}}},
      {"minSessionMinutes", kClinic, "120", "60", lasting("09:45")},
      {"underMinimum", kClinic, "HOLD", "MIDPOINT", lasting("09:45")},
      {"preferredMinutesPerDay", kClinic, "180", "240", lasting("11:30")},
      {"maxMinutesPerDay", kClinic, "300", "200"},
      {"minSlotMinutes", kClinic, "120", "300"},
      {"minDaysPerWeek", kClinic, "3", "6", {}, {{"maxDaysPerWeek", "7"}}},
      {"maxDaysPerWeek", kClinic, "5", "6", {{"week", "6"}}},
      {"minWeeks", kClinic, "4", "5"},
      {"maxWeeks", kClinic, "6", "1", {{"repeat", "10"}}, {{"minWeeks", "1"}}},
      {"minVisits", kClinic, "10", "25", {}, {{"maxVisits", "30"}}},
      {"maxVisits", kClinic, "20", "15"},
      {"maxProgrammesPer",
       kMississippi,
       "REFERRAL",
       "INJURY",
       {{"add",
         R"({"resourceType":"ServiceRequest","id":"r0","status":"active",)"
         R"("intent":"order","identifier":[{"system":"urn:ehr","value":"r0"}],)"
         R"("code":{"coding":[{"system":)"
         R"("https://workgate.example/fhir/CodeSystem/program","code":)"
         R"("work-hardening"}]},"subject":{"reference":"Patient/p1"},)"
         R"("authoredOn":"2026-01-05","insurance":[{"reference":)"
         R"("Coverage/c1"}]})"},
        {"add then", session_json({.id = "s-first",
                                   .start = "2026-01-12T08:00:00-06:00",
                                   .end = "2026-01-12T11:00:00-06:00",
                                   .referral = "ServiceRequest/r0"})}}},
      {"weekStart", kClinic, "MONDAY", "SATURDAY", {{"week", "6"}}},
      {"gapPoolingMinutes", kClinic, "240", "10", {{"add", kLater}}},
      {"authBasis", kClinic, "VISITS", "HOURS", granted(kUnitless)},
      {"authRequired", kClinic, "true", "false",
       granted(R"({"preAuthPeriod":{"start":"2026-03-01",)"
               R"("end":"2026-04-01"}})")},
      {"verifiedBeforeFirstVisit", kClinic, "true", "false",
       granted(R"({"created":"2026-04-20T10:00:00-05:00"})")},
      {"retroAuthAllowed", kClinic, "false", "true",
       granted(R"({"created":"2026-04-20T10:00:00-05:00"})")},
      {"visitCountScope",
       kClinic,
       "AUTH",
       "CLAIM",
       {{"second referral", "true"},
        {"Procedure", R"({"basedOn":[{"reference":"ServiceRequest/r2"}]})"},
        {"ServiceRequest second", R"({"insurance":[{"reference":)"
                                  R"("Coverage/c1"}]})"}}},
      {"allowedExtraCodes", kOptum, "97110", "", other("97110", "13:30")},
      {"aggregateLimitMinutes", kOptum, "60", "20", other("97110", "13:30")},
      {"modifiers", kCpt, "always:GP", "always:GO"},
      {"professions",
       kCpt,
       "physical-therapy:2252",
       "physical-therapy:2251",
       {{"Procedure", kAssistant}},
       {{"modifiers", "physical-therapy:GP"}}},
      {"accredited", kTexas, "false", "true"},
      {"mue", kCpt, "97546:2", "97546:1", {}, {{"mueAction", "HOLD"}}},
      {"mueAction", kCpt, "WARN", "HOLD", lasting("13:00")},
      {"claimGrouping", kClinic, "DAY", "WEEK", {{"repeat", "2"}}},
      {"timelyFilingDays", kTexas, "95", "30"},
      {"regionRules",
       kOptum,
       "optum-481-body-regions.tsv",
       "",
       {{"Condition", R"({"code":{"coding":[{"system":)"
                      R"("http://hl7.org/fhir/sid/icd-10-cm","code":)"
                      R"("S93.401D"}]}})"}}},
      {"progressEveryDays", kPractice, "7", "30", {{"repeat", "7"}}},
      {"noProgressNotifyDays", kPractice, "7", "10",
       measured("2026-04-04", "2026-04-12")},
      {"noProgressDischargeDays", kPractice, "14", "20",
       with_order_of("2026-03-20", measured("2026-03-28", "2026-04-12"))},
      {"pnAtFraction",
       kClinic,
       "0.5",
       "0.9",
       {{"without", R"(["Composition progress-note"])"}, {"repeat", "12"}}},
      {"unexcusedMax", kOptum, "3", "5", {{"absences", "4"}}},
      {"tardiesPerAbsence", kOptum, "5", "1", late_by_ten(4)},
      {"tardyToleranceMinutes",
       kOptum,
       "0",
       "15",
       late_by_ten(4),
       {{"tardiesPerAbsence", "1"}}},
      {"evaluationDays",
       kOptum,
       "7",
       "15",
       {{"Composition evaluation", R"({"date":"2026-04-27T18:00:00-05:00"})"}},
       {{"gate", "HOLD"}}},
      {"evaluationWarnDays",
       kOptum,
       "5",
       "7",
       {{"Composition evaluation", R"({"date":"2026-04-21T18:00:00-05:00"})"}}},
      {"sheetGapDays",
       kClinic,
       "5",
       "2",
       {{"Procedure", R"({"encounter":{"reference":"Encounter/e1"}})"},
        {"add", kFrame},
        {"DocumentReference activity-sheet", kLateSheet}}},
      {"gate",
       kClinic,
       "WARN",
       "HOLD",
       {{"Composition progress-note",
         R"({"date":"2026-04-13T18:00:00-05:00"})"},
        {"without", R"(["DocumentReference job-analysis"])"}}},
      {"rates",
       kTexas,
       "work-conditioning:36.00",
       "work-conditioning:40.00",
       {},
       {{"no fees", ""}}},
      {"notAccreditedPercent", kTexas, "80", "90", {}, {{"no fees", ""}}},
      {"assistantModifier",
       kMississippi,
       "M3",
       "CQ",
       {{"Procedure", kAssistant}}},
      {"assistantPercent",
       kMississippi,
       "85",
       "100",
       {{"Procedure", kAssistant}}},
  };
}

std::vector<Effect> more_effects() {
  const Edits earlier = {
      {"add", R"({"resourceType":"Procedure","id":"early","status":)"
              R"("completed","identifier":[{"system":"urn:ehr","value":)"
              R"("early"}],"code":{"coding":[{"system":)"
              R"("https://workgate.example/fhir/CodeSystem/program","code":)"
              R"("work-conditioning"}]},"subject":{"reference":"Patient/p1"},)"
              R"("basedOn":[{"reference":"ServiceRequest/r1"}],)"
              R"("performedPeriod":{"start":"2026-04-02T08:00:00-05:00",)"
              R"("end":"2026-04-02T12:00:00-05:00"}})"}};
  const Edits split = {{"Condition",
                        R"({"code":{"coding":[{"system":)"
                        R"("http://hl7.org/fhir/sid/icd-10-cm","code":)"
                        R"("M54.5"}]}})"}};
  const Edits silent = {{"add", earlier[0].second},
                        measured("2026-04-10", "2026-04-10")[0],
                        {"without", R"(["Communication"])"}};
  const Edits none = {{"without", R"(["ClaimResponse"])"}, {"repeat", "2"}};
  return {
      {"diagnosisDates", kCpt, "icd10-effective-dates.tsv", "", split},
      {"reportRecipients", kPractice, "5", "0", silent},
      {"planDays", kMississippi, "2", "20", earlier},
      {"visitsWithoutAuth", kMississippi, "15", "1", none},
      {"daysWithoutAuth", kMississippi, "30", "1", none},
      {"minMonthsSinceInjury", kWashington, "2", "6"},
      {"maxTreatmentsPerDay", kMississippi, "4", "1", other("97110", "13:30")},
  };
}

std::vector<Effect> all_effects() {
  auto all = effects();
  for (auto& one : more_effects()) all.push_back(std::move(one));
  return all;
}

class KnobEffectTest : public ::testing::TestWithParam<Effect> {};

TEST_P(KnobEffectTest, TheValueDecides) {
  const auto& effect = GetParam();
  EXPECT_NE(decided(effect, effect.one), decided(effect, effect.other));
}

INSTANTIATE_TEST_SUITE_P(Knobs, KnobEffectTest,
                         ::testing::ValuesIn(all_effects()),
                         [](const auto& row) { return row.param.knob; });

TEST(KnobEffectsTest, CoverEveryKnobThatDecides) {
  std::set<std::string_view> proved;
  const auto all = all_effects();
  for (const auto& effect : all) proved.insert(effect.knob);
  for (const auto& knob : program::knob_table()) {
    EXPECT_NE(proved.contains(knob.name), knob.informational) << knob.name;
  }
}

// An assistant's work is billed at the jurisdiction's share, with its modifier.
TEST(KnobEffectsTest, AnAssistantIsPaidEightyFivePerCent) {
  auto site = demo_site();
  site.accept_unverified = true;
  site.policies[Program::work_conditioning] = {kMississippi};
  const auto programs = shipped_programs(std::move(site));
  CompleteCase complete(Program::work_conditioning);
  complete.apply("Procedure", kAssistant);
  const auto facts = complete.facts(programs.resource_types());
  const auto plan =
      decide(facts, programs, *parse_instant("2026-04-28T12:00:00Z"));
  const auto& lines = plan.visits[0].lines;
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].unit_price->text(), "178.50");  // of 210.00
  EXPECT_EQ(lines[1].unit_price->text(), "78.20");   // of 92.00
  EXPECT_EQ(lines[1].net->text(), "156.40");
  EXPECT_EQ(lines[0].modifiers, std::vector<std::string>{"M3"});
}

}  // namespace
}  // namespace gateway::billing
