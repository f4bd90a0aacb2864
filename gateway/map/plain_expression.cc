#include "map/plain_expression.h"

#include "map/expression.h"

namespace gateway::map {
const DocumentValue* DocumentPath::last(const DocumentContext& context,
                                        Document::Node& node) const {
  node = from_root ? Document::kRoot : context.here;
  const DocumentValue* value = nullptr;
  for (const auto slot : slots) {
    value = &context.document.value(node, slot);
    if (value->kind != DocumentValue::Kind::nodes) break;
    node = value->first;
  }
  return value;
}

const DocumentValue* DocumentPath::find(const DocumentContext& context) const {
  Document::Node node = Document::kNoNode;
  const auto* value = last(context, node);
  const bool values = value->kind == DocumentValue::Kind::nodes &&
                      field->kind != FieldKind::object;
  return values ? &context.document.value(node, kItself) : value;
}

const DocumentValue* DocumentPath::find_nodes(
    const DocumentContext& context) const {
  Document::Node node = Document::kNoNode;
  const auto* value = last(context, node);
  return value->kind == DocumentValue::Kind::nodes ? value : nullptr;
}

bool PlainExpression::is_constant() const {
  return steps_[root_].op == Op::literal;
}

bool PlainExpression::is_certain(std::uint32_t step) const {
  const auto& one = steps_[step];
  switch (one.op) {
    case Op::literal:
      return !one.text.empty();
    case Op::path:
      return one.path.slots.size() == 1 && one.path.field->always;
    case Op::concatenation:
      return is_certain(one.a) || is_certain(one.b);
    case Op::choice:
      return is_certain(one.b) && is_certain(one.c);
    case Op::exists:
    case Op::empty:
      return true;
    case Op::nothing:
    case Op::setting:
    case Op::equal:
    case Op::unequal:
    case Op::both:
    case Op::either:
    case Op::negation:
      return false;
  }
  return false;
}

PlainExpression::Presence PlainExpression::presence() const {
  const auto& root = steps_[root_];
  if (root.op == Op::path) return {&root.path, true};
  if (root.op != Op::choice) return {};
  const auto& when = steps_[root.a];
  if (when.op != Op::exists && when.op != Op::empty) return {};
  const bool then_only = is_certain(root.b) && steps_[root.c].op == Op::nothing;
  const bool else_only = is_certain(root.c) && steps_[root.b].op == Op::nothing;
  if (then_only == else_only) return {};
  return {&steps_[when.a].path, (when.op == Op::exists) == then_only};
}

const DocumentPath* PlainExpression::path() const {
  const auto& root = steps_[root_];
  return root.op == Op::path ? &root.path : nullptr;
}

bool PlainExpression::append(const DocumentContext& context,
                             std::string& out) const {
  return append(root_, context, out);
}

bool PlainExpression::holds(const DocumentContext& context) const {
  const auto& root = steps_[root_];
  // A value that is no truth value holds by being there.
  if (root.kind != FieldKind::flag) {
    if (root.op == Op::path) return root.path.find(context)->exists();
    std::string unused;
    return append(root_, context, unused);
  }
  return truth(root_, context) == Truth::yes;
}

bool PlainExpression::append(std::uint32_t step, const DocumentContext& context,
                             std::string& out) const {
  const auto& one = steps_[step];
  const auto before = out.size();
  switch (one.op) {
    case Op::nothing:
      return false;
    case Op::literal:
      out += one.text;
      return !one.text.empty();
    case Op::path:
      append_value(out, *one.path.find(context));
      return out.size() > before;
    case Op::setting:
      for (const auto& setting : context.settings) {
        if (setting.name == one.text) out += setting.value;
      }
      return out.size() > before;
    case Op::concatenation:
      append(one.a, context, out);
      append(one.b, context, out);
      return out.size() > before;
    case Op::choice:
      return append(truth(one.a, context) == Truth::yes ? one.b : one.c,
                    context, out);
    case Op::exists:
    case Op::empty:
    case Op::equal:
    case Op::unequal:
    case Op::both:
    case Op::either:
    case Op::negation:
      break;
  }
  const auto held = truth(step, context);
  if (held == Truth::unknown) return false;
  out += held == Truth::yes ? "true" : "false";
  return true;
}

PlainExpression::Truth PlainExpression::equals(
    const Step& step, const DocumentContext& context) const {
  std::string left;
  std::string right;
  if (!append(step.a, context, left) || !append(step.b, context, right)) {
    return Truth::unknown;
  }
  return (left == right) == (step.op == Op::equal) ? Truth::yes : Truth::no;
}

PlainExpression::Truth PlainExpression::truth(
    std::uint32_t step, const DocumentContext& context) const {
  const auto& one = steps_[step];
  const auto is = [](bool held) { return held ? Truth::yes : Truth::no; };
  switch (one.op) {
    case Op::literal:
      return is(one.text == "true");
    case Op::exists:
      return is(steps_[one.a].path.find(context)->exists());
    case Op::empty:
      return is(!steps_[one.a].path.find(context)->exists());
    case Op::equal:
    case Op::unequal:
      return equals(one, context);
    case Op::negation: {
      const auto held = truth(one.a, context);
      return held == Truth::unknown ? held : is(held == Truth::no);
    }
    case Op::both:
    case Op::either: {
      const auto deciding = one.op == Op::both ? Truth::no : Truth::yes;
      const auto left = truth(one.a, context);
      const auto right = truth(one.b, context);
      if (left == deciding || right == deciding) return deciding;
      return left == Truth::unknown ? left : right;
    }
    case Op::choice:
      return truth(truth(one.a, context) == Truth::yes ? one.b : one.c,
                   context);
    case Op::nothing:
    case Op::path:
    case Op::setting:
    case Op::concatenation:
      break;
  }
  return Truth::unknown;
}

}  // namespace gateway::map
