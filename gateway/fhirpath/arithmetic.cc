// + - * / div mod & of single values (FHIRPath 2.0, 6.6 and 6.7).

#include "fhirpath/operators.h"

namespace gateway::fhirpath {
namespace {

// Places behind the point of a quotient that does not end.
constexpr int kQuotientPlaces = 16;

bool is_number(const Value& value) {
  return value.is(ValueKind::integer) || value.is(ValueKind::decimal);
}

Decimal number(const Value& value) {
  return value.is(ValueKind::integer) ? Decimal(value.integer())
                                      : value.decimal();
}

bool push_decimal(Evaluation& run, const std::optional<Decimal>& value) {
  return !value || run.push(Value::of(*value));
}

// Integers have 32 bits (FHIRPath 2.0, 4.1.4); what overflows them is empty
// (6.6).
bool is_integer(std::int64_t value) {
  return value >= INT32_MIN && value <= INT32_MAX;
}

bool integers(Evaluation& run, Operator op, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  bool overflow = false;
  if (op == Operator::plus) {
    overflow = __builtin_add_overflow(a, b, &result);
  } else if (op == Operator::minus) {
    overflow = __builtin_sub_overflow(a, b, &result);
  } else if (op == Operator::multiply) {
    overflow = __builtin_mul_overflow(a, b, &result);
  } else {  // div and mod
    overflow = b == 0 || (b == -1 && a == INT64_MIN);
    if (!overflow) result = op == Operator::div ? a / b : a % b;
  }
  return overflow || !is_integer(result) || run.push(Value::of(result));
}

std::optional<Decimal> quotient(const Decimal& a, const Decimal& b) {
  for (int places = kQuotientPlaces; places >= 0; places -= 4) {
    const auto result = a.divided_by(b, places);
    if (result) return result->normalized();
    if (b.is_zero()) break;
  }
  return std::nullopt;
}

std::optional<std::int64_t> whole_quotient(const Decimal& a, const Decimal& b) {
  const auto rounded = a.divided_by(b, 0);
  if (!rounded) return std::nullopt;
  auto whole = rounded->truncated();
  if (!whole) return std::nullopt;
  // divided_by() rounds; div cuts.
  const auto back = Decimal(*whole).times(b);
  const auto rest = back ? a.minus(*back) : std::nullopt;
  if (!rest) return std::nullopt;
  if (!rest->is_zero() && rest->is_negative() != a.is_negative()) {
    *whole += a.is_negative() == b.is_negative() ? -1 : 1;
  }
  return whole;
}

bool numbers(Evaluation& run, Operator op, const Value& left,
             const Value& right) {
  if (left.is(ValueKind::integer) && right.is(ValueKind::integer) &&
      op != Operator::divide) {
    return integers(run, op, left.integer(), right.integer());
  }
  const auto a = number(left);
  const auto b = number(right);
  if (op == Operator::plus) return push_decimal(run, a.plus(b));
  if (op == Operator::minus) return push_decimal(run, a.minus(b));
  if (op == Operator::multiply) return push_decimal(run, a.times(b));
  if (op == Operator::divide) return push_decimal(run, quotient(a, b));
  const auto whole = whole_quotient(a, b);
  if (!whole) return true;
  if (op == Operator::div) {
    return !is_integer(*whole) || run.push(Value::of(*whole));
  }
  const auto back = Decimal(*whole).times(b);
  return push_decimal(run, back ? a.minus(*back) : std::nullopt);
}

bool quantities(Evaluation& run, const Op& op, const Value& left,
                const Value& right) {
  const auto which = static_cast<Operator>(op.data);
  const auto quantity = [](const Value& value) {
    return value.is(ValueKind::quantity) ? value.quantity()
                                         : Quantity{number(value), "1"};
  };
  const auto a = quantity(left);
  const auto b = quantity(right);
  if (which == Operator::plus || which == Operator::minus) {
    const auto result = which == Operator::plus ? sum(a, b) : difference(a, b);
    const auto& finer = is_finer(b, a) ? b : a;
    if (!result && !comparable(a, b)) {
      return run.fail(op.place,
                      "quantities of different dimensions have "
                      "no sum and no difference");
    }
    return !result || run.push_quantity(*result, finer.unit, finer.calendar);
  }
  if (which == Operator::multiply) {
    const auto result = a.value.times(b.value);
    return !result ||
           run.push_quantity(*result, product_unit(a.unit, b.unit),
                             b.unit == "1" ? a.calendar : TimeUnit::none);
  }
  if (which == Operator::divide) {
    const auto result = quotient(a.value, b.value);
    return !result ||
           run.push_quantity(*result, quotient_unit(a.unit, b.unit),
                             b.unit == "1" ? a.calendar : TimeUnit::none);
  }
  return run.fail(op.place, "quantities know no div and no mod");
}

bool move_date(Evaluation& run, const Op& op, const Value& date,
               const Quantity& by) {
  const auto unit = time_unit(by);
  if (unit == TimeUnit::none) {
    return run.fail(op.place,
                    "a date moves by calendar units, as 3 months, or by "
                    "'wk', 'd', 'h', 'min', 's', 'ms'");
  }
  auto amount = by.value;
  if (by.calendar == TimeUnit::none) {
    // Of a UCUM amount, whole units count (R4 test suite, testPlusDate19).
    amount = Decimal(amount.truncated().value_or(0));
  }
  if (static_cast<Operator>(op.data) == Operator::minus) {
    amount = amount.negated();
  }
  const auto kind = temporal_kind(date.kind());
  if (kind == TemporalKind::time &&
      (unit == TimeUnit::year || unit == TimeUnit::month)) {
    return run.fail(op.place, "a time has no months and no years");
  }
  const auto result = moved(kind, date.temporal(), amount, unit);
  return !result || run.push(Value::of(kind, *result));
}

bool concatenate(Evaluation& run, const Op& op, const Evaluation::Single& a,
                 const Evaluation::Single& b) {
  for (const auto* side : {&a, &b}) {
    if (side->present && !side->value.is(ValueKind::string)) {
      return run.fail(op.place, "'&' joins texts: use toString()");
    }
  }
  std::string text;
  if (a.present) text += a.value.string();
  if (b.present) text += b.value.string();
  return run.push_text(text);
}

bool single_values(Evaluation& run, const Op& op, const Value& a,
                   const Value& b) {
  const auto which = static_cast<Operator>(op.data);
  const bool adds = which == Operator::plus || which == Operator::minus;
  if (is_number(a) && is_number(b)) return numbers(run, which, a, b);
  if (adds && is_temporal(a.kind()) && b.is(ValueKind::quantity)) {
    return move_date(run, op, a, b.quantity());
  }
  if (which == Operator::plus && a.is(ValueKind::string) &&
      b.is(ValueKind::string)) {
    return run.push_text(std::string(a.string()).append(b.string()));
  }
  const bool measures = (a.is(ValueKind::quantity) || is_number(a)) &&
                        (b.is(ValueKind::quantity) || is_number(b));
  if (measures) return quantities(run, op, a, b);
  return run.fail(op.place, "this operator does not know these types");
}

}  // namespace

bool arithmetic(Evaluation& run, const Op& op, const Frame& frame) {
  Evaluation::Single a;
  Evaluation::Single b;
  const auto scope = run.defined.size();
  const auto leave = [&] {
    if (run.defined.size() > scope) run.defined.resize(scope);
  };
  if (!run.single(run.arg(op, 0), frame, a)) return false;
  leave();
  if (!run.single(run.arg(op, 1), frame, b)) return false;
  leave();
  if (static_cast<Operator>(op.data) == Operator::concatenate) {
    return concatenate(run, op, a, b);
  }
  if (!a.present || !b.present) return true;
  return single_values(run, op, a.value, b.value);
}

}  // namespace gateway::fhirpath
