// Measures and their reports: that criteria name what a library defines, and
// that a report has the groups and populations of its measure.
// https://hl7.org/fhir/R4/measurereport.html

#include <algorithm>
#include <string>

#include "validate/rules.h"

namespace gateway::validate {
namespace {

std::vector<std::string_view> codes_of(Json node) {
  std::vector<std::string_view> codes;
  for (const Json coding : node.get("code").get("coding")) {
    codes.push_back(coding.get("code").text());
  }
  return codes;
}

bool share_a_code(Json a, Json b) {
  const auto left = codes_of(a);
  const auto right = codes_of(b);
  return std::find_first_of(left.begin(), left.end(), right.begin(),
                            right.end()) != left.end();
}

// The text behind base64; what is no base64 is skipped, for another rule says
// so.
std::string decoded(std::string_view base64) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : base64) {
    const auto digit = kDigits.find(c);
    if (digit == std::string_view::npos) continue;
    bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    text += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
  }
  return text;
}

// Whether a library's CQL or its compiled form defines that name. `unknown`
// is set where there is neither.
bool defines(Json library, std::string_view name, bool& unknown) {
  unknown = true;
  const auto quoted = "\"" + std::string(name) + '"';
  for (const Json content : library.get("content")) {
    const auto type = content.get("contentType").text();
    if (type != "text/cql" && !type.starts_with("application/elm")) continue;
    unknown = false;
    const auto text = decoded(content.get("data").text());
    const auto found =
        type == "text/cql"
            ? text.find("define " + quoted) != std::string::npos ||
                  text.find("define " + std::string(name) + ':') !=
                      std::string::npos
            : text.find("name=" + quoted) != std::string::npos ||
                  text.find("\"name\":" + quoted) != std::string::npos;
    if (found) return true;
  }
  return false;
}

}  // namespace

void Rules::measure(Json node, const Scope&) {
  std::vector<Json> libraries;
  for (const Json url : node.get("library")) {
    const Json library = source(url.text());
    if (library.get("resourceType").text() == "Library") {
      libraries.push_back(library);
    }
  }
  for (const Json group : node.get("group")) {
    for (const Json stratifier : group.get("stratifier")) {
      criteria(stratifier.get("criteria"), libraries);
    }
  }
  for (const Json data : node.get("supplementalData")) {
    criteria(data.get("criteria"), libraries);
  }
}

void Rules::criteria(Json expression, const std::vector<Json>& libraries) {
  const auto language = expression.get("language").text();
  if (language != "text/cql" && language != "text/cql.identifier") return;
  if (libraries.empty()) {
    lax(expression, "measure/library",
        "the criteria are CQL, and no library of the measure is known",
        "a library that is loaded");
    return;
  }
  auto name = expression.get("expression").text();
  Json library = libraries.size() == 1 ? libraries.front() : Json();
  const auto dot = name.find('.');
  if (dot != std::string_view::npos) {
    const auto wanted = name.substr(0, dot);
    const auto named = std::find_if(
        libraries.begin(), libraries.end(),
        [&](Json item) { return item.get("name").text() == wanted; });
    library = named == libraries.end() ? Json() : *named;
    name.remove_prefix(dot + 1);
  }
  bool unknown = false;
  if (!library.exists() || defines(library, name, unknown) || unknown) return;
  lax(expression, "measure/expression",
      "the library of the measure defines no such expression",
      "an expression of " + std::string(library.get("url").text()));
}

void Rules::measure_report(Json node, const Scope&) {
  const Json defined = source(node.get("measure").text());
  if (defined.get("resourceType").text() == "Measure") {
    report_groups(node, defined);
  }
  const bool lists_subjects = node.get("type").text() == "subject-list";
  for (const Json group : node.get("group")) {
    for (const Json population : group.get("population")) {
      if (lists_subjects || !population.get("subjectResults").exists()) {
        continue;
      }
      wrong(population, "measure-report/subjects",
            "only a report of type subject-list lists its subjects");
    }
  }
}

// One group on both sides needs no code; several are told apart by theirs.
void Rules::report_groups(Json report, Json measure) {
  const Json groups = report.get("group");
  const Json defined = measure.get("group");
  if (groups.size() == 1 && defined.size() == 1) {
    populations(groups.first(), defined.first());
    return;
  }
  std::vector<Json> found;
  for (const Json group : groups) {
    Json match;
    for (const Json item : defined) {
      if (!match.exists() && share_a_code(item, group)) match = item;
    }
    if (!match.exists()) {
      lax(group, "measure-report/group",
          "the code of the group is that of no group of the measure",
          "the code of a group of the measure");
      continue;
    }
    found.push_back(match);
    populations(group, match);
  }
  if (groups.size() == 0) return;  // a report that is still empty
  for (const Json group : defined) {
    if (std::find(found.begin(), found.end(), group) != found.end()) continue;
    lax(report, "measure-report/group",
        "the report lacks a group of its measure",
        std::string(group.get("code").get("text").text()));
  }
}

// The populations of a report are those of its measure.
void Rules::populations(Json report_group, Json defined_group) {
  for (const Json population : report_group.get("population")) {
    const auto code = population.find("code.coding.code").text();
    bool found = code.empty();
    for (const Json known : defined_group.get("population")) {
      found |= known.find("code.coding.code").text() == code;
    }
    if (found) continue;
    wrong(population, "measure-report/population",
          "the measure has no population of this code");
  }
}

}  // namespace gateway::validate
