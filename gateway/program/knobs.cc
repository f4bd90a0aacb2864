#include "program/knobs.h"

#include <algorithm>

#include "base/decimal.h"
#include "base/text.h"

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
     "what a quantity without a unit counts"},
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
    {"timelyFilingDays", number, "", 0, 3650,
     "the last day to bill, in `$explain`; what comes later warns"},
    {"regionRules", text, "", 0, 0,
     "table of body regions that the policy allows"},
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

Error out_of(std::string_view name, const std::string& wanted) {
  return {ErrorCode::invalid,
          "knob " + std::string(name) + ": " + wanted + " is wanted"};
}

Status check_number(const KnobEntry& entry, Knob& knob) {
  const auto number = Decimal::parse(knob.text);
  const auto scaled = number ? number->rounded(3) : std::nullopt;
  if (!scaled || *scaled < Decimal(entry.least) ||
      *scaled > Decimal(entry.most)) {
    return out_of(entry.name, "a number from " + std::to_string(entry.least) +
                                  " to " + std::to_string(entry.most));
  }
  knob.thousandths = static_cast<std::int64_t>(scaled->coefficient());
  return Done{};
}

Status check(const KnobEntry& entry, Knob& knob) {
  if (entry.kind == number) return check_number(entry, knob);
  if (entry.kind == truth) {
    if (knob.text != "true" && knob.text != "false") {
      return out_of(entry.name, "true or false");
    }
    knob.thousandths = knob.text == "true" ? 1 : 0;
  }
  const auto may_be = [&](std::string_view word) {
    const auto choices = split(entry.choices, ' ');
    return std::find(choices.begin(), choices.end(), word) != choices.end();
  };
  if (entry.kind == choice && !may_be(knob.text)) {
    return out_of(entry.name, "one of " + std::string(entry.choices));
  }
  for (const auto& [key, value] : knob.table) {
    if (entry.choices.empty() || may_be(key)) continue;
    return out_of(entry.name, "a key of " + std::string(entry.choices) +
                                  " instead of " + key);
  }
  for (const auto& key : knob.unverified) {
    if (knob.table.contains(key)) continue;
    return out_of(entry.name,
                  "as unverified a key of the table, not " + key + ",");
  }
  return Done{};
}

Status fill(const KnobEntry& entry, const Yaml& value, Knob& knob) {
  if (entry.kind == list) {
    if (value.kind() != Yaml::Kind::sequence)
      return out_of(entry.name, "a list");
    for (const auto& item : value.items()) knob.list.push_back(item.scalar());
    return Done{};
  }
  if (entry.kind == table) {
    if (value.kind() != Yaml::Kind::map) return out_of(entry.name, "a table");
    for (const auto& [key, item] : value.members()) {
      knob.table[key.scalar()] = item.scalar();
    }
    return check(entry, knob);
  }
  if (value.kind() != Yaml::Kind::scalar)
    return out_of(entry.name, "one value");
  knob.text = value.scalar();
  return check(entry, knob);
}

}  // namespace

const std::vector<KnobEntry>& knob_table() { return kKnobs; }

const KnobEntry* knob_named(std::string_view name) {
  for (const auto& entry : kKnobs) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

Result<Knob> read_knob(std::string_view name, const Yaml& yaml) {
  const auto* entry = knob_named(name);
  if (entry == nullptr) {
    return Error{ErrorCode::invalid,
                 yaml.place() + ": unknown knob " + std::string(name)};
  }
  Knob knob;
  const bool described =
      yaml.kind() == Yaml::Kind::map && yaml.get("value").exists();
  const auto value = described ? yaml.get("value") : yaml;
  if (described) {
    knob.source = yaml.get("source").scalar();
    knob.verified = yaml.get("verified").scalar() != "false";
    for (const auto& key : yaml.get("unverified").items()) {
      knob.unverified.insert(key.scalar());
    }
  }
  const auto filled = fill(*entry, value, knob);
  if (!filled) {
    return Error{ErrorCode::invalid,
                 value.place() + ": " + filled.error().message};
  }
  return knob;
}

Result<Knob> parse_knob(std::string_view name, std::string_view value) {
  const auto* entry = knob_named(name);
  if (entry == nullptr) {
    return Error{ErrorCode::invalid, "unknown knob " + std::string(name)};
  }
  Knob knob;
  knob.source = "site";
  if (entry->kind == list) {
    for (const auto item : split(value, ',')) {
      if (!item.empty()) knob.list.emplace_back(item);
    }
    return knob;
  }
  if (entry->kind == table) {
    for (const auto item : split(value, ',')) {
      const auto colon = item.find(':');
      if (colon == std::string_view::npos) continue;
      knob.table[std::string(item.substr(0, colon))] = item.substr(colon + 1);
    }
  } else {
    knob.text = value;
  }
  const auto checked = check(*entry, knob);
  if (!checked) return checked.error();
  return knob;
}

}  // namespace gateway::program
