// Emission of a claim's content: the bill, as outward maps read it.

#include <algorithm>

#include "base/json_writer.h"
#include "billing/emit.h"
#include "episode/read.h"

namespace gateway::billing {
namespace {

using map::BillField;
using map::Document;
constexpr auto kRoot = Document::kRoot;

// At most 20 letters and digits, as X12 837P, CLM01, will carry it.
std::string control_number(std::string_view id) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char byte : id) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211ULL;
  }
  std::string text = "WG";
  for (int digit = 0; digit < 13; ++digit) {
    text += "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[hash % 36];
    hash /= 36;
  }
  return text;
}

// What a claim says of itself, and not of its dates.
Document& heading(const ClaimBody& body, const Emission& emission) {
  auto& document = blank(map::kBill, emission);
  document.set(kRoot, BillField::id, body.id);
  document.set(kRoot, BillField::key, body.key);
  document.keep(kRoot, BillField::control_number, control_number(body.id));
  document.set(kRoot, BillField::status, body.status);
  document.set(kRoot, BillField::frequency, body.frequency);
  document.set(kRoot, BillField::created, body.created);
  document.set(kRoot, BillField::prior, body.prior);
  document.set(kRoot, BillField::payer_number, body.payer_number);
  return document;
}

void add_parties(Document& document, const ClaimPlan& claim) {
  const auto& visit = *claim.visits.front();
  document.set(kRoot, BillField::program, episode::code(visit.policy->program));
  document.set(kRoot, BillField::patient, visit.referral->patient);
  document.set(kRoot, BillField::from, visit.date);
  document.set(kRoot, BillField::to, claim.visits.back()->date);
  document.set(kRoot, BillField::insurer, claim.insurer);
  document.set(kRoot, BillField::provider, visit.provider);
  document.set(kRoot, BillField::facility, visit.location);
  document.set(kRoot, BillField::referral, visit.referral->source.key);
  document.set(kRoot, BillField::claim_number, claim.claim_number);
  if (claim.coverage != nullptr) {
    document.set(kRoot, BillField::coverage, claim.coverage->source.key);
  }
  document.set(kRoot, BillField::authorization, claim.authorization);
  if (claim.injury) {
    document.set(kRoot, BillField::accident_date, *claim.injury);
  }
  if (claim.total) document.set(kRoot, BillField::total, *claim.total);
}

// The sequence of the rendering member; 0 if there is none.
int add_care_team(Document& document, const ClaimPlan& claim) {
  using Field = map::MemberField;
  int sequence = 0;
  const auto add = [&](const std::string& provider, std::string_view role) {
    if (provider.empty()) return 0;
    const auto item = document.add(kRoot, BillField::care_team);
    document.set_integer(item, Field::sequence, ++sequence);
    document.set(item, Field::provider, provider);
    document.set(item, Field::role, role);
    return sequence;
  };
  add(claim.requester, "referring");
  return add(claim.rendering, "rendering");
}

void add_diagnoses(Document& document, const ClaimPlan& claim) {
  using Field = map::DiagnosisField;
  int sequence = 0;
  for (const auto& code : claim.diagnoses) {
    const auto item = document.add(kRoot, BillField::diagnoses);
    document.set_integer(item, Field::sequence, ++sequence);
    document.set(item, Field::code, code);
    if (sequence == 1) document.set(item, Field::type, "principal");
  }
}

// What lines have in common.
struct Pointers {
  int sequence = 0;   // of the line itself
  int rendering = 0;  // 0: nobody
  int diagnoses = 0;
};

void add_line(Document& document, const Line& line, const Visit& visit,
              const Pointers& pointers, const Emission& emission) {
  using Field = map::LineField;
  const auto item = document.add(kRoot, BillField::lines);
  document.set_integer(item, Field::sequence, pointers.sequence);
  if (pointers.rendering > 0) {
    document.set_integer(item, Field::care_team_sequence, pointers.rendering);
  }
  for (int number = 1; number <= pointers.diagnoses; ++number) {
    document.set_integer(document.add(item, Field::diagnosis_sequence),
                         map::kItself, number);
  }
  document.set(item, Field::code, line.code);
  for (const auto& modifier : line.modifiers) {
    document.add(item, Field::modifiers, modifier);
  }
  document.set(item, Field::date, line.date);
  document.set(item, Field::place_of_service, visit.place_of_service);
  document.set(item, Field::quantity, Decimal(line.quantity, 3).normalized());
  if (line.unit_price) document.set(item, Field::unit_price, *line.unit_price);
  if (line.net) document.set(item, Field::net, *line.net);
  document.set_integer(item, Field::minutes, line.minutes);
  document.set(item, Field::rule, line.rule);
  document.keep(item, Field::encounter, emission.resolve(line.encounter));
}

}  // namespace

Result<std::string> claim_json(const ClaimPlan& claim, const ClaimBody& body,
                               const Emission& emission) {
  constexpr int kMostDiagnoses = 4;  // pointers of a line: 837P, SV107
  auto& document = heading(body, emission);
  add_parties(document, claim);
  Pointers pointers;
  pointers.rendering = add_care_team(document, claim);
  add_diagnoses(document, claim);
  pointers.diagnoses =
      std::min(kMostDiagnoses, static_cast<int>(claim.diagnoses.size()));
  for (const auto* visit : claim.visits) {
    for (const auto& line : visit->lines) {
      ++pointers.sequence;
      add_line(document, line, *visit, pointers, emission);
    }
  }
  return emitted(document, emission);
}

namespace {

// The relationships of the emitted claim, but with our own prior claim.
std::string related_like(Json emitted, Json ours) {
  JsonWriter out;
  out.begin_array();
  for (const Json one : emitted) {
    if (!one.get("claim").exists()) out.raw(one.raw());
  }
  for (const Json one : ours) {
    if (one.get("claim").exists()) out.raw(one.raw());
  }
  return out.end_array().take();
}

bool is_heading(std::string_view name) {
  return name == "extension" || name == "identifier" || name == "id" ||
         name == "status" || name == "created";
}

}  // namespace

Result<std::string> claim_like(std::string_view emitted, const ClaimBody& body,
                               const Emission& emission) {
  const auto document = JsonDocument::parse(std::string(emitted));
  if (!document) return document.error();
  const auto text =
      map::emit(emission.maps, heading(body, emission), emission.owner);
  if (!text) return text.error();
  const auto head = JsonDocument::parse(*text);
  if (!head) return head.error();
  JsonWriter out;
  out.begin_object();
  const auto related = head->root().get("related");
  const bool is_new = !document->root().get("related").exists();
  for (const Json member : document->root()) {
    const auto name = member.name();
    const auto ours = head->root().get(name);
    if (name == "related" && !body.prior.empty()) {
      out.key(name).raw(related_like(member, related));
    } else if (is_heading(name) && ours.exists()) {
      out.key(name).raw(ours.raw());
    } else {
      out.key(name).raw(member.raw());
    }
  }
  if (is_new && related.exists()) {
    out.key("related").raw(related_like({}, related));
  }
  return out.end_object().take();
}

Result<std::string> wanted_financial(
    const ClaimPlan& claim, const std::vector<const episode::Emitted*>& chain,
    const episode::Case& facts, const Emission& emission) {
  auto planned = financial_text(claim);
  const bool differs =
      std::any_of(chain.begin(), chain.end(), [&](const auto* one) {
        return facts.pulled(one->source.key) && one->financial != planned;
      });
  if (!differs) return planned;
  const auto text = claim_json(claim, {.id = "c", .key = claim.key}, emission);
  if (!text) return text.error();
  const auto document = JsonDocument::parse(*text);
  if (!document) return document.error();
  return episode::read_emitted({document->root(), {}, emission.base}).financial;
}

std::string financial_text(const ClaimPlan& claim) {
  std::string text;
  for (const auto* visit : claim.visits) {
    for (const auto& line : visit->lines) {
      text += line.code;
      for (const auto& modifier : line.modifiers) text += "-" + modifier;
      text += ' ' + line.date.text() + ' ' + quantity_text(line.quantity) + ' ';
      if (line.net) text += line.net->text();
      text += ';';
    }
  }
  return text;
}

}  // namespace gateway::billing
