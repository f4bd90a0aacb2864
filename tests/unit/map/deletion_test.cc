#include "map/deletion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kPatient = R"(  p:
    resourceType: Patient
    $method: update
    identifier:
      - value: PID-3.1
    name:
      - $each: PID-5
        family: .1
    gender:
      $from: iif(PID-8 = 'M', 'male', {})
      $when: PID-8 = 'M'
    birthDate: PID-7
    maritalStatus:
      text: PID-16.2
)";

// What a message that updates a patient deletes; the engine says it with the
// entry.
std::vector<Update> updates(const std::string& pid,
                            const std::string& map = kPatient) {
  const auto loaded = load_library(files_with(map), r4());
  EXPECT_EQ(problems_of(loaded), "");
  if (loaded.library == nullptr) return {};
  const auto tree = referral(pid + "\r");
  return run(*loaded.library, loaded.library->maps[0], tree.root()).amendments;
}

TEST(DeletionTest, AnEmptyFieldDeletesNothing) {
  const auto found = updates("PID|1||P-1||Doe|||");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].entry, 0U);
  EXPECT_THAT(found[0].deleted, IsEmpty());
}

TEST(DeletionTest, TwoQuotesDeleteTheElement) {
  const auto found = updates(R"(PID|1||P-1||""||""|""||||||||"")");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0].deleted,
              ElementsAre("name", "gender", "birthDate", "maritalStatus"));
}

// What the map says of what is new says nothing of what is stored.
TEST(DeletionTest, ATextOfTheMapIsTold) {
  std::string with_text(kPatient);
  with_text +=
      "    active: { $from: \"iif(PID-30 = 'Y', 'false', {})\", "
      "$onMissing: =true }\n";
  EXPECT_THAT(updates("PID|1||P-1||Doe", with_text)[0].defaulted,
              ElementsAre("active"));
  EXPECT_THAT(
      updates("PID|1||P-1||Doe" + std::string(25, '|') + "Y", with_text)[0]
          .defaulted,
      IsEmpty());
}

TEST(DeletionTest, OnlyUpdatesDelete) {
  std::string created(kPatient);
  created.replace(created.find("update"), 6, "create");
  EXPECT_THAT(updates(R"(PID|1||P-1||""||"")", created), IsEmpty());
  // Without a key nothing is found that could be updated.
  EXPECT_THAT(updates(R"(PID|1||||""||"")"), IsEmpty());
}

}  // namespace
}  // namespace gateway::map
