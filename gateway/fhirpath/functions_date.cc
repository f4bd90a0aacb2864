// now() and its kin (FHIRPath 2.0, 5.9), which take the clock from the
// environment, and the parts of dates and times (STU).

#include <array>
#include <chrono>

#include "fhirpath/function_groups.h"

namespace gateway::fhirpath {
namespace {

// The clock of the environment, as milliseconds of the local day and so on.
bool clock(Evaluation& run, const Op& op, Temporal& out) {
  const auto& environment = run.environment();
  if (!environment.now) {
    return run.fail(op.place, "no clock was given to this evaluation");
  }
  const auto local = environment.now->time_since_epoch() + environment.offset;
  const auto days = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day ymd{std::chrono::local_days(days)};
  const std::chrono::hh_mm_ss clock_time(local - days);
  out.year = static_cast<std::int16_t>(static_cast<int>(ymd.year()));
  out.month = static_cast<std::uint8_t>(static_cast<unsigned>(ymd.month()));
  out.day = static_cast<std::uint8_t>(static_cast<unsigned>(ymd.day()));
  out.hour = static_cast<std::uint8_t>(clock_time.hours().count());
  out.minute = static_cast<std::uint8_t>(clock_time.minutes().count());
  out.second = static_cast<std::uint8_t>(clock_time.seconds().count());
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(
          clock_time.subseconds());
  out.nanosecond =
      static_cast<std::uint32_t>(milliseconds.count()) * 1'000'000U;
  out.fraction_digits = 3;
  out.precision = DatePrecision::fraction;
  out.has_offset = true;
  out.offset = static_cast<std::int16_t>(environment.offset.count());
  return true;
}

bool now(Evaluation& run, const Op& op, const Frame&) {
  Temporal value;
  return clock(run, op, value) &&
         run.push(Value::of(TemporalKind::date_time, value));
}

bool today(Evaluation& run, const Op& op, const Frame&) {
  Temporal value;
  if (!clock(run, op, value)) return false;
  const Temporal day{.year = value.year,
                     .month = value.month,
                     .day = value.day,
                     .precision = DatePrecision::day};
  return run.push(Value::of(TemporalKind::date, day));
}

bool time_of_day(Evaluation& run, const Op& op, const Frame&) {
  Temporal value;
  if (!clock(run, op, value)) return false;
  const Temporal time{.nanosecond = value.nanosecond,
                      .hour = value.hour,
                      .minute = value.minute,
                      .second = value.second,
                      .precision = DatePrecision::fraction,
                      .fraction_digits = 3};
  return run.push(Value::of(TemporalKind::time, time));
}

// The parts of a date, dateTime or time, where it is precise enough.
struct PartRule {
  DatePrecision precision;
  std::int64_t (*read)(const Temporal&);
};

template <DatePrecision precision, std::int64_t (*read)(const Temporal&)>
bool part(Evaluation& run, const Op& op, const Frame& frame) {
  Evaluation::Single input;
  if (!single_focus(run, op, frame, input)) return false;
  if (!input.present) return true;
  if (!is_temporal(input.value.kind())) {
    return run.fail(op.place, "a date or a time is needed before this");
  }
  const auto& value = input.value.temporal();
  const bool day = precision <= DatePrecision::day;
  if ((day && input.value.is(ValueKind::time)) || value.precision < precision) {
    return true;
  }
  return run.push(Value::of(read(value)));
}

std::int64_t year(const Temporal& value) { return value.year; }
std::int64_t month(const Temporal& value) { return value.month; }
std::int64_t day(const Temporal& value) { return value.day; }
std::int64_t hour(const Temporal& value) { return value.hour; }
std::int64_t minute(const Temporal& value) { return value.minute; }
std::int64_t second(const Temporal& value) { return value.second; }
std::int64_t millisecond(const Temporal& value) {
  return value.nanosecond / 1'000'000;
}

bool date_of(Evaluation& run, const Op& op, const Frame& frame) {
  Evaluation::Single input;
  if (!single_focus(run, op, frame, input)) return false;
  if (!input.present || !is_temporal(input.value.kind()) ||
      input.value.is(ValueKind::time)) {
    return true;
  }
  const auto& value = input.value.temporal();
  const Temporal date{
      .year = value.year,
      .month = value.month,
      .day = value.day,
      .precision = std::min(value.precision, DatePrecision::day)};
  return run.push(Value::of(TemporalKind::date, date));
}

bool time_of(Evaluation& run, const Op& op, const Frame& frame) {
  Evaluation::Single input;
  if (!single_focus(run, op, frame, input)) return false;
  if (!input.present || !is_temporal(input.value.kind()) ||
      input.value.temporal().precision < DatePrecision::hour) {
    return true;
  }
  Temporal time = input.value.temporal();
  time.year = 1;
  time.month = 1;
  time.day = 1;
  time.has_offset = false;
  time.offset = 0;
  return run.push(Value::of(TemporalKind::time, time));
}

// In hours, as 5.5 for +05:30.
bool offset_of(Evaluation& run, const Op& op, const Frame& frame) {
  Evaluation::Single input;
  if (!single_focus(run, op, frame, input)) return false;
  if (!input.present || !input.value.is(ValueKind::date_time) ||
      !input.value.temporal().has_offset) {
    return true;
  }
  const auto hours =
      Decimal(input.value.temporal().offset).divided_by(Decimal(60), 2);
  Decimal shown = hours->normalized();
  if (shown.scale() == 0) shown = *shown.rounded(1);
  return run.push(Value::of(shown));
}

constexpr Function date_function(std::string_view name, Gives gives,
                                 bool (*run)(Evaluation&, const Op&,
                                             const Frame&)) {
  return {.name = name, .gives = gives, .flags = kSingular, .run = run};
}

constexpr std::array kFunctions{
    date_function("now", Gives::date_time, now),
    date_function("today", Gives::date, today),
    date_function("timeOfDay", Gives::time, time_of_day),
    date_function("yearOf", Gives::integer, part<DatePrecision::year, year>),
    date_function("monthOf", Gives::integer, part<DatePrecision::month, month>),
    date_function("dayOf", Gives::integer, part<DatePrecision::day, day>),
    date_function("hourOf", Gives::integer, part<DatePrecision::hour, hour>),
    date_function("minuteOf", Gives::integer,
                  part<DatePrecision::minute, minute>),
    date_function("secondOf", Gives::integer,
                  part<DatePrecision::second, second>),
    date_function("millisecondOf", Gives::integer,
                  part<DatePrecision::fraction, millisecond>),
    date_function("dateOf", Gives::date, date_of),
    date_function("timeOf", Gives::time, time_of),
    date_function("timezoneOffsetOf", Gives::decimal, offset_of),
};

}  // namespace

std::span<const Function> date_functions() { return kFunctions; }

}  // namespace gateway::fhirpath
