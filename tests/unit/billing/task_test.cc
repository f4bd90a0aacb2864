#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

TEST(TaskTest, SaysWhatIsWrongToWhomAndWhy) {
  Clinic clinic;
  clinic.store_parties();
  clinic.post(
      order_json({.occurrence = "", .requester = "Practitioner/therapist"}));
  const auto task = clinic.all("Task").at(0);
  const auto root = task->root();
  EXPECT_EQ(root.get("status").text(), "requested");
  EXPECT_EQ(root.get("intent").text(), "order");
  EXPECT_EQ(root.find("code.coding.code").text(), "correct-referral");
  EXPECT_EQ(root.find("focus.reference").text(), "ServiceRequest/r1");
  EXPECT_EQ(root.find("for.reference").text(), "Patient/p1");
  EXPECT_EQ(root.find("owner.identifier.value").text(), "ehr");
  EXPECT_EQ(root.find("reasonCode.coding.code").text(),
            "clinic-work-conditioning/A2");
  EXPECT_EQ(root.find("reasonReference.reference").text(), "#findings");
  EXPECT_EQ(root.find("contained.id").text(), "findings");
  EXPECT_EQ(root.get("input").size(), 2U);
  EXPECT_EQ(root.get("input").at(1).get("valueString").text(),
            "ServiceRequest.occurrence");
  EXPECT_EQ(root.find("contained").get("issue").size(), 2U);
}

TEST(TaskTest, ANewReasonUpdatesTheOpenTask) {
  Clinic clinic;
  clinic.store_parties();
  clinic.post(order_json({.requester = "Practitioner/therapist"}));
  clinic.now_ += std::chrono::hours(1);
  clinic.post(
      order_json({.occurrence = "", .requester = "Practitioner/therapist"}));
  ASSERT_EQ(clinic.all("Task").size(), 1U);
  const auto task = clinic.all("Task").at(0);
  EXPECT_EQ(task->root().get("input").size(), 2U);
  EXPECT_EQ(task->root().get("authoredOn").text(), "2026-06-01T12:00:00Z");
  EXPECT_EQ(task->root().get("lastModified").text(), "2026-06-01T13:00:00Z");
}

}  // namespace
}  // namespace gateway::billing
