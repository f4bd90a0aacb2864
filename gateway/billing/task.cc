// Emission of a hold as a Task.

#include <algorithm>

#include "base/json_writer.h"
#include "billing/emit.h"

namespace gateway::billing {
namespace {

// The gravest finding gives the reason: the first of the greatest severity.
const fhir::Finding& gravest(const std::vector<fhir::Finding>& findings) {
  return *std::min_element(findings.begin(), findings.end(),
                           [](const auto& left, const auto& right) {
                             return left.severity < right.severity;
                           });
}

std::string contained_findings(const TaskPlan& task, const Emission& emission) {
  fhir::Outcome outcome;
  for (const auto& finding : task.findings) outcome.add(finding);
  auto text = fhir::to_operation_outcome(outcome, emission.base);
  const std::string_view type = R"("resourceType":"OperationOutcome")";
  const auto at = text.find(type);
  text.insert(at + type.size(), R"(,"id":"findings")");
  return text;
}

void write_inputs(JsonWriter& writer, const TaskPlan& task,
                  const Emission& emission) {
  writer.key("input").begin_array();
  for (const auto& finding : task.findings) {
    writer.begin_object()
        .key("type")
        .raw(concept_json(local_system(emission, "rule"), finding.rule))
        .member("valueString",
                finding.expression.empty() ? finding.text : finding.expression)
        .end_object();
  }
  writer.end_array();
}

// The sender; once nobody answered, the site's lead.
void write_owner(JsonWriter& writer, const TaskBody& body,
                 const Emission& emission) {
  const auto* lead = body.lead;
  writer.key("owner")
      .begin_object()
      .key("identifier")
      .begin_object()
      .member("system",
              emission.base + (lead == nullptr ? "/NamingSystem/partner"
                                               : "/NamingSystem/staff"))
      .member("value", lead == nullptr ? emission.owner : lead->lead)
      .end_object();
  if (lead != nullptr) writer.member_if("display", lead->name);
  writer.end_object();
}

}  // namespace

std::string task_json(const TaskPlan& task, const TaskBody& body,
                      const Emission& emission) {
  JsonWriter writer;
  writer.begin_object()
      .member("resourceType", "Task")
      .member("id", body.id)
      .key("contained")
      .begin_array()
      .raw(contained_findings(task, emission))
      .end_array()
      .key("identifier")
      .begin_array()
      .raw(plan_identifier(emission, task.key))
      .end_array()
      .member("status", body.status)
      .member("intent", "order");
  if (body.lead != nullptr) writer.member("priority", "urgent");
  writer.key("code")
      .raw(concept_json(local_system(emission, "task-code"), task.code))
      .key("focus")
      .raw(reference_json(emission.resolve(task.focus)));
  if (!task.patient.empty()) {
    writer.key("for").raw(reference_json(task.patient));
  }
  writer.member("authoredOn", body.authored)
      .member("lastModified", body.modified);
  write_owner(writer, body, emission);
  writer.key("reasonCode")
      .raw(concept_json(local_system(emission, "rule"),
                        gravest(task.findings).rule))
      .key("reasonReference")
      .begin_object()
      .member("reference", "#findings")
      .end_object();
  for (const auto& [name, words] : body.kept) writer.key(name).raw(words);
  write_inputs(writer, task, emission);
  writer.end_object();
  return writer.take();
}

}  // namespace gateway::billing
