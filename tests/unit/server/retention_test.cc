#include "server/retention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gateway::server {
namespace {

using store::MessageState;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Result<Retention> read(const std::string& text) {
  const auto root = Yaml::parse(text, "f.yaml");
  EXPECT_TRUE(root.ok());
  return read_retention(*root);
}

TEST(RetentionTest, KeepsEverythingUnlessToldOtherwise) {
  const auto retention = read("version: 1\n");
  ASSERT_TRUE(retention.ok());
  EXPECT_THAT(retention->due(Instant::min(), Instant::max()), IsEmpty());
  EXPECT_EQ(retention->answers, Retention::Days(30));
  EXPECT_FALSE(retention->daily);
}

TEST(RetentionTest, ReadsDaysByState) {
  const auto retention = read(
      "messageLog:\n"
      "  keepDays: {rejected: 10, unparsed: 2}\n"
      "  answerDays: 5\n"
      "  prune: daily\n");
  ASSERT_TRUE(retention.ok()) << retention.error().message;
  EXPECT_EQ(retention->answers, Retention::Days(5));
  EXPECT_TRUE(retention->daily);
  const Instant now = *parse_instant("2026-05-11T00:00:00Z");
  const auto days_ago = [now](int days) { return now - Retention::Days(days); };
  EXPECT_THAT(retention->due(days_ago(1), now), IsEmpty());
  EXPECT_THAT(retention->due(days_ago(2), now),
              ElementsAre(MessageState::unparsed));
  EXPECT_THAT(retention->due(days_ago(10) + Instant::duration(1), now),
              ElementsAre(MessageState::unparsed));
  EXPECT_THAT(retention->due(days_ago(10), now),
              ElementsAre(MessageState::rejected, MessageState::unparsed));
}

TEST(RetentionTest, NamesThePlaceOfWhatIsWrong) {
  const std::pair<const char*, const char*> rows[] = {
      {"keepDays: {lost: 1}", "f.yaml:1:25: 'lost' is no state"},
      {"keepDays: {held: 0}", "f.yaml:1:31: a whole number of days"},
      {"keepDays: {held: forever}", "a whole number of days"},
      {"keepDays: {held: 36501}", "a whole number of days"},
      {"answerDays: -1", "f.yaml:1:26: a whole number of days"},
      {"prune: weekly", "f.yaml:1:21: prune is daily or onRequest"},
      {"keep: 1", "f.yaml:1:14: 'keep' is no setting of messageLog"},
  };
  for (const auto& [text, wanted] : rows) {
    const auto retention = read("messageLog: {" + std::string(text) + "}\n");
    ASSERT_FALSE(retention.ok()) << text;
    EXPECT_THAT(retention.error().message, HasSubstr(wanted)) << text;
  }
}

}  // namespace
}  // namespace gateway::server
