#include "integration/official_resources.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/json.h"
#include "base/json_writer.h"
#include "folders.h"

namespace gateway::real_input {
namespace {

namespace fs = std::filesystem;

constexpr const char* kA2 = "clinic-work-conditioning/A2";
constexpr const char* kA3 = "clinic-work-conditioning/A3";
constexpr const char* kA4 = "clinic-work-conditioning/A4";

fs::path examples() {
  const char* const set = std::getenv("WORKGATE_SHARED");
  const auto shared = set != nullptr
                          ? fs::path(set)
                          : fs::path(GATEWAY_SOURCE_DIR) / "../shared";
  return shared / "conformance" / "examples";
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string own(const std::string& name) {
  return text_of(fs::path(GATEWAY_SOURCE_DIR) / "tests/data/real_input" /
                 (name + ".json"));
}

// A transaction of PUT entries. Bodies go in as they were written.
class Message {
 public:
  Message() {
    out_.begin_object()
        .member("resourceType", "Bundle")
        .member("type", "transaction")
        .key("entry")
        .begin_array();
  }

  Message& put(std::string_view resource) {
    const auto parsed = JsonDocument::parse(std::string(resource));
    if (!parsed) return *this;
    const Json root = parsed->root();
    const auto url = std::string(root.get("resourceType").text()) + '/' +
                     std::string(root.get("id").text());
    out_.begin_object().key("resource").raw(resource);
    out_.key("request").begin_object();
    out_.member("method", "PUT").member("url", url).end_object().end_object();
    return *this;
  }

  // Every resource of a Bundle, or those whose type is `type`.
  Message& put_all(const std::string& bundle, std::string_view type = {}) {
    const auto parsed = JsonDocument::parse(bundle);
    if (!parsed) return *this;
    for (const Json entry : parsed->root().get("entry")) {
      const Json resource = entry.get("resource");
      if (type.empty() || resource.get("resourceType").text() == type) {
        put(resource.raw());
      }
    }
    return *this;
  }

  std::string text() {
    out_.end_array().end_object();
    return out_.take();
  }

 private:
  JsonWriter out_;
};

std::string id_of(const std::string& resource) {
  const auto parsed = JsonDocument::parse(resource);
  return parsed ? std::string(parsed->root().get("id").text()) : std::string();
}

std::string replaced(std::string text, std::string_view name,
                     std::string_view value) {
  const auto at = text.find(name);
  if (at != std::string::npos) text.replace(at, name.size(), value);
  return text;
}

Held held_coverage(const std::string& file) {
  const auto coverage = official(file);
  const auto around =
      replaced(own("around_official_coverage"), "%coverage%", id_of(coverage));
  return {.name = file,
          .message = Message().put_all(around).put(coverage).text(),
          .focus = "ServiceRequest/own-order",
          .rules = {"coverage/not-workers-compensation",
                    "coverage/no-claim-number"}};
}

Held held_referral(const std::string& file, std::vector<std::string> rules) {
  const auto order = official(file);
  return {.name = file,
          .message = Message().put(order).text(),
          .focus = "ServiceRequest/" + id_of(order),
          .rules = std::move(rules)};
}

// A decision of the official story, beside an order of ours that it could be
// for: the same worker, the same payer.
Held held_decision(const std::string& file, const std::string& rule) {
  Message message;
  const auto decision = official(file);
  const std::string folder = file.substr(0, file.find('/') + 1);
  const auto request =
      official(folder + "Bundle-ReferralAuthorizationBundleExample.json");
  message.put_all(request, "Organization").put_all(request, "Patient");
  message.put_all(request, "Practitioner");
  message.put_all(request, "PractitionerRole").put_all(request, "Location");
  message.put_all(own("around_official_decision")).put(decision);
  return {.name = file,
          .message = message.text(),
          .focus = "ClaimResponse/" + id_of(decision),
          .rules = {rule}};
}

Decision decision(const std::string& name) {
  auto file = "pas_" + name;
  for (auto& letter : file) {
    if (letter == '-') letter = '_';
  }
  return {.name = name,
          .message = own(file),
          .authorization = "ClaimResponse/pas-" + name + "-decision",
          .session = "Procedure/pas-" + name + "-session",
          .number = {},
          .visits = 0,
          .rules = {}};
}

Decision granted(const std::string& name, const std::string& number) {
  auto made = decision(name);
  made.number = number;
  made.visits = 12;
  return made;
}

Decision refused(const std::string& name, std::vector<std::string> rules) {
  auto made = decision(name);
  made.rules = std::move(rules);
  return made;
}

}  // namespace

std::string absence() {
  if (fs::exists(examples() / "us-core-6.1.0")) return {};
  return "no official examples: set WORKGATE_SHARED to the folder that holds "
         "conformance/examples";
}

std::string official(const std::string& file) {
  return text_of(examples() / file);
}

std::string referral_of_official_parties() {
  Message message;
  for (const auto* file :
       {"Patient-example", "Organization-acme-payer", "Organization-acme-lab",
        "Organization-example-organization-2", "Practitioner-practitioner-1",
        "Practitioner-practitioner-2", "Location-hl7east"}) {
    message.put(official("us-core-6.1.0/" + std::string(file) + ".json"));
  }
  return message.put_all(own("around_official_parties")).text();
}

std::string sessions_of_official_parties() {
  return own("sessions_of_official_parties");
}

std::vector<ExpectedClaim> claims_of_official_parties() {
  return {{"2026-04-06", "210.00", 1, 0},
          {"2026-04-08", "302.00", 1, 1},
          {"2026-04-10", "486.00", 1, 3}};
}

// The official clinic's tax number has no official system, and the official
// practitioner shows no qualification.
std::vector<std::string> warnings_of_official_parties() {
  return {"billing/no-tin", "billing/no-license"};
}

// Domain O2 and O3: the coverage is not of workers' compensation, and nothing
// says which injury is meant.
std::vector<Held> held_coverages() {
  std::vector<Held> held;
  for (const auto* file :
       {"us-core-6.1.0/Coverage-coverage-example.json",
        "carin-bb-2.0.0/Coverage-Coverage2.json",
        "crd-2.0.1/Coverage-example.json",
        "pas-2.2.1/Coverage-InsuranceExample.json",
        "r4-core/Coverage-7547E.json", "r4-core/Coverage-SP1234.json"}) {
    held.push_back(held_coverage(file));
  }
  return held;
}

// Orders for other services: none names the program, and no requester is known
// as attending. Only one says how often, without "as needed".
std::vector<Held> held_referrals() {
  std::vector<Held> held;
  held.push_back(
      held_referral("r4-core/ServiceRequest-benchpress.json", {kA2, kA3}));
  for (const auto* file :
       {"r4-core/ServiceRequest-ambulation.json",
        "r4-core/ServiceRequest-colon-biopsy.json",
        "r4-core/ServiceRequest-colonoscopy.json",
        "r4-core/ServiceRequest-di.json",
        "r4-core/ServiceRequest-example-pgx.json",
        "r4-core/ServiceRequest-ft4.json",
        "r4-core/ServiceRequest-physiotherapy.json",
        "r4-core/ServiceRequest-vent.json",
        "us-core-6.1.0/ServiceRequest-defib-implant.json",
        "us-core-6.1.0/ServiceRequest-foodpantry-referral.json"}) {
    held.push_back(held_referral(file, {kA2, kA3, kA4}));
  }
  return held;
}

// One quantity without a unit, for a consultation; and a review that is still
// going on, although the outcome says "complete".
std::vector<Held> held_authorizations() {
  const std::string response =
      "/ClaimResponse-PractitionerRequestorResponseExample.json";
  return {held_decision("pas-2.0.1" + response, "authorization/other-service"),
          held_decision("pas-2.2.1" + response, "authorization/other-service"),
          held_decision(
              "pas-2.2.1/"
              "ClaimResponse-PractitionerRequestorPendingResponseExample.json",
              "authorization/pended"),
          held_decision(
              "pas-2.2.1/ClaimResponse-PASClaimInquiryResponseExample.json",
              "authorization/no-quantity")};
}

std::vector<Decision> decisions() {
  return {granted("certified", "PA-9101"),
          granted("in-part", "PA-9102"),
          granted("modified", "PA-9103"),
          refused("pended", {"authorization/pended"}),
          refused("denied", {}),
          refused("other-unit", {"authorization/unit"})};
}

}  // namespace gateway::real_input
