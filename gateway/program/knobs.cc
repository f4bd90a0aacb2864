#include "program/knobs.h"

#include <algorithm>

#include "base/decimal.h"
#include "base/text.h"

namespace gateway::program {
namespace {

using enum KnobKind;

const std::vector<KnobEntry> kKnobs = {
    {"programType", choice, "WC WH"},
    {"unitRule", choice, "MIDPOINT COMPLETED STARTED QUARTER NEAREST"},
    {"tie", choice, "DOWN HOLD"},
    {"minSessionMinutes", number, "", 0, 1440},
    {"underMinimum", choice, "HOLD REJECT MIDPOINT MOD52"},
    {"preferredMinutesPerDay", number, "", 0, 1440},
    {"maxMinutesPerDay", number, "", 0, 1440},
    {"minSlotMinutes", number, "", 0, 1440},
    {"minDaysPerWeek", number, "", 0, 7},
    {"maxDaysPerWeek", number, "", 0, 7},
    {"minWeeks", number, "", 0, 520},
    {"maxWeeks", number, "", 0, 520},
    {"minVisits", number, "", 0, 1000},
    {"maxVisits", number, "", 0, 1000},
    {"maxProgrammesPer", choice, "REFERRAL INJURY"},
    {"weekStart", choice, "MONDAY SUNDAY SATURDAY"},
    {"facilityTimeZone", text, ""},
    {"gapPoolingMinutes", number, "", 0, 1440},
    {"authBasis", choice, "VISITS HOURS UNITS"},
    {"authRequired", truth, ""},
    {"verifiedBeforeFirstVisit", truth, ""},
    {"retroAuthAllowed", truth, ""},
    {"visitCountScope", choice, "AUTH CLAIM INJURY"},
    {"allocation", choice, "EARLIEST_EXPIRY"},
    {"allowedExtraCodes", list, ""},
    {"aggregateLimitMinutes", number, "", 0, 1440},
    {"modifiers", table, ""},
    {"accredited", truth, ""},
    {"mue", table, ""},
    {"mueAction", choice, "OFF WARN HOLD"},
    {"claimGrouping", choice, "DAY WEEK"},
    {"timelyFilingDays", number, "", 0, 3650},
    {"regionRules", text, ""},
    {"progressEveryDays", number, "", 0, 365},
    {"noProgressNotifyDays", number, "", 0, 365},
    {"noProgressDischargeDays", number, "", 0, 365},
    {"pnAtFraction", number, "", 0, 1},
    {"unexcusedMax", number, "", 0, 100},
    {"tardiesPerAbsence", number, "", 1, 100},
    {"tardyToleranceMinutes", number, "", 0, 240},
    {"evaluationDays", number, "", 0, 365},
    {"evaluationWarnDays", number, "", 0, 365},
    {"sheetGapDays", number, "", 0, 365},
    {"gate", choice, "WARN HOLD"},
    {"rates", table, ""},
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
  if (entry.kind == choice) {
    const auto choices = split(entry.choices, ' ');
    if (std::find(choices.begin(), choices.end(), knob.text) == choices.end()) {
      return out_of(entry.name, "one of " + std::string(entry.choices));
    }
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
    return Done{};
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
    return knob;
  }
  knob.text = value;
  const auto checked = check(*entry, knob);
  if (!checked) return checked.error();
  return knob;
}

}  // namespace gateway::program
