#include "exchange/measure_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exchange/read_side.h"
#include "unit/exchange/read_fixture.h"

namespace gateway::exchange {
namespace {

std::vector<QueryParameter> period(const std::string& start,
                                   const std::string& end) {
  std::vector<QueryParameter> query;
  if (!start.empty()) query.push_back({"periodStart", start});
  if (!end.empty()) query.push_back({"periodEnd", end});
  return query;
}

OrRefusal<MeasurePeriod> in_utc(const std::vector<QueryParameter>& query) {
  return measure_period(query, Zone::utc());
}

TEST(MeasurePeriodTest, BothDaysBelongToIt) {
  const auto months = taken(in_utc(period("2026-02", "2026-03")));
  EXPECT_EQ(months.start.text(), "2026-02-01");
  EXPECT_EQ(months.end.text(), "2026-03-31");
  const auto year = taken(in_utc(period("2024", "2024-02")));
  EXPECT_EQ(year.start.text(), "2024-01-01");
  EXPECT_EQ(year.end.text(), "2024-02-29");
  const auto day = taken(in_utc(period("2026-04-06", "2026-04-06")));
  EXPECT_EQ(day.start, day.end);
}

TEST(MeasurePeriodTest, IsRefusedWhereItIsNone) {
  const std::string missing = "400 measure/no-period";
  const std::string bad = "400 measure/bad-period";
  EXPECT_EQ(refusal_text(in_utc({})), missing);
  EXPECT_EQ(refusal_text(in_utc(period("2026-01-01", ""))), missing);
  EXPECT_EQ(refusal_text(in_utc(period("", "2026-01-01"))), missing);
  EXPECT_EQ(refusal_text(in_utc(period("soon", "2026-01-01"))), bad);
  EXPECT_EQ(refusal_text(in_utc(period("2026-02-30", "2026-03"))), bad);
  EXPECT_EQ(refusal_text(
                in_utc(period("2026-01-01T10:00:00Z", "2026-01-02T10:00:00Z"))),
            bad);
  EXPECT_EQ(refusal_text(in_utc(period("2026-02", "2026-01"))), bad);
}

constexpr const char* kProgram =
    R"("type":[{"coding":[{"system":"https://workgate.example/fhir/)"
    R"(CodeSystem/program","code":"work-conditioning"}]}],)";

class MeasureReportTest : public ReadFixture {
 protected:
  void SetUp() override {
    ReadFixture::SetUp();
    for (const auto* owner : {"a", "b"}) {
      for (int i = 1; i <= 6; ++i) {
        put(owner, "p" + std::to_string(i) + owner,
            R"({"resourceType":"Patient"})");
      }
    }
  }
  void put_episode(const std::string& owner, int patient,
                   const std::string& reason, const std::string& end,
                   const std::string& referral = {},
                   const std::string& type = kProgram) {
    const auto number = std::to_string(patient);
    const auto extension =
        reason.empty()
            ? std::string()
            : R"("extension":[{"url":"https://workgate.example/fhir/)"
              R"(StructureDefinition/discharge-reason","valueCode":")" +
                  reason + "\"}],";
    put(owner, "e" + std::to_string(++serial_),
        R"({"resourceType":"EpisodeOfCare",)" + extension +
            R"("status":"finished",)" + type +
            R"("patient":{"reference":"Patient/p)" + number + owner +
            R"("},"referralRequest":[{"reference":)" + "\"ServiceRequest/" +
            (referral.empty() ? "r" + number : referral) +
            R"("}],"period":{"start":"2026-03-01","end":")" + end + "\"}}");
  }
  void put_observation(int patient, const std::string& code,
                       const std::string& value, const std::string& date,
                       const std::string& status = "final") {
    put("a", "o" + std::to_string(++serial_),
        R"({"resourceType":"Observation","status":")" + status +
            R"(","code":{"coding":[{"code":")" + code +
            R"("}]},"subject":{"reference":"Patient/p)" +
            std::to_string(patient) + R"(a"},"effectiveDateTime":")" + date +
            "\"," + value + "}");
  }
  void put_work(int patient, const std::string& duty, const std::string& date) {
    put_observation(
        patient, "work-status",
        R"("valueCodeableConcept":{"coding":[{"code":")" + duty + "\"}]}",
        date);
  }
  void put_match(int patient, const std::string& percent,
                 const std::string& date, const std::string& status = "final") {
    put_observation(patient, "job-match-percent",
                    R"("valueQuantity":{"value":)" + percent + "}", date,
                    status);
  }
  Response evaluate(const std::string& measure, const Caller& caller,
                    const std::string& query =
                        "?periodStart=2026-04-01&periodEnd=2026-04-30") {
    return read_answer(interaction_of("GET", "/fhir/Measure/" + measure +
                                                 "/$evaluate-measure" + query),
                       caller, *store_, site_, store::second(9))
        .response;
  }
  // "population=count" of each, then the score.
  static std::string counts(const Response& response) {
    const auto document = json_of(response.body);
    const Json group = document.root().get("group").first();
    std::string text;
    for (const Json one : group.get("population")) {
      text += std::string(one.find("code.coding.code").text()) + "=" +
              std::string(one.get("count").raw()) + " ";
    }
    const auto score = group.find("measureScore.value");
    return text + (score.exists() ? std::string(score.raw()) : "none");
  }

  int serial_ = 0;
};

// A day is the site's, and of one day the later word counts.
TEST_F(MeasureReportTest, ADayIsOfTheSite) {
  put_match(1, "20", "2026-04-30T23:30:00-05:00");
  put_match(2, "60", "2026-04-13T16:00:00-05:00");
  put_match(2, "40", "2026-04-13T08:00:00-05:00");
  const auto in = [&](const char* zone) {
    return counts(
        read_answer(interaction_of("GET",
                                   "/fhir/Measure/job-match/$evaluate-measure"
                                   "?periodStart=2026-04&periodEnd=2026-04"),
                    ehr_, *store_, site_,
                    {store::second(9), *Zone::named(zone)})
            .response);
  };
  EXPECT_THAT(in("America/Chicago"), testing::EndsWith(" 40"));
  EXPECT_THAT(in("Etc/UTC"), testing::EndsWith(" 60"));
}

TEST_F(MeasureReportTest, CountsWhoCompletedAndReturnedToFullDuty) {
  put_episode("a", 1, "return-to-work", "2026-04-01");
  put_episode("a", 2, "goals-met", "2026-04-30");
  put_episode("a", 3, "plateau", "2026-04-20");
  put_episode("a", 4, "non-compliance", "2026-04-20");
  put_episode("a", 5, "return-to-work", "2026-05-01");  // later
  put_episode("b", 1, "return-to-work", "2026-04-10");  // of another
  EXPECT_EQ(counts(evaluate("full-duty-return-to-work", ehr_)),
            "initial-population=4 denominator=4 denominator-exclusion=1 "
            "numerator=1 33.3");
  EXPECT_EQ(counts(evaluate("full-duty-return-to-work", other_)),
            "initial-population=1 denominator=1 denominator-exclusion=0 "
            "numerator=1 100");
  EXPECT_EQ(counts(evaluate("full-duty-return-to-work", operator_)),
            "initial-population=5 denominator=5 denominator-exclusion=1 "
            "numerator=2 50");
}

TEST_F(MeasureReportTest, TheWorkStatusKnowsBetterThanTheReason) {
  put_episode("a", 1, "return-to-work", "2026-04-10");
  put_episode("a", 2, "goals-met", "2026-04-10");
  put_episode("a", 3, "return-to-work", "2026-04-10");
  put_work(1, "full-duty", "2026-03-10");
  put_work(1, "modified-duty", "2026-04-12");
  put_work(2, "modified-duty", "2026-04-09");
  put_work(2, "full-duty", "2026-04-11");
  put_work(3, "not-working", "2026-02-01");  // before the program
  EXPECT_EQ(counts(evaluate("full-duty-return-to-work", ehr_)),
            "initial-population=3 denominator=3 denominator-exclusion=0 "
            "numerator=2 66.7");
}

// What was said before the discharge, or says nothing of duty, is no word on
// what came of it.
TEST_F(MeasureReportTest, OnlyAWordOnDutySinceTheDischargeBeatsTheReason) {
  put_episode("a", 1, "return-to-work", "2026-04-10");
  put_work(1, "not-working", "2026-03-01");
  put_episode("a", 2, "return-to-work", "2026-04-10");
  put_observation(2, "74165-2", R"("valueCodeableConcept":{"text":"Employed"})",
                  "2026-04-10");
  put_episode("a", 3, "return-to-work", "2026-04-10");
  put_observation(3, "work-status",
                  R"("valueCodeableConcept":{"coding":[{"code":)"
                  R"("not-working"}]})",
                  "2026-04-11", "cancelled");
  put_episode("a", 4, "return-to-work", "2026-04-10");
  put_observation(4, "74165-2",
                  R"("valueCodeableConcept":{"coding":[{"code":"LA17956-6",)"
                  R"("display":"Unemployed"}]})",
                  "2026-04-11");
  put_episode("a", 5, "goals-met", "2026-04-10");
  put_work(5, "full-duty", "2026-04-09");
  EXPECT_EQ(counts(evaluate("full-duty-return-to-work", ehr_)),
            "initial-population=5 denominator=5 denominator-exclusion=0 "
            "numerator=4 80");
}

TEST_F(MeasureReportTest, OtherTherapyIsNoProgram) {
  put_episode("a", 1, "return-to-work", "2026-04-10", "pt", "");
  put_episode("a", 2, "return-to-work", "2026-04-10", "wc", "");
  put("a", "pt",
      R"({"resourceType":"ServiceRequest","subject":{"reference":)"
      R"("Patient/p1a"},"code":{"text":"PT evaluate and treat"}})");
  put("a", "wc",
      R"({"resourceType":"ServiceRequest","subject":{"reference":)"
      R"("Patient/p2a"},"code":{"coding":[{"system":)"
      R"("https://workgate.example/fhir/CodeSystem/program","code":)"
      R"("work-hardening"}]}})");
  EXPECT_EQ(counts(evaluate("full-duty-return-to-work", ehr_)),
            "initial-population=1 denominator=1 denominator-exclusion=0 "
            "numerator=1 100");
}

TEST_F(MeasureReportTest, AReferralCountsOnceWhoeverSentItsEpisode) {
  put_episode("a", 1, "", "2026-04-10", "same");
  put_episode("a", 1, "return-to-work", "2026-04-10", "same");
  EXPECT_EQ(counts(evaluate("full-duty-return-to-work", ehr_)),
            "initial-population=1 denominator=1 denominator-exclusion=0 "
            "numerator=1 100");
}

TEST_F(MeasureReportTest, JobMatchIsTheMeanOfEachPatientsLast) {
  put_match(1, "60", "2026-04-01");
  put_match(1, "72.6", "2026-04-20");
  put_match(2, "80", "2026-04-30");
  put_match(2, "99", "2026-05-01");  // later
  put_match(3, "10", "2026-04-02", "entered-in-error");
  put_match(2, "20", "2026-04-30", "cancelled");
  EXPECT_EQ(counts(evaluate("job-match", ehr_)),
            "initial-population=3 measure-population=2 76.3");
}

TEST_F(MeasureReportTest, NobodyHasNoScore) {
  EXPECT_EQ(counts(evaluate("job-match", ehr_)),
            "initial-population=0 measure-population=0 none");
  EXPECT_EQ(counts(evaluate("full-duty-return-to-work", house_)),
            "initial-population=0 denominator=0 denominator-exclusion=0 "
            "numerator=0 none");
}

TEST_F(MeasureReportTest, WhatCannotBeAnsweredSaysWhy) {
  EXPECT_EQ(evaluate("job-match", ehr_, "").status, 400);
  EXPECT_EQ(evaluate("job-match", ehr_, "?periodStart=x&periodEnd=y").status,
            400);
  EXPECT_EQ(evaluate("unheard-of", ehr_).status, 404);
  const auto document = json_of(evaluate("job-match", ehr_, "").body);
  EXPECT_EQ(document.root().get("resourceType").text(), "OperationOutcome");
}

TEST_F(MeasureReportTest, TheMeasuresThemselvesAreRead) {
  const auto read = [&](const std::string& target) {
    return read_answer(interaction_of("GET", target), ehr_, *store_, site_,
                       store::second(9))
        .response;
  };
  EXPECT_EQ(read("/fhir/Measure").status, 200);
  EXPECT_EQ(read("/fhir/Measure/job-match").status, 200);
  EXPECT_EQ(read("/fhir/Measure/unheard-of").status, 404);
  EXPECT_EQ(
      refusal_text(parse_interaction(
          request_of("PUT", "/fhir/Measure/job-match", fhir_content(), "{}"),
          site_)),
      "405 rest/method");
}

}  // namespace
}  // namespace gateway::exchange
