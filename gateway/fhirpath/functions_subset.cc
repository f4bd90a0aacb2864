// Existence and subsets: FHIRPath 2.0, 5.1 and 5.3.

#include <algorithm>
#include <array>

#include "fhirpath/function_groups.h"
#include "fhirpath/operators.h"

namespace gateway::fhirpath {
namespace {

constexpr std::uint32_t kAll = 0xFFFFFFFF;

// Calls `visit(answer)` for the criterion of each item; false stops.
template <typename Visit>
bool each_answer(Evaluation& run, const Op& op, const Frame& frame,
                 const Part& part, const Visit& visit) {
  const auto criterion = run.arg(op, 0);
  Frame inner = frame;
  inner.present = true;
  for (auto i = part.begin; i < part.end; ++i) {
    inner.focus = run.at(i);
    inner.position = i - part.begin;
    const auto scope = run.defined.size();
    const auto found = run.eval_answer(criterion, inner);
    if (run.defined.size() > scope) run.defined.resize(scope);
    if (found == Answer::failed) return false;
    if (!visit(found)) return true;
  }
  return true;
}

Answer exists(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  if (!run.eval_focus_some(op, frame, op.count == 0 ? 1 : kAll, part)) {
    return Answer::failed;
  }
  bool found = op.count == 0 && !part.empty();
  if (op.count == 1 && !each_answer(run, op, frame, part, [&](Answer answer) {
        found = answer == Answer::yes;
        return !found;
      })) {
    return Answer::failed;
  }
  run.drop_to(part.begin);
  return answer(found);
}

Answer empty(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  if (!run.eval_focus_some(op, frame, 1, part)) return Answer::failed;
  run.drop_to(part.begin);
  return answer(part.empty());
}

Answer all(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  if (!run.eval_focus(op, frame, part)) return Answer::failed;
  bool every = true;
  if (!each_answer(run, op, frame, part, [&](Answer answer) {
        every = answer == Answer::yes;
        return every;
      })) {
    return Answer::failed;
  }
  run.drop_to(part.begin);
  return answer(every);
}

// allTrue() and its kin look for one value of `wanted`.
Answer any(Evaluation& run, const Op& op, const Frame& frame, bool wanted) {
  Part part;
  if (!run.eval_focus(op, frame, part)) return Answer::failed;
  bool found = false;
  for (auto i = part.begin; i < part.end; ++i) {
    const auto value = run.system(run.at(i));
    if (!value.is(ValueKind::boolean)) {
      run.fail(op.place, "every item must be a boolean");
      return Answer::failed;
    }
    found = found || value.boolean() == wanted;
  }
  run.drop_to(part.begin);
  return answer(found);
}

Answer inverse(Answer answer) {
  if (answer == Answer::yes) return Answer::no;
  return answer == Answer::no ? Answer::yes : answer;
}

Answer all_true(Evaluation& run, const Op& op, const Frame& frame) {
  return inverse(any(run, op, frame, false));
}
Answer any_true(Evaluation& run, const Op& op, const Frame& frame) {
  return any(run, op, frame, true);
}
Answer all_false(Evaluation& run, const Op& op, const Frame& frame) {
  return inverse(any(run, op, frame, true));
}
Answer any_false(Evaluation& run, const Op& op, const Frame& frame) {
  return any(run, op, frame, false);
}

Answer not_(Evaluation& run, const Op& op, const Frame& frame) {
  if (op.focus != kNoOp) return inverse(run.eval_answer(op.focus, frame));
  Part part;
  if (!run.eval_focus(op, frame, part)) return Answer::failed;
  const auto result = run.as_answer(part, op.place);
  run.drop_to(part.begin);
  return inverse(result);
}

bool count(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  if (!run.eval_focus(op, frame, part)) return false;
  run.drop_to(part.begin);
  return run.push(Value::of(static_cast<std::int64_t>(part.size())));
}

// Keeps `size` items from place `from` of the input on.
void keep(Evaluation& run, const Part& part, std::uint32_t from,
          std::uint32_t size) {
  from = std::min(from, part.size());
  size = std::min(size, part.size() - from);
  run.drop_to(part.begin + from + size);
  run.settle(part.begin, part.begin + from);
}

bool first(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  return run.eval_focus_some(op, frame, 1, part) &&
         (keep(run, part, 0, 1), true);
}

bool last(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  if (!run.eval_focus(op, frame, part)) return false;
  keep(run, part, part.empty() ? 0 : part.size() - 1, 1);
  return true;
}

bool tail(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  return run.eval_focus(op, frame, part) &&
         (keep(run, part, 1, part.size()), true);
}

bool single(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  if (!run.eval_focus_some(op, frame, 2, part)) return false;
  return part.size() <= 1 ||
         run.fail(op.place, "single() met several items: filter before it");
}

// The argument as a place within `part`.
bool place_arg(Evaluation& run, const Op& op, const Frame& frame,
               const Part& part, Whole& out) {
  if (!whole_arg(run, op, 0, frame, out)) return false;
  out.value = std::clamp<std::int64_t>(out.value, 0, part.size());
  return true;
}

bool skip(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  Whole places;
  if (!run.eval_focus(op, frame, part) ||
      !place_arg(run, op, frame, part, places)) {
    return false;
  }
  keep(run, part, static_cast<std::uint32_t>(places.value), part.size());
  if (!places.present) run.drop_to(part.begin);
  return true;
}

bool take(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  Whole places;
  if (!run.eval_focus(op, frame, part) ||
      !place_arg(run, op, frame, part, places)) {
    return false;
  }
  keep(run, part, 0, static_cast<std::uint32_t>(places.value));
  return true;
}

constexpr std::array kFunctions{
    Function{.name = "empty", .gives = Gives::boolean, .ask = empty},
    Function{.name = "exists",
             .most = 1,
             .takes = Takes::expressions,
             .gives = Gives::boolean,
             .ask = exists},
    Function{.name = "all",
             .least = 1,
             .most = 1,
             .takes = Takes::expressions,
             .gives = Gives::boolean,
             .ask = all},
    Function{.name = "allTrue", .gives = Gives::boolean, .ask = all_true},
    Function{.name = "anyTrue", .gives = Gives::boolean, .ask = any_true},
    Function{.name = "allFalse", .gives = Gives::boolean, .ask = all_false},
    Function{.name = "anyFalse", .gives = Gives::boolean, .ask = any_false},
    Function{.name = "not", .gives = Gives::boolean, .ask = not_},
    Function{.name = "count",
             .gives = Gives::integer,
             .flags = kSingular,
             .run = count},
    Function{.name = "first",
             .gives = Gives::focus,
             .flags = kNeedsOrder | kSingular,
             .run = first},
    Function{.name = "last",
             .gives = Gives::focus,
             .flags = kNeedsOrder | kSingular,
             .run = last},
    Function{.name = "tail",
             .gives = Gives::focus,
             .flags = kNeedsOrder,
             .run = tail},
    Function{.name = "single",
             .gives = Gives::focus,
             .flags = kSingular,
             .run = single},
    Function{.name = "skip",
             .least = 1,
             .most = 1,
             .gives = Gives::focus,
             .flags = kNeedsOrder,
             .run = skip},
    Function{.name = "take",
             .least = 1,
             .most = 1,
             .gives = Gives::focus,
             .flags = kNeedsOrder,
             .run = take},
};

}  // namespace

std::span<const Function> subset_functions() { return kFunctions; }

}  // namespace gateway::fhirpath
