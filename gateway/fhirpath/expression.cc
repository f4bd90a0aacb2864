#include "fhirpath/expression.h"

#include <cstring>

#include "fhirpath/compiler.h"
#include "fhirpath/evaluation.h"
#include "fhirpath/program.h"
#include "fhirpath/syntax.h"

namespace gateway::fhirpath {
namespace {

// The thread's scratch, or one of its own while that is in use: a function of
// the environment may evaluate, too.
class ScratchUse {
 public:
  ScratchUse() : used_(&thread_scratch()) {
    if (used_->busy) {
      own_ = std::make_unique<Scratch>();
      used_ = own_.get();
    }
    used_->busy = true;
  }
  ~ScratchUse() { used_->busy = false; }
  ScratchUse(const ScratchUse&) = delete;
  ScratchUse& operator=(const ScratchUse&) = delete;

  [[nodiscard]] Scratch& scratch() const { return *used_; }

 private:
  Scratch* used_;
  std::unique_ptr<Scratch> own_;
};

Value input_of(const Expression& expression, Json input) {
  const auto& program = expression.program();
  const auto& types = program.types;
  if (!input.exists()) return Value::node(input, kUntyped);
  const auto* model = types.model();
  if (model == nullptr || &input.document()->keys() != &model->keys() ||
      program.context == kUntyped || types.stands_for_any(program.context)) {
    return typed_node(input, types);
  }
  return Value::node(input, program.context);
}

}  // namespace

Value Collection::kept(const Value& value) {
  constexpr std::size_t kNoLimit = static_cast<std::size_t>(-1) / 2;
  const auto copy = [this](std::string_view text) -> std::string_view {
    if (text.empty()) return {};
    void* place = arena_.take(text.size(), kNoLimit);
    std::memcpy(place, text.data(), text.size());
    return {static_cast<const char*>(place), text.size()};
  };
  if (value.is(ValueKind::string)) return Value::of(copy(value.string()));
  if (!value.is(ValueKind::quantity)) return value;
  const auto& from = value.quantity();
  void* place = arena_.take(sizeof(Quantity), kNoLimit);
  return Value::of(new (place)
                       Quantity{from.value, copy(from.unit), from.calendar});
}

std::string_view Expression::source() const { return program_->source; }

Value typed_node(Json input, const Types& types, std::string_view type) {
  const auto* model = types.model();
  if (model == nullptr || !input.exists() ||
      &input.document()->keys() != &model->keys()) {
    return Value::node(input, kUntyped);
  }
  if (type.empty()) {
    type = input.get(model->definitions().names.resource_type).text();
  }
  return Value::node(input, type.empty() ? kUntyped : model->find(type));
}

Result<Expression> compile(std::string_view text, const CompileOptions& options,
                           Problem* problem) {
  Problem own;
  auto& found = problem != nullptr ? *problem : own;
  found = {};
  Syntax syntax;
  if (!parse(text, syntax, found)) return error(found);
  auto program = compiled(syntax, text, options, found);
  if (program == nullptr) return error(found);
  return Expression(std::move(program));
}

Result<std::span<const Value>> evaluate_in(Scratch& scratch,
                                           const Expression& expression,
                                           const Value& input,
                                           const Environment& environment,
                                           Problem* problem) {
  Evaluation run(expression.program(), environment, scratch, input);
  Part part;
  if (!run.run(part)) {
    if (problem != nullptr) *problem = run.problem();
    return error(run.problem());
  }
  return run.values(part.begin, part.end);
}

Result<Collection> evaluate(const Expression& expression, const Value& input,
                            const Environment& environment, Problem* problem) {
  const ScratchUse use;
  const auto found =
      evaluate_in(use.scratch(), expression, input, environment, problem);
  if (!found.ok()) return found.error();
  Collection out;
  out.values_.assign(found->begin(), found->end());
  for (auto& value : out.values_) {
    value = out.kept(value);
  }
  return out;
}

Result<Collection> evaluate(const Expression& expression, Json input,
                            const Environment& environment, Problem* problem) {
  return evaluate(expression, input_of(expression, input), environment,
                  problem);
}

Verdict evaluate_boolean(const Expression& expression, const Value& input,
                         const Environment& environment, Problem* problem) {
  const ScratchUse use;
  Evaluation run(expression.program(), environment, use.scratch(), input);
  switch (run.run_boolean()) {
    case Answer::yes:
      return Verdict::met;
    case Answer::no:
      return Verdict::unmet;
    case Answer::empty:
      return Verdict::unknown;
    case Answer::failed:
      break;
  }
  if (problem != nullptr) *problem = run.problem();
  return Verdict::failed;
}

Verdict evaluate_boolean(const Expression& expression, Json input,
                         const Environment& environment, Problem* problem) {
  return evaluate_boolean(expression, input_of(expression, input), environment,
                          problem);
}

}  // namespace gateway::fhirpath
