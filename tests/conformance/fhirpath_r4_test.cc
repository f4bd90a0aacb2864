// The official FHIRPath tests for R4 (tests.json beside their inputs), strict
// on type and text of each output. Evidence for the whole of fhirpath/.
//
// Where the tests and the specification differ, the tests are followed, and
// this is how:
//  - ofType() and as() take a primitive of exactly the type that is named
//    (FHIRPath 2.0, 5.2.4 and 6.3.3 would let a code pass as a string).
//  - A fraction of the UCUM second is ignored when a dateTime moves by it; a
//    fraction of the calendar second counts (FHIRPath 2.0, 6.7).
//  - The upper boundary of a dateTime with an hour and no minute is in its
//    first minute, since FHIR writes no hour alone (R4, dateTime).
//  - The boundary of a negative number that is rounded to zero keeps its sign.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>

#include "base/json_writer.h"
#include "fhir/definitions.h"
#include "fhirpath/answer.h"
#include "folders.h"

namespace gateway::fhirpath {
namespace {

std::string folder() {
  const char* shared = std::getenv("WORKGATE_SHARED");
  const std::string root =
      shared != nullptr ? shared : GATEWAY_SOURCE_DIR "/../shared";
  return root + "/conformance/fhirpath-r4/";
}

std::string text_of_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string request_of(Json test, std::map<std::string, std::string>& inputs) {
  JsonWriter request;
  request.begin_object().key("id").integer(1);
  request.member("expression", test.get("expression").text());
  const std::string input(test.get("input").text());
  if (test.get("input").is_string()) {
    auto& text = inputs[input];
    if (text.empty()) text = text_of_file(folder() + input);
    request.member("resource", text);
  }
  if (test.get("predicate").text() == "true") {
    request.key("predicate").boolean(true);
  }
  return request.end_object().take();
}

bool same_outputs(Json expected, Json actual) {
  if (expected.size() != actual.size()) return false;
  auto given = actual.first();
  for (const auto wanted : expected) {
    const auto type = wanted.get("type");
    if (type.is_string() && type.text() != given.get("type").text()) {
      return false;
    }
    if (wanted.get("value").text() != given.get("value").text()) return false;
    given = given.next();
  }
  return true;
}

bool passes(Json test, Json answer) {
  const auto kind = test.get("invalid").text();
  const auto failed = answer.get("error");
  if (kind.empty()) {
    return !failed.exists() &&
           same_outputs(test.get("output"), answer.get("result"));
  }
  return failed.exists() && (kind == "execution" || failed.text() == kind);
}

TEST(FhirPathR4, PassesTheOfficialTests) {
  const auto file = folder() + "tests.json";
  const std::string image = GATEWAY_BINARY_DIR "/workgate.image";
  if (!std::filesystem::exists(file)) {
    GTEST_SKIP() << file << " is not here: set WORKGATE_SHARED";
  }
  if (!std::filesystem::exists(image)) {
    GTEST_SKIP() << image << " is not built";
  }
  const auto definitions = fhir::Definitions::open(image);
  ASSERT_TRUE(definitions.ok()) << definitions.error().message;
  const fhir::TypeModel model(**definitions);
  const auto suite = parse_shared(text_of_file(file));
  ASSERT_TRUE(suite.ok());
  Environment environment;
  environment.now = parse_instant("2026-04-06T13:00:00Z");
  std::map<std::string, std::string> inputs;
  int passed = 0;
  int all = 0;
  for (const auto test : (*suite)->root().get("tests")) {
    const auto line =
        answer_line(request_of(test, inputs), &model, environment);
    const auto answer = parse_shared(line);
    ASSERT_TRUE(answer.ok()) << line;
    ++all;
    if (passes(test, (*answer)->root())) {
      ++passed;
    } else {
      ADD_FAILURE() << test.get("name").text() << ": "
                    << test.get("expression").text() << " gave " << line;
    }
  }
  std::cout << "FHIRPath R4: " << passed << " of " << all << '\n';
}

// Every invariant of the definitions compiles for the type that it is stated
// of; cid-0 names an element that ChargeItemDefinition lacks.
TEST(FhirPathR4, CompilesTheInvariantsOfR4) {
  const std::string image = GATEWAY_BINARY_DIR "/workgate.image";
  if (!std::filesystem::exists(image)) {
    GTEST_SKIP() << image << " is not built";
  }
  const auto definitions = fhir::Definitions::open(image);
  ASSERT_TRUE(definitions.ok());
  const fhir::TypeModel model(**definitions);
  int compiled = 0;
  for (std::uint32_t i = 0; i < (*definitions)->shapes.size(); ++i) {
    const auto& shape = (*definitions)->shapes[i];
    const auto type = (*definitions)->text(shape.name);
    if (model.find(type) != i) continue;
    for (const auto& rule : (*definitions)->constraints.of(shape.constraints)) {
      const auto expression = compile((*definitions)->text(rule.expression),
                                      {.model = &model, .context = type});
      const bool defective = (*definitions)->text(rule.key) == "cid-0";
      EXPECT_EQ(expression.ok(), !defective)
          << type << ": " << (*definitions)->text(rule.expression);
      ++compiled;
    }
  }
  std::cout << "invariants compiled: " << compiled << '\n';
}

}  // namespace
}  // namespace gateway::fhirpath
