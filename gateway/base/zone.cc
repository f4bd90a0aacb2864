#include "base/zone.h"

#include <date/tz.h>

#include <exception>

namespace gateway {
namespace {

date::local_time<std::chrono::microseconds> theirs(LocalTime local) {
  return date::local_time<std::chrono::microseconds>(local.time_since_epoch());
}

}  // namespace

Result<Zone> Zone::named(std::string_view name) {
  try {
    return Zone(date::locate_zone(std::string(name)));
  } catch (const std::exception&) {  // the name or the whole database
    return Error{ErrorCode::not_found,
                 "the tz database has no zone of that name; use an IANA name "
                 "such as America/Chicago, and install tzdata"};
  }
}

Zone Zone::utc() {
  static const date::time_zone* const kUtc = date::locate_zone("Etc/UTC");
  return Zone(kUtc);
}

std::string_view Zone::name() const { return zone_->name(); }

std::chrono::minutes Zone::offset_at(Instant instant) const {
  return std::chrono::floor<std::chrono::minutes>(
      zone_->get_info(instant).offset);
}

LocalTime Zone::local(Instant instant) const {
  return LocalTime(zone_->to_local(instant).time_since_epoch());
}

LocalDate Zone::date(Instant instant) const {
  return LocalDate(std::chrono::floor<std::chrono::days>(local(instant)));
}

Instant Zone::start_of(LocalDate day) const {
  return instant(LocalTime(day.days().time_since_epoch()));
}

Instant Zone::instant(LocalTime local) const {
  return zone_->to_sys(theirs(local), date::choose::earliest);
}

std::string Zone::text(Instant instant) const {
  return offset_text(instant, offset_at(instant));
}

}  // namespace gateway
