#include "server/belonging.h"

#include <gtest/gtest.h>

namespace gateway::server {
namespace {

// "rule place" of each finding.
std::string wrong(const std::string& resource, const std::string& patient,
                  const std::string& current_case) {
  const auto document = *JsonDocument::parse(resource);
  const store::StoredResource current{.case_key = current_case};
  const auto read = [](const fhir::ResourceId& id)
      -> Result<std::optional<store::StoredResource>> {
    if (id.id == "gone") return std::optional<store::StoredResource>();
    if (id.id == "down") return Error{ErrorCode::unavailable, "no store"};
    return std::optional(store::StoredResource{.case_key = "Patient/a"});
  };
  const auto outcome = misplaced({{current_case.empty() ? nullptr : &current,
                                   patient, document.root(), "Bundle.x"}},
                                 "https://our.example/fhir", read);
  if (!outcome) return outcome.error().message;
  std::string all;
  for (const auto& finding : outcome->findings()) {
    all += finding.rule + " " + finding.expression + ";";
  }
  return all;
}

TEST(BelongingTest, AResourceStaysWithItsPatient) {
  const std::string session = R"({"resourceType":"Procedure"})";
  EXPECT_EQ(wrong(session, "Patient/a", "Patient/a"), "");
  EXPECT_EQ(wrong(session, "Patient/b", "Patient/a"),
            "rest/other-patient Bundle.x;");
  EXPECT_EQ(wrong(session, "", "Patient/a"), "rest/other-patient Bundle.x;");
  // What is new, or was nobody's, may be anybody's.
  EXPECT_EQ(wrong(session, "Patient/b", ""), "");
}

TEST(BelongingTest, AnAnswerIsOfTheClaimsPatient) {
  const auto answer = [](const std::string& claim) {
    return R"({"resourceType":"ClaimResponse","request":{"reference":")" +
           claim + R"("}})";
  };
  EXPECT_EQ(wrong(answer("Claim/1"), "Patient/a", ""), "");
  EXPECT_EQ(wrong(answer("Claim/1"), "Patient/b", ""),
            "rest/other-patient Bundle.x.request;");
  EXPECT_EQ(wrong(answer("https://our.example/fhir/Claim/1"), "Patient/b", ""),
            "rest/other-patient Bundle.x.request;");
  EXPECT_EQ(wrong(answer("Claim/gone"), "Patient/b", ""), "");
  EXPECT_EQ(wrong(answer("Task/1"), "Patient/b", ""), "");
  EXPECT_EQ(wrong(answer("Claim/down"), "Patient/b", ""), "no store");
}

TEST(BelongingTest, ASlotIsOfTheReferralsPatient) {
  const std::string slot =
      R"({"resourceType":"Appointment","basedOn":[{"reference":)"
      R"("ServiceRequest/1"}]})";
  EXPECT_EQ(wrong(slot, "Patient/a", ""), "");
  EXPECT_EQ(wrong(slot, "Patient/b", ""),
            "rest/other-patient Bundle.x.basedOn;");
}

}  // namespace
}  // namespace gateway::server
