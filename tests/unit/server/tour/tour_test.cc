#include "server/tour/tour.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "folders.h"
#include "unit/server/demo_server.h"

namespace gateway::server {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// The line of `text` that has `part`.
std::string line_with(const std::string& text, const std::string& part) {
  const auto at = text.find(part);
  EXPECT_NE(at, std::string::npos) << "no line has '" << part << "'";
  if (at == std::string::npos) return {};
  return text.substr(at, text.find('\n', at) - at);
}

class TourTest : public testing::Test {
 protected:
  void SetUp() override {
    auto server = Server::start(demo_options(data_.path()));
    ASSERT_TRUE(server.ok()) << server.error().message;
    server_ = *std::move(server);
  }
  Status take(const std::string& folder) {
    return take_tour({.folder = folder, .gateway = target_of(*server_)}, out_);
  }
  // The demo's folder with a change in one of its files.
  std::string changed(const std::string& file, const std::string& from,
                      const std::string& to) {
    const auto folder = fs::path(changed_.path()) / "demo";
    fs::copy(kDemo, folder);
    std::ofstream(folder / file) << with(demo(file), from, to);
    return folder.string();
  }

  const std::string kDemo = std::string(GATEWAY_SOURCE_DIR) + "/config/demo";
  store::ScratchFolder data_;
  store::ScratchFolder changed_;
  std::unique_ptr<Server> server_;
  std::ostringstream out_;
};

TEST_F(TourTest, PlaysACleanWeek) {
  const auto status = take(kDemo);
  ASSERT_TRUE(status.ok()) << status.error().message;
  const auto text = out_.str();
  EXPECT_THAT(text, HasSubstr("The EHR sent 5 attended sessions"));
  for (const auto* row : {"2026-04-06      120      1      0    $210.00",
                          "2026-04-07      149      1      0    $210.00",
                          "2026-04-08      150      1      0    $210.00",
                          "2026-04-09      151      1      1    $302.00",
                          "2026-04-10      300      1      3    $486.00"}) {
    const auto line = line_with(text, row);
    const bool friday = line.find("2026-04-10") != std::string::npos;
    EXPECT_EQ(line.find(" C5") != std::string::npos, friday) << line;
    EXPECT_EQ(line.find(" A8") != std::string::npos, !friday) << line;
  }
  EXPECT_THAT(text, HasSubstr("$1,418.00"));
  EXPECT_THAT(text, HasSubstr("authorization PA-7001: visits 5 of 12"));
}

struct FigureRow {
  std::string from;
  std::string to;
  std::string why;
};

TEST_F(TourTest, AFigureThatIsNotAsExpectedFails) {
  const FigureRow rows[] = {
      {"\"1418.00\"", "\"1417.00\"", "the total is not 1417.00"},
      {"\"granted\": \"12\"", "\"granted\": \"13\"", "balance of visits"},
      {"\"97546\": \"3\"", "\"97546\": \"2\"",
       "the quantity of 97546 on 2026-04-10 is not 2"},
      {"\"486.00\"", "\"485.00\"", "a figure of 2026-04-10"},
      {"\"149\"", "\"148\"", "a figure of 2026-04-07"}};
  for (const auto& row : rows) {
    const auto folder = changed("expected.json", row.from, row.to);
    const auto status = take(folder);  // again: the answers are replays
    ASSERT_FALSE(status.ok()) << row.why;
    EXPECT_THAT(status.error().message, HasSubstr(row.why));
    fs::remove_all(folder);
  }
}

TEST_F(TourTest, NamesTheStepThatDidNotHold) {
  const auto folder =
      changed("session-3-wednesday.json", "T08:00:00-05:00", "T08:00:00");
  const auto status = take(folder);
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().message, HasSubstr("session-3-wednesday.json"));
  EXPECT_THAT(status.error().message, HasSubstr("422"));
}

TEST_F(TourTest, NeedsItsSampleData) {
  const auto status = take(changed_.path() + "/none");
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().message, HasSubstr("referral.json"));
}

}  // namespace
}  // namespace gateway::server
