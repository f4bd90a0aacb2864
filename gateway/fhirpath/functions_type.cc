// type() and ofType(): FHIRPath 2.0, 5.2.4 and 10. is() and as() are compiled
// as the operators of these names.

#include <array>

#include "fhirpath/function_groups.h"
#include "fhirpath/operators.h"

namespace gateway::fhirpath {
namespace {

bool type(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  if (!run.eval_focus(op, frame, part)) return false;
  for (auto i = part.begin; i < part.end; ++i) {
    const Value value = run.at(i);
    run.at(i) = Value::of_type(
        value.type() == kUntyped ? run.system(value).type() : value.type());
  }
  return true;
}

// The compiler puts the number of the type behind the arguments.
bool of_type(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  if (!run.eval_focus(op, frame, part)) return false;
  const TypeId wanted = op.first_arg;
  auto kept = part.begin;
  for (auto i = part.begin; i < part.end; ++i) {
    if (passes_as_type(run, run.at(i), wanted)) run.at(kept++) = run.at(i);
  }
  run.drop_to(kept);
  return true;
}

constexpr std::array kFunctions{
    Function{.name = "type", .run = type},
    Function{.name = "ofType",
             .least = 1,
             .most = 1,
             .takes = Takes::type,
             .gives = Gives::named,
             .run = of_type},
    Function{.name = "is",
             .least = 1,
             .most = 1,
             .takes = Takes::type,
             .gives = Gives::boolean},
    Function{.name = "as",
             .least = 1,
             .most = 1,
             .takes = Takes::type,
             .gives = Gives::named},
};

}  // namespace

std::span<const Function> type_functions() { return kFunctions; }

}  // namespace gateway::fhirpath
