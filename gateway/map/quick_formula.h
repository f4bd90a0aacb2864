// QuickFormula is what most formulas of message maps are: a choice between
// texts that are put together from paths, settings and literals. It gives what
// FHIRPath would give, without setting it up; whatever else is written, and
// whatever data FHIRPath answers with an error, is left to FHIRPath.
//
//   PV1-2 = 'O' and PV1-19.exists()
//   iif(.3 = 'ISO', 'urn:oid:' & .2, %namespace & .1.replace(' ', '-'))
//   (ACC-4.1 | %state).first()
//   PRD-1.1.exclude('RP' | 'RT').exists()

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "map/formula.h"
#include "map/source_find.h"

namespace gateway::map {

struct EvaluationContext;

class QuickFormula {
 public:
  // Nothing if `text` says something else. `settings` are their names.
  static std::optional<QuickFormula> compile(
      std::string_view text, const Scopes& scopes,
      const std::vector<std::string>& settings);

  // Nothing where FHIRPath must say what it makes of the data.
  [[nodiscard]] std::optional<bool> holds(
      const EvaluationContext& context) const;
  // Appends the value, if there is one; false where FHIRPath must answer.
  bool evaluate(const EvaluationContext& context,
                std::vector<Item>& found) const;

 private:
  friend class QuickCompiler;

  // One of the texts that are put together.
  struct Part {
    enum class Kind : std::uint8_t { literal, setting, path };
    Kind kind = Kind::literal;
    bool first = false;             // (A | B).first()
    std::string text;               // literal, or name of the setting
    std::vector<SourcePath> paths;  // the first that has a value
    std::string setting;            // after those paths
    std::string replaced;           // .replace(replaced, with); empty: none
    std::string with;
    std::size_t skipped = 0;  // .substring(skipped)
  };
  using Text = std::vector<Part>;  // A & B & C
  struct Test {
    enum class Kind : std::uint8_t {
      exists,
      empty,
      equal,
      unequal,
      starts,  // .startsWith('text')
      among    // in ('text' | 'text')
    };
    Kind kind = Kind::exists;
    std::vector<SourcePath> paths;
    std::optional<Chosen> chosen;  // .intersect(texts), .exclude(texts)
    std::string text;
    std::vector<std::string> texts;  // of `among` and `chosen`
  };
  // Any of those of which all hold.
  using Condition = std::vector<std::vector<Test>>;
  struct Branch {
    Condition condition;
    Text text;
  };

  static bool holds(const Condition& condition,
                    const EvaluationContext& context, bool& sure);

  // iif(a, A, iif(b, B, C)); a plain condition or text has one branch.
  std::vector<Branch> branches_;
  bool is_condition_ = false;
};

}  // namespace gateway::map
