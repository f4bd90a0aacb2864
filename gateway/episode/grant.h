// Grant is what a payer decided, in one form whatever message brought it: base
// R4, Da Vinci PAS, or one mapped from X12 278 or HL7 v2.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "episode/records.h"

namespace gateway::episode {

enum class Decision : std::uint8_t { granted, pended, denied, withdrawn };

// Why an authorization cannot be used as it stands.
enum class Defect : std::uint8_t {
  no_number,
  no_quantity,
  other_unit,
  other_service,
  pended,
  repeated,  // another grant in force has its number, for the same dates
};

// Quantities are in thousandths; absent means that this is not limited.
struct Grant {
  const Authorization* authorization = nullptr;
  Decision decision = Decision::denied;
  std::string number;
  std::optional<std::int64_t> visits;
  std::optional<std::int64_t> hours;    // of the program as a whole
  std::optional<std::int64_t> units;    // of both codes together
  std::optional<std::int64_t> further;  // hours beyond the first two
  std::optional<LocalDate> from;
  std::optional<LocalDate> to;
  std::optional<LocalDate> issued;  // PAS; else created of the authorization
  bool unit_unsaid = false;         // visits are counted, for want of a unit
  std::vector<Defect> defects;

  // Granted, and nothing prevents its use.
  [[nodiscard]] bool usable() const {
    return decision == Decision::granted && defects.empty();
  }
};

// Marks grants that repeat the number of an earlier one of the same patient and
// payer for dates that both have: what the payer gave once counts once. Dates
// that follow those of the first are an extension under its number.
void mark_repeated(std::vector<Grant>& grants);

// `request` is the Claim that was answered, where an EHR sent it.
Grant grant_of(const Authorization& authorization,
               const PreauthorizationRequest* request);

}  // namespace gateway::episode
