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

class Programs {
 public:
  // `definitions` must outlive the programs.
  explicit Programs(const fhir::Definitions& definitions);

  // nullptr if the expression cannot be compiled.
  [[nodiscard]] const fhirpath::Expression* of(
      const fhir::ConstraintRow& constraint) const;
  [[nodiscard]] const fhir::TypeModel& model() const { return model_; }

 private:
  struct Entry {
    bool good = false;
    fhirpath::Expression expression;
  };
  const Entry* compiled(const fhir::ConstraintRow& constraint) const;

  const fhir::Definitions& definitions_;
  fhir::TypeModel model_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Entry>> owned_;
  mutable std::vector<std::atomic<const Entry*>> entries_;
};

}  // namespace gateway::validate
