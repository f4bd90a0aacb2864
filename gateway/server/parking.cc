#include "server/parking.h"

#include <algorithm>
#include <array>

#include "base/json_edit.h"
#include "base/json_writer.h"
#include "server/incoming.h"

namespace gateway::server {
namespace {

constexpr std::array<std::string_view, 3> kOrders{"ServiceRequest", "Procedure",
                                                  "Appointment"};
constexpr std::array<std::string_view, 1> kPatient{"Patient"};

// What is ordered is corrected, what was done or booked is reviewed.
std::string_view task_code(std::string_view event) {
  const auto kind = event.substr(0, 3);
  if (kind == "REF" || kind == "ORM" || kind == "OMG") {
    return "correct-referral";
  }
  const bool registers = event == "ADT^A04" || event == "ADT^A08";
  return registers ? "review-referral" : "review-session";
}

// The first resource of one of the types, by its identifier: it is not stored.
template <typename Types>
std::string named(Json bundle, const Types& types) {
  for (const std::string_view type : types) {
    for (const auto entry : bundle.get("entry")) {
      const auto resource = entry.get("resource");
      if (resource.get("resourceType").text() != type) continue;
      const auto identifier = resource.get("identifier").first();
      if (!identifier.get("value").exists()) continue;
      JsonWriter writer;
      writer.begin_object()
          .member("type", type)
          .key("identifier")
          .begin_object()
          .member_if("system", identifier.get("system").text())
          .member("value", identifier.get("value").text())
          .end_object()
          .end_object();
      return writer.take();
    }
  }
  return {};
}

std::string local_concept(const Parked& parked, std::string_view system,
                          std::string_view code) {
  JsonWriter writer;
  writer.begin_object().key("coding").begin_array().begin_object();
  writer.member("system", parked.base + "/CodeSystem/" + std::string(system))
      .member("code", code);
  writer.end_object().end_array().end_object();
  return writer.take();
}

std::string findings_resource(const Parked& parked, const Hold& hold) {
  auto text = fhir::to_operation_outcome(hold.findings, parked.base);
  constexpr std::string_view kType = R"("resourceType":"OperationOutcome")";
  text.insert(text.find(kType) + kType.size(), R"(,"id":"findings")");
  return text;
}

// The code and its table, and the place in the message.
void write_row(JsonWriter& writer, const Parked& parked,
               const map::MissingRow& row) {
  writer.key("valueCodeableConcept").begin_object();
  writer.key("coding").begin_array().begin_object();
  writer.member("system", parked.base + "/map-table/" + row.table)
      .member_if("code", row.code);
  writer.end_object().end_array();
  writer.member("text", row.place).end_object();
}

// What is only told is nothing that a message waits for.
std::vector<fhir::Finding> waited_for(const Hold& hold) {
  auto all = hold.findings.findings();
  std::erase_if(all, [](const auto& finding) {
    return finding.severity == fhir::Severity::information;
  });
  return all;
}

// One for each finding: its rule, and what it is about.
std::string inputs(const Parked& parked, const Hold& hold) {
  const auto all = waited_for(hold);
  JsonWriter writer;
  writer.begin_array();
  for (std::size_t i = 0; i < all.size(); ++i) {
    writer.begin_object().key("type").raw(
        local_concept(parked, "rule", all[i].rule));
    if (hold.rows.size() == all.size()) {
      write_row(writer, parked, hold.rows[i]);
    } else if (!hold.behind.empty()) {
      writer.key("valueReference")
          .begin_object()
          .member("reference", hold.behind)
          .end_object();
    } else {
      writer.member("valueString", all[i].expression.empty()
                                       ? all[i].text
                                       : all[i].expression);
    }
    writer.end_object();
  }
  writer.end_array();
  return writer.take();
}

void write_subject(JsonWriter& writer, const Parked& parked, const Hold& hold) {
  const auto bundle = JsonDocument::parse(hold.bundle);
  const auto focus = bundle ? named(bundle->root(), kOrders) : std::string();
  writer.key("focus");
  if (focus.empty()) {
    writer.begin_object()
        .member("display",
                "the message " + parked.event + " " + parked.control_id)
        .end_object();
  } else {
    writer.raw(focus);
  }
  const auto patient = bundle ? named(bundle->root(), kPatient) : std::string();
  if (!patient.empty()) writer.key("for").raw(patient);
}

std::string meta(std::uint32_t version, Instant now) {
  JsonWriter writer;
  writer.begin_object()
      .member("versionId", std::to_string(version))
      .member("lastUpdated", utc_text(now))
      .end_object();
  return writer.take();
}

}  // namespace

std::string parking_task(const Parked& parked, const Hold& hold,
                         const TaskVersion& version) {
  JsonWriter writer;
  writer.begin_object()
      .member("resourceType", "Task")
      .member("id", version.id)
      .key("meta")
      .raw(meta(version.version, version.now))
      .key("contained")
      .begin_array()
      .raw(findings_resource(parked, hold))
      .end_array()
      .key("identifier")
      .begin_array()
      .begin_object()
      .member("system", parked.base + "/NamingSystem/parked-message")
      .member("value", parked.digest)
      .end_object()
      .end_array()
      .member("status", "requested")
      .member("intent", "order")
      .key("code")
      .raw(local_concept(parked, "task-code", task_code(parked.event)));
  write_subject(writer, parked, hold);
  writer.member("authoredOn", version.authored)
      .member("lastModified", utc_text(version.now))
      .key("owner")
      .begin_object()
      .key("identifier")
      .begin_object()
      .member("system", parked.base + "/NamingSystem/partner")
      .member("value", parked.partner)
      .end_object()
      .end_object()
      .key("reasonCode")
      .raw(local_concept(parked, "rule", gravest_rule(hold.findings)))
      .key("reasonReference")
      .begin_object()
      .member("reference", "#findings")
      .end_object()
      .key("input")
      .raw(inputs(parked, hold))
      .end_object();
  return writer.take();
}

std::string escalated_task(Json stored, const Parked& parked,
                           const program::Escalation& lead,
                           const TaskVersion& version) {
  JsonWriter owner;
  owner.begin_object()
      .key("identifier")
      .begin_object()
      .member("system", parked.base + "/NamingSystem/staff")
      .member("value", lead.lead)
      .end_object()
      .member_if("display", lead.name)
      .end_object();
  return edited(
      stored.raw(),
      {set_member(stored, "owner", owner.take()),
       set_member(stored, "priority", json_quoted("urgent")),
       set_member(stored, "lastModified", json_quoted(utc_text(version.now))),
       set_member(stored, "meta", meta(version.version, version.now))});
}

bool is_escalated(Json task) {
  return task.find("owner.identifier.system")
      .text()
      .ends_with("/NamingSystem/staff");
}

std::string with_owner_of(Json stored, const std::string& body) {
  const auto document = JsonDocument::parse(body);
  if (!document || !is_escalated(stored)) return body;
  const Json task = document->root();
  return edited(
      body, {set_member(task, "owner", std::string(stored.get("owner").raw())),
             set_member(task, "priority", json_quoted("urgent"))});
}

std::string completed_task(Json stored, std::uint32_t version, Instant now) {
  return edited(stored.raw(),
                {set_member(stored, "status", json_quoted("completed")),
                 set_member(stored, "lastModified", json_quoted(utc_text(now))),
                 set_member(stored, "meta", meta(version, now))});
}

bool says_otherwise(Json stored, const Parked& parked, const Hold& hold) {
  return stored.get("input").raw() != inputs(parked, hold) ||
         stored.get("contained").first().raw() !=
             findings_resource(parked, hold);
}

bool is_open(Json task) {
  constexpr std::array<std::string_view, 5> kClosed{
      "completed", "cancelled", "failed", "rejected", "entered-in-error"};
  return std::find(kClosed.begin(), kClosed.end(), task.get("status").text()) ==
         kClosed.end();
}

bool is_parking(Json task) {
  return task.get("identifier")
      .first()
      .get("system")
      .text()
      .ends_with("/NamingSystem/parked-message");
}

}  // namespace gateway::server
