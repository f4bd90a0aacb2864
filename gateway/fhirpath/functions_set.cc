// Collections as sets, and how they are put together: FHIRPath 2.0, 5.1, 5.3
// and 5.4.

#include <array>

#include "fhirpath/function_groups.h"
#include "fhirpath/operators.h"

namespace gateway::fhirpath {
namespace {

// The input and the argument's items behind it.
bool two_parts(Evaluation& run, const Op& op, const Frame& frame, Part& left,
               Part& right) {
  return run.eval_focus(op, frame, left) &&
         run.eval(run.arg(op, 0), frame, right);
}

bool has(Evaluation& run, const Part& part, const Value& value) {
  for (auto i = part.begin; i < part.end; ++i) {
    if (!run.charge(1)) return false;
    if (equal(run, run.at(i), value) == Truth::yes) return true;
  }
  return false;
}

bool is_ok(Evaluation& run) { return run.problem().message.empty(); }

// All of `part` are in `whole`.
Answer covered(Evaluation& run, const Part& part, const Part& whole) {
  for (auto i = part.begin; i < part.end; ++i) {
    const Value value = run.at(i);
    if (!has(run, whole, value)) {
      return is_ok(run) ? Answer::no : Answer::failed;
    }
  }
  return Answer::yes;
}

Answer subset_of(Evaluation& run, const Op& op, const Frame& frame) {
  Part left;
  Part right;
  if (!two_parts(run, op, frame, left, right)) return Answer::failed;
  const auto result = covered(run, left, right);
  run.drop_to(left.begin);
  return result;
}

Answer superset_of(Evaluation& run, const Op& op, const Frame& frame) {
  Part left;
  Part right;
  if (!two_parts(run, op, frame, left, right)) return Answer::failed;
  const auto result = covered(run, right, left);
  run.drop_to(left.begin);
  return result;
}

bool distinct(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  return run.eval_focus(op, frame, part) && make_distinct(run, part.begin);
}

Answer is_distinct(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  if (!run.eval_focus(op, frame, part) || !make_distinct(run, part.begin)) {
    return Answer::failed;
  }
  const bool same = run.top() == part.end;
  run.drop_to(part.begin);
  return answer(same);
}

bool union_(Evaluation& run, const Op& op, const Frame& frame) {
  Part left;
  Part right;
  return two_parts(run, op, frame, left, right) &&
         make_distinct(run, left.begin);
}

bool combine(Evaluation& run, const Op& op, const Frame& frame) {
  Part left;
  Part right;
  return two_parts(run, op, frame, left, right);
}

// The items of the input that are, or are not, in the argument.
bool pick(Evaluation& run, const Op& op, const Frame& frame, bool wanted) {
  Part left;
  Part right;
  if (!two_parts(run, op, frame, left, right)) return false;
  auto kept = left.begin;
  for (auto i = left.begin; i < left.end; ++i) {
    const Value value = run.at(i);
    if (has(run, right, value) == wanted) run.at(kept++) = value;
  }
  run.drop_to(kept);
  return is_ok(run);
}

bool intersect(Evaluation& run, const Op& op, const Frame& frame) {
  const auto base = run.top();
  return pick(run, op, frame, true) && make_distinct(run, base);
}

bool exclude(Evaluation& run, const Op& op, const Frame& frame) {
  return pick(run, op, frame, false);
}

constexpr std::array kFunctions{
    Function{.name = "subsetOf",
             .least = 1,
             .most = 1,
             .gives = Gives::boolean,
             .ask = subset_of},
    Function{.name = "supersetOf",
             .least = 1,
             .most = 1,
             .gives = Gives::boolean,
             .ask = superset_of},
    Function{.name = "distinct", .gives = Gives::focus, .run = distinct},
    Function{.name = "isDistinct", .gives = Gives::boolean, .ask = is_distinct},
    Function{.name = "union",
             .least = 1,
             .most = 1,
             .gives = Gives::either,
             .run = union_},
    Function{.name = "combine",
             .least = 1,
             .most = 1,
             .gives = Gives::either,
             .run = combine},
    Function{.name = "intersect",
             .least = 1,
             .most = 1,
             .gives = Gives::focus,
             .run = intersect},
    Function{.name = "exclude",
             .least = 1,
             .most = 1,
             .gives = Gives::focus,
             .run = exclude},
};

}  // namespace

std::span<const Function> set_functions() { return kFunctions; }

}  // namespace gateway::fhirpath
