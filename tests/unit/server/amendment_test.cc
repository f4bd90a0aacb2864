#include "server/amendment.h"

#include <gtest/gtest.h>

namespace gateway::server {
namespace {

std::string amend(const std::string& stored, const std::string& sent,
                  const std::vector<std::string>& deleted = {}) {
  const auto before = JsonDocument::parse(stored);
  const auto now = JsonDocument::parse(sent);
  EXPECT_TRUE(before.ok() && now.ok());
  return amended(before->root(), now->root(), {.deleted = deleted});
}

TEST(AmendmentTest, KeepsWhatTheMapSaysByItself) {
  const auto stored = JsonDocument::parse(R"({"status":"revoked","a":1})");
  const auto sent = JsonDocument::parse(R"({"status":"active","a":2})");
  EXPECT_EQ(amended(stored->root(), sent->root(), {.defaulted = {"status"}}),
            R"({"a":2,"status":"revoked"})");
  const auto none = JsonDocument::parse(R"({"a":1})");
  EXPECT_EQ(amended(none->root(), sent->root(), {.defaulted = {"status"}}),
            R"({"status":"active","a":2})");
}

TEST(AmendmentTest, KeepsWhatIsNotSaid) {
  EXPECT_EQ(
      amend(R"({"resourceType":"Patient","id":"a","meta":{"versionId":"1"},
                      "birthDate":"1984-02-17","gender":"female"})",
            R"({"resourceType":"Patient","id":"a","meta":{"versionId":"2"},
                      "gender":"male"})"),
      R"({"resourceType":"Patient","id":"a","meta":{"versionId":"2"},)"
      R"("gender":"male","birthDate":"1984-02-17"})");
}

TEST(AmendmentTest, DropsWhatIsDeleted) {
  EXPECT_EQ(amend(R"({"birthDate":"1984-02-17","gender":"female",
                      "telecom":[{"use":"home"},{"use":"work"}]})",
                  R"({"telecom":[{"use":"work"}]})", {"birthDate", "telecom"}),
            R"({"telecom":[{"use":"work"}],"gender":"female"})");
}

TEST(AmendmentTest, KeepsItemsOfOtherKinds) {
  EXPECT_EQ(
      amend(R"({"telecom":[{"system":"phone","use":"home","value":"1"},
                           {"system":"phone","use":"work","value":"2"}],
                "identifier":[{"system":"s","value":"1"},
                              {"system":"t","value":"2"}],
                "insurance":[{"reference":"Coverage/1"},
                             {"reference":"ClaimResponse/2"}],
                "note":[{"text":"old"}]})",
            R"({"telecom":[{"system":"phone","use":"home","value":"3"}],
                "identifier":[{"system":"s","value":"4"}],
                "insurance":[{"reference":"Coverage/5"}],
                "note":[{"text":"new"}]})"),
      R"({"telecom":[{"system":"phone","use":"home","value":"3"},)"
      R"({"system":"phone","use":"work","value":"2"}],)"
      R"("identifier":[{"system":"s","value":"4"},{"system":"t","value":"2"}],)"
      R"("insurance":[{"reference":"Coverage/5"},)"
      R"({"reference":"ClaimResponse/2"}],"note":[{"text":"new"}]})");
}

// Numbers of a patient are added and keep their places, whatever their kind;
// only of what a person has one another one takes the place.
TEST(AmendmentTest, KeepsTheNumbersOfAPatient) {
  const auto number = [](const std::string& type, const std::string& system,
                         const std::string& value) {
    return R"({"type":{"coding":[{"code":")" + type + R"("}]},"system":")" +
           system + R"(","value":")" + value + "\"}";
  };
  const auto patient = [](const std::string& numbers) {
    return R"({"resourceType":"Patient","identifier":[)" + numbers + "]}";
  };
  const auto one = number("MR", "ehr", "P-100");
  const auto other = number("PI", "hie", "555");
  const auto more = number("MR", "ehr", "P-200");
  EXPECT_EQ(
      amend(patient(one + "," + other + "," + number("SS", "ssn", "1")),
            patient(more + "," + other + "," + number("SS", "ssn", "2"))),
      patient(one + "," + other + "," + more + "," + number("SS", "ssn", "2")));
}

TEST(AmendmentTest, AddsNumbersAndNothingElse) {
  const auto patient = [](const std::string& meta, const std::string& numbers) {
    return R"({"resourceType":"Patient","id":"a","meta":{)" + meta +
           R"(},"identifier":[)" + numbers + R"(],"gender":"male"})";
  };
  const std::string known = R"({"system":"s","value":"1"})";
  const std::string added = R"({"system":"s","value":"2"})";
  const std::string security =
      R"({"type":{"coding":[{"code":"SS"}]},"value":"3"})";
  const auto more = [&](const std::string& stored, const std::string& numbers,
                        bool may = true) {
    const auto before = JsonDocument::parse(stored);
    const auto sent = JsonDocument::parse(
        R"({"meta":{"versionId":"2","source":"h/map/B|1"},"gender":"female",)"
        R"("identifier":[)" +
        numbers + "]}");
    return with_more_numbers(before->root(), sent->root(),
                             [may](Json) { return may; });
  };
  const auto stored =
      patient(R"("versionId":"1","source":"h/map/A|1","tag":[])", known);
  EXPECT_EQ(more(stored, added + "," + known),
            patient(R"("versionId":"2","source":"h/map/B|1","tag":[])",
                    known + "," + added));
  EXPECT_EQ(more(stored, known), "");
  EXPECT_EQ(more(stored, added, false), "");
  // Who was no map's stays so.
  EXPECT_EQ(more(patient(R"("versionId":"1","source":"x")", known), added),
            patient(R"("versionId":"2","source":"x")", known + "," + added));
  // A person has one of these.
  const auto with_one = more(stored, security);
  EXPECT_NE(with_one, "");
  EXPECT_EQ(
      more(with_one, R"({"type":{"coding":[{"code":"SS"}]},"value":"4"})"), "");
}

TEST(AmendmentTest, HasOneOfSeveralTypes) {
  EXPECT_EQ(amend(R"({"deceasedBoolean":false,"valueSet":"x"})",
                  R"({"deceasedDateTime":"2026-04-01"})"),
            R"({"deceasedDateTime":"2026-04-01","valueSet":"x"})");
  EXPECT_EQ(amend(R"({"deceasedBoolean":true})", R"({"active":true})",
                  {"deceasedDateTime"}),
            R"({"active":true})");
}

TEST(AmendmentTest, ASlotThatStandsAgainHasNoReasonWhyItDidNot) {
  const std::string stored =
      R"({"status":"noshow","cancelationReason":{"text":"ill"},"comment":"x"})";
  EXPECT_EQ(amend(stored, R"({"status":"booked"})"),
            R"({"status":"booked","comment":"x"})");
  for (const auto* sent : {R"({"status":"cancelled"})", "{}"}) {
    EXPECT_NE(amend(stored, sent).find("cancelationReason"), std::string::npos)
        << sent;
  }
}

TEST(AmendmentTest, ADiagnosisEnteredInErrorHasNoClinicalStatus) {
  const std::string withdrawn =
      R"({"verificationStatus":{"coding":[{"code":"entered-in-error"}]}})";
  EXPECT_EQ(amend(R"({"clinicalStatus":{"text":"active"}})", withdrawn),
            withdrawn);
}

TEST(AmendmentTest, CompletesPeriods) {
  EXPECT_EQ(amend(R"({"period":{"start":"2026-01-01","end":"2026-02-01"}})",
                  R"({"period":{"end":"2026-03-01"}})"),
            R"({"period":{"start":"2026-01-01","end":"2026-03-01"}})");
  // A code and its text belong together.
  EXPECT_EQ(amend(R"({"code":{"coding":[{"code":"a"}],"text":"A"}})",
                  R"({"code":{"coding":[{"code":"b"}]}})"),
            R"({"code":{"coding":[{"code":"b"}]}})");
}

TEST(AmendmentTest, KnowsSessionsWithoutTimes) {
  const auto lacks = [](const std::string& period) {
    const auto session =
        JsonDocument::parse("{\"performedPeriod\":" + period + "}");
    return lacks_times(session->root());
  };
  EXPECT_TRUE(lacks("{}"));
  EXPECT_TRUE(lacks(R"({"start":"2026-04-06","end":"2026-04-06"})"));
  EXPECT_TRUE(lacks(R"({"start":"2026-04-06T09:00:00-05:00"})"));
  EXPECT_FALSE(lacks(R"({"start":"2026-04-06T09:00:00-05:00",
                         "end":"2026-04-06T11:00:00-05:00"})"));
}

TEST(AmendmentTest, AnEndAsSentGivesWayToARightOne) {
  const auto period = [](const std::string& members) {
    return R"({"resourceType":"Procedure","performedPeriod":{)" + members +
           "}}";
  };
  const std::string aside =
      R"("_end":{"extension":[{"url":"u","valueDateTime":"2026-04-06"}]})";
  const auto wrong = JsonDocument::parse(period(R"("start":"1",)" + aside));
  const auto right = JsonDocument::parse(period(R"("end":"2")"));
  EXPECT_EQ(amended(wrong->root(), right->root(), {}),
            period(R"("start":"1","end":"2")"));
  EXPECT_EQ(amended(right->root(), wrong->root(), {}),
            period(R"("start":"1",)" + aside));
}

TEST(AmendmentTest, WhatWasNotTakenStaysUntilTheTimingIsSaidAnew) {
  const std::string stored =
      R"({"status":"active","extension":[{"url":"b/not-taken",)"
      R"("valueString":"timing"},{"url":"other"}]})";
  EXPECT_NE(amend(stored, R"({"status":"on-hold"})").find("not-taken"),
            std::string::npos);
  const auto anew = amend(stored, R"({"occurrenceTiming":{}})");
  EXPECT_EQ(anew.find("not-taken"), std::string::npos);
  EXPECT_NE(anew.find("other"), std::string::npos);
  // Nor does a change go that says other things, or a period alone.
  for (const auto* sent : {R"({"extension":[{"url":"reason"}]})",
                           R"({"occurrencePeriod":{"start":"1"}})"}) {
    EXPECT_NE(amend(stored, sent).find("not-taken"), std::string::npos) << sent;
  }
}

TEST(AmendmentTest, APeriodAloneLeavesHowOftenAsItIs) {
  const std::string stored = R"({"occurrenceTiming":{"repeat":{"count":12}}})";
  EXPECT_EQ(amend(stored, R"({"occurrencePeriod":{"start":"1"}})"), stored);
  const auto anew = amend(stored, R"({"occurrenceTiming":{}})");
  EXPECT_EQ(anew.find("12"), std::string::npos);
}

TEST(AmendmentTest, WhatCameAfterItsCancellationStaysCancelled) {
  const auto still = [](const std::string& stored, const std::string& sent) {
    const auto before = JsonDocument::parse(stored);
    const auto now = JsonDocument::parse(sent);
    EXPECT_TRUE(is_cancelled(before->root()));
    EXPECT_FALSE(is_cancelled(now->root()));
    return still_cancelled(before->root(), now->root());
  };
  EXPECT_EQ(
      still(R"({"resourceType":"ServiceRequest","status":"revoked"})",
            R"({"resourceType":"ServiceRequest","status":"active",)"
            R"("code":{}})"),
      R"({"resourceType":"ServiceRequest","status":"revoked","code":{}})");
  EXPECT_EQ(
      still(R"({"resourceType":"Appointment","status":"noshow",)"
            R"("cancelationReason":{"text":"r"}})",
            R"({"resourceType":"Appointment","status":"booked","start":"1"})"),
      R"({"resourceType":"Appointment","status":"noshow","start":"1",)"
      R"("cancelationReason":{"text":"r"}})");
}

TEST(AmendmentTest, KnowsSessionsOfOtherDays) {
  const auto session = [](const std::string& start,
                          const std::string& status = "completed") {
    return JsonDocument::parse(R"({"resourceType":"Procedure","status":")" +
                               status + R"(","performedPeriod":{"start":")" +
                               start + "\"}}");
  };
  const auto stored = session("2026-04-06T08:00:00-05:00");
  const auto is_other = [&](const auto& sent) {
    return is_other_session(stored->root(), sent->root());
  };
  EXPECT_FALSE(is_other(session("2026-04-06T09:00:00-05:00")));
  EXPECT_TRUE(is_other(session("2026-04-07T08:00:00-05:00")));
  EXPECT_FALSE(is_other(session("2026-04-07", "entered-in-error")));
  EXPECT_FALSE(is_other(session("")));
  const auto withdrawn = session("2026-04-05", "entered-in-error");
  EXPECT_FALSE(is_other_session(withdrawn->root(), stored->root()));
}

TEST(AmendmentTest, KnowsWhatWithdraws) {
  const auto is = [](const std::string& type, const std::string& status) {
    const auto resource = JsonDocument::parse(
        R"({"resourceType":")" + type + R"(","status":")" + status + "\"}");
    return withdraws(resource->root());
  };
  EXPECT_TRUE(is("Procedure", "entered-in-error"));
  EXPECT_TRUE(is("Encounter", "cancelled"));
  EXPECT_TRUE(is("Task", "completed"));
  EXPECT_FALSE(is("Procedure", "completed"));
  EXPECT_FALSE(is("Encounter", "finished"));
  EXPECT_FALSE(is("Appointment", "cancelled"));
}

}  // namespace
}  // namespace gateway::server
