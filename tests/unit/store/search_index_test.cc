#include "store/search_index.h"

#include <gtest/gtest.h>

#include <string>

namespace gateway::store {
namespace {

TEST(SearchIndexTest, FormsOfValues) {
  EXPECT_EQ(reference_value({"Patient", "17"}), "Patient/17");
  EXPECT_EQ(token_value("https://ehr.example/ids", "a|b"),
            "https://ehr.example/ids|a|b");
  EXPECT_EQ(token_value("", "x"), "|x");
  EXPECT_EQ(instant_value(Instant(std::chrono::seconds(1775480400))),
            "2026-04-06T13:00:00Z");
}

TEST(SearchIndexTest, LongValuesAreShortenedButStayApart) {
  const std::string most(kLongestValue, 'x');
  EXPECT_EQ(stored_value(most), most);
  const auto a = stored_value(most + "a");
  const auto b = stored_value(most + "b");
  EXPECT_LE(a.size(), kLongestValue);
  EXPECT_NE(a, b);
  EXPECT_EQ(a, stored_value(most + "a"));
  const auto known = stored_value(std::string(400, 'a'));
  EXPECT_EQ(known.substr(0, 95), std::string(95, 'a'));
  EXPECT_EQ(known[95], '#');
}

TEST(SearchIndexTest, ShorteningKeepsCharactersWhole) {
  std::string accents;
  for (int i = 0; i < 100; ++i) accents += "\xC3\xA9";
  const auto stored = stored_value("a" + accents);
  EXPECT_EQ(stored.find('#') % 2, 1U);  // "a" and pairs before it
  EXPECT_EQ(stored_value(accents).find('#') % 2, 0U);
}

TEST(SearchIndexTest, OnlyReferencesLieTogether) {
  struct Case {
    const char* value;
    Cluster cluster;
  };
  for (const auto& [value, cluster] :
       {Case{"Patient/17", Cluster::of_value}, Case{"", Cluster::of_param},
        Case{"active", Cluster::of_param},
        Case{"https://ehr.example|S1", Cluster::of_param},
        Case{"System/x|code", Cluster::of_param},
        Case{"https://other.example/Patient/1", Cluster::of_param}}) {
    EXPECT_EQ(cluster_of(value), cluster) << value;
  }
}

}  // namespace
}  // namespace gateway::store
