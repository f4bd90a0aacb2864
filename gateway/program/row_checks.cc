#include "program/row_checks.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "base/json.h"
#include "base/text.h"
#include "fhirpath/static_type.h"
#include "program/predicate_compiler.h"

namespace gateway::program {
namespace {

// Whether facts about `of` are known where a row about `row` is judged: the
// referral and its grants before there is a session, a booking by itself.
bool is_known(Subject of, Subject row) {
  switch (row) {
    case Subject::referral:
    case Subject::booking:
      return of == Subject::referral || of == row;
    case Subject::authorization:
      return of == Subject::referral || of == Subject::authorization;
    case Subject::session:
    case Subject::week:
    case Subject::episode:
      return of != Subject::booking;
  }
  return true;
}

const FactEntry* unknown_fact(const Requirement& row,
                              const std::optional<Predicate>& condition) {
  if (!condition) return nullptr;
  for (const auto fact : condition->reads()) {
    const auto& known = entry(fact);
    // Judged on each date, a row about the referral has all facts of it.
    const auto at = row.each_date ? Subject::session : row.subject;
    if (fact != Fact::policy_stale && !is_known(known.subject, at)) {
      return &known;
    }
  }
  return nullptr;
}

std::string with_article(Subject subject) {
  const std::string word(name(subject));
  const bool vowel = word.find_first_of("aeiou") == 0;
  return (vowel ? "an " : "a ") + word;
}

// What an example may change beside a resource: words, or JSON as well.
constexpr std::string_view kWords[] = {"set", "week", "program", "repeat",
                                       "absences"};
constexpr std::string_view kChanges[] = {"add", "without", "extension"};

template <std::size_t N>
bool has(const std::string_view (&words)[N], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

}  // namespace

std::string fact_fault(const Requirement& row) {
  const auto* known = unknown_fact(row, row.when);
  if (known == nullptr) known = unknown_fact(row, row.require);
  if (known == nullptr) return {};
  return "'" + std::string(known->name) + "' is a fact of " +
         with_article(known->subject) + ", and the row is about " +
         with_article(row.subject) +
         "; did you mean 'about: " + std::string(name(known->subject)) + "'?";
}

std::string task_fault(const Requirement& row) {
  const bool holds =
      row.gate || row.weight == Weight::hold || row.weight == Weight::reject;
  if (!holds || !row.task.empty() || row.kind == Kind::informational) return {};
  const auto drops_lines = [](Fact fact) {
    return fact == Fact::session_other_codes ||
           fact == Fact::session_evaluation_codes ||
           fact == Fact::session_capacity_codes ||
           fact == Fact::session_extra_minutes;
  };
  if (row.weight == Weight::reject && row.require) {
    const auto& reads = row.require->reads();
    if (std::any_of(reads.begin(), reads.end(), drops_lines)) return {};
  }
  return "a requirement that holds has a task, as review-session: without one "
         "nothing is held";
}

std::string path_fault(const fhir::TypeModel& model, std::string_view path) {
  const fhirpath::Types types(&model);
  const auto steps = split(path, '.');
  auto type = types.find(steps.front());
  if (type == fhirpath::kUntyped || !types.is_model_type(type)) {
    return "there is no resource '" + std::string(steps.front()) + "'";
  }
  for (std::size_t i = 1; i < steps.size(); ++i) {
    fhirpath::ElementTypes found;
    if (!fhirpath::element_types(types, type, steps[i], found)) {
      const auto near = fhirpath::nearest_element(types, type, steps[i]);
      return std::string(types.name(type)) + " has no element '" +
             std::string(steps[i]) + "'" +
             (near.empty() ? ""
                           : "; did you mean '" + std::string(near) + "'?");
    }
    // What lies below a choice of types is not followed.
    if (found.type.types.size() != 1) return {};
    type = found.type.types[0];
  }
  return {};
}

std::string example_fault(std::string_view name, const std::string& value) {
  if (has(kWords, name)) return {};
  const auto first = name.substr(0, name.find(' '));
  const bool resource =
      !first.empty() && std::isupper(static_cast<unsigned char>(first[0])) != 0;
  if (!resource && !has(kChanges, first)) {
    std::vector<std::string_view> known(std::begin(kWords), std::end(kWords));
    known.insert(known.end(), std::begin(kChanges), std::end(kChanges));
    return "an example names a resource, as Procedure, or a change" +
           suggestion(name, known);
  }
  KeyTable keys;
  const auto parsed = JsonDocument::parse(value, keys);
  if (!parsed) return "the example is no JSON: " + parsed.error().message;
  const auto kind = parsed->root().kind();
  if (kind == JsonKind::object || kind == JsonKind::array) return {};
  return "the example is a JSON object, or a list of them";
}

Status check_contradicts(
    const std::vector<std::shared_ptr<const PolicyPack>>& packs) {
  std::set<std::string_view> known;
  for (const auto& pack : packs) {
    for (const auto& row : pack->requirements) {
      known.insert(row.id);
      known.insert(row.rule);
    }
  }
  for (const auto& pack : packs) {
    for (const auto& row : pack->requirements) {
      for (const auto& other : row.contradicts) {
        if (known.contains(other.row)) continue;
        return Error{ErrorCode::invalid,
                     other.place + ": no pack has a requirement '" + other.row +
                         "'" +
                         suggestion(other.row, {known.begin(), known.end()})};
      }
    }
  }
  return Done{};
}

}  // namespace gateway::program
