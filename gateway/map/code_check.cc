#include "map/code_check.h"

#include <algorithm>
#include <utility>

#include "fhir/primitive.h"
#include "fhir/terminology.h"
#include "map/convert.h"
#include "map/suggestion.h"

namespace gateway::map {
namespace {

using fhir::TypeModel;

// Longer lists (currencies, languages, media types) are those that senders use
// too: their codes need no table, and are checked in each message.
constexpr std::size_t kMostCodes = 100;

bool takes_codes(const TypeModel& model, const Target& target) {
  if (!target.element || target.type == fhir::kNoType) return false;
  const auto& row = target.element->row();
  return row.binding == fhir::BindingStrength::required &&
         row.value_set != fhir::kNone &&
         model.primitive(target.type) == fhir::Primitive::code;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// Behind the quoted text that begins at `at`.
std::size_t behind_quote(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size() && text[at] != quote; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(text.size(), at + 1);
}

// The arguments between the parentheses of a call that is all of `text`;
// empty if something follows it.
std::vector<std::string_view> arguments(std::string_view text) {
  std::vector<std::string_view> found;
  int depth = 0;
  std::size_t begin = text.find('(') + 1;
  for (std::size_t i = begin - 1; i < text.size();) {
    const char c = text[i];
    if (c == '\'' || c == '"' || c == '`') {
      i = behind_quote(text, i);
      continue;
    }
    if (c == '(' || c == '{' || c == '[') ++depth;
    if (c == ')' || c == '}' || c == ']') --depth;
    if ((c == ',' && depth == 1) || depth == 0) {
      found.push_back(trimmed(text.substr(begin, i - begin)));
      begin = i + 1;
    }
    if (depth == 0) return i + 1 == text.size() ? found : decltype(found){};
    ++i;
  }
  return {};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// 5, -5, 2.50
bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto digits = [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), is_digit);
  };
  return digits(whole) &&
         (point == std::string_view::npos || digits(text.substr(point + 1)));
}

// What FHIRPath's @2026-04, @2026T and @T10:30 are as texts; empty if it is
// none of them.
std::string_view time_text(std::string_view text) {
  if (!text.starts_with('@')) return {};
  text.remove_prefix(text.starts_with("@T") ? 2 : 1);
  const bool whole = std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || c == '-' || c == ':' || c == '.' || c == '+' ||
           c == 'T' || c == 'Z';
  });
  if (text.ends_with('T')) text.remove_suffix(1);
  return whole ? text : std::string_view();
}

void add_texts(std::string_view text, PossibleTexts& all) {
  text = trimmed(text);
  if (text == "{}") {
    all.nothing = true;
    return;
  }
  if (is_number(text) || text == "true" || text == "false") {
    all.texts.emplace_back(text);
    return;
  }
  if (const auto time = time_text(text); !time.empty()) {
    all.texts.emplace_back(time);
    return;
  }
  if (text.starts_with('\'') && behind_quote(text, 0) == text.size() &&
      text.find('\\') == std::string_view::npos) {
    all.texts.emplace_back(text.substr(1, text.size() - 2));
    return;
  }
  const auto branches = text.starts_with("iif(")
                            ? arguments(text)
                            : std::vector<std::string_view>();
  if (branches.size() < 2) {
    all.others = true;
    return;
  }
  all.nothing = all.nothing || branches.size() == 2;
  for (std::size_t i = 1; i < branches.size(); ++i) {
    add_texts(branches[i], all);
  }
}

}  // namespace

std::string format_problem(fhir::Primitive type, std::string_view path,
                           std::string_view text) {
  // An empty one stands for what could not be read, which is said already.
  if (type == fhir::Primitive::none || text.empty()) return {};
  const auto fault = converted(text, type, std::nullopt).fault;
  if (fhir::format_defect(type, text) == fhir::FormatDefect::none &&
      (fault == ConversionFault::none || fault == ConversionFault::no_offset)) {
    return {};
  }
  return "\"" + std::string(text) + "\" is no " +
         std::string(fhir::primitive_name(type)) + ", which " +
         std::string(path) +
         " must be: " + std::string(fhir::format_hint(type));
}

std::string computed_problem(fhir::Primitive type, std::string_view path,
                             const Expression& expression) {
  const auto computed = expression.computed();
  if (computed.kind.empty()) return {};
  if (format_problem(type, path, computed.sample).empty()) return {};
  std::string text = "\"" + expression.text() + "\" gives a value of type " +
                     std::string(computed.kind) + ", and " + std::string(path) +
                     " is of type " + std::string(fhir::primitive_name(type)) +
                     ": " + std::string(fhir::format_hint(type));
  if (computed.kind == "boolean") {
    text += "; for a condition say $when, or iif() with a value in it";
  }
  return text;
}

fhir::Primitive primitive_of(const TypeModel& model, const Target& target) {
  return target.type == fhir::kNoType ? fhir::Primitive::none
                                      : model.primitive(target.type);
}

std::string table_wanted(std::string_view path, std::string_view value_set,
                         std::string_view text) {
  return std::string(path) + " takes only the codes of " +
         std::string(value_set) + ", and \"" + std::string(text) +
         "\" may give any: say $table, or iif() with a code in each branch";
}

ClosedCodes closed_codes(const TypeModel& model, const Target& target) {
  ClosedCodes closed;
  if (!takes_codes(model, target)) return closed;
  const auto& row = target.element->row();
  const auto all =
      fhir::expand(model.definitions(), row.value_set, kMostCodes + 1);
  if (!all.is_complete || all.codes.size() > kMostCodes) return closed;
  closed.value_set = model.definitions().text(row.value_set_url);
  for (const auto& known : all.codes) closed.codes.push_back(known.code);
  return closed;
}

std::string no_code(std::string_view code, std::string_view path,
                    const ClosedCodes& closed) {
  return "\"" + std::string(code) + "\" is not a code of " + std::string(path) +
         " (" + closed.value_set + ")" + suggestion(code, closed.codes);
}

void check_code(const TypeModel& model, std::string_view code,
                const Target& target, const std::string& place,
                std::vector<MapProblem>& problems) {
  if (code.empty()) return;  // a row of a table that says: nothing
  if (!takes_codes(model, target)) return;
  const auto& row = target.element->row();
  if (fhir::code_in(model.definitions(), row.value_set, code) !=
      fhir::Membership::no) {
    return;
  }
  auto closed = closed_codes(model, target);
  closed.value_set = model.definitions().text(row.value_set_url);
  problems.push_back(
      {LintRule::code, place, no_code(code, target.path, closed)});
}

PossibleTexts possible_texts(std::string_view expression) {
  PossibleTexts all;
  add_texts(expression, all);
  return all;
}

PossibleTexts texts_of(const Expression& expression) {
  if (!expression.is_literal()) return possible_texts(expression.text());
  PossibleTexts one;
  one.texts.push_back(expression.text());
  return one;
}

LeafType leaf_type(const TypeModel& model, const Target& target) {
  LeafType takes;
  takes.path = target.path;
  takes.primitive = primitive_of(model, target);
  takes.is_required = is_required(target);
  auto closed = closed_codes(model, target);
  takes.value_set = std::move(closed.value_set);
  takes.codes.assign(closed.codes.begin(), closed.codes.end());
  return takes;
}

Wrong text_problem(const LeafType& takes, std::string_view text) {
  auto wrong = format_problem(takes.primitive, takes.path, text);
  if (!wrong.empty() || takes.codes.empty() || text.empty()) {
    return {LintRule::type, std::move(wrong)};
  }
  if (std::find(takes.codes.begin(), takes.codes.end(), text) !=
      takes.codes.end()) {
    return {};
  }
  return {LintRule::code,
          no_code(text, takes.path,
                  {takes.value_set, {takes.codes.begin(), takes.codes.end()}})};
}

Wrong texts_problem(const LeafType& takes, const Expression& expression) {
  auto computed = computed_problem(takes.primitive, takes.path, expression);
  if (!computed.empty()) return {LintRule::type, std::move(computed)};
  const auto possible = texts_of(expression);
  for (const auto& text : possible.texts) {
    auto wrong = text_problem(takes, text);
    if (!wrong.empty()) return wrong;
  }
  if (!possible.others || takes.codes.empty()) return {};
  return {LintRule::code,
          table_wanted(takes.path, takes.value_set, expression.text())};
}

}  // namespace gateway::map
