// Finding says what is wrong, or doubtful, in a message; Outcome collects them.
//
// It is the in-memory form of a FHIR OperationOutcome. Stages add to it and
// carry on; only the pipeline decides whether an Outcome stops a message.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace gateway::fhir {

// Both enums spell the FHIR codes, with '-' written as '_'.
enum class Severity : std::uint8_t { fatal, error, warning, information };
enum class IssueType : std::uint8_t {
  invalid,
  structure,
  required,
  value,
  invariant,
  security,
  forbidden,
  not_supported,
  not_found,
  duplicate,
  conflict,
  too_long,
  too_costly,
  code_invalid,
  extension,
  business_rule,
  throttled,
  transient,
  exception,
  incomplete,
  informational,
};

std::string_view code(Severity severity);
std::string_view code(IssueType type);

// Who must act before the message can go on.
enum class Actor : std::uint8_t {
  nobody,
  sender,
  attending_physician,
  front_office,
  therapist,
  biller,
  payer,
  operator_,
};
std::string_view code(Actor actor);

// The text for people is made of `text` (what is wrong), `seen`, `wanted` and
// `remedy`. None of them holds a value of the message: names of elements,
// codes of value sets, dates of service, minutes and counts only.
struct Finding {
  std::string rule{};  // stable id, as "ledger/expired" or "structure/unknown"
  Severity severity = Severity::error;
  IssueType type = IssueType::invalid;
  std::string expression{};        // FHIRPath, as "Patient.name[0].family"
  std::optional<ByteSpan> span{};  // of the message
  std::string text{};
  std::string seen{};
  std::string wanted{};
  std::string remedy{};
  Actor actor = Actor::sender;
  std::string source{};  // of the rule: a section, a URL; empty for our own

  bool operator==(const Finding&) const = default;
};

// What is wrong, what was seen, what is wanted, what to do: one line.
std::string sentence(const Finding& finding);

class Outcome {
 public:
  void add(Finding finding) { findings_.push_back(std::move(finding)); }
  void merge(Outcome other);

  // True if no finding is fatal or an error.
  [[nodiscard]] bool acceptable() const;
  [[nodiscard]] bool empty() const { return findings_.empty(); }
  [[nodiscard]] const std::vector<Finding>& findings() const {
    return findings_;
  }

 private:
  std::vector<Finding> findings_;
};

// An OperationOutcome resource. `base` is the canonical base of our own code
// systems and extensions; lines are counted in `source` where it is given.
// An Outcome without findings becomes one informational issue "all ok".
std::string to_operation_outcome(const Outcome& outcome, std::string_view base,
                                 std::string_view source = {});

// The FHIRPath of a node: "Patient.name[0].family". Items of arrays carry
// their index; the root is named by its resourceType.
std::string fhirpath_of(Json node);

}  // namespace gateway::fhir
