#include "server/site_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folders.h"

namespace gateway::server {
namespace {

using testing::StartsWith;

const std::string kConfiguration =
    std::string(GATEWAY_SOURCE_DIR) + "/config/gateway.yaml";

TEST(SiteReaderTest, ReadsTheShippedConfiguration) {
  const auto root = Yaml::read(kConfiguration);
  ASSERT_TRUE(root);
  const auto site = read_site(*root);
  ASSERT_TRUE(site) << site.error().message;
  EXPECT_EQ(site->fees.at("97545").text(), "210.00");
  EXPECT_EQ(site->zone, "America/Chicago");
  const auto programs = read_programs(kConfiguration, *site);
  ASSERT_TRUE(programs) << programs.error().message;
  EXPECT_FALSE(programs->packs().empty());
}

TEST(SiteReaderTest, ReadsPayersAndOverrides) {
  const auto root = Yaml::parse(
      "canonicalBase: https://x.example/fhir\n"
      "payers:\n"
      "  Example Comp:\n"
      "    matches: ['https://payers.example/id|1']\n"
      "    programs: {work-hardening: [a, b]}\n"
      "    fees: {'97545': '200.00'}\n"
      "    programOf97545: work-hardening\n"
      "overrides: {a: {retroAuthAllowed: true}}\n"
      "acceptUnverified: true\n"
      "referrals: {requesterIsAttending: true}\n",
      "f.yaml");
  const auto site = read_site(*root);
  ASSERT_TRUE(site) << site.error().message;
  ASSERT_EQ(site->payers.size(), 1U);
  EXPECT_EQ(site->payers[0].matches.size(), 2U);
  EXPECT_EQ(site->payers[0].fees.at("97545").text(), "200.00");
  EXPECT_TRUE(site->payers[0].program_of_97545);
  EXPECT_EQ(site->overrides.at("a").at("retroAuthAllowed"), "true");
  EXPECT_TRUE(site->accept_unverified);
  EXPECT_TRUE(site->requester_is_attending);
}

// A list or table that a pack writes over several lines is not lost.
TEST(SiteReaderTest, ReadsOverridesInTheFormOfPacks) {
  const auto site = read_site(
      *Yaml::parse("overrides:\n"
                   "  p:\n"
                   "    mue: {'97546': '2', '97545': 1}\n"
                   "    modifiers: {always: GP}\n"
                   "    allowedExtraCodes:\n"
                   "      - '97110'\n"
                   "      - 97530\n"
                   "    tie: HOLD\n"
                   "    gate.A27: HOLD\n"
                   "  q: {mue: '97546:3', allowedExtraCodes: '97110,97112'}\n",
                   "f.yaml"));
  ASSERT_TRUE(site) << site.error().message;
  const auto& p = site->overrides.at("p");
  EXPECT_EQ(
      program::parse_knob("mue", p.at("mue"))->table,
      (std::map<std::string, std::string>{{"97545", "1"}, {"97546", "2"}}));
  EXPECT_EQ(program::parse_knob("modifiers", p.at("modifiers"))->table,
            (std::map<std::string, std::string>{{"always", "GP"}}));
  EXPECT_EQ(
      program::parse_knob("allowedExtraCodes", p.at("allowedExtraCodes"))->list,
      (std::vector<std::string>{"97110", "97530"}));
  EXPECT_EQ(p.at("tie"), "HOLD");
  EXPECT_EQ(p.at("gate.A27"), "HOLD");
  EXPECT_EQ(site->overrides.at("q").at("mue"), "97546:3");
}

TEST(SiteReaderTest, NamesThePlaceOfWhatIsWrong) {
  const std::pair<const char*, const char*> rows[] = {
      {"fees: {'97545': 'much'}", "f.yaml:1:17: a fee"},
      {"fees: {'97545': '-1'}", "f.yaml:1:17: a fee"},
      {"fees: {'97545': '0.00'}", "f.yaml:1:17: a fee"},
      {"overrides: {p: {mue: {'97546': two}}}",
       "f.yaml:1:32: knob mue: a whole number"},
      {"overrides: {p: {mue: ['97546']}}", "f.yaml:1:22: knob mue: a table"},
      {"overrides: {p: {mue: '97546'}}", "f.yaml:1:22: knob mue: KEY:VALUE"},
      {"overrides: {p: {modifiers: {alway: GP}}}",
       "f.yaml:1:29: knob modifiers: a key"},
      {"overrides: {p: {allowedExtraCodes: [9711]}}",
       "f.yaml:1:37: knob allowedExtraCodes: a code"},
      {"overrides: {p: {allowedExtraCodes: {a: b}}}",
       "f.yaml:1:36: knob allowedExtraCodes: a list"},
      {"overrides: {p: {tie: [DOWN]}}", "f.yaml:1:22: knob tie: one value"},
      {"overrides: {p: {tie: {value: DOWN, verified: false}}}",
       "f.yaml:1:22: an override is the bare value"},
      {"overrides: {p: {gate.A27: LATER}}", "f.yaml:1:27: gate.A27: WARN"},
      {"overrides: {p: [tie]}", "f.yaml:1:16: a table of knobs"},
      {"payers: {X: {overrides: {p: {tie: DOWN}}}}",
       "f.yaml:1:14: knobs are set for the whole site"},
      {"payers: {X: {fee: {}}}", "f.yaml:1:14: a payer has"},
      {"programs: {yoga: x}", "f.yaml:1:12: a program"},
      {"facility: {timezone: Here}", "f.yaml:1:22: the tz database"},
      {"acceptUnverified: perhaps", "f.yaml:1:19: true or false"},
      {"escalation: {afterBusinessDays: 0, lead: x, source: y}",
       "f.yaml:1:33: afterBusinessDays"},
      {"escalation: {lead: x, source: y}", "f.yaml:1:13: afterBusinessDays"},
      {"escalation: {afterBusinessDays: 3, lead: x}", "f.yaml:1:13: lead"},
  };
  for (const auto& [text, message] : rows) {
    const auto site = read_site(*Yaml::parse(text, "f.yaml"));
    ASSERT_FALSE(site) << text;
    EXPECT_THAT(site.error().message, StartsWith(message));
  }
}

TEST(SiteReaderTest, ReadsWhoHearsOfWhatNobodyAnswers) {
  const auto site = read_site(*Yaml::parse(
      "escalation: {afterBusinessDays: 3, lead: lead, name: The lead, "
      "source: site}",
      "f.yaml"));
  ASSERT_TRUE(site.ok());
  ASSERT_TRUE(site->escalation.has_value());
  EXPECT_EQ(site->escalation->after_business_days, 3);
  EXPECT_EQ(site->escalation->lead, "lead");
  EXPECT_EQ(site->escalation->source, "site");
  EXPECT_FALSE(read_site(*Yaml::parse("fees: {}", "f.yaml"))->escalation);
}

TEST(SiteReaderTest, WantsPacksBesideTheConfiguration) {
  EXPECT_FALSE(read_programs("/nowhere/gateway.yaml", {}));
}

}  // namespace
}  // namespace gateway::server
