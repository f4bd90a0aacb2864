// Functions that evaluate an expression for each item: FHIRPath 2.0, 5.2, 5.9
// and 7.

#include <algorithm>
#include <array>
#include <vector>

#include "fhirpath/function_groups.h"
#include "fhirpath/operators.h"

namespace gateway::fhirpath {
namespace {

// What an expression defined for one item, the next one does not see.
void leave(Evaluation& run, std::size_t scope) {
  if (run.defined.size() > scope) run.defined.resize(scope);
}

bool where(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  if (!run.eval_focus(op, frame, part)) return false;
  const auto criterion = run.arg(op, 0);
  Frame inner = frame;
  inner.present = true;
  auto kept = part.begin;
  for (auto i = part.begin; i < part.end; ++i) {
    inner.focus = run.at(i);
    inner.position = i - part.begin;
    const auto scope = run.defined.size();
    const auto found = run.eval_answer(criterion, inner);
    leave(run, scope);
    if (found == Answer::failed) return false;
    if (found == Answer::yes) run.at(kept++) = inner.focus;
  }
  run.drop_to(kept);
  return true;
}

bool select(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  if (!run.eval_focus(op, frame, part)) return false;
  Frame inner = frame;
  inner.present = true;
  for (auto i = part.begin; i < part.end; ++i) {
    inner.focus = run.at(i);
    inner.position = i - part.begin;
    const auto scope = run.defined.size();
    if (!run.eval(run.arg(op, 0), inner)) return false;
    leave(run, scope);
  }
  run.settle(part.begin, part.end);
  return true;
}

// Rounds of repeat(): the items from `begin` on are what was found so far.
bool repeat_rounds(Evaluation& run, const Op& op, const Frame& frame,
                   std::uint32_t begin) {
  Frame inner = frame;
  inner.present = true;
  for (auto i = begin; i < run.top(); ++i) {
    inner.focus = run.at(i);
    inner.position = i - begin;
    const auto scope = run.defined.size();
    if (!run.eval(run.arg(op, 0), inner)) return false;
    leave(run, scope);
    const auto found = run.top();
    if (!run.charge(found - begin)) return false;
    if (!make_distinct(run, begin)) return false;
  }
  return true;
}

// Only items that equal none before are kept, so a cycle comes to its end.
bool repeat(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  if (!run.eval_focus(op, frame, part)) return false;
  Frame inner = frame;
  inner.present = true;
  for (auto i = part.begin; i < part.end; ++i) {
    inner.focus = run.at(i);
    inner.position = i - part.begin;
    if (!run.eval(run.arg(op, 0), inner)) return false;
  }
  return make_distinct(run, part.end) &&
         repeat_rounds(run, op, frame, part.end) &&
         (run.settle(part.begin, part.end), true);
}

// The same without comparing: repeatAll() may return equal items.
bool repeat_all(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  if (!run.eval_focus(op, frame, part)) return false;
  Frame inner = frame;
  inner.present = true;
  for (auto i = part.begin; i < run.top(); ++i) {
    inner.focus = run.at(i);
    inner.position = i - part.begin;
    if (!run.eval(run.arg(op, 0), inner)) return false;
  }
  run.settle(part.begin, part.end);
  return true;
}

bool aggregate(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  if (!run.eval_focus(op, frame, part)) return false;
  // One item is usual, and then nothing is allocated.
  Value only;
  std::vector<Value> several;
  std::span<const Value> total;
  const auto take_total = [&](std::uint32_t from) {
    const auto found = run.values(from, run.top());
    if (found.size() == 1) {
      only = found[0];
      total = {&only, 1};
    } else {
      several.assign(found.begin(), found.end());
      total = several;
    }
    run.drop_to(from);
  };
  if (op.count == 2) {
    if (!run.eval(run.arg(op, 1), frame)) return false;
    take_total(part.end);
  }
  Frame inner = frame;
  inner.present = true;
  for (auto i = part.begin; i < part.end; ++i) {
    inner.focus = run.at(i);
    inner.position = i - part.begin;
    inner.total = total;
    if (!run.eval(run.arg(op, 0), inner)) return false;
    take_total(part.end);
  }
  run.drop_to(part.begin);
  for (const auto& value : total) {
    if (!run.push(value)) return false;
  }
  return true;
}

bool iif(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  if (!run.eval_focus(op, frame, part)) return false;
  if (part.size() > 1) {
    return run.fail(op.place, "iif() needs one item before it: use select()");
  }
  Frame inner = frame;
  if (op.focus != kNoOp) {
    inner.present = !part.empty();
    if (inner.present) inner.focus = run.at(part.begin);
  }
  run.drop_to(part.begin);
  const auto scope = run.defined.size();
  const auto met = run.eval_answer(run.arg(op, 0), inner);
  leave(run, scope);
  if (met == Answer::failed) return false;
  if (met != Answer::yes && op.count == 2) return true;
  const bool ok = run.eval(run.arg(op, met == Answer::yes ? 1 : 2), inner);
  leave(run, scope);
  return ok;
}

bool trace(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  Text name;
  if (!run.eval_focus(op, frame, part) || !text_arg(run, op, 0, frame, name)) {
    return false;
  }
  Frame inner = frame;
  inner.present = true;
  const auto projected = run.top();
  for (auto i = part.begin; op.count == 2 && i < part.end; ++i) {
    inner.focus = run.at(i);
    inner.position = i - part.begin;
    if (!run.eval(run.arg(op, 1), inner)) return false;
  }
  const auto from = op.count == 2 ? projected : part.begin;
  if (run.environment().trace) {
    run.environment().trace(name.text, run.values(from, run.top()));
  }
  run.drop_to(projected);
  return true;
}

// The rest of the chain sees the name.
bool define_variable(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  Text name;
  if (!run.eval_focus(op, frame, part) || !text_arg(run, op, 0, frame, name)) {
    return false;
  }
  for (const auto& known : run.defined) {
    if (known.name == name.text) {
      return run.fail(op.place, "this variable is defined already");
    }
  }
  for (const std::string_view word :
       {"context", "resource", "rootResource", "ucum", "sct", "loinc"}) {
    if (name.text == word) {
      return run.fail(op.place, "this variable belongs to the environment");
    }
  }
  auto values = run.values(part.begin, part.end);
  std::vector<Value> kept(values.begin(), values.end());
  if (op.count == 2) {
    const auto from = run.top();
    Frame inner = frame;
    if (op.focus != kNoOp) {
      inner.present = part.size() == 1;
      if (inner.present) inner.focus = run.at(part.begin);
    }
    const auto scope = run.defined.size();
    if (!run.eval(run.arg(op, 1), inner)) return false;
    leave(run, scope);
    values = run.values(from, run.top());
    kept.assign(values.begin(), values.end());
    run.drop_to(from);
  }
  run.defined.push_back({name.text, std::move(kept)});
  return true;
}

struct Key {
  std::vector<Value> values;  // a missing key counts as least
  std::vector<bool> present;
};

// Less, greater or neither by the keys from the left.
std::optional<bool> before(Evaluation& run, const Op& op, const Key& a,
                           const Key& b) {
  for (std::size_t i = 0; i < a.present.size(); ++i) {
    if (a.present[i] != b.present[i]) return !a.present[i];
    if (!a.present[i]) continue;
    const auto order = compare(run, a.values[i], b.values[i]);
    if (!order) {
      run.fail(op.place, "sort() met keys of types that have no order");
      return std::nullopt;
    }
    if (*order == Order::equal || *order == Order::unknown) continue;
    const bool descending =
        op.count != 0 && run.program().ops[run.arg(op, i)].descending;
    return (*order == Order::less) != descending;
  }
  return false;
}

bool sort_keys(Evaluation& run, const Op& op, const Frame& frame,
               const Part& part, std::vector<Key>& keys) {
  Frame inner = frame;
  inner.present = true;
  for (auto i = part.begin; i < part.end; ++i) {
    inner.focus = run.at(i);
    inner.position = i - part.begin;
    Key key;
    for (std::size_t k = 0; k < std::max<std::size_t>(op.count, 1); ++k) {
      Evaluation::Single single{run.system(inner.focus), true};
      if (op.count != 0 && !run.single(run.arg(op, k), inner, single)) {
        return false;
      }
      key.values.push_back(single.value);
      key.present.push_back(single.present);
    }
    keys.push_back(std::move(key));
  }
  return true;
}

// A merge sort: it stays within bounds whatever the comparison says.
bool sort(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  std::vector<Key> keys;
  if (!run.eval_focus(op, frame, part) ||
      !sort_keys(run, op, frame, part, keys)) {
    return false;
  }
  std::vector<std::uint32_t> order(part.size());
  for (std::uint32_t i = 0; i < part.size(); ++i) order[i] = i;
  std::vector<std::uint32_t> merged(order.size());
  const auto count = order.size();
  for (std::size_t width = 1; width < count; width *= 2) {
    for (std::size_t low = 0; low < count; low += 2 * width) {
      const auto middle = std::min(low + width, count);
      const auto high = std::min(low + 2 * width, count);
      auto a = low;
      auto b = middle;
      for (auto out = low; out < high; ++out) {
        bool right = a == middle;
        if (!right && b < high) {
          if (!run.charge(1)) return false;
          const auto less = before(run, op, keys[order[b]], keys[order[a]]);
          if (!less) return false;
          right = *less;
        }
        merged[out] = right ? order[b++] : order[a++];
      }
    }
    order.swap(merged);
  }
  const auto values = run.values(part.begin, part.end);
  const std::vector<Value> unsorted(values.begin(), values.end());
  for (std::uint32_t i = 0; i < part.size(); ++i) {
    run.at(part.begin + i) = unsorted[order[i]];
  }
  return true;
}

constexpr std::array kFunctions{
    Function{.name = "where",
             .least = 1,
             .most = 1,
             .takes = Takes::expressions,
             .gives = Gives::focus,
             .run = where},
    Function{.name = "select",
             .least = 1,
             .most = 1,
             .takes = Takes::expressions,
             .gives = Gives::argument,
             .run = select},
    Function{.name = "repeat",
             .least = 1,
             .most = 1,
             .takes = Takes::expressions,
             .gives = Gives::argument,
             .run = repeat},
    Function{.name = "repeatAll",
             .least = 1,
             .most = 1,
             .takes = Takes::expressions,
             .gives = Gives::argument,
             .run = repeat_all},
    Function{.name = "aggregate",
             .least = 1,
             .most = 2,
             .takes = Takes::expressions,
             .outer = 2,
             .gives = Gives::anything,
             .run = aggregate},
    Function{.name = "iif",
             .least = 2,
             .most = 3,
             .takes = Takes::expressions,
             .gives = Gives::chosen,
             .run = iif},
    Function{.name = "trace",
             .least = 1,
             .most = 2,
             .takes = Takes::expressions,
             .outer = 1,
             .gives = Gives::focus,
             .run = trace},
    Function{.name = "defineVariable",
             .least = 1,
             .most = 2,
             .takes = Takes::expressions,
             .outer = 1,
             .gives = Gives::focus,
             .run = define_variable},
    Function{.name = "sort",
             .most = 32,
             .takes = Takes::expressions,
             .gives = Gives::focus,
             .flags = kGivesOrder,
             .run = sort},
};

}  // namespace

std::span<const Function> filter_functions() { return kFunctions; }

}  // namespace gateway::fhirpath
