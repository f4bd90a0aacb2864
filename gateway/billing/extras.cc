#include "billing/extras.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "billing/units.h"

namespace gateway::billing {
namespace {

using episode::Session;

std::int64_t minutes_of(const Session& session) {
  return std::chrono::duration_cast<std::chrono::minutes>(session.period->end -
                                                          session.period->start)
      .count();
}

// The limit is strict: exactly the limit is too much.
bool within_limit(const Visit& visit) {
  const auto limit = visit.policy->rules.aggregate_limit_minutes;
  return extra_minutes(visit) < limit;
}

}  // namespace

std::int64_t extra_minutes(const Visit& visit) {
  std::int64_t sum = 0;
  for (const auto* extra : visit.extras) sum += minutes_of(*extra);
  return sum;
}

bool is_allowed(const Visit& visit, std::string_view code) {
  const auto& allowed = visit.policy->rules.allowed_extra_codes;
  return std::find(allowed.begin(), allowed.end(), code) != allowed.end();
}

std::map<std::string, Extra> extras_of(const Visit& visit) {
  std::map<std::string, Extra> extras;
  if (visit.extras.empty() || !within_limit(visit)) return extras;
  std::int64_t total = 0;
  for (const auto* extra : visit.extras) {
    if (!is_allowed(visit, extra->code)) continue;
    extras[extra->code].minutes += minutes_of(*extra);
    total += minutes_of(*extra);
  }
  auto left = quarter_hour_units(total);
  std::vector<std::pair<std::int64_t, std::string>> rest;
  for (auto& [code, extra] : extras) {
    extra.units = extra.minutes / 15;
    left -= extra.units;
    rest.emplace_back(-(extra.minutes % 15), code);
  }
  std::sort(rest.begin(), rest.end());
  for (const auto& [remainder, code] : rest) {
    if (left-- > 0) ++extras[code].units;
  }
  return extras;
}

}  // namespace gateway::billing
