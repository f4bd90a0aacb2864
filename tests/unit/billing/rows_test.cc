// Every row of every pack: its bad example fails exactly its own rule of all,
// of whichever weight, and rows without a predicate never hold anything.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "billing/estimate.h"
#include "program/guide.h"
#include "unit/billing/complete_case.h"

namespace gateway::billing {
namespace {

using program::Kind;
using program::Requirement;
using program::Weight;

struct PackRow {
  std::string pack;
  std::string row;
};

void PrintTo(const PackRow& row, std::ostream* out) {
  *out << row.pack << "/" << row.row;
}

// A pack of a jurisdiction stands alone, so that what it says too is not said
// by the clinic as well; those composed into all stand beside the clinic's.
program::Site site_of(const std::string& pack) {
  auto site = demo_site();
  site.accept_unverified = true;
  // A site that lets a code be billed has a fee for it.
  site.fees["97750"] = *Decimal::parse("60.00");
  const bool beside = pack == "optum-481-work-hardening" ||
                      pack == "cpt-97545-97546" ||
                      pack == "return-to-work-practice";
  if (!beside) {
    site.policies[Program::work_conditioning] = {pack};
    const auto packs = shipped_programs(demo_site());
    for (const auto& one : packs.packs()) {
      if (one->id == pack && one->work_hardening) {
        site.policies[Program::work_hardening] = {pack};
      }
    }
  }
  // What the payer's entry of a site says of Medicare.
  site.payers.push_back(
      {.matches = {"Medicare"},
       .policies = {{Program::work_conditioning,
                     {"clinic-work-conditioning", "medicare"}}},
       .fees = {},
       .program_of_97545 = {}});
  return site;
}

using Example = std::vector<std::pair<std::string, std::string>>;

// Examples that change the site: another setting.
program::Programs programs_of(const std::string& pack, const Example& of) {
  auto site = site_of(pack);
  for (const auto& [name, value] : of) {
    if (name != "set") continue;
    const auto blank = value.find(' ');
    const auto equals = value.find('=');
    site.overrides[value.substr(0, blank)][value.substr(
        blank + 1, equals - blank - 1)] = value.substr(equals + 1);
  }
  return shipped_programs(std::move(site));
}

void apply(const Example& example, CompleteCase& complete) {
  for (const auto& [name, value] : example) {
    if (name == "set" || name == "program") continue;
    complete.apply(name, value);
  }
}

Program program_of(const std::string& pack, const Requirement& row) {
  for (const auto& [name, value] : row.bad) {
    if (name == "program" && value == "work-hardening") {
      return Program::work_hardening;
    }
  }
  return pack == "optum-481-work-hardening" || !row.work_conditioning
             ? Program::work_hardening
             : Program::work_conditioning;
}

std::vector<PackRow> all_rows() {
  const auto programs = shipped_programs(demo_site());
  std::vector<PackRow> rows;
  for (const auto& row : program::matrix(programs)) {
    rows.push_back({row.pack, row.row});
  }
  return rows;
}

const Requirement& find(const program::Programs& programs, const PackRow& of) {
  for (const auto& pack : programs.packs()) {
    for (const auto& row : pack->requirements) {
      if (pack->id == of.pack && row.id == of.row && !row.variant) return row;
    }
  }
  std::abort();
}

// All rules that are unmet, of whichever weight.
std::set<std::string> unmet(const CompleteCase& complete,
                            const program::Programs& programs) {
  const auto facts = complete.facts(programs.resource_types());
  const auto plan =
      decide(facts, programs, *parse_instant("2026-04-28T12:00:00Z"));
  std::set<std::string> rules;
  for (const auto* one : plan.unmet()) rules.emplace(one->rule);
  for (const auto* ours : {"ledger/fewer-than-ordered",
                           "coverage/no-injury-date", "billing/no-license"}) {
    rules.erase(ours);
  }
  return rules;
}

class RowTest : public ::testing::TestWithParam<PackRow> {};

// The verdicts on one rule, over all sessions and the referral.
std::set<Verdict> verdicts(const CompleteCase& complete,
                           const program::Programs& programs,
                           const std::string& rule) {
  const auto facts = complete.facts(programs.resource_types());
  const auto plan =
      decide(facts, programs, *parse_instant("2026-04-28T12:00:00Z"));
  std::set<Verdict> found;
  const auto note = [&](const std::vector<Judgement>& judgements) {
    for (const auto& one : judgements) {
      if (one.rule == rule) found.insert(one.verdict);
    }
  };
  for (const auto& view : plan.referrals) note(view.judgements);
  for (const auto& visit : plan.visits) note(visit.judgements);
  return found;
}

// A person's word decides, for and against; without it nothing is known.
void check_attested(const program::Programs& programs, const PackRow& of,
                    const Requirement& row) {
  EXPECT_EQ(row.effective_weight(), Weight::info);
  const auto program = program_of(of.pack, row);
  CompleteCase silent(program);
  EXPECT_THAT(verdicts(silent, programs, row.rule),
              ::testing::ElementsAre(Verdict::unknown));
  for (const auto* answer : {"true", "false"}) {
    CompleteCase told(program);
    told.apply("add",
               R"({"resourceType":"Observation","id":"word","status":"final",)"
               R"("subject":{"reference":"Patient/p1"},"effectiveDateTime":)"
               R"("2026-04-14","code":{"coding":[{"system":)"
               R"("https://workgate.example/fhir/CodeSystem/rule","code":")" +
                   row.rule + R"("}]},"valueBoolean":)" + answer + "}");
    EXPECT_THAT(
        verdicts(told, programs, row.rule),
        ::testing::ElementsAre(*answer == 't' ? Verdict::met : Verdict::unmet));
  }
}

// The codes of the first session's lines, and who rendered it.
std::string billed(const CompleteCase& complete,
                   const program::Programs& programs) {
  const auto facts = complete.facts(programs.resource_types());
  const auto plan =
      decide(facts, programs, *parse_instant("2026-04-28T12:00:00Z"));
  const auto& visit = plan.visits.at(0);
  std::string text;
  for (const auto& line : visit.lines) text += line.code + " ";
  return text + visit.rendering;
}

// What a row without a verdict reports, or lets pass, where a case can show it.
void check_reported(const program::Programs& programs, const PackRow& of,
                    const Requirement& row) {
  EXPECT_FALSE(row.require);
  EXPECT_EQ(row.effective_weight(), Weight::info);
  const auto program = program_of(of.pack, row);
  CompleteCase complete(program);
  const auto facts = complete.facts(programs.resource_types());
  const auto plan =
      decide(facts, programs, *parse_instant("2026-04-28T12:00:00Z"));
  const auto& view = plan.referrals.at(0);
  const auto& visit = plan.visits.at(0);
  if (row.id == "A11") {
    EXPECT_EQ(view.facts.text(program::Fact::referral_lead_days), "14");
  } else if (row.id == "A13") {
    EXPECT_EQ(view.facts.text(program::Fact::episode_acute_overlap), "7");
  } else if (row.id == "A15") {
    // Another patient with the same therapist at the same time.
    const auto before = unmet(complete, programs);
    complete.apply(
        "add",
        R"({"resourceType":"Appointment","id":"other","status":"booked",)"
        R"("start":"2026-04-20T08:00:00-05:00","end":)"
        R"("2026-04-20T12:00:00-05:00","participant":[{"actor":{"reference":)"
        R"("Patient/p2"},"status":"accepted"},{"actor":{"reference":)"
        R"("Practitioner/therapist"},"status":"accepted"}]})");
    EXPECT_EQ(unmet(complete, programs), before);
  } else if (row.id == "A20") {
    const auto before = unmet(complete, programs);
    complete.apply("add", R"({"resourceType":"Practitioner","id":"aide"})");
    complete.apply(
        "Procedure",
        R"({"performer":[{"actor":{"reference":"Practitioner/therapist"}},)"
        R"({"actor":{"reference":"Practitioner/aide"},"function":{"text":)"
        R"("Rehab aide"}}]})");
    EXPECT_EQ(unmet(complete, programs), before);
    EXPECT_EQ(billed(complete, programs), "97545 97546 Practitioner/therapist");
  } else if (row.id == "C2") {
    ASSERT_FALSE(visit.lines.empty());
    EXPECT_TRUE(visit.lines[0].rule.ends_with("/unitRule"));
  } else if (row.id == "T9") {
    EXPECT_TRUE(estimate_of(view, programs).has_value());
  } else if (row.id == "T10") {
    const CompleteCase other(Program::work_hardening);
    EXPECT_EQ(billed(complete, programs), billed(other, programs));
  }
}

TEST_P(RowTest, FailsItsOwnRule) {
  const auto programs = programs_of(GetParam().pack, {});
  const auto& row = find(programs, GetParam());
  if (row.kind == Kind::informational) {
    return check_reported(programs, GetParam(), row);
  }
  if (row.kind == Kind::attested) {
    return check_attested(programs, GetParam(), row);
  }
  ASSERT_TRUE(row.require);
  ASSERT_FALSE(row.bad.empty()) << "a checked row has an example that fails";
  CompleteCase complete(program_of(GetParam().pack, row));
  auto before = unmet(complete, programs);
  // A policy that is past its review is so for every session of today.
  if (before.contains(row.rule)) {
    auto good = complete;
    apply(row.good, good);
    before = unmet(good, programs);
  }
  EXPECT_FALSE(before.contains(row.rule)) << "the complete case fails it";
  apply(row.bad, complete);
  auto after = unmet(complete, programs_of(GetParam().pack, row.bad));
  for (const auto& rule : before) after.erase(rule);
  EXPECT_THAT(after, ::testing::ElementsAre(row.rule));
}

// What the guide calls good meets the rule, and fails nothing beside it.
TEST_P(RowTest, IsMetByItsGoodExample) {
  const auto programs = programs_of(GetParam().pack, {});
  const auto& row = find(programs, GetParam());
  if (row.kind != Kind::checked) {
    EXPECT_TRUE(row.good.empty() && row.bad.empty());
    return;
  }
  ASSERT_FALSE(row.good.empty()) << "a checked row has an example that holds";
  CompleteCase complete(program_of(GetParam().pack, row));
  auto before = unmet(complete, programs);
  const bool stands = before.erase(row.rule) == 0;
  apply(row.good, complete);
  if (!stands) {
    EXPECT_FALSE(unmet(complete, programs).contains(row.rule));
    return;
  }
  EXPECT_EQ(unmet(complete, programs_of(GetParam().pack, row.good)), before);
}

INSTANTIATE_TEST_SUITE_P(Rows, RowTest, ::testing::ValuesIn(all_rows()),
                         [](const auto& row) {
                           auto name = row.param.pack + "_" + row.param.row;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

// --- evidence, with the gate at HOLD

class GateTest : public ::testing::TestWithParam<PackRow> {};

std::vector<PackRow> evidence_rows() {
  const auto programs = shipped_programs(demo_site());
  std::vector<PackRow> rows;
  for (const auto& one : all_rows()) {
    if (find(programs, one).gate) rows.push_back(one);
  }
  return rows;
}

TEST_P(GateTest, HoldsUntilTheEvidenceArrives) {
  auto site = demo_site();
  site.overrides[GetParam().pack]["gate." + GetParam().row] = "HOLD";
  const auto programs = shipped_programs(std::move(site));
  const auto& row = find(programs, GetParam());
  const auto now = *parse_instant("2026-04-28T12:00:00Z");
  CompleteCase complete(program_of(GetParam().pack, row));
  for (const auto& [name, value] : row.bad) complete.apply(name, value);
  const auto facts = complete.facts();
  const auto held = decide(facts, programs, now);
  EXPECT_TRUE(std::any_of(held.claims.begin(), held.claims.end(),
                          [](const auto& claim) { return claim.held; }));
  const CompleteCase documented(program_of(GetParam().pack, row));
  const auto whole = documented.facts();
  for (const auto& claim : decide(whole, programs, now).claims) {
    EXPECT_FALSE(claim.held);
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, GateTest, ::testing::ValuesIn(evidence_rows()),
                         [](const auto& row) {
                           auto name = row.param.pack + "_" + row.param.row;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(MatrixTest, NoRowOfTheSourcesIsMissing) {
  const auto programs = shipped_programs(demo_site());
  EXPECT_THAT(program::missing_rows(programs), ::testing::IsEmpty());
  EXPECT_GE(program::matrix(programs).size(), 104U);
  EXPECT_EQ(evidence_rows().size(), 20U);
}

}  // namespace
}  // namespace gateway::billing
