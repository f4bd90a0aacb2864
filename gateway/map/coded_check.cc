#include "map/coded_check.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "fhir/terminology.h"
#include "map/code_check.h"
#include "map/leaf_check.h"
#include "map/suggestion.h"

namespace gateway::map {
namespace {

using fhir::Membership;
using fhir::TypeModel;

constexpr std::size_t kMostCodes = 100;

const Rule* member_of(const Rule& rule, std::string_view name) {
  const auto it = std::find_if(
      rule.members.begin(), rule.members.end(),
      [name](const Rule& member) { return member.member == name; });
  return it == rule.members.end() ? nullptr : &*it;
}

class CodedCheck {
 public:
  CodedCheck(const TypeModel& model, const CodedSources& sources,
             const Target& target, std::vector<MapProblem>& problems)
      : model_(model),
        sources_(sources),
        target_(target),
        value_set_(target.element->row().value_set),
        problems_(problems) {}

  // One of the codings of a concept is bound; those beside it are free.
  void concept_of(const Rule& rule) {
    const auto* codings = member_of(rule, "coding");
    if (codings == nullptr) {
      problem(rule, target_.path + " takes only the codes of " + name() +
                        ": write its coding");
      return;
    }
    std::vector<MapProblem> all;
    for (const auto& one : codings->members) {
      std::vector<MapProblem> own;
      coding_of(one, own);
      if (own.empty()) return note(one);
      std::move(own.begin(), own.end(), std::back_inserter(all));
    }
    std::move(all.begin(), all.end(), std::back_inserter(problems_));
  }

  void coding_of(const Rule& rule) {
    coding_of(rule, problems_);
    note(rule);
  }

 private:
  // Partners add rows to the table of a bound coding.
  void note(const Rule& coding) const {
    const auto* leaf =
        coding.kind == Rule::Kind::leaf ? &coding : member_of(coding, "code");
    if (leaf == nullptr || leaf->table == kNoTable || !is_closed()) return;
    LeafType takes{.path = target_.path,
                   .primitive = fhir::Primitive::code,
                   .value_set = name()};
    for (const auto code : codes()) takes.codes.emplace_back(code);
    note_use({leaf->table, std::move(takes)}, sources_.uses);
  }

  void coding_of(const Rule& rule, std::vector<MapProblem>& found) const {
    if (rule.kind == Rule::Kind::leaf) {
      rows_of(rule, found);
      return;
    }
    const auto* code = member_of(rule, "code");
    if (code == nullptr) return;
    const auto* system = member_of(rule, "system");
    const bool fixed = system != nullptr && system->from.is_literal();
    const auto possible = texts_of(code->from);
    for (const auto& text : possible.texts) {
      check(fixed ? system->from.text() : std::string_view(), text,
            place_of(*code), found);
    }
    if (code->table != kNoTable) {
      table_of(*code, fixed ? system->from.text() : std::string_view(), found);
    } else if (possible.others && is_closed()) {
      found.push_back({LintRule::code, place_of(*code),
                       table_wanted(code->path, name(), code->from.text())});
    }
  }

  // A table that gives codes with their systems.
  void rows_of(const Rule& rule, std::vector<MapProblem>& found) const {
    if (rule.table == kNoTable) return;
    const auto& table = sources_.tables[rule.table];
    for (const auto& row : table.rows()) {
      check(row.system, row.to, table.place_of(row), found);
    }
  }

  void table_of(const Rule& rule, std::string_view system,
                std::vector<MapProblem>& found) const {
    const auto& table = sources_.tables[rule.table];
    for (const auto& row : table.rows()) {
      check(system, row.to, table.place_of(row), found);
    }
  }

  void check(std::string_view system, std::string_view code,
             const std::string& place, std::vector<MapProblem>& found) const {
    if (code.empty()) return;
    const auto& definitions = model_.definitions();
    const auto member =
        system.empty() ? fhir::code_in(definitions, value_set_, code)
                       : fhir::coding_in(definitions, value_set_, system, code);
    if (member != Membership::no) return;
    std::string text = "\"" + std::string(code) + "\" is not a code of " +
                       target_.path + " (" + name() + ")";
    const bool foreign =
        !system.empty() &&
        fhir::code_in(definitions, value_set_, code) != Membership::no;
    if (foreign) {
      text += " under the system " + std::string(system);
    } else {
      text += suggestion(code, codes());
    }
    found.push_back({LintRule::code, place, std::move(text)});
  }

  [[nodiscard]] std::vector<std::string_view> codes() const {
    std::vector<std::string_view> all;
    const auto listed =
        fhir::expand(model_.definitions(), value_set_, kMostCodes);
    for (const auto& one : listed.codes) all.push_back(one.code);
    return all;
  }
  [[nodiscard]] bool is_closed() const {
    const auto listed =
        fhir::expand(model_.definitions(), value_set_, kMostCodes + 1);
    return listed.is_complete && listed.codes.size() <= kMostCodes;
  }
  [[nodiscard]] std::string name() const {
    return std::string(
        model_.definitions().text(target_.element->row().value_set_url));
  }
  [[nodiscard]] std::string place_of(const Rule& rule) const {
    return sources_.files[rule.place.file] + ":" +
           std::to_string(rule.place.line) + ":" +
           std::to_string(rule.place.column);
  }
  void problem(const Rule& rule, std::string text) {
    problems_.push_back({LintRule::code, place_of(rule), std::move(text)});
  }

  const TypeModel& model_;
  const CodedSources& sources_;
  const Target& target_;
  std::uint32_t value_set_;
  std::vector<MapProblem>& problems_;
};

}  // namespace

void check_coded(const TypeModel& model, const CodedSources& sources,
                 const Rule& rule, const Target& target,
                 std::vector<MapProblem>& problems) {
  if (!target.element || target.type == fhir::kNoType) return;
  const auto& row = target.element->row();
  if (row.binding != fhir::BindingStrength::required ||
      row.value_set == fhir::kNone) {
    return;
  }
  CodedCheck check(model, sources, target, problems);
  const auto type = model.name(target.type);
  if (type == "CodeableConcept") check.concept_of(rule);
  if (type == "Coding") check.coding_of(rule);
}

}  // namespace gateway::map
