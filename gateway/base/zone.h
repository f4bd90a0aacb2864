// Zone is an IANA time zone: what day and hour it is where a facility stands.
//
// The zone data are the system's tz database, read by the date library (the
// one that became C++20's <chrono>; g++ 12 lacks that part).

#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/result.h"

namespace date {
class time_zone;
}

namespace gateway {

using LocalTime = std::chrono::local_time<std::chrono::microseconds>;

class Zone {
 public:
  // `name` as in the tz database: "America/Chicago". Not found otherwise.
  // Zones live as long as the program; copies are free.
  static Result<Zone> named(std::string_view name);
  static Zone utc();

  [[nodiscard]] std::string_view name() const;
  [[nodiscard]] std::chrono::minutes offset_at(Instant instant) const;
  [[nodiscard]] LocalTime local(Instant instant) const;
  [[nodiscard]] LocalDate date(Instant instant) const;
  // The first instant of that local day, also where midnight does not exist.
  [[nodiscard]] Instant start_of(LocalDate day) const;
  // The earlier one where the hour repeats, the moment of the jump where it
  // does not exist.
  [[nodiscard]] Instant instant(LocalTime local) const;
  // With the zone's offset at that instant.
  [[nodiscard]] std::string text(Instant instant) const;

  bool operator==(const Zone&) const = default;

 private:
  explicit Zone(const date::time_zone* zone) : zone_(zone) {}
  const date::time_zone* zone_;
};

}  // namespace gateway
