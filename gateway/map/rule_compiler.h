// Compiles the YAML of a value into rules, checked against FHIR's types.
//
// Keys that begin with '$' are ours, all others are elements of the result:
//   $from $each $when $use $choice $table $plus $ref $match $onMissing
//   $onUnmapped $onInvalid $note
// A scalar is an expression; "=text" is a text.

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/yaml.h"
#include "fhir/type_model.h"
#include "map/code_check.h"
#include "map/code_table.h"
#include "map/rule.h"
#include "map/rule_members.h"
#include "map/target_check.h"

namespace gateway::map {

// What a library's files say before their maps are compiled.
struct LibraryParts {
  std::vector<std::string> files;
  Parts parts;
  std::map<std::string, Yaml, std::less<>> choices;
  std::vector<std::string> settings;  // names
  std::map<std::string, Yaml, std::less<>> setting_values;
  std::map<std::string, std::uint32_t, std::less<>> tables;
  std::vector<CodeTable> rows;  // by table
};

class RuleCompiler {
 public:
  // Stands on the message or the document.
  RuleCompiler(const LibraryParts& library, const fhir::TypeModel* model,
               const Scope& source, std::vector<MapProblem>& problems);

  Rule compile_value(const Yaml& node, const Target& target);
  Rule compile_object(const Yaml& node, const RuleMembers& members,
                      const Target& target);

  // For those who compile what lies around values.
  RuleMembers merged(const Yaml& node) {
    return merged_members(node, library_.parts, problems_);
  }
  HeldExpression expression(const Yaml& node);
  HeldExpression choice_expression(const Yaml& node, Rule& rule);
  void stand_on(const Scope& scope) { scopes_.push_back(scope); }
  void step_back() { scopes_.pop_back(); }
  void problem(LintRule rule, const Yaml& at, std::string text);
  [[nodiscard]] MapPlace place_of(const Yaml& node) const;

  // What references may name. Those behind hide those before.
  struct Emitted {
    std::string name;
    std::uint32_t id;
    std::string type;
    bool certain;  // it is always there
  };
  std::vector<Emitted> emitted;

  [[nodiscard]] std::uint32_t rule_count() const { return rule_count_; }
  std::vector<ChoiceSite> take_choice_sites() {
    return std::move(choice_sites_);
  }
  std::vector<TableUse> take_table_uses() { return std::move(table_uses_); }
  std::vector<SettingUse> take_setting_uses() {
    return std::move(setting_uses_);
  }

 private:
  Rule compile_list(const Yaml& node, const Target& target);
  Rule compile_leaf(const Yaml& node, const Target& target);
  Rule compile_reference(const Yaml& node, const Target& target);
  void add_target(Rule& rule, const Yaml& name, const Target& target);
  Rule compile_match(const Yaml& node, const RuleMembers& members,
                     const Target& target);
  void compile_members(Rule& rule, const RuleMembers& members,
                       const Target& target);
  bool open_scope(Rule& rule, const RuleMembers& members, bool for_object);
  void read_expressions(Rule& rule, const RuleMembers& members);
  void read_table(Rule& rule, const RuleMembers& members, const Target& target);
  void note_partners(const Rule& rule, const Target& target);
  void check_texts_of(const Rule& rule, const Yaml& node,
                      const RuleMembers& members, const Target& target);
  Otherwise read_otherwise(const Yaml& node);
  fhir::TypeId type_named(const Yaml& name);
  HeldExpression expression_text(const std::string& text, const Yaml& at);
  [[nodiscard]] Rule new_rule(const Yaml& node, const Target& target,
                              Rule::Kind kind);

  const LibraryParts& library_;
  const fhir::TypeModel* model_;
  std::vector<MapProblem>& problems_;
  Scopes scopes_;
  std::vector<ChoiceSite> choice_sites_;
  std::vector<TableUse> table_uses_;
  std::vector<SettingUse> setting_uses_;
  std::uint32_t rule_count_ = 0;
  std::map<std::pair<Scopes, std::string>, HeldExpression, std::less<>>
      compiled_;  // what was said before, on the same scopes
};

// Says which members are the business key: of an identifier, or of a list.
void mark_key(Rule& identifier);

}  // namespace gateway::map
