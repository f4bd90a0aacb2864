// Compilation is one run of the compiler: it follows the syntax by recursion
// and appends to a Program. Nodes in compiler.cc, calls in compile_calls.cc.

#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fhirpath/compiler.h"
#include "fhirpath/functions.h"
#include "fhirpath/static_type.h"

namespace gateway::fhirpath {

struct Compiled {
  OpIndex op = kNoOp;
  StaticType type;
};

// What $this is where an expression stands.
struct Scope {
  StaticType this_type;
};

class Compilation {
 public:
  Compilation(const Syntax& syntax, const CompileOptions& options,
              Program& program, Problem& problem)
      : syntax_(syntax),
        options_(options),
        program_(program),
        problem_(problem) {}

  bool run();

 private:
  using Result = std::optional<Compiled>;

  Result refuse(std::uint32_t place, std::string message);

  OpIndex add(const Op& op);

  std::uint32_t add_args(const std::vector<OpIndex>& args);

  Result compile(NodeIndex index, const Scope& scope);

  std::string_view keep(std::string_view text);

  Compiled constant(const Value& value, std::uint32_t place);

  Result literal(const SyntaxNode& node);

  std::uint32_t name_number(const std::string& text);

  // Whether the first name of a path is the type of the input.
  enum class RootName : std::uint8_t { no, yes, maybe, wrong };
  RootName root_name(const SyntaxNode& node, const Scope& scope,
                     TypeId& type) const;

  Result name(const SyntaxNode& node, const Scope& scope);

  // Types of the element that a step leads to.
  bool step_types(const SyntaxNode& node, const StaticType& from, Step& step,
                  StaticType& type);

  Compiled append_step(const SyntaxNode& node, OpIndex focus, const Step& step,
                       StaticType type);

  Result indexed(const SyntaxNode& node, const Scope& scope);

  Result variable(const SyntaxNode& node);

  Result negated(const SyntaxNode& node, const Scope& scope);

  Result signed_number(const SyntaxNode& node, const Scope& scope);

  bool takes_sign(const SyntaxNode& node, const StaticType& type);

  Result binary(const SyntaxNode& node, const Scope& scope);

  Result type_test(const SyntaxNode& node, const Scope& scope);

  Result type_op(const SyntaxNode& node, bool is, OpIndex operand,
                 const std::string& name);

  // "Quantity" or "System.Quantity" as an argument.
  [[nodiscard]] std::string type_argument(const SyntaxNode& node) const;

  Result call(const SyntaxNode& node, const Scope& scope);

  static std::string unknown_function(std::string_view name);

  Result typed_call(const SyntaxNode& node, const Compiled& focus,
                    std::uint32_t row);

  Result plain_call(const SyntaxNode& node, const Scope& scope,
                    const Compiled& focus, std::uint32_t row);

  // A key of sort() with a sign, or with desc, goes down.
  Result argument(const SyntaxNode& node, std::size_t index,
                  const Scope& scope);

  bool checked_arguments(const SyntaxNode& node, const Function& function,
                         const std::vector<OpIndex>& args,
                         const std::vector<StaticType>& types);

  [[nodiscard]] bool may_be_boolean(const StaticType& type) const;

  bool keep_pattern(const SyntaxNode& node, OpIndex arg);

  [[nodiscard]] StaticType result_type(
      const Function& function, const StaticType& focus,
      const std::vector<StaticType>& args) const;

  const Syntax& syntax_;
  const CompileOptions& options_;
  Program& program_;
  Problem& problem_;
  StaticType context_type_;
  std::map<std::string, std::uint32_t, std::less<>> name_numbers_;
};

}  // namespace gateway::fhirpath
