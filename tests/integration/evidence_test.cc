// Evidence that a site insists on: the claim waits for the documents, and is
// released by their arrival; a person's word has its effect in the checklist.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/running_gateway.h"
#include "integration/scratch_site.h"

namespace gateway::integration {
namespace {

// What a daily note tells of: a note without them is none.
std::string sections() {
  std::string all;
  for (const auto* title : {"Effort", "Tolerance", "Progress"}) {
    all += std::string(all.empty() ? "" : ",") + R"({"title":")" + title +
           R"(","text":{"status":"generated","div":)"
           R"("<div xmlns=\"http://www.w3.org/1999/xhtml\">good</div>"}})";
  }
  return R"("section":[)" + all + "]";
}

std::string document(const std::string& type, const std::string& kind,
                     const std::string& patient) {
  const bool note = type == "Composition";
  return R"({"resourceType":")" + type + R"(","status":")" +
         (note ? "final" : "current") +
         R"(","type":{"coding":[{"system":)"
         R"("https://workgate.example/fhir/CodeSystem/document-type","code":")" +
         kind + R"("}]},"subject":{"reference":")" + patient +
         R"("},"date":"2026-04-06T18:00:00-05:00",)" +
         (note ? R"("title":"Note","author":[{"display":"therapist"}],)" +
                     sections() + "}"
               : R"("content":[{"attachment":{"title":"sheet"}}]})");
}

// What one member of a group of the Parameters says, by the group's id.
std::string status_of(Json checklist, std::string_view rule) {
  for (const Json group : checklist.get("parameter")) {
    std::string id;
    std::string status;
    for (const Json part : group.get("part")) {
      const auto name = part.get("name").text();
      if (name == "id") id = part.get("valueString").text();
      if (name == "status") {
        status = part.get("valueString").exists()
                     ? part.get("valueString").text()
                     : part.get("valueCode").text();
      }
    }
    if (id == rule) return status;
  }
  return "absent";
}

class EvidenceTest : public testing::Test {
 protected:
  static std::string configured(const ScratchSite& site) {
    site.change("config/gateway.yaml", "overrides: {}",
                "overrides: {clinic-work-conditioning: {gate.A34: HOLD, "
                "gate.A19: HOLD}}");
    return site.path("config/gateway.yaml");
  }

  std::string count(const std::string& query,
                    const std::string& partner = "demo-ehr") {
    const auto found = gateway_.get("/fhir/" + query, partner);
    return std::string(found.root().get("total").text());
  }

  ScratchSite site_;
  RunningGateway gateway_{configured(site_)};
};

TEST_F(EvidenceTest, HoldsTheClaimUntilTheDocumentsArrive) {
  ASSERT_EQ(gateway_.post("/fhir", demo("referral.json")).status, 200);
  ASSERT_EQ(gateway_.post("/fhir", demo("session-1-monday.json")).status, 200);
  EXPECT_EQ(count("Claim?status=draft"), "1");
  EXPECT_EQ(count("Claim", "demo-clearinghouse"), "0");
  const auto claims = gateway_.get("/fhir/Claim");
  const std::string patient(
      claims.root().find("entry.resource.patient.reference").text());

  const auto note = gateway_.post(
      "/fhir/Composition", document("Composition", "daily-note", patient));
  ASSERT_EQ(note.status, 201) << note.body;
  EXPECT_EQ(count("Claim?status=draft"), "1") << "the sheet is still missing";
  const auto sheet =
      gateway_.post("/fhir/DocumentReference",
                    document("DocumentReference", "activity-sheet", patient));
  ASSERT_EQ(sheet.status, 201) << sheet.body;
  EXPECT_EQ(count("Claim?status=draft"), "0");
  EXPECT_EQ(count("Claim", "demo-clearinghouse"), "1");
  EXPECT_EQ(count("Task?status=requested"), "0");
}

TEST_F(EvidenceTest, APersonsWordMeetsWhatNoMachineChecks) {
  ASSERT_EQ(gateway_.post("/fhir", demo("referral.json")).status, 200);
  ASSERT_EQ(gateway_.post("/fhir", demo("session-1-monday.json")).status, 200);
  const auto orders = gateway_.get("/fhir/ServiceRequest");
  const auto order = orders.root().find("entry.resource");
  const auto checklist = "/fhir/ServiceRequest/" +
                         std::string(order.get("id").text()) + "/$checklist";
  const std::string rule = "clinic-work-conditioning/A21";
  EXPECT_EQ(status_of(gateway_.get(checklist).root(), rule), "unknown");
  const auto word = gateway_.post(
      "/fhir/Observation",
      R"({"resourceType":"Observation","status":"final","code":{"coding":[)"
      R"({"system":"https://workgate.example/fhir/CodeSystem/rule","code":")" +
          rule + R"("}]},"subject":{"reference":")" +
          std::string(order.find("subject.reference").text()) +
          R"("},"effectiveDateTime":"2026-04-06","valueBoolean":true})");
  ASSERT_EQ(word.status, 201) << word.body;
  EXPECT_EQ(status_of(gateway_.get(checklist).root(), rule), "met");
}

}  // namespace
}  // namespace gateway::integration
