#include "program/row_checks.h"

#include <gtest/gtest.h>

#include "fhir/definitions.h"
#include "folders.h"

namespace gateway::program {
namespace {

TEST(RowChecksTest, APathLeadsToAnElement) {
  const auto definitions = fhir::Definitions::open(
      std::string(GATEWAY_BINARY_DIR) + "/workgate.image");
  ASSERT_TRUE(definitions.ok()) << definitions.error().message;
  const fhir::TypeModel model(**definitions);
  EXPECT_EQ(path_fault(model, "Procedure"), "");
  EXPECT_EQ(path_fault(model, "Procedure.performer.function"), "");
  EXPECT_EQ(path_fault(model, "ServiceRequest.occurrence.repeat"), "");
  EXPECT_EQ(path_fault(model, "Procedure.codex"),
            "Procedure has no element 'codex'; did you mean 'code'?");
  EXPECT_EQ(path_fault(model, "Procdure.code"),
            "there is no resource 'Procdure'");
}

TEST(RowChecksTest, AnExampleIsWhatATestCanSend) {
  EXPECT_EQ(example_fault("Procedure", R"({"status": "completed"})"), "");
  EXPECT_EQ(example_fault("Organization payer", "[{}, {}]"), "");
  EXPECT_EQ(example_fault("repeat", "7"), "");
  EXPECT_EQ(example_fault("add second", R"({"status": "active"})"), "");
  EXPECT_NE(example_fault("add second", "active"), "");
  EXPECT_EQ(example_fault("Procedure", "7"),
            "the example is a JSON object, or a list of them");
  EXPECT_NE(example_fault("Procedure", "{"), "");
  EXPECT_NE(example_fault("procedure", "{}"), "");
}

std::shared_ptr<const PolicyPack> pack(const std::string& id,
                                       const std::string& rows) {
  const auto yaml = Yaml::parse(
      "id: " + id + "\nversion: '1'\nrequirements:\n" + rows, id + ".yaml");
  return std::make_shared<const PolicyPack>(*read_pack(*yaml));
}

TEST(RowChecksTest, WhatIsContradictedExists) {
  const auto payer = pack("payer", "  T11: {text: x, source: S}\n");
  const auto clinic = [](const std::string& other) {
    return pack("clinic",
                "  A10: {text: x, source: S, contradicts: [" + other + "]}\n");
  };
  EXPECT_TRUE(check_contradicts({payer, clinic("T11")}).ok());
  EXPECT_TRUE(check_contradicts({payer, clinic("payer/T11")}).ok());
  const auto wrong = check_contradicts({payer, clinic("T12")});
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().message.substr(0, 54),
            "clinic.yaml:4:43: no pack has a requirement 'T12'; did");
}

}  // namespace
}  // namespace gateway::program
