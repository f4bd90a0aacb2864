// FHIRPath 2.0 with the STU functions that FHIR R4 uses: compile once, evaluate
// often, from any number of threads.
//
//   Types come from a fhir::TypeModel. Without one, or on documents that were
//   not parsed with the model's table of keys, trees are untyped: names are
//   looked up as they are, and texts become dates or numbers when they are
//   compared with such. So HL7 v2 trees and fact objects can be queried too.
//
//   const auto met = compile("name.exists()", {.model = &model,
//                                              .context = "Patient"});
//   if (met.ok()) evaluate_boolean(*met, patient, {});

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/json.h"
#include "base/result.h"
#include "fhir/type_model.h"
#include "fhirpath/problem.h"
#include "fhirpath/scratch.h"
#include "fhirpath/value.h"

namespace gateway::fhirpath {

struct Program;

struct CompileOptions {
  const fhir::TypeModel* model = nullptr;  // must outlive the expression
  // Type of the input, as "Patient", "HumanName", "Patient.contact". With it,
  // names and operators are checked now: what can never work is `semantic`.
  std::string_view context = {};
  // Where there is no model: the table with which documents are parsed.
  const KeyTable* keys = nullptr;
  // R4's own search parameters and invariants use as() where several items may
  // stand, and name FHIR's primitives as FHIRPath's types (String for string);
  // FHIRPath proper refuses the one and tells the other apart.
  bool as_filters = false;
};

class Expression {
 public:
  Expression() = default;
  explicit Expression(std::shared_ptr<const Program> program)
      : program_(std::move(program)) {}

  // REQUIRES: made by compile().
  [[nodiscard]] const Program& program() const { return *program_; }
  [[nodiscard]] std::string_view source() const;
  explicit operator bool() const { return program_ != nullptr; }

 private:
  std::shared_ptr<const Program> program_;
};

// The error's message names kind and byte; `problem`, if given, has them apart.
Result<Expression> compile(std::string_view text,
                           const CompileOptions& options = {},
                           Problem* problem = nullptr);

// What one evaluation may cost. Beyond it: an error of kind budget.
struct Budget {
  std::uint64_t steps = 20'000'000;  // operations and items looked at
  std::uint32_t items = 2'000'000;   // in all collections at one time
  std::size_t bytes = 64U << 20U;    // of computed texts
  // What several evaluations may cost together: each takes its steps from it.
  std::uint64_t* purse = nullptr;
};

struct Variable {
  std::string_view name;
  std::vector<Value> values;
};

// What an expression may know of the world. Everything has a sensible absence.
struct Environment {
  Json resource;       // %resource; absent: the input
  Json root_resource;  // %rootResource; absent: the same as %resource
  std::span<const Variable> variables = {};

  // now(), today() and timeOfDay(); without it they are errors.
  std::optional<Instant> now = std::nullopt;
  std::chrono::minutes offset{0};  // of the clock from UTC

  // The target of a reference, or absent. References to contained resources
  // ("#x") and to entries of a Bundle by fullUrl need none.
  std::function<Json(std::string_view reference)> resolve;
  // Whether a code, Coding or CodeableConcept is in a value set; nothing if
  // that is not known.
  std::function<std::optional<bool>(const Value&, std::string_view url)>
      member_of;
  // Whether a node conforms to a profile; nothing if that is not loaded.
  // Without it, only the types of the model are known.
  std::function<std::optional<bool>(const Value&, std::string_view url)>
      conforms_to;
  // Whether a narrative is safe; without it all are.
  std::function<bool(const Value&)> html_checks;
  // Receives what trace() is given.
  std::function<void(std::string_view name, std::span<const Value>)> trace;

  Budget budget;
};

// The result of an evaluation. Texts are views of the input, of the expression
// and of the collection itself: those must live as long as its values.
class Collection {
 public:
  [[nodiscard]] std::span<const Value> values() const { return values_; }
  [[nodiscard]] std::size_t size() const { return values_.size(); }
  [[nodiscard]] bool empty() const { return values_.empty(); }
  [[nodiscard]] const Value& operator[](std::size_t index) const {
    return values_[index];
  }
  [[nodiscard]] auto begin() const { return values_.begin(); }
  [[nodiscard]] auto end() const { return values_.end(); }

 private:
  friend Result<Collection> evaluate(const Expression&, const Value&,
                                     const Environment&, Problem*);
  // `value` with its text or quantity in this collection's own memory.
  Value kept(const Value& value);

  std::vector<Value> values_;
  Arena arena_;
};

// The type of `input` is the one that the expression was compiled for, or what
// its resourceType says.
Result<Collection> evaluate(const Expression& expression, Json input,
                            const Environment& environment = {},
                            Problem* problem = nullptr);
Result<Collection> evaluate(const Expression& expression, const Value& input,
                            const Environment& environment = {},
                            Problem* problem = nullptr);

// The same without copies: the values live until the next evaluation with
// `scratch`.
Result<std::span<const Value>> evaluate_in(Scratch& scratch,
                                           const Expression& expression,
                                           const Value& input,
                                           const Environment& environment = {},
                                           Problem* problem = nullptr);

// For invariants: the singleton as a boolean; unknown if it is empty, failed
// if it cannot be evaluated (`problem` says why).
enum class Verdict : std::uint8_t { unmet, met, unknown, failed };
Verdict evaluate_boolean(const Expression& expression, Json input,
                         const Environment& environment = {},
                         Problem* problem = nullptr);
Verdict evaluate_boolean(const Expression& expression, const Value& input,
                         const Environment& environment = {},
                         Problem* problem = nullptr);

// `input` with its type: of the model if its document was parsed with the
// model's keys, by `type` if that is given and else by its resourceType.
Value typed_node(Json input, const Types& types, std::string_view type = {});

}  // namespace gateway::fhirpath
