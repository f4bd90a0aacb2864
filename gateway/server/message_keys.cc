#include "server/message_keys.h"

#include <algorithm>
#include <array>
#include <utility>

#include "exchange/search_parameters.h"

namespace gateway::server {
namespace {

constexpr std::uint32_t kMostRepetitions = 5;
constexpr const char* kNull = "\"\"";

struct Field {
  std::string_view segment;
  std::uint32_t field;
};
constexpr std::array kPatients = {Field{"PID", 3}, Field{"MRG", 1}};
constexpr std::array kNumbers = {
    Field{"PID", 2},  Field{"IN1", 36}, Field{"PV1", 19}, Field{"ORC", 2},
    Field{"ORC", 3},  Field{"OBR", 2},  Field{"OBR", 3},  Field{"RF1", 6},
    Field{"RF1", 11}, Field{"SCH", 1},  Field{"SCH", 2}};

// By what is beside the matter in many messages, none is looked for.
bool is_of_many(std::string_view type) {
  constexpr std::array<std::string_view, 7> kTypes = {
      "Practitioner", "PractitionerRole", "Organization", "Location",
      "CareTeam",     "Condition",        "Observation"};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

std::string_view without_system(std::string_view token) {
  const auto bar = token.rfind('|');
  return bar == std::string_view::npos ? token : token.substr(bar + 1);
}

}  // namespace

std::vector<std::string> MessageKeys::of(const std::string& content,
                                         const std::string& bundle,
                                         std::string_view peer) {
  MessageKeys keys;
  if (const auto message = parse::Hl7v2Message::parse(content)) {
    keys.add_message(*message);
  }
  if (const auto made = JsonDocument::parse(bundle)) {
    keys.add_bundle(made->root());
  }
  keys.add_origin(peer);
  return std::move(keys).take();
}

void MessageKeys::add(std::string key) {
  if (key.empty() || key == kNull || !known_.insert(key).second) return;
  keys_.push_back(std::move(key));
}

void MessageKeys::add_message(const parse::Hl7v2Message& message) {
  for (const auto& segment : message.segments()) {
    const auto name = message.name(segment);
    for (const auto& [wanted, field] : kPatients) {
      if (name != wanted) continue;
      for (std::uint32_t i = 1; i <= kMostRepetitions; ++i) {
        const auto number =
            message.text(&segment, {.field = field, .repetition = i});
        if (number.empty() || number == kNull) continue;
        add(number);
        auto authority = message.text(
            &segment, {.field = field, .repetition = i, .component = 4});
        if (authority.empty()) {
          authority = message.text(&segment, {.field = field,
                                              .repetition = i,
                                              .component = 4,
                                              .subcomponent = 2});
        }
        if (!authority.empty()) add(authority + "|" + number);
      }
    }
    for (const auto& [wanted, field] : kNumbers) {
      if (name == wanted) add(message.text(&segment, {.field = field}));
    }
  }
}

void MessageKeys::add_resource(Json resource) {
  const Json identifiers = resource.get("identifier");
  if (identifiers.is_array()) {
    for (const Json one : identifiers)
      add(std::string(one.get("value").text()));
  } else {
    add(std::string(identifiers.get("value").text()));
  }
  const auto patient = exchange::patient_reference(resource);
  if (patient.starts_with("Patient/")) {
    add(patient.substr(0, patient.find("/_history")));
  }
}

void MessageKeys::add_bundle(Json bundle) {
  for (const Json entry : bundle.get("entry")) {
    const Json resource = entry.get("resource");
    if (!is_of_many(resource.get("resourceType").text())) {
      add_resource(resource);
    }
  }
}

void MessageKeys::add_request(const exchange::WriteRequest& request) {
  const bool single = request.kind == exchange::RequestKind::single;
  for (const auto& entry : request.entries) {
    const auto type = entry.resource.get("resourceType").text();
    if (single || !is_of_many(type)) add_resource(entry.resource);
  }
  for (const auto& reference : request.conditional) {
    if (is_of_many(reference.search.query.type)) continue;
    for (const auto& [name, value] : reference.search.applied) {
      if (name == "identifier") add(std::string(without_system(value)));
    }
  }
}

void MessageKeys::add_patients(const exchange::WriteRequest& request) {
  for (const auto& entry : request.entries) {
    if (entry.resource.get("resourceType").text() != "Patient") continue;
    for (const Json one : entry.resource.get("identifier")) {
      const auto system = one.get("system").text();
      const auto value = one.get("value").text();
      if (system.empty() || value.empty()) continue;
      add(std::string(system) + "|" + std::string(value));
    }
  }
  for (const auto& reference : request.conditional) {
    if (reference.search.query.type != "Patient") continue;
    for (const auto& [name, value] : reference.search.applied) {
      if (name == "identifier") add(value);
    }
  }
}

void MessageKeys::add_origin(std::string_view peer) {
  if (peer.starts_with(store::kReplayOf) ||
      peer.starts_with(store::kReleaseOf)) {
    add(std::string(peer));
  }
}

}  // namespace gateway::server
