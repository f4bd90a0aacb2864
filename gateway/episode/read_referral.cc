#include <algorithm>
#include <array>

#include "episode/read.h"

namespace gateway::episode {
namespace {

constexpr std::int64_t kThousandths = 1000;

// Days in a unit of time, in thousandths; months and years as a payer counts
// them: 30 and 365 days.
std::int64_t millidays(std::string_view unit) {
  if (unit == "h") return kThousandths / 24;
  if (unit == "d") return kThousandths;
  if (unit == "wk") return 7 * kThousandths;
  if (unit == "mo") return 30 * kThousandths;
  if (unit == "a") return 365 * kThousandths;
  return 0;
}

std::optional<std::int64_t> thousandths(Json number) {
  const auto value = decimal_in(number);
  if (!value) return std::nullopt;
  const auto rounded = value->rounded(3);
  if (!rounded) return std::nullopt;
  constexpr Int128 kLargest = 1'000'000'000;
  if (rounded->coefficient() > kLargest || rounded->is_negative()) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(rounded->coefficient());
}

// Events per week: `count` in each `period` of `unit`.
std::optional<std::int64_t> per_week(std::int64_t count, std::int64_t period,
                                     std::string_view unit) {
  const auto days = millidays(unit) * period / kThousandths;
  if (days <= 0) return std::nullopt;
  return count * 7 * kThousandths / days;
}

void read_rate(Json repeat, Frequency& frequency) {
  const auto count =
      thousandths(repeat.get("frequency")).value_or(kThousandths);
  const auto most = thousandths(repeat.get("frequencyMax")).value_or(count);
  const auto days = static_cast<std::int64_t>(repeat.get("dayOfWeek").size());
  const auto unit = repeat.get("periodUnit").text();
  const auto period = thousandths(repeat.get("period"));
  if (days > 0 && (!period || unit == "d")) {
    frequency.low = days * count;
    frequency.high = days * most;
    return;
  }
  if (!period) return;
  const auto longest = thousandths(repeat.get("periodMax")).value_or(*period);
  frequency.low = per_week(count, longest, unit);
  frequency.high = per_week(most, *period, unit);
}

void read_bounds(Json repeat, const Zone* zone, Frequency& frequency) {
  const auto period = repeat.get("boundsPeriod");
  frequency.from = date_in(period.get("start"), zone);
  frequency.to = date_in(period.get("end"), zone);
  if (frequency.from && frequency.to) {
    frequency.weeks = (days_between(*frequency.from, *frequency.to) + 7) / 7;
  }
  const auto duration = repeat.get("boundsDuration");
  auto unit = duration.get("code").text();
  if (unit.empty()) unit = duration.get("unit").text();
  if (unit == "weeks" || unit == "week") unit = "wk";
  if (unit == "days" || unit == "day") unit = "d";
  const auto value = thousandths(duration.get("value"));
  const auto days = value ? *value * millidays(unit) / kThousandths : 0;
  if (days > 0) {
    frequency.weeks =
        static_cast<int>((days + 7 * kThousandths - 1) / (7 * kThousandths));
  }
}

Frequency read_frequency(Json order, const Zone* zone) {
  auto frequency = read_timing(order.get("occurrenceTiming"), zone);
  frequency.as_needed = order.get("asNeededBoolean").text() == "true" ||
                        order.get("asNeededCodeableConcept").exists();
  return frequency;
}

// Hours and other units are no number of visits.
bool counts_visits(Json quantity) {
  auto unit = quantity.get("code").text();
  if (unit.empty()) unit = quantity.get("unit").text();
  constexpr std::array<std::string_view, 8> kOthers = {
      "HS", "h", "hr", "hour", "hours", "UN", "unit", "units"};
  return std::find(kOthers.begin(), kOthers.end(), unit) == kOthers.end();
}

std::optional<std::int64_t> ordered_visits(Json order) {
  const Json ordered = order.get("quantityQuantity");
  const auto quantity =
      counts_visits(ordered) ? decimal_in(ordered.get("value")) : std::nullopt;
  const auto count = decimal_in(order.find("occurrenceTiming.repeat.count"));
  const auto& written = quantity ? quantity : count;
  return written ? written->truncated() : std::nullopt;
}

std::vector<std::string> keys(Json references, std::string_view base) {
  std::vector<std::string> found;
  for (const Json one : references) {
    auto key = reference_in(one, base);
    if (!key.empty()) found.push_back(std::move(key));
  }
  return found;
}

Json contained(Json resource, std::string_view fragment) {
  for (const Json one : resource.get("contained")) {
    if (one.get("id").text() == fragment) return one;
  }
  return {};
}

void read_reasons(const Reading& reading, Referral& referral) {
  for (const Json one : reading.root.get("reasonReference")) {
    const auto text = one.get("reference").text();
    if (text.starts_with('#')) {
      auto diagnosis =
          read_condition({contained(reading.root, text.substr(1)),
                          reading.source, reading.base, reading.zone});
      if (!diagnosis.icd10.empty()) referral.diagnoses.push_back(diagnosis);
    } else if (auto key = key_of(text, reading.base); !key.empty()) {
      referral.conditions.push_back(std::move(key));
    }
  }
  for (const Json one : reading.root.get("reasonCode")) {
    const auto icd10 = code_in(one, kIcd10);
    if (icd10.empty()) continue;
    referral.diagnoses.push_back({std::string(icd10), std::nullopt, ""});
  }
}

}  // namespace

Frequency read_timing(Json timing, const Zone* zone) {
  Frequency frequency;
  const auto repeat = timing.get("repeat");
  read_rate(repeat, frequency);
  read_bounds(repeat, zone, frequency);
  return frequency;
}

Diagnosis read_condition(const Reading& reading) {
  const Json condition = reading.root;
  Diagnosis diagnosis;
  diagnosis.icd10 = code_in(condition.get("code"), kIcd10);
  diagnosis.onset = date_in(condition.get("onsetDateTime"), reading.zone);
  diagnosis.patient = reference_in(condition.get("subject"), reading.base);
  const auto status = condition.get("verificationStatus");
  for (const auto* withdrawal : {"entered-in-error", "refuted"}) {
    if (has_code(status, kConditionVerification, withdrawal)) {
      diagnosis.withdrawal = withdrawal;
    }
  }
  return diagnosis;
}

bool condition_stands(Json condition) {
  for (const auto* name : {"verificationStatus", "clinicalStatus"}) {
    const auto status = condition.get(name);
    for (const auto* gone :
         {"refuted", "entered-in-error", "inactive", "remission", "resolved"}) {
      if (status.find("coding.code").text() == gone) return false;
    }
  }
  return true;
}

Referral read_referral(const Reading& reading) {
  const Json order = reading.root;
  const auto code = order.get("code");
  Referral referral;
  referral.source = reading.source;
  referral.status = order.get("status").text();
  referral.do_not_perform = order.get("doNotPerform").text() == "true";
  referral.business_key = business_key(order.get("identifier"));
  referral.program = program_in(code, reading.base);
  referral.bare_97545 =
      referral.program == Program::none && has_code(code, kCpt, kFirstHours);
  referral.patient = reference_in(order.get("subject"), reading.base);
  referral.requester = reference_in(order.get("requester"), reading.base);
  referral.authored = date_in(order.get("authoredOn"), reading.zone);
  referral.frequency = read_frequency(order, reading.zone);
  referral.ordered_visits = ordered_visits(order);
  read_reasons(reading, referral);
  referral.insurance = keys(order.get("insurance"), reading.base);
  referral.supporting = keys(order.get("supportingInfo"), reading.base);
  referral.replaces = keys(order.get("replaces"), reading.base);
  referral.performers = keys(order.get("performer"), reading.base);
  const auto locations = keys(order.get("locationReference"), reading.base);
  if (!locations.empty()) referral.location = locations.front();
  referral.references = references_in(order, reading.base);
  return referral;
}

}  // namespace gateway::episode
