#include "billing/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ExplainTest : public ::testing::Test {
 protected:
  ExplainTest() {
    clinic_.store_parties();
    clinic_.post(order_json({}));
    clinic_.post(grant_json({}));
    clinic_.post(session_json({.id = "s1",
                               .start = "2026-04-10T08:00:00-05:00",
                               .end = "2026-04-10T12:25:00-05:00"}));
  }
  std::string proof() {
    const auto claim = clinic_.all("Claim").at(0);
    return explain_claim(clinic_.facts(), clinic_.programs_,
                         claim->root().get("id").text(), clinic_.now_)
        ->parameters;
  }
  Clinic clinic_;
};

TEST_F(ExplainTest, AClaimProvesItsUnits) {
  const auto text = proof();
  EXPECT_THAT(text, HasSubstr(R"({"name":"minutes","valueDecimal":265})"));
  EXPECT_THAT(text, HasSubstr("6 more minutes: 1 + 3 units"));
  EXPECT_THAT(text, HasSubstr(R"({"name":"number","valueString":"PA-7001"})"));
  EXPECT_THAT(text, HasSubstr(R"({"name":"granted","valueDecimal":12})"));
  EXPECT_THAT(text, HasSubstr(R"({"name":"used","valueDecimal":1})"));
  EXPECT_THAT(text, HasSubstr("Procedure/s1/_history/1"));
  EXPECT_THAT(text, HasSubstr("clinic-work-conditioning"));
  EXPECT_THAT(text, HasSubstr(R"({"name":"code","valueString":"198"})"));
  EXPECT_THAT(text, HasSubstr("authorization/received-late"));
  EXPECT_THAT(text, Not(HasSubstr("cpt-97545-97546/C5")));
}

TEST_F(ExplainTest, AWarningStaysVisible) {
  clinic_.post(session_json({.id = "s1",
                             .start = "2026-04-10T08:00:00-05:00",
                             .end = "2026-04-10T13:00:00-05:00"}));
  EXPECT_THAT(proof(), HasSubstr("cpt-97545-97546/C5"));
}

// Nobody is told of minutes for which the day would be held.
TEST_F(ExplainTest, WhatMightBeKeepsToTheCeilingOfADay) {
  clinic_.post(session_json({.id = "s1",
                             .start = "2026-04-10T08:00:00-05:00",
                             .end = "2026-04-10T12:40:00-05:00"}));
  EXPECT_THAT(proof(), HasSubstr("no more units within the 300 minutes"));
  clinic_.post(session_json({.id = "s1",
                             .start = "2026-04-10T08:00:00-05:00",
                             .end = "2026-04-10T13:00:00-05:00"}));
  EXPECT_THAT(proof(), Not(HasSubstr("more minute")));
}

TEST_F(ExplainTest, AChecklistHasEveryRowOfThePolicy) {
  const auto text =
      *checklist(clinic_.facts(), clinic_.programs_, "r1", clinic_.now_);
  for (int row = 1; row <= 40; ++row) {
    EXPECT_THAT(text, HasSubstr("clinic-work-conditioning/A" +
                                std::to_string(row) + "\""));
  }
  EXPECT_THAT(text, HasSubstr("ledger/fewer-than-ordered"));
  EXPECT_THAT(text, HasSubstr(R"("valueString":"met")"));
  EXPECT_THAT(text, HasSubstr(R"("valueString":"unmet")"));
  EXPECT_THAT(text, HasSubstr(R"("valueString":"unknown")"));
}

TEST_F(ExplainTest, WhatDoesNotExistIsNotFound) {
  EXPECT_EQ(
      explain_claim(clinic_.facts(), clinic_.programs_, "nope", clinic_.now_)
          .error()
          .code,
      ErrorCode::not_found);
  EXPECT_EQ(checklist(clinic_.facts(), clinic_.programs_, "nope", clinic_.now_)
                .error()
                .code,
            ErrorCode::not_found);
}

}  // namespace
}  // namespace gateway::billing
