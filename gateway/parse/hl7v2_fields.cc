#include "parse/hl7v2_fields.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "base/text.h"

namespace gateway::parse {
namespace {

struct Known {
  std::vector<Hl7v2Field> v251;              // by number
  std::map<std::uint32_t, Hl7v2Field> v281;  // where it differs
  std::uint32_t count = 0;
};
using Segments = std::map<std::string_view, Known>;

Hl7v2Field field_from(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return {};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

// Fields that 2.6 to 2.8.2 added to segments whose newer names are not here.
constexpr std::pair<std::string_view, std::uint32_t> kLaterCounts[] = {
    {"MSH", 25}, {"PID", 40}, {"PD1", 23}, {"NK1", 41}, {"PV1", 54},
    {"PV2", 50}, {"GT1", 57}, {"DG1", 26}, {"PR1", 25}, {"FT1", 43},
    {"OBX", 29}, {"NTE", 9},  {"EVN", 7},  {"SCH", 28}, {"CTD", 8}};

Segments read_segments() {
  Segments segments;
  for (const auto& [segment, text] : field_names_251()) {
    auto& known = segments[segment];
    for (const auto entry : split(text, '|')) {
      known.v251.push_back(field_from(entry));
    }
    known.count = static_cast<std::uint32_t>(known.v251.size());
  }
  for (const auto& [segment, text] : field_names_281()) {
    auto& known = segments[segment];
    for (const auto entry : split(text, '|')) {
      const auto equals = entry.find('=');
      std::uint32_t number = 0;
      std::from_chars(entry.data(), entry.data() + equals, number);
      known.v281[number] = field_from(entry.substr(equals + 1));
      known.count = std::max(known.count, number);
    }
  }
  for (const auto& [segment, count] : kLaterCounts) {
    auto& known = segments[segment];
    known.count = std::max(known.count, count);
  }
  return segments;
}

const Segments& segments() {
  static const Segments kSegments = read_segments();
  return kSegments;
}

}  // namespace

Hl7v2Field field_of(std::string_view segment, std::uint32_t field,
                    std::string_view version) {
  const auto it = segments().find(segment);
  if (it == segments().end() || field == 0) return {};
  const auto& known = it->second;
  const auto newer = known.v281.find(field);
  const bool has_older = field <= known.v251.size();
  if (newer != known.v281.end() && (version >= "2.6" || !has_older)) {
    return newer->second;
  }
  return has_older ? known.v251[field - 1] : Hl7v2Field{};
}

std::uint32_t field_count(std::string_view segment) {
  const auto it = segments().find(segment);
  return it == segments().end() ? 0 : it->second.count;
}

}  // namespace gateway::parse
