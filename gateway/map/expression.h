// Expressions of maps: FHIRPath in which HL7 v2 paths may stand as they are.
//
//   PID-5.1                        a path: found without FHIRPath
//   =order                         a text, as it stands
//   first(ORC-2, OBR-2)            the first of them whose first component is
//                                  valued, whole: never half of each
//   iif(PV1-2 = 'O', .1, .2)       FHIRPath; its paths are the texts there
//   %zone                          a setting of the partner
//
// Compiled once against the scopes around it, evaluated by many threads.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "map/formula.h"
#include "map/plain_expression.h"
#include "map/source_path.h"

namespace gateway::map {

// Named values that maps may ask for: settings of a partner, or what a
// reference was given. Sorted by name.
struct Setting {
  std::string name;
  std::string value;
  std::vector<std::string> words{};  // all that it may be; empty: anything
};

// What a run has read, by Json::index(); for coverage.
using ReadMarks = std::vector<bool>;

struct EvaluationContext {
  const std::vector<Json>& scopes;
  const std::vector<Setting>& settings;
  ReadMarks* marks = nullptr;
};

class QuickFormula;

class Expression {
 public:
  Expression() = default;

  // Settings that it asks for must be among `settings`.
  static Result<Expression> compile(std::string_view text, const Scopes& scopes,
                                    const std::vector<std::string>& settings);
  static Expression literal(std::string text);
  // The node of the innermost scope.
  static Expression here(const Scopes& scopes);

  [[nodiscard]] bool exists() const { return kind_ != Kind::none; }
  [[nodiscard]] bool is_literal() const { return kind_ == Kind::literal; }
  [[nodiscard]] const std::string& text() const { return text_; }
  // What its nodes are, to stand on; nothing if it gives texts.
  [[nodiscard]] const std::optional<Scope>& scope() const { return scope_; }
  // Gives one node at most: first(), PID-3[1], or a component of a field.
  [[nodiscard]] bool is_single() const;
  [[nodiscard]] const std::vector<SourcePath>& paths() const { return paths_; }
  // Of a document whose fields are known: what needs no FHIRPath, else null.
  [[nodiscard]] const PlainExpression* plain() const { return plain_.get(); }

  [[nodiscard]] Computed computed() const {
    return kind_ == Kind::fhirpath ? formula_.computed() : Computed();
  }

  // Appends the values, in order; those without text only where nodes are
  // asked for. An Error is FHIRPath's: it names no value.
  Status evaluate(const EvaluationContext& context,
                  std::vector<Item>& found) const;
  // It makes one text of all that its paths give.
  [[nodiscard]] bool joins() const { return joins_; }
  // It is a path, or first() or all() of some.
  [[nodiscard]] bool is_path() const {
    return kind_ == Kind::path || kind_ == Kind::first || kind_ == Kind::all;
  }
  // The first that bears a text; absent if none does. REQUIRES: is_path().
  [[nodiscard]] Json first_text(const std::vector<Json>& scopes) const;
  // Nodes to stand on, in order. REQUIRES: scope().
  Status find(const EvaluationContext& context, std::vector<Json>& found) const;
  // FHIRPath's truth: a single false, or nothing, is false.
  Result<bool> holds(const EvaluationContext& context) const;

 private:
  friend class ExpressionCompiler;
  enum class Kind : std::uint8_t {
    none,
    literal,
    path,
    first,
    all,
    setting,
    fhirpath
  };

  void find_first(const EvaluationContext& context,
                  std::vector<Json>& found) const;
  Status evaluate_fhirpath(const EvaluationContext& context,
                           std::vector<Item>& found) const;

  Kind kind_ = Kind::none;
  bool joins_ = false;
  std::string text_;
  std::optional<Scope> scope_;
  std::vector<SourcePath> paths_;
  std::vector<std::string> variables_;  // names of paths_ in the program
  std::vector<std::string> settings_;   // that it asks for
  Formula formula_;
  std::shared_ptr<const QuickFormula> quick_;  // the same, where it can be
  std::shared_ptr<const PlainExpression> plain_;
};

}  // namespace gateway::map
