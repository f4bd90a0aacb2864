#include "server/amendment.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/json_edit.h"
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

bool names(const std::vector<std::string>& members, std::string_view member) {
  const auto element = element_of(member);
  return std::any_of(members.begin(), members.end(), [&](const auto& one) {
    return element_of(one) == element;
  });
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

// A part of an order that one order cannot say is held (extension not-taken)
// until its sender says anew how often the patient comes.
bool is_not_taken(Json extension) {
  return extension.get("url").text().ends_with("/not-taken");
}

bool has_same(Json list, Json item) {
  for (const Json one : list) {
    if (one.raw() == item.raw()) return true;
  }
  return false;
}

// `sent`, then the items of `stored` that are of no kind sent.
std::string joined(Json stored, Json sent, bool times_anew) {
  std::set<std::string> kinds;
  JsonWriter writer;
  writer.begin_array();
  for (const Json item : sent) {
    writer.raw(item.raw());
    kinds.insert(kind_of(item));
  }
  for (const Json item : stored) {
    const auto kind = kind_of(item);
    if (is_not_taken(item)) {
      if (!times_anew && !has_same(sent, item)) writer.raw(item.raw());
      continue;
    }
    if (!kind.empty() && !kinds.contains(kind)) writer.raw(item.raw());
  }
  writer.end_array();
  return writer.take();
}

// Of which a person has one (HL7 table 0203): another one is a correction.
bool is_single(Json identifier) {
  constexpr std::array<std::string_view, 7> kTypes = {"SS", "DL", "MC", "MA",
                                                      "MB", "MI", "AN"};
  const auto type = identifier.find("type.coding.code").text();
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

Json same_number(Json list, Json number) {
  for (const Json one : list) {
    if (one.get("system").text() == number.get("system").text() &&
        one.get("value").text() == number.get("value").text()) {
      return one;
    }
  }
  return {};
}

// What is stored of it, in another version; who mapped it last, where a map
// made it.
std::string meta_of_version(Json stored, Json sent) {
  const bool was_mapped =
      stored.get("source").text().find("/map/") != std::string_view::npos;
  JsonWriter writer;
  writer.begin_object();
  for (const auto* name : {"versionId", "lastUpdated", "source"}) {
    const bool is_kept = name == std::string_view("source") && !was_mapped;
    const Json one = (is_kept ? stored : sent).get(name);
    if (one.exists()) writer.key(name).raw(one.raw());
  }
  for (const Json member : stored) {
    const auto name = member.name();
    if (name == "versionId" || name == "lastUpdated" || name == "source") {
      continue;
    }
    writer.key(name).raw(member.raw());
  }
  return writer.end_object().take();
}

bool has_kind(Json list, const std::string& kind) {
  for (const Json one : list) {
    if (kind_of(one) == kind) return true;
  }
  return false;
}

// A patient is found by each of its numbers, and known by the first: those that
// are stored keep their places, and new ones come behind them.
std::string joined_numbers(Json stored, Json sent) {
  std::set<std::string> singles;
  for (const Json number : sent) {
    if (is_single(number)) singles.insert(kind_of(number));
  }
  JsonWriter writer;
  writer.begin_array();
  for (const Json number : stored) {
    const Json again = same_number(sent, number);
    if (again.exists()) {
      writer.raw(again.raw());
    } else if (!singles.contains(kind_of(number))) {
      writer.raw(number.raw());
    }
  }
  for (const Json number : sent) {
    if (!same_number(stored, number).exists()) writer.raw(number.raw());
  }
  writer.end_array();
  return writer.take();
}

bool says(Json period, std::string_view end) {
  return period.get(end).exists() ||
         period.get("_" + std::string(end)).exists();
}

// A period whose other end was sent before.
std::string completed(Json stored, Json sent) {
  JsonWriter writer;
  writer.begin_object();
  for (const auto* end : {"start", "end"}) {
    const Json from = says(sent, end) ? sent : stored;
    for (const auto& name : {std::string(end), "_" + std::string(end)}) {
      const Json one = from.get(name);
      if (one.exists()) writer.key(name).raw(one.raw());
    }
  }
  writer.end_object();
  return writer.take();
}

bool is_period(Json value) {
  if (!value.is_object() || value.size() == 0) return false;
  constexpr std::array<std::string_view, 4> kNames = {"start", "_start", "end",
                                                      "_end"};
  for (const Json member : value) {
    if (std::find(kNames.begin(), kNames.end(), member.name()) ==
        kNames.end()) {
      return false;
    }
  }
  return true;
}

bool is_patient_number(Json member) {
  return member.name() == "identifier" &&
         member.parent().get("resourceType").text() == "Patient";
}

std::string merged(Json stored, Json sent, bool times_anew) {
  if (is_patient_number(sent)) return joined_numbers(stored, sent);
  if (stored.is_array() && sent.is_array()) {
    return joined(stored, sent, times_anew);
  }
  if (is_period(stored) && is_period(sent)) return completed(stored, sent);
  return std::string(sent.raw());
}

std::string without_not_taken(Json extensions) {
  JsonWriter writer;
  writer.begin_array();
  for (const Json one : extensions) {
    if (!is_not_taken(one)) writer.raw(one.raw());
  }
  writer.end_array();
  return writer.take();
}

// A period says when, and nothing of how often.
bool says_how_often(Json order) {
  return order.get("occurrenceTiming").exists();
}

// Why a slot was cancelled says nothing of one that stands again (app-4), and
// what was entered in error has no clinical status (con-5).
bool is_over(Json sent, std::string_view member) {
  if (member == "clinicalStatus") {
    return sent.find("verificationStatus.coding.code").text() ==
           "entered-in-error";
  }
  if (member != "cancelationReason") return false;
  const auto status = sent.get("status").text();
  return !status.empty() && status != "cancelled" && status != "noshow";
}

}  // namespace

bool lacks_times(Json session) {
  const Json period = session.get("performedPeriod");
  for (const auto* end : {"start", "end"}) {
    if (period.get(end).text().find('T') == std::string_view::npos) return true;
  }
  return false;
}

bool is_other_session(Json stored, Json sent) {
  for (const Json session : {stored, sent}) {
    if (session.get("resourceType").text() != "Procedure") return false;
    if (session.get("status").text() != "completed") return false;
  }
  constexpr std::size_t kDay = 10;  // "2026-04-06"
  const auto before = stored.find("performedPeriod.start").text();
  const auto now = sent.find("performedPeriod.start").text();
  return !before.empty() && !now.empty() &&
         before.substr(0, kDay) != now.substr(0, kDay);
}

bool withdraws(Json resource) {
  const auto type = resource.get("resourceType").text();
  const auto status = resource.get("status").text();
  if (type == "Procedure") return status == "entered-in-error";
  if (type == "Encounter") return status == "cancelled";
  if (type == "Condition") {
    return resource.find("verificationStatus.coding.code").text() ==
           "entered-in-error";
  }
  return type == "Task" && status == "completed";
}

bool is_cancelled(Json resource) {
  const auto type = resource.get("resourceType").text();
  const auto status = resource.get("status").text();
  if (type == "ServiceRequest") return status == "revoked";
  return type == "Appointment" && (status == "cancelled" || status == "noshow");
}

std::string still_cancelled(Json stored, Json sent) {
  const auto text =
      edited(sent.raw(),
             {{.span = {sent.get("status").span().begin - sent.span().begin,
                        sent.get("status").span().end - sent.span().begin},
               .replacement = json_quoted(stored.get("status").text())}});
  const auto document = JsonDocument::parse(text);
  return document ? amended(stored, document->root(), {}) : text;
}

std::string amended(Json stored, Json sent, const Amendment& by) {
  const auto is_deleted = [&](std::string_view member) {
    return names(by.deleted, member);
  };
  const bool times_anew = says_how_often(sent);
  std::set<std::string_view> said = {"id", "meta"};
  JsonWriter writer;
  writer.begin_object();
  for (const Json member : sent) {
    if (member.name() == "occurrencePeriod" && says_how_often(stored) &&
        !is_deleted(member.name())) {
      continue;
    }
    const bool is_kept = names(by.defaulted, member.name()) &&
                         stored.get(member.name()).exists() &&
                         !is_deleted(member.name());
    if (is_kept) continue;
    said.insert(element_of(member.name()));
    const Json before = stored.get(member.name());
    const bool whole = !before.exists() || is_deleted(member.name());
    writer.key(member.name())
        .raw(whole ? std::string(member.raw())
                   : merged(before, member, times_anew));
  }
  for (const Json member : stored) {
    const auto element = element_of(member.name());
    if (said.contains(element) || is_deleted(member.name())) continue;
    if (is_over(sent, element)) continue;
    const bool anew = element == "extension" && times_anew;
    const auto kept = anew ? without_not_taken(member) : std::string();
    if (kept == "[]") continue;
    writer.key(member.name()).raw(anew ? kept : std::string(member.raw()));
  }
  writer.end_object();
  return writer.take();
}

std::string with_more_numbers(Json stored, Json sent,
                              const std::function<bool(Json)>& may_be_added) {
  const Json known = stored.get("identifier");
  JsonWriter writer;
  writer.begin_object();
  for (const auto* name : {"resourceType", "id"}) {
    writer.key(name).raw(stored.get(name).raw());
  }
  writer.key("meta").raw(meta_of_version(stored.get("meta"), sent.get("meta")));
  writer.key("identifier").begin_array();
  bool has_more = false;
  for (const Json number : sent.get("identifier")) {
    const bool stays = is_single(number) && has_kind(known, kind_of(number));
    if (stays || !may_be_added(number) || same_number(known, number).exists()) {
      continue;
    }
    writer.raw(number.raw());
    has_more = true;
  }
  if (!has_more) return {};
  const auto more = JsonDocument::parse(writer.end_array().end_object().take());
  return more ? amended(stored, more->root(), {}) : std::string();
}

}  // namespace gateway::server
