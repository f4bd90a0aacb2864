#include "map/code_check.h"

#include <algorithm>
#include <utility>

#include "fhir/primitive.h"
#include "fhir/terminology.h"
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

void add_texts(std::string_view text, PossibleTexts& all) {
  text = trimmed(text);
  if (text == "{}") return;
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
  for (std::size_t i = 1; i < branches.size(); ++i) {
    add_texts(branches[i], all);
  }
}

void check_literal(const TypeModel& model, const std::string& text,
                   const Target& target, const std::string& place,
                   std::vector<MapProblem>& problems) {
  // An empty one stands for what could not be read, which is said already.
  if (text.empty() || target.type == fhir::kNoType ||
      model.kind(target.type) != fhir::TypeKind::primitive) {
    return;
  }
  if (fhir::format_defect(model.primitive(target.type), text) !=
      fhir::FormatDefect::none) {
    problems.push_back(
        {place,
         "\"" + text + "\" is no " + std::string(model.name(target.type)) +
             ", which " + target.path + " must be: " +
             std::string(fhir::format_hint(model.primitive(target.type))),
         false});
    return;
  }
  check_code(model, text, target, place, problems);
}

}  // namespace

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
  problems.push_back({place, no_code(code, target.path, closed), false});
}

PossibleTexts possible_texts(std::string_view expression) {
  PossibleTexts all;
  add_texts(expression, all);
  return all;
}

void check_texts(const TypeModel& model, const Expression& expression,
                 const Target& target, const std::string& place,
                 std::vector<MapProblem>& problems) {
  if (!expression.exists()) return;
  if (expression.is_literal()) {
    check_literal(model, expression.text(), target, place, problems);
    return;
  }
  if (expression.plain() != nullptr) return;  // a document of our own codes
  const auto closed = closed_codes(model, target);
  if (!closed.exist()) return;
  const auto possible = possible_texts(expression.text());
  for (const auto& text : possible.texts) {
    check_code(model, text, target, place, problems);
  }
  if (!possible.others) return;
  problems.push_back(
      {place,
       target.path + " takes only the codes of " + closed.value_set +
           ", and \"" + expression.text() +
           "\" may give any: say $table, or iif() with a code in each branch",
       false});
}

}  // namespace gateway::map
