#include "map/map_findings.h"

#include <algorithm>
#include <string>
#include <utility>

#include "fhir/primitive.h"
#include "map/source_place.h"

namespace gateway::map {
namespace {

// Where the value would come from: "PID-5.1", else where it would go.
std::string place_of(const Rule& rule, const Expression& from) {
  const Expression& each = rule.each;
  for (const auto* expression : {&from, &each}) {
    if (!expression->paths().empty()) return expression->paths().front().text;
  }
  for (const auto& member : rule.members) {
    auto place = place_of(member, member.from);
    if (place != member.path) return place;
  }
  return rule.path;
}

fhir::Finding finding(std::string id, std::string place, std::string text) {
  fhir::Finding made;
  made.rule = std::move(id);
  made.expression = std::move(place);
  made.text = std::move(text);
  return made;
}

// The second segment of that name, in whatever groups they stand; groups are
// told from segments by their names, which are longer.
Json second_of(Json node, std::string_view name, int& count) {
  for (const Json member : node) {
    const bool segment = member.name() == name;
    if (!segment && member.name().size() <= 3) continue;
    const auto look = [&](Json one) {
      if (segment) return ++count == 2 ? one : Json();
      return second_of(one, name, count);
    };
    if (!member.is_array()) {
      if (const Json found = look(member); found.exists()) return found;
      continue;
    }
    for (const Json item : member) {
      if (const Json found = look(item); found.exists()) return found;
    }
  }
  return {};
}

Json second_of(Json message, std::string_view name) {
  int count = 0;
  return second_of(message, name, count);
}

}  // namespace

std::string shown_code(std::string_view code) {
  constexpr std::size_t kLongestCode = 16;
  const bool good = code.size() <= kLongestCode &&
                    std::all_of(code.begin(), code.end(), [](char c) {
                      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                             (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
                             c == '_';
                    });
  return good ? "\"" + std::string(code) + "\""
              : "a text of " + std::to_string(code.size()) + " bytes";
}

fhir::Finding missing_finding(const Rule& rule, const Expression& from,
                              ByteSpan scope) {
  const auto place = place_of(rule, from);
  auto made = finding("map/missing", place, rule.path + " has no value");
  made.type = fhir::IssueType::required;
  made.span = scope;
  made.seen = place + " is empty";
  made.remedy = "send it";
  return made;
}

fhir::Finding found_at(fhir::Finding finding, Json message, ByteSpan value) {
  if (value.end <= value.begin) return finding;
  auto place = source_path_at(message, value);
  if (!place.empty()) finding.expression = std::move(place);
  return finding;
}

fhir::Finding unmapped_finding(const Rule& rule, std::string_view table,
                               std::string_view code, ByteSpan span) {
  auto made = finding("map/unmapped", place_of(rule, rule.from),
                      "A code for " + rule.path + " is not in the table \"" +
                          std::string(table) + "\"");
  made.type = fhir::IssueType::code_invalid;
  made.span = span;
  made.seen = shown_code(code);
  made.wanted = "a code of the table";
  made.remedy = "send another code, or add a row to the table";
  made.actor = fhir::Actor::operator_;
  return made;
}

fhir::Finding two_types_finding(const Rule& second, ByteSpan span) {
  auto made = finding("map/two-types", place_of(second, second.from),
                      second.path +
                          " is there as another type too, and an element has "
                          "one type");
  made.type = fhir::IssueType::value;
  made.span = span;
  made.remedy = "send one of them";
  return made;
}

MissingRow missing_row(std::string_view table, const fhir::Finding& unmapped) {
  MissingRow row{
      .table = std::string(table), .code = {}, .place = unmapped.expression};
  const auto& seen = unmapped.seen;  // quoted where it may be shown
  if (seen.starts_with('"')) row.code = seen.substr(1, seen.size() - 2);
  return row;
}

fhir::Finding unforeseen_finding(const Rule* rule, const Error& error,
                                 ByteSpan scope) {
  auto made = finding("map/unforeseen",
                      rule == nullptr ? "" : place_of(*rule, rule->from),
                      "The message has several values where the map wants one, "
                      "or one that it cannot reckon with");
  made.severity = fhir::Severity::warning;
  made.type = fhir::IssueType::value;
  made.span = scope;
  made.seen = error.message;
  made.remedy =
      "send each segment and field once; if the message is right, correct the "
      "map";
  return made;
}

std::optional<fhir::Finding> second_patient(Json message) {
  const Json found = second_of(message, "PID");
  if (!found.exists()) return std::nullopt;
  auto made =
      finding("v2/two-patients", "PID[2]", "The message has several patients");
  made.severity = fhir::Severity::error;
  made.type = fhir::IssueType::structure;
  made.span = found.span();
  made.wanted = "one PID";
  made.remedy = "send a message for each patient";
  return made;
}

fhir::Finding invalid_finding(const Rule& rule, ConversionFault fault,
                              ByteSpan span) {
  const auto place = place_of(rule, rule.from);
  if (fault == ConversionFault::no_offset) {
    auto made = finding("time/no-offset", place,
                        "A time for " + rule.path + " has no offset");
    made.type = fhir::IssueType::value;
    made.span = span;
    made.wanted =
        "an offset as in 202604010900-0500, or a time zone for the "
        "sender";
    made.remedy = "send the offset, or set the partner's zone";
    return made;
  }
  auto made = finding("map/invalid", place,
                      "The value for " + rule.path + " cannot be read");
  made.type = fhir::IssueType::value;
  made.span = span;
  made.wanted = std::string(fhir::format_hint(rule.primitive));
  made.remedy = "send it in the format of its data type";
  return made;
}

}  // namespace gateway::map
