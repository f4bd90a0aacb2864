#include "map/document_model.h"

#include <algorithm>
#include <array>

namespace gateway::map {
namespace {

using Kind = FieldKind;

// A field that never lacks its value, and is looked for at `read_back`.
constexpr DocumentField sure(std::uint8_t slot, std::string_view name,
                             Kind kind, std::string_view read_back = {}) {
  return {.slot = slot,
          .name = name,
          .kind = kind,
          .always = true,
          .read_back = read_back};
}
constexpr DocumentField maybe(std::uint8_t slot, std::string_view name,
                              Kind kind, std::string_view read_back = {}) {
  return {.slot = slot, .name = name, .kind = kind, .read_back = read_back};
}
constexpr DocumentField list(std::uint8_t slot, std::string_view name,
                             Kind kind, const DocumentType* type) {
  return {
      .slot = slot, .name = name, .kind = kind, .repeats = true, .type = type};
}
// A list of one item at least.
constexpr DocumentField some(std::uint8_t slot, std::string_view name,
                             Kind kind, const DocumentType* type) {
  auto field = list(slot, name, kind, type);
  field.always = true;
  return field;
}

constexpr DocumentField kTextItself[] = {sure(kItself, "$this", Kind::text)};
constexpr DocumentField kIntegerItself[] = {
    sure(kItself, "$this", Kind::integer)};
constexpr DocumentType kText{"text", kTextItself};
constexpr DocumentType kInteger{"integer", kIntegerItself};

constexpr DocumentField kPerformerFields[] = {
    sure(PerformerField::actor, "actor", Kind::text),
};
constexpr DocumentType kPerformer{"performer", kPerformerFields};

constexpr DocumentField kVisitFields[] = {
    sure(VisitField::id, "id", Kind::text, "id"),
    sure(VisitField::key, "key", Kind::text, "identifier.value"),
    sure(VisitField::status, "status", Kind::text, "status"),
    sure(VisitField::base, "base", Kind::text),
    sure(VisitField::program, "program", Kind::text),
    maybe(VisitField::patient, "patient", Kind::text),
    maybe(VisitField::referral, "referral", Kind::text),
    maybe(VisitField::episode, "episode", Kind::text),
    list(VisitField::performers, "performers", Kind::object, &kPerformer),
    sure(VisitField::date, "date", Kind::date),
    sure(VisitField::start, "start", Kind::time),
    sure(VisitField::end, "end", Kind::time),
    sure(VisitField::minutes, "minutes", Kind::integer),
    maybe(VisitField::place_of_service, "placeOfService", Kind::text),
    maybe(VisitField::location, "location", Kind::text),
    maybe(VisitField::provider, "provider", Kind::text),
};

constexpr DocumentField kMemberFields[] = {
    sure(MemberField::sequence, "sequence", Kind::integer),
    maybe(MemberField::provider, "provider", Kind::text),
    sure(MemberField::role, "role", Kind::text),
};
constexpr DocumentType kMember{"member", kMemberFields};

constexpr DocumentField kDiagnosisFields[] = {
    sure(DiagnosisField::sequence, "sequence", Kind::integer),
    sure(DiagnosisField::code, "code", Kind::text),
    maybe(DiagnosisField::type, "type", Kind::text),
};
constexpr DocumentType kDiagnosis{"diagnosis", kDiagnosisFields};

constexpr DocumentField kLineFields[] = {
    sure(LineField::sequence, "sequence", Kind::integer),
    maybe(LineField::care_team_sequence, "careTeamSequence", Kind::integer),
    list(LineField::diagnosis_sequence, "diagnosisSequence", Kind::integer,
         &kInteger),
    sure(LineField::code, "code", Kind::text),
    list(LineField::modifiers, "modifiers", Kind::text, &kText),
    sure(LineField::date, "date", Kind::date),
    maybe(LineField::place_of_service, "placeOfService", Kind::text),
    sure(LineField::quantity, "quantity", Kind::decimal),
    maybe(LineField::unit_price, "unitPrice", Kind::decimal),
    maybe(LineField::net, "net", Kind::decimal),
    sure(LineField::minutes, "minutes", Kind::integer),
    maybe(LineField::rule, "rule", Kind::text),
    maybe(LineField::encounter, "encounter", Kind::text),
};
constexpr DocumentType kLine{"line", kLineFields};

constexpr DocumentField kBillFields[] = {
    sure(BillField::id, "id", Kind::text, "id"),
    sure(BillField::key, "key", Kind::text, "identifier.value"),
    sure(BillField::control_number, "controlNumber", Kind::text),
    sure(BillField::status, "status", Kind::text, "status"),
    sure(BillField::frequency, "frequency", Kind::text, "extension.valueCode"),
    sure(BillField::created, "created", Kind::time, "created"),
    sure(BillField::base, "base", Kind::text),
    sure(BillField::program, "program", Kind::text),
    maybe(BillField::patient, "patient", Kind::text),
    sure(BillField::from, "from", Kind::date),
    sure(BillField::to, "to", Kind::date),
    maybe(BillField::insurer, "insurer", Kind::text),
    maybe(BillField::provider, "provider", Kind::text),
    maybe(BillField::facility, "facility", Kind::text),
    maybe(BillField::referral, "referral", Kind::text),
    maybe(BillField::claim_number, "claimNumber", Kind::text),
    maybe(BillField::prior, "prior", Kind::text, "related.claim.reference"),
    maybe(BillField::payer_number, "payerNumber", Kind::text),
    list(BillField::care_team, "careTeam", Kind::object, &kMember),
    list(BillField::diagnoses, "diagnoses", Kind::object, &kDiagnosis),
    maybe(BillField::coverage, "coverage", Kind::text),
    maybe(BillField::authorization, "authorization", Kind::text,
          "insurance.preAuthRef"),
    maybe(BillField::accident_date, "accidentDate", Kind::date),
    some(BillField::lines, "lines", Kind::object, &kLine),
    maybe(BillField::total, "total", Kind::decimal),
};

constexpr DocumentField kEpisodeFields[] = {
    sure(EpisodeField::id, "id", Kind::text, "id"),
    sure(EpisodeField::key, "key", Kind::text, "identifier.value"),
    sure(EpisodeField::status, "status", Kind::text, "status"),
    sure(EpisodeField::base, "base", Kind::text),
    sure(EpisodeField::program, "program", Kind::text),
    maybe(EpisodeField::patient, "patient", Kind::text),
    maybe(EpisodeField::organization, "organization", Kind::text),
    maybe(EpisodeField::start, "start", Kind::date),
    maybe(EpisodeField::end, "end", Kind::date),
    maybe(EpisodeField::discharge_reason, "dischargeReason", Kind::text),
    maybe(EpisodeField::discharged_by, "dischargedBy", Kind::text),
    maybe(EpisodeField::referral, "referral", Kind::text),
};

constexpr DocumentField kOriginFields[] = {
    sure(OriginField::id, "id", Kind::text, "id"),
    sure(OriginField::base, "base", Kind::text),
    some(OriginField::targets, "targets", Kind::text, &kText),
    sure(OriginField::recorded, "recorded", Kind::time),
    maybe(OriginField::occurred, "occurred", Kind::time),
    list(OriginField::policies, "policies", Kind::text, &kText),
    list(OriginField::reasons, "reasons", Kind::text, &kText),
    list(OriginField::states, "states", Kind::text, &kText),
    sure(OriginField::device, "device", Kind::text),
    sure(OriginField::partner, "partner", Kind::text),
    list(OriginField::inputs, "inputs", Kind::text, &kText),
    list(OriginField::maps, "maps", Kind::text, &kText),
};

// Each field lies in the slot that its number says.
template <std::size_t N>
constexpr bool in_order(const DocumentField (&fields)[N], std::size_t count) {
  for (std::size_t i = 0; i < N; ++i) {
    if (fields[i].slot != i) return false;
  }
  return N == count;
}
static_assert(in_order(kVisitFields, VisitField::count));
static_assert(in_order(kPerformerFields, PerformerField::count));
static_assert(in_order(kBillFields, BillField::count));
static_assert(in_order(kMemberFields, MemberField::count));
static_assert(in_order(kDiagnosisFields, DiagnosisField::count));
static_assert(in_order(kLineFields, LineField::count));
static_assert(in_order(kEpisodeFields, EpisodeField::count));
static_assert(in_order(kOriginFields, OriginField::count));

}  // namespace

constexpr DocumentType kVisit{"visit", kVisitFields, "Encounter"};
constexpr DocumentType kBill{"bill", kBillFields, "Claim"};
constexpr DocumentType kEpisode{"episode", kEpisodeFields, "EpisodeOfCare"};
constexpr DocumentType kOrigin{"origin", kOriginFields, "Provenance"};

namespace {

constexpr std::array<const DocumentType*, 4> kDocuments{&kVisit, &kBill,
                                                        &kEpisode, &kOrigin};

}  // namespace

std::string_view name_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::text:
      return "text";
    case FieldKind::date:
      return "date";
    case FieldKind::time:
      return "time";
    case FieldKind::integer:
      return "whole number";
    case FieldKind::decimal:
      return "decimal number";
    case FieldKind::flag:
      return "truth value";
    case FieldKind::object:
      return "object";
  }
  return {};
}

const DocumentField* DocumentType::find(std::string_view field) const {
  const auto it = std::find_if(
      fields.begin(), fields.end(),
      [field](const DocumentField& one) { return one.name == field; });
  return it == fields.end() ? nullptr : &*it;
}

const DocumentType* document_named(std::string_view name) {
  const auto* const* const it = std::find_if(
      kDocuments.begin(), kDocuments.end(),
      [name](const DocumentType* one) { return one->name == name; });
  return it == kDocuments.end() ? nullptr : *it;
}

std::vector<std::string_view> document_names() {
  std::vector<std::string_view> names;
  for (const auto* one : kDocuments) names.push_back(one->name);
  return names;
}

}  // namespace gateway::map
