#include "exchange/message_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/exchange/exchange_fixture.h"

namespace gateway::exchange {
namespace {

store::StoredMessage message(std::int64_t id) {
  store::StoredMessage stored;
  stored.sequence = id;
  stored.committed_at = *parse_instant("2026-04-06T13:00:01Z");
  auto& what = stored.message;
  what.owner = "ehr";
  what.channel = "fhir";
  what.received_at = *parse_instant("2026-04-06T13:00:00Z");
  what.peer = "127.0.0.1:1";
  what.request = "POST /fhir/Procedure";
  what.content = "{\"a\":1.10}";
  what.state = store::MessageState::held;
  what.rule = "ledger/expired";
  what.outcome = R"({"resourceType":"OperationOutcome"})";
  what.status = 201;
  what.answer = "{\"b\":2}";
  what.keys = {"Patient/p", "WC-1"};
  return stored;
}

store::MessageQuery query_of(const std::string& text) {
  return taken(parse_message_query(taken(parse_query(text))));
}

TEST(MessageLogTest, ReadsQueries) {
  const auto all = query_of("");
  EXPECT_FALSE(all.state);
  EXPECT_EQ(all.count, 50U);
  const auto query = query_of(
      "state=held&partner=ehr&control-id=c-1&key=WC-1"
      "&since=2026-04-06T08:00:00-05:00&before=17&_count=5");
  EXPECT_EQ(query.state, store::MessageState::held);
  EXPECT_EQ(query.partner, "ehr");
  EXPECT_EQ(query.control_id, "c-1");
  EXPECT_EQ(query.key, "WC-1");
  EXPECT_EQ(query.since, parse_instant("2026-04-06T13:00:00Z"));
  EXPECT_EQ(query.before, 17);
  EXPECT_EQ(query.count, 5U);
  EXPECT_EQ(query_of("_count=100000").count, 500U);
  EXPECT_FALSE(query_of("state=").state);
  for (const auto* const state :
       {"accepted", "held", "rejected", "unparsed", "refused"}) {
    EXPECT_EQ(store::name(*query_of(std::string("state=") + state).state),
              state);
  }
}

TEST(MessageLogTest, RefusesWhatItDoesNotUnderstand) {
  const std::pair<const char*, const char*> kCases[] = {
      {"state=lost", "400 rest/bad-value"},
      {"since=yesterday", "400 rest/bad-value"},
      {"until=tomorrow", "400 rest/bad-value"},
      {"since=2026-04-06", "400 rest/bad-value"},
      {"before=x", "400 rest/bad-value"},
      {"before=0", "400 rest/bad-value"},
      {"_count=0", "400 rest/bad-value"},
      {"replayed=yes", "400 rest/bad-value"},
      {"_count=-1", "400 rest/bad-value"},
      {"colour=red", "400 rest/unknown-parameter"},
  };
  for (const auto& [text, wanted] : kCases) {
    EXPECT_EQ(refusal_text(parse_message_query(taken(parse_query(text)))),
              wanted)
        << text;
  }
}

TEST(MessageLogTest, ListsWithoutContent) {
  const auto text = message_list({.messages = {message(9)}}, {}, query_of(""));
  EXPECT_EQ(
      text,
      R"({"messages":[{"id":9,"receivedAt":"2026-04-06T13:00:00Z",)"
      R"("committedAt":"2026-04-06T13:00:01Z","partner":"ehr",)"
      R"("channel":"fhir","peer":"127.0.0.1:1",)"
      R"("request":"POST /fhir/Procedure","state":"held","status":201,)"
      R"("rule":"ledger/expired","bytes":10,"keys":["Patient/p","WC-1"]}]})");
}

TEST(MessageLogTest, NamesTheReplaysOfWhatWasRefused) {
  auto refused = message(9);
  refused.message.state = store::MessageState::rejected;
  auto replay = message(12);
  replay.message.peer = "replay of 9";
  auto release = message(13);
  release.message.peer = "release of 9";
  const auto shown = json_of(message_detail(refused, {{9, {replay}}}));
  const Json later = shown.root().get("replayedAs");
  EXPECT_EQ(later.size(), 1U);
  EXPECT_EQ(later.first().get("id").text(), "12");
  EXPECT_EQ(later.first().get("state").text(), "held");
  EXPECT_EQ(later.first().get("rule").text(), "ledger/expired");
  EXPECT_FALSE(shown.root().get("releasedAs").exists());
  const auto list =
      json_of(message_list({{message(9)}, {{9, {release}}}}, {}, query_of("")));
  EXPECT_EQ(list.root().find("messages.releasedAs.id").text(), "13");
  EXPECT_FALSE(list.root().find("messages.replayedAs").exists());
}

TEST(MessageLogTest, CountsWhatWasPruned) {
  const store::Pruned pruned = {
      .count = {.owner = "ehr",
                .state = store::MessageState::rejected,
                .messages = 3,
                .bytes = 70,
                .oldest = *parse_instant("2026-01-01T00:00:00Z"),
                .newest = *parse_instant("2026-01-02T00:00:00Z")},
      .at = *parse_instant("2026-04-06T00:00:00Z")};
  EXPECT_EQ(message_list({.pruned = {pruned}}, {}, query_of("")),
            R"({"messages":[],"pruned":[{"prunedOn":"2026-04-06T00:00:00Z",)"
            R"("partner":"ehr","state":"rejected","messages":3,"bytes":70,)"
            R"("receivedFrom":"2026-01-01T00:00:00Z",)"
            R"("receivedUntil":"2026-01-02T00:00:00Z"}]})");
}

TEST(MessageLogTest, SaysWhenEachStageWasPassed) {
  auto one = message(9);
  one.message.channel = "mllp";
  one.message.stages = {.parsed = parse_instant("2026-04-06T13:00:00.1Z"),
                        .mapped = parse_instant("2026-04-06T13:00:00.2Z"),
                        .judged = parse_instant("2026-04-06T13:00:00.3Z")};
  one.acknowledged_at = parse_instant("2026-04-06T13:00:02Z");
  const auto shown = json_of(message_detail(one));
  std::vector<std::string> at;
  for (const Json step : shown.root().get("lane")) {
    at.emplace_back(step.get("at").text());
  }
  EXPECT_THAT(at, testing::ElementsAre(
                      "2026-04-06T13:00:00Z", "2026-04-06T13:00:00.1Z",
                      "2026-04-06T13:00:00.2Z", "2026-04-06T13:00:00.3Z",
                      "2026-04-06T13:00:01Z", "2026-04-06T13:00:02Z"));
  // Nobody knows yet when.
  one.acknowledged_at.reset();
  const auto early = json_of(message_detail(one));
  EXPECT_EQ(early.root().get("lane").at(5).get("step").text(), "acknowledged");
  EXPECT_FALSE(early.root().get("lane").at(5).get("at").exists());
}

TEST(MessageLogTest, LeadsToTheNextPage) {
  const auto parameters = taken(parse_query("state=held&_count=2&before=11"));
  const auto page =
      json_of(message_list({.messages = {message(9), message(7)}}, parameters,
                           query_of("state=held&_count=2&before=11")));
  EXPECT_EQ(page.root().get("next").text(),
            "/log/messages?state=held&_count=2&before=7");
  const auto last = json_of(message_list({.messages = {message(3)}}, parameters,
                                         query_of("state=held&_count=2")));
  EXPECT_FALSE(last.root().get("next").exists());
}

// What was looked for may name a person.
TEST(MessageLogTest, TheNextPageOfASearchHasNoUrl) {
  const FoundMessages found{.messages = {message(9), message(7)}};
  const auto page = json_of(search_list(found, query_of("_count=2")));
  EXPECT_EQ(page.root().get("before").text(), "7");
  EXPECT_FALSE(page.root().get("next").exists());
  const auto last = json_of(search_list(found, query_of("_count=3")));
  EXPECT_FALSE(last.root().get("before").exists());
}

TEST(MessageLogTest, ShowsOneMessageWhole) {
  const auto text = message_detail(message(9));
  const auto shown = json_of(text);
  EXPECT_EQ(shown.root().get("content").text(), "{\"a\":1.10}");
  EXPECT_EQ(shown.root().find("outcome.resourceType").text(),
            "OperationOutcome");
  EXPECT_EQ(shown.root().get("answer").text(), "{\"b\":2}");
  EXPECT_EQ(shown.root().get("id").text(), "9");
}

// "bytes+ parsed+ findings-x/y ..." of a message's lane.
std::string lane(const store::StoredMessage& stored) {
  std::string steps;
  const auto shown = json_of(message_detail(stored));
  for (const Json step : shown.root().get("lane")) {
    const auto outcome = step.get("outcome").text();
    steps += std::string(step.get("step").text());
    steps += outcome == "passed"  ? "+"
             : outcome == "ended" ? "-"
                                  : "=" + std::string(outcome);
    steps += std::string(step.get("rule").text()) + " ";
  }
  return steps;
}

TEST(MessageLogTest, ShowsHowFarAMessageCame) {
  store::StoredMessage stored;
  stored.message.channel = "mllp";
  stored.message.answer = "MSH|";
  const auto at = *parse_instant("2026-04-01T09:00:00Z");
  stored.message.stages = {.parsed = at, .mapped = at, .judged = at};
  stored.acknowledged_at = at;
  stored.message.state = store::MessageState::held;
  stored.message.rule = "pack/A4";
  EXPECT_EQ(lane(stored),
            "bytes+ parsed+ mapped+ findings=held committed+ acknowledged+ ");
  stored.message.state = store::MessageState::accepted;
  EXPECT_EQ(lane(stored),
            "bytes+ parsed+ mapped+ findings=told committed+ acknowledged+ ");
  stored.message.rule.clear();
  EXPECT_EQ(lane(stored),
            "bytes+ parsed+ mapped+ findings+ committed+ acknowledged+ ");
  stored.message.state = store::MessageState::held;
  // It waits for a row of a table: its mapping ended, and when.
  stored.message.rule = "map/unmapped";
  stored.message.stages.mapped.reset();
  EXPECT_EQ(lane(stored),
            "bytes+ parsed+ mapped-map/unmapped findings=held committed+ "
            "acknowledged+ ");
  const auto shown = json_of(message_detail(stored));
  EXPECT_EQ(shown.root().get("lane").at(2).get("at").text().substr(0, 19),
            "2026-04-01T09:00:00");
  stored.message.state = store::MessageState::rejected;
  stored.message.rule = "map/missing";
  EXPECT_EQ(lane(stored),
            "bytes+ parsed+ mapped-map/missing findings-map/missing committed+ "
            "acknowledged+ ");
  // No map takes it; and nobody saw its answer leave.
  stored.message.rule = "v2/unsupported-event";
  stored.message.stages.judged.reset();
  stored.acknowledged_at.reset();
  EXPECT_EQ(lane(stored),
            "bytes+ parsed+ mapped-v2/unsupported-event committed+ "
            "acknowledged= ");
  stored.message.stages.parsed.reset();
  stored.message.rule = "security/unknown-partner";
  stored.message.answer.clear();
  EXPECT_EQ(lane(stored), "bytes+ parsed-security/unknown-partner committed+ ");
  stored.message.state = store::MessageState::unparsed;
  stored.message.rule = "v2/unreadable";
  EXPECT_EQ(lane(stored), "bytes+ parsed-v2/unreadable committed+ ");
}

TEST(MessageLogTest, BytesThatAreNoTextAreBase64) {
  const std::pair<std::string, const char*> kCases[] = {
      {"\xFF", "/w=="},
      {"\xFF\xFE", "//4="},
      {"\xFF\xFE\xFD", "//79"},
      {"\xFF" + std::string("abc"), "/2FiYw=="},
  };
  for (const auto& [bytes, wanted] : kCases) {
    auto stored = message(1);
    stored.message.content = bytes;
    const auto shown = json_of(message_detail(stored));
    EXPECT_EQ(shown.root().get("contentBase64").text(), wanted);
    EXPECT_FALSE(shown.root().get("content").exists());
  }
}

// What the edge refused has no body and no answer to show.
TEST(MessageLogTest, RefusalsOfTheEdgeHaveNoContent) {
  store::StoredMessage stored;
  stored.sequence = 1;
  stored.message.channel = "edge";
  stored.message.state = store::MessageState::refused;
  const auto shown = json_of(message_detail(stored));
  EXPECT_FALSE(shown.root().get("content").exists());
  EXPECT_FALSE(shown.root().get("partner").exists());
  EXPECT_EQ(shown.root().get("state").text(), "refused");
}

}  // namespace
}  // namespace gateway::exchange
