#include "fhirpath/operators.h"

#include <algorithm>

namespace gateway::fhirpath {
namespace {

Answer negated(Answer answer) {
  if (answer == Answer::yes) return Answer::no;
  return answer == Answer::no ? Answer::yes : answer;
}

bool holds(Operator op, Order order) {
  if (op == Operator::less) return order == Order::less;
  if (op == Operator::less_or_equal) return order != Order::greater;
  if (op == Operator::greater) return order == Order::greater;
  return order != Order::less;
}

// Evaluates both arguments; what the left one defines, the right one does not
// see.
bool both(Evaluation& run, const Op& op, const Frame& frame, Part& left,
          Part& right) {
  const auto scope = run.defined.size();
  const auto leave = [&] {
    run.defined.resize(std::min(scope, run.defined.size()));
  };
  if (!run.eval(run.arg(op, 0), frame, left)) return false;
  leave();
  if (!run.eval(run.arg(op, 1), frame, right)) return false;
  leave();
  return true;
}

// `within` has the items of `part` that equal `value`.
Answer contains(Evaluation& run, const Part& part, const Value& value) {
  for (auto i = part.begin; i < part.end; ++i) {
    if (!run.charge(1)) return Answer::failed;
    if (equal(run, run.at(i), value) == Truth::yes) return Answer::yes;
  }
  return Answer::no;
}

}  // namespace

Answer comparison(Evaluation& run, const Op& op, const Frame& frame) {
  Part left;
  Part right;
  if (!both(run, op, frame, left, right)) return Answer::failed;
  const auto base = left.begin;
  if (left.size() > 1 || right.size() > 1) {
    run.fail(op.place, "a comparison needs one item on each side");
    return Answer::failed;
  }
  auto result = Answer::empty;
  const auto has_value = [&run](const Part& part) {
    return !part.empty() &&
           !(run.at(part.begin).is_node() && run.at(part.begin).sibling_only());
  };
  if (has_value(left) && has_value(right)) {
    const auto order = compare(run, run.at(left.begin), run.at(right.begin));
    if (!order) {
      run.fail(op.place, "values of these types cannot be compared");
      return Answer::failed;
    }
    if (*order != Order::unknown) {
      result = answer(holds(static_cast<Operator>(op.data), *order));
    }
  }
  run.drop_to(base);
  return result;
}

namespace {

bool is_plain(fhir::Primitive primitive) {
  return primitive == fhir::Primitive::code ||
         primitive == fhir::Primitive::string ||
         primitive == fhir::Primitive::uri || primitive == fhir::Primitive::id;
}

// The text member of $this that `path` leads to in one step; absent where
// there is more to it than that.
Json text_member(const Program& program, const Op& path, const Frame& frame) {
  if (path.code != OpCode::path || path.focus != kNoOp || path.count != 1 ||
      !frame.present || !frame.focus.is_node()) {
    return {};
  }
  const auto& step = program.steps[path.data];
  if (!step.direct) return {};  // only a direct step surely has a choice
  const auto& choice = program.choices[step.first_choice];
  const auto object = frame.focus.json();
  if (frame.focus.type() != step.owner || !is_plain(choice.primitive) ||
      object.size() == 0 || !object.is_object()) {
    return {};
  }
  const auto* tape = object.document()->tape();
  for (auto at = object.index() + 1;; at = tape[at].next) {
    if ((tape[at].key & kNoKey) == choice.key) {
      const Json found(object.document(), at);
      return found.is_string() ? found : Json();
    }
    if (tape[at].last != 0U) return {};
  }
}

}  // namespace

// use = 'official': one item against a literal, which needs no collection.
Answer equals_literal(Evaluation& run, const Op& op, const Frame& frame) {
  const auto& program = run.program();
  const auto& constant = program.constants[program.ops[run.arg(op, 1)].data];
  if (constant.is(ValueKind::string)) {
    const auto member =
        text_member(program, program.ops[run.arg(op, 0)], frame);
    if (member.exists()) {
      return run.charge(1) ? answer(member.text() == constant.string())
                           : Answer::failed;
    }
  }
  const auto scope = run.defined.size();
  Part left;
  if (!run.eval_some(run.arg(op, 0), frame, 2, left)) return Answer::failed;
  if (run.defined.size() > scope) run.defined.resize(scope);
  auto result = left.empty() ? Answer::empty : Answer::no;
  if (left.size() == 1) {
    result = answer(equal(run, run.at(left.begin), constant));
  }
  run.drop_to(left.begin);
  return result;
}

Answer equality(Evaluation& run, const Op& op, const Frame& frame) {
  if (static_cast<Operator>(op.data) == Operator::equal &&
      run.program().ops[run.arg(op, 1)].code == OpCode::literal) {
    return equals_literal(run, op, frame);
  }
  Part left;
  Part right;
  if (!both(run, op, frame, left, right)) return Answer::failed;
  const auto which = static_cast<Operator>(op.data);
  const bool equals = which == Operator::equal || which == Operator::not_equal;
  auto result = equals ? equal(run, left, right) : equivalent(run, left, right);
  if (which == Operator::not_equal || which == Operator::not_equivalent) {
    result = negated(result);
  }
  run.drop_to(left.begin);
  return result;
}

Answer membership(Evaluation& run, const Op& op, const Frame& frame) {
  Part left;
  Part right;
  if (!both(run, op, frame, left, right)) return Answer::failed;
  const bool in = static_cast<Operator>(op.data) == Operator::in;
  const auto& item = in ? left : right;
  const auto& all = in ? right : left;
  auto result = Answer::empty;
  if (item.size() > 1) {
    run.fail(op.place, "one item is needed before 'in' or after 'contains'");
    return Answer::failed;
  }
  if (!item.empty()) {
    const Value value = run.at(item.begin);
    result = contains(run, all, value);
  }
  run.drop_to(left.begin);
  return result;
}

// Three values: FHIRPath 2.0, 6.5.
Answer logic(Evaluation& run, const Op& op, const Frame& frame) {
  const auto which = static_cast<Operator>(op.data);
  const auto scope = run.defined.size();
  const auto left = run.eval_answer(run.arg(op, 0), frame);
  run.defined.resize(std::min(scope, run.defined.size()));
  if (left == Answer::failed) return left;
  if (which == Operator::and_ && left == Answer::no) return left;
  if (which == Operator::or_ && left == Answer::yes) return left;
  if (which == Operator::implies && left == Answer::no) return Answer::yes;
  const auto right = run.eval_answer(run.arg(op, 1), frame);
  run.defined.resize(std::min(scope, run.defined.size()));
  if (right == Answer::failed) return right;
  if (which == Operator::xor_) {
    if (left == Answer::empty || right == Answer::empty) return Answer::empty;
    return answer(left != right);
  }
  // The answer that decides alone, and the one that leaves it to the other.
  const auto strong = which == Operator::and_ ? Answer::no : Answer::yes;
  const auto weak = which == Operator::or_ ? Answer::no : Answer::yes;
  if (right == strong) return right;
  return left == weak ? right : Answer::empty;
}

bool is_of_type(Evaluation& run, const Value& value, TypeId type) {
  if (value.is_node() && value.type() == kUntyped) {
    // Trees without a model: what the JSON kind says.
    return type == run.system(value).type();
  }
  if (!run.types().is_a(value.type(), type)) {
    // System.Quantity and FHIR.Quantity share their plain name.
    return value.is(ValueKind::quantity) && run.types().is_quantity(type);
  }
  return true;
}

bool passes_as_type(Evaluation& run, const Value& value, TypeId type) {
  if (run.types().is_primitive(type)) return value.type() == type;
  if (is_of_type(run, value, type)) return true;
  return run.program().as_filters && is_system(type) && value.is_node() &&
         !value.json().is_object() && run.system(value).type() == type;
}

}  // namespace gateway::fhirpath
