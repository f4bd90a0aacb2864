// What would run for ever or explode comes to an end, by the real program: an
// error or a finding with its place, within fixed memory, and within processor
// time that the kernel takes away from what does not end.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "folders.h"
#include "unit/validate/core.h"

namespace gateway::integration {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

struct Ended {
  int exit_code;
  std::string out;
};

// The greatest memory that a program started by this process took.
long largest_megabytes() {
  rusage used{};
  getrusage(RUSAGE_CHILDREN, &used);
  return used.ru_maxrss / 1024;
}

class BudgetTest : public testing::Test {
 protected:
  BudgetTest()
      : folder_(fs::path(testing::TempDir()) /
                ("budget_test." + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~BudgetTest() override {
    EXPECT_LT(largest_megabytes(), 800);
    fs::remove_all(folder_);
  }

  [[nodiscard]] std::string write(const std::string& name,
                                  const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  [[nodiscard]] Ended run(const std::string& arguments) const {
    const auto out = (folder_ / "out").string();
    const auto command = "ulimit -t 60; exec " GATEWAY_BINARY_DIR "/workgate " +
                         arguments + " >" + out + " 2>&1 </dev/null";
    const int status = std::system(command.c_str());  // NOLINT
    std::ifstream in(out, std::ios::binary);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1,
            {std::istreambuf_iterator<char>(in), {}}};
  }

 private:
  fs::path folder_;
};

std::string list(int size, const std::function<std::string(int)>& item) {
  std::string text = "[";
  for (int i = 0; i < size; ++i) {
    if (i != 0) text += ',';
    text += item(i);
  }
  return text + ']';
}

std::string patient(const std::string& members) {
  return R"({"resourceType":"Patient",)" + members + '}';
}

std::string a_million_names() {
  return patient(
      R"("name":[{"given":)" +
      list(1'000'000, [](int i) { return "\"a" + std::to_string(i) + '"'; }) +
      "}]");
}

// Each comes to an answer, or says that it may not cost so much, and where.
TEST_F(BudgetTest, AMillionItemsAreCountedOrRefused) {
  const auto file = write("million.json", a_million_names());
  EXPECT_THAT(run("fhirpath 'name.given.count()' " + file).out,
              HasSubstr("\"1000000\""));
  EXPECT_THAT(run("fhirpath 'name.given.distinct().count()' " + file).out,
              HasSubstr("\"1000000\""));
  for (const std::string expression :
       {"name.given.where($this in %context.name.given).count()",
        "name.given.select(%context.name.given).count()",
        "name.given.combine(name.given).combine(name.given).count()",
        "(name.given | name.given.select($this & $this)).count()",
        "name.given.aggregate($total & $this).length()",
        "name.given.all($this in %context.name.given)"}) {
    const auto ended = run("fhirpath '" + expression + "' " + file);
    EXPECT_EQ(ended.exit_code, 1) << expression << ended.out.substr(0, 200);
    EXPECT_THAT(ended.out, HasSubstr("than it may")) << expression;
    EXPECT_THAT(ended.out, HasSubstr("byte ")) << expression;
  }
}

TEST_F(BudgetTest, WhatRunsForEverEnds) {
  const auto file = write("small.json", patient(R"("name":[{"family":"a"}])"));
  for (const std::string expression :
       {"1.repeat($this + 1)", "1.repeatAll($this)",
        "name.family.repeat($this & $this)",
        "(1 | 2).repeat($this | ($this + 1)).count()"}) {
    const auto ended = run("fhirpath '" + expression + "' " + file);
    EXPECT_EQ(ended.exit_code, 1) << expression << ended.out.substr(0, 200);
    EXPECT_THAT(ended.out, HasSubstr("than it may")) << expression;
  }
  EXPECT_EQ(run("fhirpath 'repeat(%context).count()' " + file).exit_code, 0);
}

constexpr const char* kExplodes =
    "descendants().select(%resource.descendants())"
    ".select(%resource.descendants()).select(%resource.descendants()).exists()";

std::string profile(const std::string& element, const std::string& expression) {
  return validate::profile_text(
      "costly", "Patient",
      R"([{"id":")" + element + R"(","path":")" + element +
          R"(","constraint":[{"key":"big-1","severity":"error","human":"big",)"
          R"("expression":")" +
          expression + "\"}]}]");
}

std::string names(int number) {
  return validate::claims("costly") + R"(,"name":)" + list(number, [](int) {
           return std::string(R"({"given":["a","b","c","d"]})");
         });
}

// One rule that may not cost so much is said at its element; where there are
// many, the resource is refused, since the rest was not looked at.
TEST_F(BudgetTest, AnInvariantThatExplodesIsAFindingWithItsPlace) {
  const auto costly = write("p.json", profile("Patient", kExplodes));
  const auto one = write("one.json", patient(names(50)));
  const auto ended = run("validate --load " + costly + ' ' + one);
  EXPECT_EQ(ended.exit_code, 0) << ended.out;
  EXPECT_THAT(ended.out, HasSubstr("invariant/not-evaluated"));
  EXPECT_THAT(ended.out, HasSubstr(R"("expression":["Patient"])"));
  const auto each = write("q.json", profile("Patient.name", kExplodes));
  const auto many = write("many.json", patient(names(2000)));
  const auto refused = run("validate --load " + each + ' ' + many);
  EXPECT_EQ(refused.exit_code, 1) << refused.out.substr(0, 400);
  EXPECT_THAT(refused.out, HasSubstr("validate/too-costly"));
  EXPECT_THAT(refused.out, HasSubstr(R"("expression":["Patient.name[)"));
}

TEST_F(BudgetTest, AnInvariantThatRunsForEverIsAFinding) {
  const auto endless = write("p.json", profile("Patient.name",
                                               "1.repeat($this + 1).exists() "
                                               "or true"));
  const auto file = write("x.json", patient(names(1)));
  const auto ended = run("validate --load " + endless + ' ' + file);
  EXPECT_THAT(ended.out, HasSubstr("invariant/not-evaluated"));
  EXPECT_THAT(ended.out, HasSubstr("Patient.name[0]"));
}

// The time that a document takes grows with its size and not with the square.
TEST_F(BudgetTest, ManyLinksWithinADocumentAreFollowed) {
  const auto id = [](int i) { return std::to_string(i); };
  const auto bundle = write(
      "bundle.json",
      R"({"resourceType":"Bundle","type":"collection","entry":)" +
          list(50'000,
               [&](int i) {
                 return R"({"fullUrl":"http://x/Patient/)" + id(i) +
                        R"(","resource":{"resourceType":"Patient","id":")" +
                        id(i) +
                        R"(","link":[{"type":"seealso","other":{"reference":)"
                        R"("Patient/)" +
                        id(i == 0 ? 49'999 : i - 1) + "\"}}]}}";
               }) +
          '}');
  EXPECT_EQ(run("validate " + bundle).exit_code, 0);
  const auto contained =
      write("contained.json",
            patient(R"("contained":)" +
                    list(20'000,
                         [&](int i) {
                           return R"({"resourceType":"Patient","id":"p)" +
                                  id(i) + "\"}";
                         }) +
                    R"(,"link":)" + list(20'000, [&](int i) {
                      return R"({"type":"seealso","other":{"reference":"#p)" +
                             id(i) + "\"}}";
                    })));
  EXPECT_EQ(run("validate " + contained).exit_code, 0);
}

TEST_F(BudgetTest, AMillionDefectsAreToldUpToAThousand) {
  const auto file = write(
      "wrong.json",
      patient(R"("name":)" + list(300'000, [](int) { return R"({"x":1})"; })));
  const auto ended = run("validate " + file);
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.out, HasSubstr(R"("expression":["Patient.name[999]"])"));
  EXPECT_LT(ended.out.size(), 4U << 20U);
}

}  // namespace
}  // namespace gateway::integration
