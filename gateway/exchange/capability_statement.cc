#include "exchange/capability_statement.h"

#include <array>
#include <initializer_list>
#include <string_view>

#include "base/json_writer.h"
#include "exchange/search_parameters.h"

namespace gateway::exchange {
namespace {

struct Operation {
  std::string_view type;
  std::string_view name;
};
constexpr std::array kOperations = {Operation{"Claim", "explain"},
                                    Operation{"ServiceRequest", "checklist"}};
// HL7's own: each type has $validate, and two types that are not kept here
// answer from the image.
constexpr std::array kTerminology = {Operation{"ValueSet", "expand"},
                                     Operation{"ValueSet", "validate-code"},
                                     Operation{"CodeSystem", "lookup"},
                                     Operation{"CodeSystem", "validate-code"}};
constexpr std::string_view kOfficial =
    "http://hl7.org/fhir/OperationDefinition/";

struct Entry {
  std::string_view method;
  std::string_view path;
  std::string_view what;
};
constexpr std::array kIndex = {
    Entry{"GET", "/fhir/metadata", "what the FHIR side can do"},
    Entry{"POST", "/fhir", "transaction or batch Bundle"},
    Entry{"GET", "/fhir/{type}", "search, also POST /fhir/{type}/_search"},
    Entry{"POST", "/fhir/{type}", "create, with If-None-Exist"},
    Entry{"GET", "/fhir/{type}/{id}", "read"},
    Entry{"PUT", "/fhir/{type}/{id}", "update, with If-Match"},
    Entry{"GET", "/fhir/{type}/{id}/_history", "all versions"},
    Entry{"GET", "/fhir/{type}/{id}/_history/{version}", "one version"},
    Entry{"GET", "/fhir/Claim/{id}/$explain", "why these units"},
    Entry{"GET", "/fhir/ServiceRequest/{id}/$checklist",
          "which requirements are met"},
    Entry{"GET", "/fhir/Measure/{id}/$evaluate-measure",
          "outcomes from periodStart to periodEnd"},
    Entry{"POST", "/fhir/$validate", "what is wrong with a resource"},
    Entry{"POST", "/fhir/{type}/$validate", "the same, of that type"},
    Entry{"GET", "/fhir/{type}/{id}/$validate", "the same, as it is stored"},
    Entry{"GET", "/fhir/ValueSet/$expand", "the codes of a value set"},
    Entry{"GET", "/fhir/ValueSet/$validate-code", "is a code in a value set"},
    Entry{"GET", "/fhir/CodeSystem/$validate-code", "does a code exist"},
    Entry{"GET", "/fhir/CodeSystem/$lookup", "what a code means"},
    Entry{"GET", "/log/messages", "the message log, for operators"},
    Entry{"GET", "/log/messages/{id}", "one message with its content"},
    Entry{"POST", "/log/messages/_search",
          "by patient-identifier or claim-number, as a form"},
    Entry{"POST", "/log/messages/{id}/$replay",
          "a message once more; mode=trial only tries it"},
    Entry{"POST", "/log/messages/$replay",
          "a plan to replay all that a search finds"},
    Entry{"GET", "/log/replays/{id}", "a plan: how many, whose, what changes"},
    Entry{"POST", "/log/replays/{id}/$start", "begins a plan"},
    Entry{"POST", "/log/replays/{id}/$cancel", "ends a plan"},
    Entry{"GET", "/configuration", "the edition in force, for operators"},
    Entry{"POST", "/configuration/$reload", "reads the configuration again"},
    Entry{"POST", "/configuration/$rollback", "back to the edition before"},
    Entry{"GET", "/health/live", "the process runs"},
    Entry{"GET", "/health/ready", "it can take messages"},
    Entry{"GET", "/metrics", "figures, in the Prometheus text format"}};

std::string_view type_name(ParameterKind kind) {
  return kind == ParameterKind::reference ? "reference" : "token";
}

void write_codes(JsonWriter& out, std::string_view name,
                 std::initializer_list<std::string_view> codes) {
  out.key(name).begin_array();
  for (const auto code : codes) {
    out.begin_object().member("code", code).end_object();
  }
  out.end_array();
}

void write_parameter(JsonWriter& out, std::string_view name,
                     std::string_view type) {
  out.begin_object().member("name", name).member("type", type).end_object();
}

void write_operation(JsonWriter& out, std::string_view name,
                     const std::string& definition) {
  out.begin_object()
      .member("name", name)
      .member("definition", definition)
      .end_object();
}

void write_validate(JsonWriter& out) {
  write_operation(out, "validate",
                  std::string(kOfficial) + "Resource-validate");
}

void write_operations(JsonWriter& out, std::string_view type,
                      const Site& site) {
  out.key("operation").begin_array();
  write_validate(out);
  for (const auto& operation : kOperations) {
    if (operation.type != type) continue;
    write_operation(
        out, operation.name,
        site.canonical + "/OperationDefinition/" + std::string(operation.name));
  }
  out.end_array();
}

void write_terminology(JsonWriter& out, std::string_view type) {
  out.begin_object().member("type", type).key("operation").begin_array();
  for (const auto& operation : kTerminology) {
    if (operation.type != type) continue;
    write_operation(out, operation.name,
                    std::string(kOfficial) + std::string(type) + "-" +
                        std::string(operation.name));
  }
  out.end_array().end_object();
}

void write_type(JsonWriter& out, const ResourceType& type, const Site& site) {
  out.begin_object().member("type", type.name);
  write_codes(
      out, "interaction",
      {"read", "vread", "update", "history-instance", "create", "search-type"});
  out.member("versioning", "versioned-update")
      .key("readHistory")
      .boolean(true)
      .key("updateCreate")
      .boolean(true)
      .key("conditionalCreate")
      .boolean(true)
      .member("conditionalRead", "full-support")
      .key("conditionalUpdate")
      .boolean(true)
      .member("conditionalDelete", "not-supported")
      .key("referencePolicy")
      .begin_array()
      .string("literal")
      .end_array()
      .key("searchParam")
      .begin_array();
  write_parameter(out, "_id", "token");
  write_parameter(out, "_lastUpdated", "date");
  for (const auto& parameter : type.parameters) {
    write_parameter(out, parameter.name, type_name(parameter.kind));
  }
  out.end_array();
  write_operations(out, type.name, site);
  out.end_object();
}

// Built in, so nothing of it is ever written.
void write_measure(JsonWriter& out) {
  out.begin_object().member("type", "Measure");
  write_codes(out, "interaction", {"read", "search-type"});
  out.key("operation")
      .begin_array()
      .begin_object()
      .member("name", "evaluate-measure")
      .member("definition",
              "http://hl7.org/fhir/OperationDefinition/"
              "Measure-evaluate-measure")
      .end_object()
      .end_array()
      .end_object();
}

}  // namespace

std::string capability_statement(const Site& site) {
  JsonWriter out;
  out.begin_object()
      .member("resourceType", "CapabilityStatement")
      .member("status", "active")
      .member("date", utc_text(site.started))
      .member("kind", "instance")
      .key("software")
      .begin_object()
      .member("name", "Workgate")
      .member("version", site.version)
      .end_object()
      .key("implementation")
      .begin_object()
      .member("description",
              "Gateway from work-conditioning referrals to claims")
      .member("url", site.base)
      .end_object()
      .member("fhirVersion", "4.0.1")
      .key("format")
      .begin_array()
      .string("application/fhir+json")
      .string("json")
      .end_array()
      .key("rest")
      .begin_array()
      .begin_object()
      .member("mode", "server")
      .key("resource")
      .begin_array();
  for (const auto& type : resource_types()) write_type(out, type, site);
  write_measure(out);
  write_terminology(out, "CodeSystem");
  write_terminology(out, "ValueSet");
  out.end_array().key("operation").begin_array();
  write_validate(out);
  out.end_array();
  write_codes(out, "interaction", {"transaction", "batch"});
  out.end_object().end_array().end_object();
  return out.take();
}

std::string index_page(const Site& site) {
  JsonWriter out;
  out.begin_object()
      .member("name", "Workgate")
      .member("version", site.version)
      .member("fhir", site.base)
      .key("paths")
      .begin_array();
  for (const auto& entry : kIndex) {
    out.begin_object()
        .member("method", entry.method)
        .member("path", entry.path)
        .member("what", entry.what)
        .end_object();
  }
  out.end_array().end_object();
  return out.take();
}

}  // namespace gateway::exchange
