#include <gtest/gtest.h>

#include "unit/episode/reading.h"

namespace gateway::episode {
namespace {

Frequency frequency(const std::string& repeat) {
  const Read order(
      "{'resourceType':'ServiceRequest','occurrenceTiming':{"
      "'repeat':{" +
      repeat + "}}}");
  return read_referral(order.reading()).frequency;
}

struct Row {
  const char* repeat;
  std::int64_t low;  // thousandths a week; -1: unknown
  std::int64_t high;
};

class FrequencyTest : public ::testing::TestWithParam<Row> {};

TEST_P(FrequencyTest, PerWeek) {
  const auto read = frequency(GetParam().repeat);
  EXPECT_EQ(read.low.value_or(-1), GetParam().low);
  EXPECT_EQ(read.high.value_or(-1), GetParam().high);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, FrequencyTest,
    ::testing::Values(
        Row{"'frequency':3,'period':1,'periodUnit':'wk'", 3000, 3000},
        Row{"'frequency':2,'frequencyMax':3,'period':1,'periodUnit':'wk'", 2000,
            3000},
        Row{"'frequency':3,'period':1,'periodMax':2,'periodUnit':'wk'", 1500,
            3000},
        Row{"'frequency':1,'period':1,'periodUnit':'d'", 7000, 7000},
        Row{"'period':2,'periodUnit':'d'", 3500, 3500},
        Row{"'frequency':5,'period':2,'periodUnit':'wk'", 2500, 2500},
        Row{"'dayOfWeek':['mon','wed','fri']", 3000, 3000},
        Row{"'frequency':1,'period':1,'periodUnit':'d','dayOfWeek':['mon',"
            "'tue']",
            2000, 2000},
        Row{"'frequency':3,'period':1,'periodUnit':'wk','dayOfWeek':['mon']",
            3000, 3000},
        Row{"'frequency':3", -1, -1},
        Row{"'frequency':3,'period':0,'periodUnit':'wk'", -1, -1}));

TEST(ReadReferralTest, BoundsInWeeks) {
  EXPECT_EQ(frequency("'boundsDuration':{'value':4,'code':'wk'}").weeks, 4);
  EXPECT_EQ(frequency("'boundsDuration':{'value':30,'code':'d'}").weeks, 5);
  EXPECT_EQ(frequency("'boundsPeriod':{'start':'2026-04-06','end':"
                      "'2026-05-03'}")
                .weeks,
            4);
  EXPECT_FALSE(frequency("").weeks);
}

TEST(ReadReferralTest, CodesReasonsAndInsurance) {
  const Read order(
      "{'resourceType':'ServiceRequest','status':'active','code':{'coding':[{"
      "'system':'http://www.ama-assn.org/go/cpt','code':'97545'}]},"
      "'asNeededBoolean':true,'quantityQuantity':{'value':12},'contained':[{"
      "'resourceType':'Condition','id':'c','code':{'coding':[{'system':"
      "'http://hl7.org/fhir/sid/icd-10-cm','code':'M54.50'}]}}],"
      "'reasonReference':[{'reference':'#c'},{'reference':'Condition/9'}],"
      "'insurance':[{'reference':'Coverage/1'}]}");
  const auto read = read_referral(order.reading());
  EXPECT_EQ(read.program, Program::none);
  EXPECT_TRUE(read.bare_97545);
  EXPECT_TRUE(read.frequency.as_needed);
  EXPECT_EQ(read.ordered_visits, 12);
  ASSERT_EQ(read.diagnoses.size(), 1U);
  EXPECT_EQ(read.diagnoses[0].icd10, "M54.50");
  EXPECT_EQ(read.conditions, std::vector<std::string>{"Condition/9"});
  EXPECT_EQ(read.insurance, std::vector<std::string>{"Coverage/1"});
  EXPECT_EQ(read.source.versioned(), "Test/1/_history/2");
}

}  // namespace
}  // namespace gateway::episode
