// PredicateCompiler checks a requirement's FHIRPath against the facts, the
// pack's knobs and the model of the resources, and finds out whether it is
// plain enough to run without an evaluator.

#pragma once

#include <string>
#include <string_view>

#include "fhirpath/static_type.h"
#include "fhirpath/syntax.h"
#include "program/predicate.h"
#include "program/predicate_types.h"

namespace gateway::program {

// The name in `names` that is most like `wrong`, as "; did you mean 'x'?".
// Empty where nothing is near.
std::string suggestion(std::string_view wrong,
                       const std::vector<std::string_view>& names);

// The types of resources that a requirement may name.
const std::vector<std::string_view>& resource_types();

class PredicateCompiler {
 public:
  PredicateCompiler(std::string_view text, Names& names,
                    const fhir::TypeModel* model);
  // Once.
  Result<Predicate> compile();

 private:
  using Op = Predicate::Op;

  // What an operand is: its type where that is known, the element of a
  // resource, and its node where it is plain.
  struct Typed {
    std::optional<FactType> type;
    fhirpath::TypeId element = fhirpath::kUntyped;
    std::optional<std::uint16_t> node;
    bool leaf = false;  // a fact or constant, fit for a product
    bool constant = false;
  };
  // Where an expression stands: the element that names are members of.
  struct Scope {
    bool at_facts = true;
    fhirpath::TypeId element = fhirpath::kUntyped;
  };

  static Side side_of(const Typed& one) { return {one.type, one.element}; }
  Typed fail(std::size_t place, std::string message);
  Typed add(Op op, FactType type, const Typed& left, const Typed& right);
  Typed constant(FactType type, std::int64_t value);

  Typed visit(fhirpath::NodeIndex index, const Scope& scope);
  Typed literal(const fhirpath::SyntaxNode& node);
  Typed name(const fhirpath::SyntaxNode& node, const Scope& scope);
  Typed fact(const fhirpath::SyntaxNode& node, const std::string& path);
  Typed member(const fhirpath::SyntaxNode& node, fhirpath::TypeId owner);
  Typed variable(const fhirpath::SyntaxNode& node);
  Typed call(const fhirpath::SyntaxNode& node, const Scope& scope);
  Typed answer_of(const fhirpath::SyntaxNode& node, const Typed& focus);
  Typed negated(const fhirpath::SyntaxNode& node, const Scope& scope);
  Typed binary(const fhirpath::SyntaxNode& node, const Scope& scope);
  Typed logical(Op op, const fhirpath::SyntaxNode& node, const Typed& left,
                const Typed& right);
  Typed compared(Op op, const fhirpath::SyntaxNode& node, const Typed& left,
                 const Typed& right);
  Typed arithmetic(const fhirpath::SyntaxNode& node, const Typed& left,
                   const Typed& right);
  void read_resource(const std::string& type);
  // "referral.sessionsPerWeek.low" where only names stand before the dots.
  [[nodiscard]] std::optional<std::string> dotted(
      const fhirpath::SyntaxNode& node) const;
  [[nodiscard]] const fhirpath::SyntaxNode& at(
      fhirpath::NodeIndex index) const {
    return syntax_.nodes[index];
  }

  std::string_view text_;
  Names& names_;
  fhirpath::Types types_;
  fhirpath::Syntax syntax_;
  std::optional<Error> error_;
  Predicate out_;
};

}  // namespace gateway::program
