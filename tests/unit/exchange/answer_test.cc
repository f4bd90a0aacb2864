#include "exchange/answer.h"

#include <gtest/gtest.h>

#include "unit/exchange/exchange_fixture.h"

namespace gateway::exchange {
namespace {

using Effect = Written::Effect;

Written written(Effect effect = Effect::created) {
  Written out;
  out.effect = effect;
  out.id = {"Procedure", "s"};
  out.version = 3;
  out.last_updated = *parse_instant("2026-04-06T13:00:00Z");
  out.body = R"({"resourceType":"Procedure","x":1.10})";
  return out;
}

fhir::Outcome held() {
  fhir::Outcome outcome;
  outcome.add({.rule = "ledger/expired",
               .severity = fhir::Severity::warning,
               .type = fhir::IssueType::business_rule,
               .text = "the authorization has ended"});
  return outcome;
}

TEST(AnswerTest, EveryAnswerBearsTheSafeHeaders) {
  for (const auto& response :
       {fhir_answer(200, "{}"), json_answer(200, "{}"), text_answer(200, ""),
        refusal_answer(refusal(404, {}), test_site())}) {
    EXPECT_EQ(header_of(response, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header_of(response, "Cache-Control"), "no-store");
    EXPECT_EQ(header_of(response, "Content-Type").find("html"),
              std::string::npos);
  }
  EXPECT_EQ(header_of(fhir_answer(200, "{}"), "Content-Type"),
            "application/fhir+json; charset=utf-8");
}

TEST(AnswerTest, RefusalsExplainThemselves) {
  const std::string source = "{\n \"a\":";
  auto refused = refusal_of(
      {.code = ErrorCode::invalid, .message = "cut off", .offset = 6});
  refused.headers.emplace_back("Allow", "GET");
  const auto response = refusal_answer(refused, test_site(), source);
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(header_of(response, "Allow"), "GET");
  const auto body = json_of(response.body);
  EXPECT_EQ(body.root().get("resourceType").text(), "OperationOutcome");
  EXPECT_EQ(body.root().find("issue.details.coding.system").text(),
            "https://workgate.example/fhir/CodeSystem/rule");
  EXPECT_NE(response.body.find("\"line\",\"valueUnsignedInt\":2"),
            std::string::npos);
}

TEST(AnswerTest, StatusSaysWhatWasDone) {
  const std::pair<Effect, int> kCases[] = {{Effect::created, 201},
                                           {Effect::updated, 200},
                                           {Effect::unchanged, 200},
                                           {Effect::replayed, 200}};
  for (const auto& [effect, status] : kCases) {
    const auto response =
        written_answer(written(effect), Return::representation, test_site());
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(header_of(response, "Location"),
              "http://gate.example/fhir/Procedure/s/_history/3");
    EXPECT_EQ(header_of(response, "ETag"), "W/\"3\"");
    EXPECT_EQ(header_of(response, "Last-Modified"),
              "Mon, 06 Apr 2026 13:00:00 GMT");
    EXPECT_EQ(header_of(response, "X-Workgate-Replayed"),
              effect == Effect::replayed ? "true" : "");
  }
}

TEST(AnswerTest, BodiesAsPreferred) {
  auto what = written();
  what.outcome = held();
  EXPECT_EQ(written_answer(what, Return::representation, test_site()).body,
            what.body);
  EXPECT_EQ(written_answer(what, Return::minimal, test_site()).body, "");
  const auto outcome = json_of(
      written_answer(what, Return::operation_outcome, test_site()).body);
  EXPECT_EQ(outcome.root().find("issue.details.coding.code").text(),
            "ledger/expired");
  const auto fine = json_of(
      written_answer(written(), Return::operation_outcome, test_site()).body);
  EXPECT_EQ(fine.root().find("issue.severity").text(), "information");
}

TEST(AnswerTest, NamesEachTaskOnce) {
  auto what = written();
  what.tasks = {{"Task", "a"}, {"Task", "b"}, {"Task", "a"}};
  const auto response = written_answer(what, Return::minimal, test_site());
  EXPECT_EQ(header_of(response, "X-Workgate-Task"), "Task/a, Task/b");
}

store::StoredResource stored() {
  return {.id = {"Claim", "c"},
          .version = 2,
          .owner = "ehr",
          .case_key = {},
          .sequence = 1,
          .last_updated = *parse_instant("2026-04-06T13:00:00.75Z"),
          .body = "{\"x\":1.10}"};
}

TEST(AnswerTest, ReadsBearTheirVersion) {
  const auto response =
      resource_answer(stored(), interaction_of("GET", "/fhir/Claim/c"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "{\"x\":1.10}");
  EXPECT_EQ(header_of(response, "ETag"), "W/\"2\"");
}

TEST(AnswerTest, ReadsAreConditional) {
  struct Case {
    transport::Headers headers;
    int status;
  };
  const Case kCases[] = {
      {{{"if-none-match", "W/\"2\""}}, 304},
      {{{"if-none-match", "W/\"1\", W/\"2\""}}, 304},
      {{{"if-none-match", "*"}}, 304},
      {{{"if-none-match", "W/\"1\""}}, 200},
      {{{"if-modified-since", "Mon, 06 Apr 2026 13:00:00 GMT"}}, 304},
      {{{"if-modified-since", "Mon, 06 Apr 2026 12:59:59 GMT"}}, 200},
      {{{"if-modified-since", "nonsense"}}, 200},
      // RFC 9110, 13.1.3: with a tag the date does not count.
      {{{"if-none-match", "W/\"1\""},
        {"if-modified-since", "Mon, 06 Apr 2026 13:00:00 GMT"}},
       200},
  };
  for (const auto& [headers, status] : kCases) {
    const auto response = resource_answer(
        stored(), interaction_of("GET", "/fhir/Claim/c", headers));
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.body.empty(), status == 304);
    EXPECT_EQ(header_of(response, "ETag"), "W/\"2\"");
  }
}

TEST(AnswerTest, ATransactionIsAnsweredEntryByEntry) {
  auto first = written();
  first.tasks = {{"Task", "a"}};
  first.outcome = held();
  auto second = written(Effect::replayed);
  second.id = {"Claim", "c"};
  second.tasks = {{"Task", "a"}, {"Task", "b"}};
  std::vector<EntryAnswer> entries(3);
  entries[0].written = first;
  entries[1].written = second;
  entries[2].response =
      resource_answer(stored(), interaction_of("GET", "/fhir/Claim/c"));
  const auto response = bundle_answer(RequestKind::transaction, entries,
                                      Return::representation, test_site());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header_of(response, "X-Workgate-Task"), "Task/a, Task/b");
  EXPECT_EQ(
      response.body,
      R"({"resourceType":"Bundle","type":"transaction-response","entry":[)"
      R"({"fullUrl":"http://gate.example/fhir/Procedure/s",)"
      R"("resource":{"resourceType":"Procedure","x":1.10},)"
      R"("response":{"status":"201 Created",)"
      R"("location":"http://gate.example/fhir/Procedure/s/_history/3",)"
      R"("etag":"W/\"3\"","lastModified":"2026-04-06T13:00:00Z","outcome":)" +
          fhir::to_operation_outcome(held(), test_site().canonical) +
          R"(}},{"fullUrl":"http://gate.example/fhir/Claim/c",)"
          R"("resource":{"resourceType":"Procedure","x":1.10},)"
          R"("response":{"status":"200 OK",)"
          R"("location":"http://gate.example/fhir/Claim/c/_history/3",)"
          R"("etag":"W/\"3\"","lastModified":"2026-04-06T13:00:00Z"}},)"
          R"({"resource":{"x":1.10},"response":{"status":"200 OK",)"
          R"("etag":"W/\"2\"","lastModified":"2026-04-06T13:00:00Z"}}]})");
}

TEST(AnswerTest, EntriesThatWereAnsweredByThemselves) {
  auto what = written();
  what.tasks = {{"Task", "a"}};
  std::vector<EntryAnswer> entries(3);
  entries[0].response =
      written_answer(what, Return::representation, test_site());
  entries[1].response =
      written_answer(what, Return::operation_outcome, test_site());
  entries[2].response = refusal_answer(
      refusal(404, fhir::IssueType::not_found, "rest/not-found", "nothing"),
      test_site());
  const auto response = bundle_answer(RequestKind::batch, entries,
                                      Return::representation, test_site());
  EXPECT_EQ(header_of(response, "X-Workgate-Task"), "Task/a");
  const auto body = json_of(response.body);
  const Json all = body.root().get("entry");
  EXPECT_EQ(all.at(0).get("fullUrl").text(),
            "http://gate.example/fhir/Procedure/s");
  EXPECT_EQ(all.at(0).find("resource.resourceType").text(), "Procedure");
  EXPECT_EQ(all.at(0).find("response.location").text(),
            "http://gate.example/fhir/Procedure/s/_history/3");
  EXPECT_EQ(all.at(0).find("response.lastModified").text(),
            "2026-04-06T13:00:00Z");
  EXPECT_FALSE(all.at(1).get("resource").exists());
  EXPECT_EQ(all.at(1).find("response.status").text(), "201 Created");
  EXPECT_EQ(all.at(1).find("response.outcome.resourceType").text(),
            "OperationOutcome");
  EXPECT_EQ(all.at(2).find("response.status").text(), "404 Not Found");
  EXPECT_EQ(all.at(2).find("response.outcome.resourceType").text(),
            "OperationOutcome");
}

TEST(AnswerTest, ABatchNamesItsRefusals) {
  std::vector<EntryAnswer> entries(2);
  entries[0].refusal = refusal(405, fhir::IssueType::not_supported,
                               "rest/method", "not possible");
  entries[1].written = written();
  const auto body = json_of(
      bundle_answer(RequestKind::batch, entries, Return::minimal, test_site())
          .body);
  EXPECT_EQ(body.root().get("type").text(), "batch-response");
  const Json refused = body.root().get("entry").at(0);
  EXPECT_EQ(refused.find("response.status").text(), "405 Method Not Allowed");
  EXPECT_EQ(refused.find("response.outcome.issue.details.coding.code").text(),
            "rest/method");
  EXPECT_FALSE(body.root().get("entry").at(1).get("resource").exists());
}

TEST(AnswerTest, AnEmptyTransactionHasNoEntries) {
  EXPECT_EQ(bundle_answer(RequestKind::transaction, {}, Return::representation,
                          test_site())
                .body,
            R"({"resourceType":"Bundle","type":"transaction-response"})");
}

TEST(AnswerTest, AReplayRepeatsTheStoredAnswer) {
  auto what = written();
  what.tasks = {{"Task", "a"}};
  const auto first = written_answer(what, Return::representation, test_site());
  store::Message message;
  message.status = first.status;
  message.answer = first.body;
  message.answer_headers = header_lines(first);
  const auto again = replayed_answer(message);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(header_of(again, "X-Workgate-Replayed"), "true");
  auto headers = again.headers;
  headers.pop_back();
  EXPECT_EQ(headers, first.headers);
  message.answer_headers = header_lines(again);
  EXPECT_EQ(header_of(replayed_answer(message), "X-Workgate-Replayed"), "true")
      << "once, however often it is replayed";
}

}  // namespace
}  // namespace gateway::exchange
