#include "program/knobs.h"

#include <algorithm>

#include "base/decimal.h"
#include "base/text.h"
#include "base/zone.h"
#include "program/predicate_compiler.h"

namespace gateway::program {
namespace {

using enum KnobKind;

const std::vector<KnobEntry> kKnobs = {
    {"programType", choice, "WC WH", 0, 0,
     "which program the pack is for; `programs` decides", true},
    {"unitRule", choice, "MIDPOINT COMPLETED STARTED QUARTER NEAREST", 0, 0,
     "how minutes beyond the first two hours become units"},
    {"tie", choice, "DOWN HOLD", 0, 0,
     "what an exact half becomes under NEAREST: nothing, or a hold"},
    {"minSessionMinutes", number, "", 0, 1440,
     "fewer minutes are no session; the strictest pack decides"},
    {"underMinimum", choice, "HOLD REJECT MIDPOINT MOD52", 0, 0,
     "what becomes of a date below the minimum"},
    {"preferredMinutesPerDay", number, "", 0, 1440, "shorter sessions warn"},
    {"maxMinutesPerDay", number, "", 0, 1440, "longer sessions hold"},
    {"minSlotMinutes", number, "", 0, 1440, "shorter bookings are refused"},
    {"minDaysPerWeek", number, "", 0, 7,
     "lower frequencies hold; emptier weeks warn"},
    {"maxDaysPerWeek", number, "", 0, 7, "fuller weeks hold"},
    {"minWeeks", number, "", 0, 520, "shorter orders warn"},
    {"maxWeeks", number, "", 0, 520, "longer programs warn or hold"},
    {"minVisits", number, "", 0, 1000, "smaller authorizations warn"},
    {"maxVisits", number, "", 0, 1000, "larger authorizations warn"},
    {"maxProgrammesPer", choice, "REFERRAL INJURY", 0, 0,
     "INJURY counts programs of both kinds as repetitions"},
    {"weekStart", choice, "MONDAY SUNDAY SATURDAY", 0, 0,
     "on which day a week begins"},
    {"facilityTimeZone", text, "", 0, 0,
     "the zone of the source; the location or site decides", true},
    {"gapPoolingMinutes", number, "", 0, 1440,
     "longer gaps within a day warn; the day stays one session"},
    {"authBasis", choice, "VISITS HOURS UNITS", 0, 0,
     "what a quantity without a unit counts: dates, hours, or units of both "
     "codes together; where further hours are granted by themselves, UNITS of "
     "the first code are visits"},
    {"authRequired", truth, "", 0, 0, "whether sessions need an authorization"},
    {"verifiedBeforeFirstVisit", truth, "", 0, 0,
     "whether a later grant holds what came before it"},
    {"retroAuthAllowed", truth, "", 0, 0,
     "whether a later grant covers what came before it"},
    {"visitCountScope", choice, "AUTH CLAIM INJURY", 0, 0,
     "whether an authorization serves all referrals of its claim or injury"},
    {"allocation", choice, "EARLIEST_EXPIRY", 0, 0,
     "the authorization that ends first is used first", true},
    {"allowedExtraCodes", list, "", 0, 0,
     "other codes of the day that are billed; all packs must agree"},
    {"aggregateLimitMinutes", number, "", 0, 1440,
     "other timed codes of a day stay below it together"},
    {"modifiers", table,
     "work-conditioning work-hardening accredited always physical-therapy "
     "occupational-therapy",
     0, 0,
     "modifiers: of the program, of accreditation, always, and of the plan of "
     "care by profession; on the line in this order, the assistant's last"},
    {"professions", table, "physical-therapy occupational-therapy", 0, 0,
     "how the taxonomy codes of a profession begin, its assistants included; "
     "blanks between"},
    {"accredited", truth, "", 0, 0,
     "whether the modifier of accreditation is set, and the full rate"},
    {"mue", table, "", 0, 0, "units a day that are unlikely, by code"},
    {"mueAction", choice, "OFF WARN HOLD", 0, 0,
     "whether unlikely units hold; they are never cut"},
    {"claimGrouping", choice, "DAY WEEK", 0, 0,
     "one claim for each day or week"},
    {"timelyFilingDays", number, "", 1, 3650,
     "the last day to bill, in `$explain`; what comes later warns"},
    {"regionRules", text, "", 0, 0,
     "table of body regions that the policy allows"},
    {"diagnosisDates", text, "", 0, 0,
     "table of the first and last days of ICD-10-CM codes"},
    {"progressEveryDays", number, "", 0, 365, "later measures warn"},
    {"noProgressNotifyDays", number, "", 0, 365, "a longer plateau warns"},
    {"noProgressDischargeDays", number, "", 0, 365,
     "a longer plateau warns, and asks before an extension"},
    {"pnAtFraction", number, "", 0, 1,
     "at which part of the visits the progress note is due"},
    {"unexcusedMax", number, "", 0, 100, "more absences hold"},
    {"tardiesPerAbsence", number, "", 1, 100,
     "how many tardies count as one absence"},
    {"tardyToleranceMinutes", number, "", 0, 240,
     "from when on a start is tardy"},
    {"evaluationDays", number, "", 0, 365,
     "later evaluations hold, in business days"},
    {"evaluationWarnDays", number, "", 0, 365,
     "later evaluations warn, in business days"},
    {"reportRecipients", number, "", 0, 20,
     "fewer parties that hear of the case warn"},
    {"planDays", number, "", 0, 365, "a later plan of care warns"},
    {"visitsWithoutAuth", number, "", 0, 1000,
     "further sessions need an authorization, where `authRequired` does not"},
    {"daysWithoutAuth", number, "", 0, 3650,
     "later sessions need an authorization, where `authRequired` does not"},
    {"minMonthsSinceInjury", number, "", 0, 120, "earlier sessions warn"},
    {"maxTreatmentsPerDay", number, "", 1, 100,
     "days with more kinds of treatment warn"},
    {"sheetGapDays", number, "", 0, 365, "later scans of activity sheets warn"},
    {"gate", choice, "WARN HOLD", 0, 0,
     "whether missing evidence warns or holds"},
    {"rates", table, "work-conditioning work-hardening", 0, 0,
     "price of an hour where the site has no fee"},
    {"notAccreditedPercent", number, "", 0, 100,
     "share of `rates` without accreditation"},
    {"assistantModifier", text, "", 0, 0, "modifier of what an assistant did"},
    {"assistantPercent", number, "", 0, 100,
     "share of the fee for what an assistant did"},
};

// What the values of a knob look like, where words or a range do not say it.
struct Shape {
  std::string_view knob;
  bool (*is)(std::string_view value);
  std::string_view wanted;
};

// A power of ten ("1e2") is a slip where people write amounts.
bool is_plain(std::string_view number) {
  return number.find_first_of("eE") == std::string_view::npos;
}

bool all_of(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char one) {
    return (one >= '0' && one <= '9') || (one >= 'A' && one <= 'Z') ||
           others.find(one) != std::string_view::npos;
  });
}

// Nothing takes a modifier away that a pack sets.
bool is_modifier(std::string_view text) {
  return text.empty() || (text.size() == 2 && all_of(text, ""));
}

bool is_count(std::string_view text) {
  const auto count = Decimal::parse(text);
  return count && !count->is_negative() && count->scale() == 0 &&
         is_plain(text);
}

bool is_taxonomies(std::string_view text) {
  return !text.empty() && all_of(text, " ");
}

bool is_zone(std::string_view text) { return Zone::named(text).ok(); }

constexpr Shape kShapes[] = {
    {"allowedExtraCodes", is_procedure_code,
     "a code of five characters, as 97110"},
    {"mue", is_count, "a whole number of units"},
    {"rates", is_price, "a price in dollars and cents, as 36.00"},
    {"modifiers", is_modifier, "a modifier of two characters, as GP"},
    {"assistantModifier", is_modifier, "a modifier of two characters, as CQ"},
    {"professions", is_taxonomies, "how taxonomy codes begin, as 2251 2252"},
    {"facilityTimeZone", is_zone, "an IANA zone, as America/Chicago"},
};

Error out_of(std::string_view name, const std::string& wanted,
             const std::string& instead = {}) {
  return {ErrorCode::invalid,
          "knob " + std::string(name) + ": " + wanted + " is wanted" + instead};
}

Status check_shape(std::string_view name, std::string_view value) {
  for (const auto& shape : kShapes) {
    if (shape.knob != name || shape.is(value)) continue;
    return out_of(name, std::string(shape.wanted),
                  ", not '" + std::string(value) + "'");
  }
  return Done{};
}

Status check_key(const KnobEntry& entry, const std::string& key) {
  const auto choices = split(entry.choices, ' ');
  if (entry.choices.empty()) {
    if (is_procedure_code(key)) return Done{};
    return out_of(entry.name, "a code of five characters, as 97546,",
                  ", not '" + key + "'");
  }
  if (std::find(choices.begin(), choices.end(), key) != choices.end()) {
    return Done{};
  }
  return out_of(entry.name,
                "a key of " + std::string(entry.choices) + " instead of " + key,
                suggestion(key, {choices.begin(), choices.end()}));
}

// All other numbers count minutes, days, visits or the like.
bool is_share(std::string_view name) {
  return name == "pnAtFraction" || name.ends_with("Percent");
}

Status check_number(const KnobEntry& entry, Knob& knob) {
  const auto number = Decimal::parse(knob.text);
  const auto scaled = number ? number->rounded(3) : std::nullopt;
  const bool parts = is_share(entry.name);
  if (!scaled || *scaled < Decimal(entry.least) ||
      *scaled > Decimal(entry.most) || *scaled != *number ||
      !is_plain(knob.text) || (!parts && !number->is_integer())) {
    return out_of(entry.name,
                  std::string(parts ? "a number" : "a whole number") +
                      " from " + std::to_string(entry.least) + " to " +
                      std::to_string(entry.most));
  }
  knob.thousandths = static_cast<std::int64_t>(scaled->coefficient());
  return Done{};
}

Status check_scalar(const KnobEntry& entry, Knob& knob) {
  if (entry.kind == number) return check_number(entry, knob);
  if (entry.kind == truth) {
    if (knob.text != "true" && knob.text != "false") {
      return out_of(entry.name, "true or false");
    }
    knob.thousandths = knob.text == "true" ? 1 : 0;
  }
  if (entry.kind == choice) {
    const auto choices = split(entry.choices, ' ');
    if (std::find(choices.begin(), choices.end(), knob.text) == choices.end()) {
      return out_of(entry.name, "one of " + std::string(entry.choices),
                    suggestion(knob.text, {choices.begin(), choices.end()}));
    }
  }
  return check_shape(entry.name, knob.text);
}

Status check_unverified(const KnobEntry& entry, const Knob& knob) {
  for (const auto& key : knob.unverified) {
    if (knob.table.contains(key)) continue;
    return out_of(entry.name,
                  "as unverified a key of the table, not " + key + ",");
  }
  return Done{};
}

Status at(const Yaml& yaml, const Status& checked) {
  if (checked) return checked;
  return Error{ErrorCode::invalid,
               yaml.place() + ": " + checked.error().message};
}

Status fill_list(const KnobEntry& entry, const Yaml& value, Knob& knob) {
  if (value.kind() != Yaml::Kind::sequence) {
    return at(value, out_of(entry.name, "a list"));
  }
  for (const auto& item : value.items()) {
    const auto checked = check_shape(entry.name, item.scalar());
    if (!checked) return at(item, checked);
    knob.list.push_back(item.scalar());
  }
  return Done{};
}

Status fill_table(const KnobEntry& entry, const Yaml& value, Knob& knob) {
  if (value.kind() != Yaml::Kind::map) {
    return at(value, out_of(entry.name, "a table"));
  }
  for (const auto& [key, item] : value.members()) {
    const auto known = check_key(entry, key.scalar());
    if (!known) return at(key, known);
    const bool plain = item.kind() == Yaml::Kind::scalar;
    const auto checked = plain ? check_shape(entry.name, item.scalar())
                               : out_of(entry.name, "one value for each key");
    if (!checked) return at(item, checked);
    knob.table[key.scalar()] = item.scalar();
  }
  return at(value, check_unverified(entry, knob));
}

Status fill(const KnobEntry& entry, const Yaml& value, Knob& knob) {
  if (entry.kind == list) return fill_list(entry, value, knob);
  if (entry.kind == table) return fill_table(entry, value, knob);
  if (value.kind() != Yaml::Kind::scalar) {
    return at(value, out_of(entry.name, "one value"));
  }
  knob.text = value.scalar();
  if (entry.kind == truth && value.quoted()) {
    return at(value, out_of(entry.name, "true or false, not a quoted word,"));
  }
  return at(value, check_scalar(entry, knob));
}

constexpr std::string_view kHardening = "work-hardening";

// What stands beside the value. A field that says anything but true or false
// of its source must not pass for one that is verified.
Status describe(const Yaml& yaml, Knob& knob) {
  static const std::vector<std::string_view> kMembers = {
      "value", kHardening, "source", "verified", "unverified"};
  for (const auto& [key, value] : yaml.members()) {
    if (std::find(kMembers.begin(), kMembers.end(), key.scalar()) ==
        kMembers.end()) {
      return at(key, Error{ErrorCode::invalid,
                           "unknown member '" + key.scalar() + "'" +
                               suggestion(key.scalar(), kMembers)});
    }
  }
  knob.source = yaml.get("source").scalar();
  const auto verified = yaml.get("verified");
  if (verified.exists()) {
    const auto& word = verified.scalar();
    if (verified.quoted() || (word != "true" && word != "false")) {
      return at(verified,
                Error{ErrorCode::invalid, "verified: true or false is wanted"});
    }
    knob.verified = word == "true";
  }
  const auto keys = yaml.get("unverified");
  if (keys.exists() && keys.kind() != Yaml::Kind::sequence) {
    return at(keys, Error{ErrorCode::invalid,
                          "unverified: a list of keys is wanted"});
  }
  for (const auto& key : keys.items()) knob.unverified.insert(key.scalar());
  return Done{};
}

std::string nearest_knob(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& entry : kKnobs) names.push_back(entry.name);
  return suggestion(name, names);
}

Status parse_list(const KnobEntry& entry, std::string_view value, Knob& knob) {
  for (const auto item : split(value, ',')) {
    if (item.empty()) continue;
    const auto checked = check_shape(entry.name, item);
    if (!checked) return checked;
    knob.list.emplace_back(item);
  }
  return Done{};
}

Status parse_table(const KnobEntry& entry, std::string_view value, Knob& knob) {
  for (const auto item : split(value, ',')) {
    if (item.empty()) continue;
    const auto colon = item.find(':');
    if (colon == std::string_view::npos) {
      return out_of(entry.name, "KEY:VALUE",
                    ", not '" + std::string(item) + "'");
    }
    const std::string key(item.substr(0, colon));
    const auto text = item.substr(colon + 1);
    auto checked = check_key(entry, key);
    if (checked) checked = check_shape(entry.name, text);
    if (!checked) return checked;
    knob.table[key] = text;
  }
  return Done{};
}

}  // namespace

const std::vector<KnobEntry>& knob_table() { return kKnobs; }

bool is_procedure_code(std::string_view text) {
  return text.size() == 5 && all_of(text, "") && text[1] <= '9' &&
         text[2] <= '9' && text[3] <= '9';
}

bool is_price(std::string_view text) {
  const auto price = Decimal::parse(text);
  return price && !price->is_negative() && !price->is_zero() &&
         price->scale() <= 2 && is_plain(text);
}

const KnobEntry* knob_named(std::string_view name) {
  for (const auto& entry : kKnobs) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

Result<Knob> read_knob(std::string_view name, const Yaml& yaml,
                       bool hardening) {
  const auto* entry = knob_named(name);
  if (entry == nullptr) {
    return Error{ErrorCode::invalid, yaml.place() + ": unknown knob " +
                                         std::string(name) +
                                         nearest_knob(name)};
  }
  Knob knob;
  const bool described =
      yaml.kind() == Yaml::Kind::map && yaml.get("value").exists();
  const auto other = described ? yaml.get(kHardening) : Yaml();
  knob.by_program = other.exists();
  const auto value = hardening && other.exists() ? other
                     : described                 ? yaml.get("value")
                                                 : yaml;
  knob.place = value.place();
  auto read = described ? describe(yaml, knob) : Status(Done{});
  if (read) read = fill(*entry, value, knob);
  if (!read) return read.error();
  return knob;
}

Result<Knob> parse_knob(std::string_view name, std::string_view value) {
  const auto* entry = knob_named(name);
  if (entry == nullptr) {
    return Error{ErrorCode::invalid,
                 "unknown knob " + std::string(name) + nearest_knob(name)};
  }
  Knob knob;
  knob.source = "site";
  Status checked = Done{};
  if (entry->kind == list) {
    checked = parse_list(*entry, value, knob);
  } else if (entry->kind == table) {
    checked = parse_table(*entry, value, knob);
  } else {
    knob.text = value;
    checked = check_scalar(*entry, knob);
  }
  if (!checked) return checked.error();
  return knob;
}

Status check_override(const std::string& name, std::string_view value) {
  if (name.starts_with("gate.")) {
    if (value == "WARN" || value == "HOLD") return Done{};
    return Error{ErrorCode::invalid, name + ": WARN or HOLD is wanted"};
  }
  const auto parsed = parse_knob(name, value);
  if (!parsed) return parsed.error();
  return Done{};
}

}  // namespace gateway::program
