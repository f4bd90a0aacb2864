#include "server/edition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "folders.h"
#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// A copy of the demo's configuration and maps that a test may spoil.
class EditionTest : public testing::Test {
 protected:
  EditionTest() {
    for (const auto* folder : {"config", "mappings"}) {
      fs::copy(fs::path(GATEWAY_SOURCE_DIR) / folder,
               fs::path(folder_.path()) / folder, fs::copy_options::recursive);
    }
  }
  [[nodiscard]] std::string path(const std::string& name) const {
    return (fs::path(folder_.path()) / name).string();
  }
  // Replaces the first `from` in a file.
  void change(const std::string& name, const std::string& from,
              const std::string& to) const {
    std::ifstream in(path(name), std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << name << ": " << from;
    auto changed = text;
    changed.replace(at, from.size(), to);
    std::ofstream(path(name), std::ios::binary) << changed;
  }
  [[nodiscard]] LoadedEdition load() const {
    auto settings = read_settings(path("config/gateway.yaml"));
    if (!settings) return LoadFailure{"settings", settings.error().message};
    return load_edition(*std::move(settings), real_validator().definitions(),
                        Instant());
  }
  [[nodiscard]] LoadFailure failure() const {
    const auto loaded = load();
    const auto* const why = std::get_if<LoadFailure>(&loaded);
    return why == nullptr ? LoadFailure{"none", "it loads"} : *why;
  }

  store::ScratchFolder folder_;
};

TEST_F(EditionTest, LoadsTheDemo) {
  const auto loaded = load();
  ASSERT_TRUE(std::holds_alternative<SharedEdition>(loaded)) << failure().text;
  const auto& edition = *std::get<SharedEdition>(loaded);
  EXPECT_EQ(edition.hash.size(), 64U);
  EXPECT_FALSE(edition.programs.packs().empty());
  EXPECT_FALSE(broken_case(edition).has_value());
}

TEST_F(EditionTest, TheHashIsOfEverythingThatWasRead) {
  const auto before = std::get<SharedEdition>(load())->hash;
  EXPECT_EQ(std::get<SharedEdition>(load())->hash, before);
  change("config/gateway.yaml", "210.00", "211.00");
  const auto fees = std::get<SharedEdition>(load())->hash;
  EXPECT_NE(fees, before);
  std::ofstream(path("config/policies/medicare.yaml"), std::ios::app) << "\n";
  EXPECT_NE(std::get<SharedEdition>(load())->hash, fees);
}

TEST_F(EditionTest, SaysWhereAndWhatIsWrong) {
  struct Case {
    const char* file;
    const char* from;
    const char* to;
    const char* stage;
    const char* place;
  };
  const Case kCases[] = {
      {"config/gateway.yaml", "role: ehr", "role: erh", "settings",
       "gateway.yaml:"},
      {"config/gateway.yaml", "\"210.00\"", "\"a lot\"", "settings",
       "gateway.yaml:"},
      {"config/policies/medicare.yaml", "id:", "idd:", "packs",
       "medicare.yaml:"},
      {"config/policies/clinic-work-conditioning.yaml",
       "session.minutes >= %preferredMinutesPerDay",
       "'%Procedure.statuss.exists()'", "packs",
       "clinic-work-conditioning.yaml:"},
      {"mappings/hl7v2/messages/REF_I12.yaml", "$use: CareTeam",
       "$use: CareTaem", "maps", "REF_I12.yaml:"}};
  for (const auto& bad : kCases) {
    const auto copy = path(bad.file) + ".kept";
    fs::copy_file(path(bad.file), copy, fs::copy_options::overwrite_existing);
    change(bad.file, bad.from, bad.to);
    const auto why = failure();
    EXPECT_EQ(why.stage, bad.stage) << bad.file << ": " << why.text;
    EXPECT_THAT(why.text, HasSubstr(bad.place));
    fs::rename(copy, path(bad.file));
  }
}

TEST_F(EditionTest, PacksMayReadElementsOfManyTypes) {
  change("config/policies/clinic-work-conditioning.yaml",
         "session.minutes >= %preferredMinutesPerDay",
         "'%Procedure.performed.ofType(Period).start.exists()'");
  EXPECT_EQ(failure().stage, "none") << failure().text;
}

TEST_F(EditionTest, AGoldenCaseThatDoesNotHoldIsNamed) {
  change("mappings/hl7v2/messages/cases/REF_I12/complete.expect.json",
         "\"verdict\": \"mapped\"", "\"verdict\": \"reject\"");
  const auto broken = broken_case(*std::get<SharedEdition>(load()));
  ASSERT_TRUE(broken.has_value());
  EXPECT_EQ(broken->stage, "cases");
  EXPECT_THAT(broken->text, HasSubstr("REF_I12/complete"));
}

TEST_F(EditionTest, CertificatesAreReadToo) {
  change("config/gateway.yaml", "  # tls: {certificate: server.crt",
         "  mllpTls: {certificate: server.crt");
  EXPECT_EQ(failure().stage, "certificates");
}

TEST(FixedSettingTest, NamesWhatNeedsARestart) {
  const auto& running = demo_settings();
  EXPECT_FALSE(fixed_setting(running, running).has_value());
  auto next = running;
  next.waiting_requests = 7;
  next.partners.clear();
  EXPECT_FALSE(fixed_setting(running, next).has_value());
  next.http.port = 1;
  EXPECT_THAT(fixed_setting(running, next)->text, HasSubstr("listeners.http"));
  next = running;
  next.data_directory = "elsewhere";
  EXPECT_THAT(fixed_setting(running, next)->text, HasSubstr("store.directory"));
}

}  // namespace
}  // namespace gateway::server
