#include "unit/validate/core.h"
#include "validate/rules.h"

namespace gateway::validate {
namespace {

// define Adults: true, as base64
const std::string kLibrary =
    R"({"resourceType":"Library","url":"http://a/lib","name":"Lib",)"
    R"("status":"draft","type":{"text":"logic"},"content":[{"contentType":)"
    R"("text/cql","data":"ZGVmaW5lIEFkdWx0czogdHJ1ZQ=="}]})";

std::string measure(const std::string& expression) {
  return R"({"resourceType":"Measure","status":"draft","library":)"
         R"(["http://a/lib"],"group":[{"stratifier":[{"criteria":{"language":)"
         R"("text/cql","expression":")" +
         expression + R"("}}]}]})";
}

TEST(MeasureRulesTest, CriteriaNameWhatALibraryDefines) {
  const auto definitions = with({kLibrary});
  const std::string kPlace = " at Measure.group[0].stratifier[0].criteria";
  EXPECT_EQ(errors(measure("Lib.Adults"), definitions, strict()), Texts{});
  EXPECT_EQ(errors(measure("Adults"), definitions, strict()), Texts{});
  EXPECT_EQ(errors(measure("Lib.Minors"), definitions, strict()),
            Texts{"measure/expression" + kPlace});
  EXPECT_EQ(errors(measure("Lib.Adults"), core(), strict()),
            Texts{"measure/library" + kPlace});
}

std::string report(const std::string& groups) {
  return R"({"resourceType":"MeasureReport","status":"complete","type":)"
         R"("summary","measure":"http://a/m","period":{"start":"2026"},)"
         R"("group":[)" +
         groups + "]}";
}

TEST(MeasureRulesTest, AReportHasTheGroupsOfItsMeasure) {
  const std::string kA = R"({"code":{"coding":[{"code":"a"}]},"population":[)"
                         R"({"code":{"coding":[{"code":"p"}]}}]})";
  const std::string kB = R"({"code":{"coding":[{"code":"b"}]}})";
  const std::string kC = R"({"code":{"coding":[{"code":"c"}]}})";
  const auto definitions = with(
      {R"({"resourceType":"Measure","url":"http://a/m","status":"draft",)"
       R"("group":[{"code":{"coding":[{"code":"a"}]},"population":[{"code":)"
       R"({"coding":[{"code":"p"}]},"criteria":{"language":"text/x"}}]},)" +
       kB + "]}"});
  const auto found = [&](const std::string& groups) {
    return errors(report(groups), definitions, strict());
  };
  EXPECT_EQ(found(kA + ',' + kB), Texts{});
  EXPECT_EQ(found(kA), Texts{"measure-report/group at MeasureReport"});
  EXPECT_EQ(found(kA + ',' + kB + ',' + kC),
            Texts{"measure-report/group at MeasureReport.group[2]"});
  EXPECT_EQ(found(R"({"code":{"coding":[{"code":"a"}]},"population":[{"code":)"
                  R"({"coding":[{"code":"q"}]}}]},)" +
                  kB),
            Texts{"measure-report/population at "
                  "MeasureReport.group[0].population[0]"});
}

TEST(MeasureRulesTest, OnlyListsHaveSubjects) {
  EXPECT_EQ(
      errors(report(
          R"({"population":[{"subjectResults":{"reference":"List/1"}}]})")),
      Texts{"measure-report/subjects at "
            "MeasureReport.group[0].population[0]"});
}

}  // namespace
}  // namespace gateway::validate
