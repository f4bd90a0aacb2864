// Findings collects what validation finds, and gives each its place.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "fhir/definitions.h"
#include "fhir/outcome.h"

namespace gateway::validate {

// What is wrong, without its place.
struct Defect {
  std::string_view rule;
  fhir::IssueType type = fhir::IssueType::structure;
  std::string text = {};
  std::string seen = {};
  std::string wanted = {};
  std::string remedy = {};
  fhir::Severity severity = fhir::Severity::error;
  std::string source = {};
};

class Findings {
 public:
  enum class Detail : std::uint8_t { full, count };

  // With `count`, only the number of errors is kept: for trials.
  explicit Findings(const fhir::Definitions& definitions,
                    Detail detail = Detail::full)
      : definitions_(definitions), detail_(detail) {}

  // One defect is told once for each place.
  void add(Json place, Defect defect) {
    add_at(place, place, std::move(defect));
  }
  // With the bytes of another node than the one that the path leads to.
  void add_at(Json place, Json bytes, Defect defect);
  // Whether one of that severity would still be told.
  [[nodiscard]] bool wants(fhir::Severity severity) const;
  [[nodiscard]] bool is_trial() const { return detail_ == Detail::count; }
  [[nodiscard]] std::size_t errors() const { return errors_; }
  [[nodiscard]] const fhir::Outcome& outcome() const { return outcome_; }
  fhir::Outcome take() { return std::move(outcome_); }

 private:
  const fhir::Definitions& definitions_;
  fhir::Outcome outcome_;
  Detail detail_;
  std::size_t errors_ = 0;
};

}  // namespace gateway::validate
