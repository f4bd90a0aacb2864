#include "exchange/search_result.h"

#include <gtest/gtest.h>

#include "unit/exchange/exchange_fixture.h"

namespace gateway::exchange {
namespace {

store::StoredResource stored(const std::string& id, std::string body,
                             std::uint32_t version = 1) {
  return {.id = {"Claim", id},
          .version = version,
          .owner = "ehr",
          .case_key = {},
          .sequence = 7,
          .last_updated = *parse_instant("2026-04-06T13:00:00Z"),
          .body = std::move(body)};
}

SearchRequest search_of(const std::string& query) {
  return taken(parse_search("Claim", taken(parse_query(query)),
                            Handling::lenient, test_site()));
}

store::SearchPage page_of(std::vector<store::StoredResource> resources,
                          bool more = false) {
  return {.resources = std::move(resources),
          .more = more,
          .last = 7,
          .last_ordinal = 2,
          .snapshot = 9};
}

std::string link_of(const JsonDocument& bundle, std::string_view relation) {
  for (const Json link : bundle.root().get("link")) {
    if (link.get("relation").text() == relation) {
      return std::string(link.get("url").text());
    }
  }
  return {};
}

TEST(SearchResultTest, BodiesAreExact) {
  const std::string body =
      "{ \"resourceType\":\"Claim\",\t\"x\":1.10, \"y\":\"\\u00e9\" }";
  const auto text = searchset(search_of("status=active"), "ehr",
                              page_of({stored("c", body)}), test_site());
  EXPECT_NE(text.find("\"resource\":" + body + ","), std::string::npos);
  const auto bundle = json_of(text);
  EXPECT_EQ(bundle.root().get("total").text(), "1");
  EXPECT_EQ(bundle.root().find("entry.fullUrl").text(),
            "http://gate.example/fhir/Claim/c");
  EXPECT_EQ(bundle.root().find("entry.search.mode").text(), "match");
  EXPECT_EQ(link_of(bundle, "self"),
            "http://gate.example/fhir/Claim?status=active");
  EXPECT_EQ(link_of(bundle, "next"), "");
}

TEST(SearchResultTest, AnEmptySetHasNoEntries) {
  const auto bundle =
      json_of(searchset(search_of(""), "ehr", page_of({}), test_site()));
  EXPECT_EQ(bundle.root().get("total").text(), "0");
  EXPECT_FALSE(bundle.root().get("entry").exists());
  EXPECT_EQ(link_of(bundle, "self"), "http://gate.example/fhir/Claim");
}

TEST(SearchResultTest, TotalIsLeftOutWhereItIsNotKnown) {
  const auto more = json_of(searchset(
      search_of(""), "ehr", page_of({stored("c", "{}")}, true), test_site()));
  EXPECT_FALSE(more.root().get("total").exists());
  auto second = search_of("_cursor=1-2-3-x");
  const auto last = json_of(
      searchset(second, "ehr", page_of({stored("c", "{}")}), test_site()));
  EXPECT_FALSE(last.root().get("total").exists());
}

TEST(SearchResultTest, NextLeadsToTheNextPage) {
  auto search = search_of("status=active&_count=1");
  const auto bundle = json_of(searchset(
      search, "ehr", page_of({stored("c", "{}")}, true), test_site()));
  const auto next = link_of(bundle, "next");
  const auto begin = std::string("http://gate.example/fhir/Claim?");
  ASSERT_EQ(next.substr(0, begin.size()), begin);
  auto again = search_of(next.substr(begin.size()));
  ASSERT_FALSE(apply_cursor(again, "ehr"));
  EXPECT_EQ(again.query.after, 7);
  EXPECT_EQ(again.query.after_ordinal, 2);
  EXPECT_EQ(again.query.upto, 9);
  EXPECT_EQ(again.query.count, 1U);
  EXPECT_EQ(again.applied, search.applied);
}

TEST(SearchResultTest, CursorsBelongToTheirQueryAndPartner) {
  const auto search = search_of("status=active");
  const auto cursor = cursor_text(search, "ehr", page_of({}, true));
  const auto refused = [&](const std::string& query, std::string_view partner) {
    auto asked = search_of(query);
    return apply_cursor(asked, partner).has_value();
  };
  EXPECT_FALSE(refused("status=active&_cursor=" + cursor, "ehr"));
  EXPECT_TRUE(refused("status=active&_cursor=" + cursor, "other"));
  EXPECT_TRUE(refused("status=draft&_cursor=" + cursor, "ehr"));
  EXPECT_TRUE(refused("_cursor=" + cursor, "ehr"));
  for (std::size_t at = 0; at < cursor.size(); ++at) {
    auto altered = cursor;
    altered[at] = altered[at] == '1' ? '2' : '1';
    EXPECT_TRUE(refused("status=active&_cursor=" + altered, "ehr")) << at;
  }
  for (const auto* const other : {"x", "-", "---", "1-2-3-", "1-2-3-4-5"}) {
    EXPECT_TRUE(refused(std::string("status=active&_cursor=") + other, "ehr"));
  }
}

TEST(SearchResultTest, ReportsWhatItIgnored) {
  const auto bundle = json_of(searchset(
      search_of("name=doe"), "ehr", page_of({stored("c", "{}")}), test_site()));
  const Json outcome = bundle.root().get("entry").at(1);
  EXPECT_EQ(outcome.find("search.mode").text(), "outcome");
  EXPECT_EQ(outcome.find("resource.resourceType").text(), "OperationOutcome");
  EXPECT_EQ(outcome.find("resource.issue.severity").text(), "warning");
  EXPECT_EQ(bundle.root().get("total").text(), "1") << "matches only";
  EXPECT_EQ(link_of(bundle, "self"), "http://gate.example/fhir/Claim");
}

TEST(SearchResultTest, ACountHasNoBodies) {
  const auto counted =
      json_of(countset(search_of("_summary=count&name=x"), 12345, test_site()));
  EXPECT_EQ(counted.root().get("total").text(), "12345");
  EXPECT_EQ(counted.root().get("entry").size(), 1U);
  const auto searched =
      json_of(searchset(search_of("_count=0"), "house",
                        page_of({stored("c", "{}")}), test_site()));
  EXPECT_FALSE(searched.root().get("entry").exists());
}

TEST(SearchResultTest, HistoryIsNewestFirstWithRequests) {
  const auto bundle = json_of(history_bundle(
      {stored("c", "{\"v\":2}", 2), stored("c", "{\"v\":1}")}, test_site()));
  EXPECT_EQ(bundle.root().get("type").text(), "history");
  EXPECT_EQ(bundle.root().get("total").text(), "2");
  const Json newest = bundle.root().get("entry").at(0);
  const Json first = bundle.root().get("entry").at(1);
  EXPECT_EQ(newest.find("request.method").text(), "PUT");
  EXPECT_EQ(newest.find("request.url").text(), "Claim/c");
  EXPECT_EQ(newest.find("response.etag").text(), "W/\"2\"");
  EXPECT_EQ(first.find("request.method").text(), "POST");
  EXPECT_EQ(first.find("request.url").text(), "Claim");
  EXPECT_EQ(first.find("response.status").text(), "201");
}

}  // namespace
}  // namespace gateway::exchange
