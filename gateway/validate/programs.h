// Programs are the compiled invariants of definitions: each expression is
// compiled when it is first needed and then shared by all threads.

#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "fhir/definitions.h"
#include "fhir/type_model.h"
#include "fhirpath/expression.h"

namespace gateway::validate {

// What tells without evaluation that a rule holds. The expression decides
// wherever this does not.
enum class Shortcut : std::uint8_t {
  none,
  nothing_contained,  // the rule is about contained resources only
  all_referred_to,    // and holds if a reference leads to each of them
  reference,          // ref-1: elsewhere, or to what is contained
  one_of_two,         // ext-1: a value or extensions
  narrative,          // txt-1, txt-2: it is safe
  narrated,           // dom-6: there is one
};

class Programs {
 public:
  // `definitions` must outlive the programs.
  explicit Programs(const fhir::Definitions& definitions);

  struct Program {
    fhirpath::Expression expression;
    Shortcut shortcut = Shortcut::none;
  };

  // nullptr if the expression cannot be compiled.
  [[nodiscard]] const Program* of(const fhir::ConstraintRow& constraint) const;
  [[nodiscard]] const fhir::TypeModel& model() const { return model_; }

 private:
  struct Entry {
    bool good = false;
    Program program;
  };
  const Entry* compiled(const fhir::ConstraintRow& constraint) const;

  const fhir::Definitions& definitions_;
  fhir::TypeModel model_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Entry>> owned_;
  mutable std::vector<std::atomic<const Entry*>> entries_;
};

}  // namespace gateway::validate
