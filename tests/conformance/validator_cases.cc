#include "conformance/validator_cases.h"

#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

#include "validate/request.h"

namespace gateway::conformance {
namespace {

std::string read(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// "Bundle.entry[0].resource/*Patient/pat1*/.gender" without its comment, and
// with choices as elements.
std::string normalized(std::string_view expression) {
  std::string out;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    if (expression.substr(i).starts_with("/*")) {
      const auto end = expression.find("*/", i);
      if (end == std::string_view::npos) break;
      i = end + 1;
    } else if (expression.substr(i).starts_with(".ofType(")) {
      const auto end = expression.find(')', i);
      if (end == std::string_view::npos) break;
      i = end;
    } else {
      out += expression[i];
    }
  }
  return out;
}

bool is_at_or_above(std::string_view ours, std::string_view expected) {
  if (!expected.starts_with(ours)) return false;
  return expected.size() == ours.size() || expected[ours.size()] == '.' ||
         expected[ours.size()] == '[';
}

class Runner {
 public:
  Runner(std::string folder, fhir::SharedDefinitions definitions)
      : folder_(std::move(folder)), definitions_(std::move(definitions)) {}

  CaseResult run(Json test, Json check) {
    CaseResult result;
    result.name = test.get("name").text();
    result.module = test.get("module").text();
    result.check = check.get("check").text();
    validate::ValidationRequest request;
    request.resource =
        read(folder_ + '/' + std::string(test.get("file").text()));
    request.options = validate::request_options(test.get("options"));
    for (const Json source : {test, check}) {
      for (const Json file : source.get("supporting")) {
        request.supporting.push_back(
            read(folder_ + '/' + std::string(file.text())));
      }
    }
    if (check.get("profile").exists()) {
      request.supporting.push_back(
          read(folder_ + '/' + std::string(check.get("profile").text())));
      request.options.profiles.emplace_back(check.get("profile_url").text());
    }
    compare(validate::answer(request, definitions_), check.get("expect"),
            result);
    return result;
  }

 private:
  static void compare(const validate::Answer& answered, Json expect,
                      CaseResult& result) {
    result.expected_errors = static_cast<int>(
        std::stoi("0" + std::string(expect.get("errors").text())));
    for (const auto& finding : answered.outcome.findings()) {
      if (finding.severity > fhir::Severity::error) continue;
      ++result.found_errors;
      result.details.push_back("  ours: " + finding.rule + " at " +
                               finding.expression + ": " + sentence(finding));
    }
    for (const Json issue : expect.get("error_issues")) {
      const auto expected = normalized(issue.get("expression").text());
      bool found = expected.empty();
      for (const auto& finding : answered.outcome.findings()) {
        found |= finding.severity <= fhir::Severity::error &&
                 is_at_or_above(normalized(finding.expression), expected);
      }
      if (!expected.empty()) ++result.expected_places;
      if (!expected.empty() && found) ++result.found_places;
      result.details.push_back(std::string("  theirs") +
                               (found ? "" : " (not found)") + ": " +
                               std::string(issue.get("expression").text()) +
                               ": " + std::string(issue.get("text").text()));
    }
  }

  std::string folder_;
  fhir::SharedDefinitions definitions_;
};

}  // namespace

std::vector<CaseResult> run_validator_cases(
    const std::string& folder, const fhir::SharedDefinitions& definitions,
    const std::string& filter) {
  std::vector<CaseResult> results;
  const auto manifest = parse_shared(read(folder + "/manifest.json"));
  if (!manifest.ok()) return results;
  Runner runner(folder, definitions);
  for (const Json test : (*manifest)->root().get("cases")) {
    if (test.get("name").text().find(filter) == std::string_view::npos) {
      continue;
    }
    for (const Json check : test.get("checks")) {
      results.push_back(runner.run(test, check));
    }
  }
  return results;
}

std::map<std::string, Score> scores(const std::vector<CaseResult>& results) {
  std::map<std::string, Score> table;
  for (const auto& result : results) {
    auto& score = table[result.module];
    ++score.checks;
    score.agreeing += result.agrees() ? 1 : 0;
    score.places += result.expected_places;
    score.found_places += result.found_places;
  }
  return table;
}

}  // namespace gateway::conformance
