#include "server/amendment.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/json_writer.h"

namespace gateway::server {
namespace {

// Elements that have one of several types, of which one may be there.
constexpr std::array<std::string_view, 10> kChoices = {
    "abatement",  "asNeeded", "deceased",  "effective", "multipleBirth",
    "occurrence", "onset",    "performed", "quantity",  "value"};

// The element that a member belongs to: "deceased" of "_deceasedBoolean".
std::string_view element_of(std::string_view member) {
  if (member.starts_with('_')) member.remove_prefix(1);
  for (const auto choice : kChoices) {
    if (!member.starts_with(choice) || member.size() == choice.size()) continue;
    const char next = member[choice.size()];
    if (next >= 'A' && next <= 'Z') return choice;
  }
  return member;
}

// What an item of a list is about; empty where nothing says so.
std::string kind_of(Json item) {
  const auto reference = item.get("reference").text();
  if (!reference.empty()) {
    return "reference " + std::string(reference.substr(0, reference.find('/')));
  }
  std::string kind;
  for (const auto* name : {"url", "system", "use"}) {
    const Json member = item.get(name);
    if (!member.exists()) continue;
    kind += std::string(name) + " " + std::string(member.text()) + " ";
  }
  const auto type = item.find("type.coding.code");
  if (type.exists()) kind += "type " + std::string(type.text());
  return kind;
}

// `sent`, then the items of `stored` that are of no kind sent.
std::string joined(Json stored, Json sent) {
  std::set<std::string> kinds;
  JsonWriter writer;
  writer.begin_array();
  for (const Json item : sent) {
    writer.raw(item.raw());
    kinds.insert(kind_of(item));
  }
  for (const Json item : stored) {
    const auto kind = kind_of(item);
    if (!kind.empty() && !kinds.contains(kind)) writer.raw(item.raw());
  }
  writer.end_array();
  return writer.take();
}

// A period whose other end was sent before.
std::string completed(Json stored, Json sent) {
  JsonWriter writer;
  writer.begin_object();
  for (const auto* end : {"start", "end"}) {
    const Json one = sent.get(end).exists() ? sent.get(end) : stored.get(end);
    if (one.exists()) writer.key(end).raw(one.raw());
  }
  writer.end_object();
  return writer.take();
}

bool is_period(Json value) {
  if (!value.is_object() || value.size() == 0) return false;
  for (const Json member : value) {
    if (member.name() != "start" && member.name() != "end") return false;
  }
  return true;
}

std::string merged(Json stored, Json sent) {
  if (stored.is_array() && sent.is_array()) return joined(stored, sent);
  if (is_period(stored) && is_period(sent)) return completed(stored, sent);
  return std::string(sent.raw());
}

}  // namespace

bool lacks_times(Json session) {
  const Json period = session.get("performedPeriod");
  for (const auto* end : {"start", "end"}) {
    if (period.get(end).text().find('T') == std::string_view::npos) return true;
  }
  return false;
}

std::string amended(Json stored, Json sent,
                    const std::vector<std::string>& deleted) {
  const auto is_deleted = [&](std::string_view member) {
    const auto element = element_of(member);
    return std::any_of(deleted.begin(), deleted.end(), [&](const auto& one) {
      return element_of(one) == element;
    });
  };
  std::set<std::string_view> said = {"id", "meta"};
  JsonWriter writer;
  writer.begin_object();
  for (const Json member : sent) {
    said.insert(element_of(member.name()));
    const Json before = stored.get(member.name());
    const bool whole = !before.exists() || is_deleted(member.name());
    writer.key(member.name())
        .raw(whole ? std::string(member.raw()) : merged(before, member));
  }
  for (const Json member : stored) {
    const auto element = element_of(member.name());
    if (said.contains(element) || is_deleted(member.name())) continue;
    writer.key(member.name()).raw(member.raw());
  }
  writer.end_object();
  return writer.take();
}

}  // namespace gateway::server
