// The documents that outward maps read: what the gateway knows of a visit, a
// bill, an episode and the origin of what it wrote, each field with its kind.
// A map that names a field that is not here is refused when it is loaded.
//
// Fields are numbered, so that whoever fills a document and whoever reads it
// meet in a slot and not in a name.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace gateway::map {

enum class FieldKind : std::uint8_t {
  text,  // codes and references too
  date,
  time,  // with offset
  integer,
  decimal,
  flag,
  object
};
std::string_view name_of(FieldKind kind);
// JSON writes it without quotes.
constexpr bool is_bare(FieldKind kind) {
  return kind == FieldKind::integer || kind == FieldKind::decimal ||
         kind == FieldKind::flag;
}

struct DocumentType;

struct DocumentField {
  std::uint8_t slot = 0;
  std::string_view name{};
  FieldKind kind = FieldKind::text;
  bool repeats = false;
  const DocumentType* type = nullptr;  // of an object, or of a list's items
  bool always = false;                 // never without a value
  // Where the gateway looks for it in what it emitted: "identifier.value". A
  // map that does not write it there would make the gateway forget.
  std::string_view read_back{};
};

struct DocumentType {
  std::string_view name;
  std::span<const DocumentField> fields;
  std::string_view resource{};  // what a map makes of it

  [[nodiscard]] const DocumentField* find(std::string_view field) const;
};

// The items of a list of values have one slot, which is themselves: $this.
constexpr std::uint8_t kItself = 0;

struct VisitField {
  enum : std::uint8_t {
    id,
    key,
    status,
    base,
    program,
    patient,
    referral,
    episode,
    performers,
    date,
    start,
    end,
    minutes,
    place_of_service,
    location,
    provider,
    count
  };
};
struct PerformerField {
  enum : std::uint8_t { actor, count };
};
struct BillField {
  enum : std::uint8_t {
    id,
    key,
    control_number,
    status,
    frequency,
    created,
    base,
    program,
    patient,
    from,
    to,
    insurer,
    provider,
    facility,
    referral,
    claim_number,
    prior,
    payer_number,
    care_team,
    diagnoses,
    coverage,
    authorization,
    accident_date,
    lines,
    total,
    count
  };
};
struct MemberField {
  enum : std::uint8_t { sequence, provider, role, count };
};
struct DiagnosisField {
  enum : std::uint8_t { sequence, code, type, count };
};
struct LineField {
  enum : std::uint8_t {
    sequence,
    care_team_sequence,
    diagnosis_sequence,
    code,
    modifiers,
    date,
    place_of_service,
    quantity,
    unit_price,
    net,
    minutes,
    rule,
    encounter,
    count
  };
};
struct EpisodeField {
  enum : std::uint8_t {
    id,
    key,
    status,
    base,
    program,
    patient,
    organization,
    start,
    end,
    discharge_reason,
    discharged_by,
    referral,
    count
  };
};
struct OriginField {
  enum : std::uint8_t {
    id,
    base,
    targets,
    recorded,
    occurred,
    policies,
    reasons,
    states,
    device,
    partner,
    inputs,
    maps,
    count
  };
};

extern const DocumentType kVisit;
extern const DocumentType kBill;
extern const DocumentType kEpisode;
extern const DocumentType kOrigin;

// "visit": null if there is no such document.
const DocumentType* document_named(std::string_view name);
std::vector<std::string_view> document_names();

}  // namespace gateway::map
