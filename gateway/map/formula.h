// Formula is the FHIRPath of an expression whose paths were replaced by
// variables: the one place where maps meet gateway/fhirpath.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace gateway::map {

// A value of the source: a node, or a text that was computed.
struct Item {
  Json node{};         // absent for a computed text
  std::string text{};  // of a computed one
  // Where it comes from; for a computed text, what it was computed from.
  ByteSpan span{};

  [[nodiscard]] std::string_view value() const;
};

// A variable of a formula: nodes, or else a text.
struct Binding {
  std::string_view name;
  std::vector<Json> nodes;
  std::string_view text{};
};

// What every value of a formula is, where no data can change that, with a text
// that such a value may have; an unknown kind is empty.
struct Computed {
  std::string_view kind{};  // "boolean"
  std::string_view sample{};
};

class Formula {
 public:
  static Result<Formula> compile(const std::string& text);
  [[nodiscard]] Computed computed() const;

  // On `focus`; %resource is `root`. Computed texts have no span.
  Status evaluate(Json focus, Json root, const std::vector<Binding>& bindings,
                  std::vector<Item>& found) const;

 private:
  struct Program;
  std::shared_ptr<const Program> program_;
};

}  // namespace gateway::map
