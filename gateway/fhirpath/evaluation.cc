#include "fhirpath/evaluation.h"

#include <algorithm>
#include <cstring>

#include "fhirpath/functions.h"
#include "fhirpath/operators.h"

namespace gateway::fhirpath {

namespace {

constexpr std::uint32_t kAll = 0xFFFFFFFF;

// Where a budget ended: the innermost operation that was under way.
void place_budget(Problem& problem, const Op& op) {
  if (problem.kind == ProblemKind::budget && problem.place == 0) {
    problem.place = op.place;
  }
}

// Whether the path's first step is a lookup in the object `from`, and no more.
bool is_direct(const Program& program, const Op& path, const Value& from) {
  if (path.count == 0 || !from.is_node() || from.type() == kUntyped) {
    return false;
  }
  const auto& step = program.steps[path.data];
  return step.direct && from.type() == step.owner && !from.sibling_only() &&
         from.json().kind() == JsonKind::object;
}

std::uint64_t first_steps(const Budget& budget) {
  return budget.purse == nullptr ? budget.steps
                                 : std::min(budget.steps, *budget.purse);
}

}  // namespace

Evaluation::Evaluation(const Program& program, const Environment& environment,
                       Scratch& scratch, const Value& input)
    : program_(program),
      environment_(environment),
      scratch_(scratch),
      input_(input),
      functions_(functions().data()),
      steps_left_(first_steps(environment.budget)),
      steps_given_(steps_left_) {
  scratch_.stack.cut(0);
  scratch_.stack.shrink();
  scratch_.arena.reset();
  scratch_.bound.document = nullptr;
}

Evaluation::~Evaluation() {
  auto* const purse = environment_.budget.purse;
  if (purse == nullptr) return;
  *purse -= std::min(*purse, steps_given_ - steps_left_);
}

bool Evaluation::run(Part& result) {
  Frame frame;
  frame.present = !input_.is_node() || input_.json().exists();
  frame.focus = input_;
  return eval(program_.root, frame, result);
}

Answer Evaluation::run_boolean() {
  Frame frame;
  frame.present = !input_.is_node() || input_.json().exists();
  frame.focus = input_;
  return eval_answer(program_.root, frame);
}

bool Evaluation::fail(std::uint32_t place, std::string message) {
  if (problem_.message.empty()) {
    problem_ = {ProblemKind::execution, std::move(message), place};
  }
  return false;
}

bool Evaluation::over(std::string_view what) {
  if (problem_.message.empty()) {
    problem_ = {ProblemKind::budget,
                "the evaluation needs more " + std::string(what) +
                    " than it may: make the expression narrower",
                0};
  }
  return false;
}

bool Evaluation::make_room() {
  return scratch_.stack.grow(environment_.budget.items) || over("items");
}

void Evaluation::settle(std::uint32_t base, std::uint32_t begin) {
  if (base == begin) return;
  auto& stack = scratch_.stack;
  const auto count = stack.size() - begin;
  if (count != 0) {
    std::memmove(static_cast<void*>(&stack[base]), &stack[begin],
                 count * sizeof(Value));
  }
  stack.cut(base + count);
}

bool Evaluation::push_answer(Answer answer) {
  if (answer == Answer::failed) return false;
  return answer == Answer::empty || push(Value::of(answer == Answer::yes));
}

bool Evaluation::eval(OpIndex index, const Frame& frame, Part& part) {
  part.begin = top();
  const bool ok = eval(index, frame);
  part.end = top();
  return ok;
}

bool Evaluation::eval_some(OpIndex index, const Frame& frame,
                           std::uint32_t most, Part& part) {
  const auto& op = program_.ops[index];
  if (op.code != OpCode::path) return eval(index, frame, part);
  part.begin = top();
  const bool ok = charge(1) && eval_path(op, frame, most);
  part.end = top();
  return ok;
}

bool Evaluation::eval_focus(const Op& op, const Frame& frame, Part& part) {
  return eval_focus_some(op, frame, kAll, part);
}

bool Evaluation::eval_focus_some(const Op& op, const Frame& frame,
                                 std::uint32_t most, Part& part) {
  if (op.focus != kNoOp) return eval_some(op.focus, frame, most, part);
  part.begin = top();
  if (frame.present && !push(frame.focus)) return false;
  part.end = top();
  return true;
}

bool Evaluation::eval(OpIndex index, const Frame& frame) {
  const auto& op = program_.ops[index];
  if (!charge(1)) return false;
  bool ok = true;
  switch (op.code) {
    case OpCode::empty:
      break;
    case OpCode::literal:
      ok = push(program_.constants[op.data]);
      break;
    case OpCode::this_:
      ok = !frame.present || push(frame.focus);
      break;
    case OpCode::position:
      ok = push(Value::of(frame.position));
      break;
    case OpCode::total:
      for (const auto& value : frame.total) ok = ok && push(value);
      break;
    case OpCode::variable:
      ok = eval_variable(op);
      break;
    case OpCode::path:
      ok = eval_path(op, frame, kAll);
      break;
    case OpCode::call:
      ok = eval_call(op, frame);
      break;
    case OpCode::index:
      ok = eval_index(op, frame);
      break;
    case OpCode::negate:
      ok = eval_negate(op, frame);
      break;
    case OpCode::arithmetic:
      ok = arithmetic(*this, op, frame);
      break;
    case OpCode::compare:
      ok = push_answer(comparison(*this, op, frame));
      break;
    case OpCode::equality:
      ok = push_answer(equality(*this, op, frame));
      break;
    case OpCode::membership:
      ok = push_answer(membership(*this, op, frame));
      break;
    case OpCode::logic:
      ok = push_answer(logic(*this, op, frame));
      break;
    case OpCode::unite: {
      const auto base = top();
      const auto scope = defined.size();
      ok = eval(arg(op, 0), frame);
      defined.resize(std::min(scope, defined.size()));
      ok = ok && eval(arg(op, 1), frame);
      defined.resize(std::min(scope, defined.size()));
      ok = ok && make_distinct(*this, base);
      break;
    }
    case OpCode::is:
    case OpCode::as:
      ok = eval_type(op, frame);
      break;
  }
  if (!ok) place_budget(problem_, op);
  return ok;
}

Answer Evaluation::as_answer(const Part& part, std::uint32_t place) {
  if (part.empty()) return Answer::empty;
  if (part.size() > 1) {
    fail(place, "one boolean is needed, and there are several items");
    return Answer::failed;
  }
  const auto value = system(at(part.begin));
  return answer(!value.is(ValueKind::boolean) || value.boolean());
}

Answer Evaluation::eval_answer(OpIndex index, const Frame& frame) {
  const auto& op = program_.ops[index];
  if (!charge(1)) return Answer::failed;
  if (op.code == OpCode::logic) return logic(*this, op, frame);
  if (op.code == OpCode::equality) return equality(*this, op, frame);
  if (op.code == OpCode::compare) return comparison(*this, op, frame);
  if (op.code == OpCode::membership) return membership(*this, op, frame);
  if (op.code == OpCode::call) {
    const auto& function = functions_[op.data];
    if (function.ask != nullptr) {
      const auto asked = function.ask(*this, op, frame);
      if (asked == Answer::failed) place_budget(problem_, op);
      return asked;
    }
  }
  Part part;
  if (!eval_some(index, frame, 2, part)) return Answer::failed;
  const auto result = as_answer(part, op.place);
  drop_to(part.begin);
  return result;
}

bool Evaluation::eval_call(const Op& op, const Frame& frame) {
  const auto& function = functions_[op.data];
  if (function.ask != nullptr) {
    return push_answer(function.ask(*this, op, frame));
  }
  return function.run(*this, op, frame);
}

bool Evaluation::eval_path(const Op& op, const Frame& frame,
                           std::uint32_t most) {
  const auto enough = [most](std::uint32_t begin) {
    return most == kAll ? kAll : begin + most;
  };
  if (op.focus == kNoOp) {
    if (!frame.present) return true;
    if (is_direct(program_, op, frame.focus)) {
      walk_direct(*frame.focus.json().document(), frame.focus.json().index(),
                  op, 0, enough(top()));
    } else {
      walk(frame.focus, op, 0, enough(top()));
    }
    return problem_.message.empty();
  }
  Part focus;
  if (!eval(op.focus, frame, focus)) return false;
  for (auto i = focus.begin; i < focus.end; ++i) {
    const Value from = at(i);
    if (!walk(from, op, 0, enough(focus.end))) break;
  }
  settle(focus.begin, focus.end);
  return problem_.message.empty();
}

bool Evaluation::single_of(const Part& part, std::uint32_t place, Single& out) {
  out.present = !part.empty();
  if (part.size() > 1) {
    return fail(place, "one item is needed, and there are several");
  }
  if (!out.present) return true;
  const auto& value = at(part.begin);
  // A primitive that has only extensions has no value (R4, getValue()).
  if (value.is_node() && value.sibling_only()) {
    out.present = false;
    return true;
  }
  out.value = system(value);
  return true;
}

bool Evaluation::single(OpIndex index, const Frame& frame, Single& out) {
  Part part;
  if (!eval(index, frame, part)) return false;
  const bool ok = single_of(part, program_.ops[index].place, out);
  drop_to(part.begin);
  return ok;
}

bool Evaluation::eval_index(const Op& op, const Frame& frame) {
  Part focus;
  if (!eval_focus(op, frame, focus)) return false;
  Single position;
  if (!single(arg(op, 0), frame, position)) return false;
  if (position.present && !position.value.is(ValueKind::integer)) {
    return fail(op.place, "the position between brackets must be an integer");
  }
  const auto at_most = static_cast<std::int64_t>(focus.size());
  if (position.present && position.value.integer() >= 0 &&
      position.value.integer() < at_most) {
    const Value found =
        at(focus.begin + static_cast<std::uint32_t>(position.value.integer()));
    drop_to(focus.begin);
    return push(found);
  }
  drop_to(focus.begin);
  return true;
}

bool Evaluation::eval_negate(const Op& op, const Frame& frame) {
  Single operand;
  if (!single(arg(op, 0), frame, operand)) return false;
  if (!operand.present) return true;
  const auto& value = operand.value;
  if (value.is(ValueKind::integer)) return push(Value::of(-value.integer()));
  if (value.is(ValueKind::decimal)) {
    return push(Value::of(value.decimal().negated()));
  }
  if (value.is(ValueKind::quantity)) {
    const auto& quantity = value.quantity();
    return push_quantity(quantity.value.negated(), quantity.unit,
                         quantity.calendar);
  }
  return fail(op.place, "a sign needs a number behind it");
}

bool Evaluation::eval_type(const Op& op, const Frame& frame) {
  Part part;
  if (!eval(arg(op, 0), frame, part)) return false;
  const bool is = op.code == OpCode::is;
  if (part.size() > 1 && (is || !program_.as_filters)) {
    return fail(op.place,
                "one item is needed before 'is' or 'as': use ofType()");
  }
  if (is) {
    const bool yes =
        !part.empty() && is_of_type(*this, at(part.begin), op.data);
    drop_to(part.begin);
    return part.empty() || push(Value::of(yes));
  }
  auto kept = part.begin;
  for (auto i = part.begin; i < part.end; ++i) {
    if (passes_as_type(*this, at(i), op.data)) at(kept++) = at(i);
  }
  drop_to(kept);
  return true;
}

bool Evaluation::eval_variable(const Op& op) {
  const auto& name = program_.names[op.data].text;
  for (auto i = defined.size(); i-- > 0;) {
    if (defined[i].name != name) continue;
    for (const auto& value : defined[i].values) {
      if (!push(value)) return false;
    }
    return true;
  }
  for (const auto& variable : environment_.variables) {
    if (variable.name != name) continue;
    for (const auto& value : variable.values) {
      if (!push(value)) return false;
    }
    return true;
  }
  const auto push_json = [this](Json json) {
    return !json.exists() || push(typed_node(json, types()));
  };
  if (name == "context") {
    return (input_.is_node() && !input_.json().exists()) || push(input_);
  }
  if (name == "resource") return push_json(resource());
  if (name == "rootResource") return push_json(root_resource());
  return fail(op.place, "there is no variable %" + name);
}

Json Evaluation::resource() const {
  if (environment_.resource.exists()) return environment_.resource;
  return input_.is_node() ? input_.json() : Json();
}

Json Evaluation::root_resource() const {
  return environment_.root_resource.exists() ? environment_.root_resource
                                             : resource();
}

Value Evaluation::system(const Value& value) {
  Quantity made;
  const auto result = system_value(value, types(), made);
  if (!result.is(ValueKind::quantity) || !value.is_node()) return result;
  void* place =
      scratch_.arena.take(sizeof(Quantity), environment_.budget.bytes);
  if (place == nullptr) {
    over("memory");
    return value;
  }
  return Value::of(new (place) Quantity(made));
}

bool Evaluation::keep(std::string_view text, std::string_view& kept) {
  if (text.empty()) {
    kept = {};
    return true;
  }
  void* place = scratch_.arena.take(text.size(), environment_.budget.bytes);
  if (place == nullptr) return over("memory");
  std::memcpy(place, text.data(), text.size());
  kept = {static_cast<const char*>(place), text.size()};
  return true;
}

bool Evaluation::push_text(std::string_view text) {
  std::string_view kept;
  return keep(text, kept) && push(Value::of(kept));
}

bool Evaluation::push_quantity(const Decimal& value, std::string_view unit,
                               TimeUnit calendar) {
  void* place =
      scratch_.arena.take(sizeof(Quantity), environment_.budget.bytes);
  if (place == nullptr) return over("memory");
  std::string_view kept;
  if (!keep(unit, kept)) return false;
  return push(Value::of(new (place) Quantity{value, kept, calendar}));
}

}  // namespace gateway::fhirpath
