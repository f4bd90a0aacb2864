#include "exchange/interaction.h"

#include <gtest/gtest.h>

#include "unit/exchange/exchange_fixture.h"

namespace gateway::exchange {
namespace {

std::string refused(const transport::Request& request) {
  return refusal_text(parse_interaction(request, test_site()));
}

TEST(InteractionTest, BodiesMustBeFhirInJson) {
  const std::pair<transport::Headers, const char*> kCases[] = {
      {{{"content-type", "application/fhir+json"}}, "ok"},
      {{{"content-type", "application/json; charset=utf-8"}}, "ok"},
      {{{"content-type", "application/json"}, {"content-encoding", "identity"}},
       "ok"},
      {{}, "415 rest/media-type"},
      {{{"content-type", "application/fhir+xml"}}, "415 rest/media-type"},
      {{{"content-type", "application/json; charset=latin1"}},
       "415 rest/media-type"},
      {{{"content-type", "application/json"}, {"content-encoding", "gzip"}},
       "415 rest/media-type"},
      {{{"content-type", "application/json"},
        {"content-type", "application/json"}},
       "400 rest/bad-header"},
  };
  for (const auto& [headers, wanted] : kCases) {
    EXPECT_EQ(refused(request_of("POST", "/fhir/Patient", headers, "{}")),
              wanted);
    EXPECT_EQ(refused(request_of("PUT", "/fhir/Patient/p", headers, "{}")),
              wanted);
    EXPECT_EQ(refused(request_of("POST", "/fhir", headers, "{}")), wanted);
  }
}

TEST(InteractionTest, AnswersMustBeWantedInJson) {
  struct Case {
    const char* target;
    transport::Headers headers;
    const char* wanted;
  };
  const Case kCases[] = {
      {"/fhir/Patient/p", {}, "ok"},
      {"/fhir/Patient/p", {{"accept", "application/fhir+json"}}, "ok"},
      {"/fhir/Patient/p",
       {{"accept", "application/fhir+xml"}},
       "406 rest/not-acceptable"},
      {"/fhir/Patient/p",
       {{"accept", "application/fhir+xml"}, {"accept", "*/*"}},
       "ok"},
      {"/fhir/Patient/p?_format=json", {{"accept", "text/html"}}, "ok"},
      {"/fhir/Patient/p?_format=application/fhir+json", {}, "ok"},
      {"/fhir/Patient?_format=xml", {}, "406 rest/not-acceptable"},
      {"/fhir/metadata?_format=xml", {}, "406 rest/not-acceptable"},
      {"/fhir/Claim/c",
       {{"accept", "application/edi-x12"}},
       "501 rest/not-yet"},
      {"/metrics", {{"accept", "text/html"}}, "ok"},
  };
  for (const auto& [target, headers, wanted] : kCases) {
    EXPECT_EQ(refused(request_of("GET", target, headers)), wanted) << target;
  }
}

TEST(InteractionTest, MethodsAreNotOverridden) {
  const auto read = interaction_of(
      "GET", "/fhir/Patient/p",
      {{"x-http-method-override", "PUT"}, {"x-http-method", "PUT"}});
  EXPECT_EQ(read.action, Action::read);
}

TEST(InteractionTest, HeadIsAGetWhoseBodyStays) {
  EXPECT_TRUE(interaction_of("HEAD", "/fhir/Claim/c").head);
  EXPECT_FALSE(interaction_of("GET", "/fhir/Claim/c").head);
}

TEST(InteractionTest, ReadsConditions) {
  const auto read =
      interaction_of("GET", "/fhir/Patient/p",
                     {{"if-none-match", "W/\"2\""},
                      {"if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT"}});
  ASSERT_TRUE(read.if_none_match);
  EXPECT_TRUE(read.if_none_match->match(2));
  EXPECT_EQ(read.if_modified_since, parse_instant("1994-11-06T08:49:37Z"));
  auto headers = fhir_content();
  headers.emplace_back("if-match", "W/\"5\"");
  const auto update = interaction_of("PUT", "/fhir/Patient/p", headers, "{}");
  ASSERT_TRUE(update.if_match);
  EXPECT_TRUE(update.if_match->match(5));
}

TEST(InteractionTest, RefusesConditionsThatItDoesNotUnderstand) {
  const std::pair<transport::Headers, const char*> kCases[] = {
      {{{"if-match", "5"}}, "400 rest/bad-header"},
      {{{"if-none-match", "W/5"}}, "400 rest/bad-header"},
      {{{"if-match", "W/\"1\""}, {"if-match", "W/\"2\""}},
       "400 rest/bad-header"},
      {{{"if-modified-since", "yesterday"}}, "ok"},
      {{{"x-workgate-partner", "a"}, {"x-workgate-partner", "b"}},
       "400 rest/bad-header"},
  };
  for (auto [headers, wanted] : kCases) {
    headers.emplace_back("content-type", "application/fhir+json");
    EXPECT_EQ(refused(request_of("PUT", "/fhir/Patient/p", headers, "{}")),
              wanted);
  }
}

TEST(InteractionTest, IfNoneExistIsAQueryWithoutQuestionMark) {
  const std::pair<const char*, const char*> kCases[] = {
      {"identifier=urn:a|1", "ok"},
      {"identifier=urn:a%7C1", "ok"},
      {"?identifier=urn:a|1", "400 rest/unknown-parameter"},
      {"Patient?identifier=urn:a|1", "400 rest/unknown-parameter"},
      {"nothing=1", "400 rest/unknown-parameter"},
      {"_count=1", "400 rest/empty-condition"},
      {"identifier=%", "400 rest/bad-encoding"},
      {"identifier=", "400 rest/unknown-parameter"},
  };
  for (const auto& [query, wanted] : kCases) {
    auto headers = fhir_content();
    headers.emplace_back("if-none-exist", query);
    EXPECT_EQ(refused(request_of("POST", "/fhir/Patient", headers, "{}")),
              wanted)
        << query;
  }
  auto headers = fhir_content();
  headers.emplace_back("if-none-exist", "identifier=urn:a|1");
  const auto create = interaction_of("POST", "/fhir/Patient", headers, "{}");
  ASSERT_TRUE(create.condition);
  EXPECT_EQ(create.condition->query.type, "Patient");
  EXPECT_EQ(create.condition->query.terms.size(), 1U);
}

TEST(InteractionTest, IfNoneExistBelongsToCreates) {
  auto headers = fhir_content();
  headers.emplace_back("if-none-exist", "identifier=a");
  EXPECT_EQ(refused(request_of("POST", "/fhir", headers, "{}")),
            "400 rest/bad-header");
  EXPECT_EQ(refused(request_of("PUT", "/fhir/Patient/p", headers, "{}")),
            "400 rest/bad-header");
}

TEST(InteractionTest, ConditionalUpdate) {
  const auto update = interaction_of(
      "PUT", "/fhir/Patient?identifier=a|b&_format=json", fhir_content(), "{}");
  EXPECT_EQ(update.action, Action::update);
  EXPECT_TRUE(update.id.empty());
  ASSERT_TRUE(update.condition);
  EXPECT_EQ(update.condition->applied.size(), 1U);
}

TEST(InteractionTest, PostSearchMergesFormAndQuery) {
  const auto search =
      interaction_of("POST", "/fhir/Claim/_search?status=active",
                     {{"content-type", "application/x-www-form-urlencoded"}},
                     "patient=Patient%2Fp&_count=5");
  ASSERT_TRUE(search.search);
  EXPECT_EQ(search.search->query.terms.size(), 2U);
  EXPECT_EQ(search.search->query.count, 5U);
  EXPECT_EQ(refused(request_of("POST", "/fhir/Claim/_search")), "ok");
  EXPECT_EQ(refused(request_of("POST", "/fhir/Claim/_search", fhir_content(),
                               "status=active")),
            "415 rest/media-type");
  EXPECT_EQ(
      refused(request_of(
          "POST", "/fhir/Claim/_search",
          {{"content-type", "application/x-www-form-urlencoded"}}, "status=%")),
      "400 rest/bad-encoding");
}

TEST(InteractionTest, CarriesPreferencesAndPartner) {
  const auto search = interaction_of(
      "GET", "/fhir/Claim?status=active",
      {{"prefer", "handling=strict"}, {"x-workgate-partner", "demo-ehr"}});
  EXPECT_EQ(search.handling, Handling::strict);
  EXPECT_EQ(search.partner, "demo-ehr");
  EXPECT_EQ(interaction_of("GET", "/log/messages?state=held",
                           {{"x-workgate-partner", "demo-operator"}})
                .partner,
            "demo-operator");
}

TEST(InteractionTest, PreconditionsOfUpdates) {
  struct Case {
    const char* header;
    const char* value;
    std::optional<std::uint32_t> current;
    int status;  // 0: it may go on
  };
  const Case kCases[] = {
      {"if-match", "W/\"2\"", 2, 0},
      {"if-match", "W/\"1\"", 2, 412},
      {"if-match", "W/\"1\"", std::nullopt, 412},
      {"if-match", "*", 2, 0},
      {"if-match", "*", std::nullopt, 412},
      {"if-match", "W/\"abc\"", 2, 412},
      {"if-none-match", "*", 2, 412},
      {"if-none-match", "*", std::nullopt, 0},
      {"if-none-match", "W/\"2\"", 2, 412},
      {"if-none-match", "W/\"1\"", 2, 0},
      {"x-other", "W/\"1\"", 2, 0},
  };
  for (const auto& [header, value, current, status] : kCases) {
    auto headers = fhir_content();
    headers.emplace_back(header, value);
    const auto update = interaction_of("PUT", "/fhir/Patient/p", headers, "{}");
    const auto refusal = precondition(update, current);
    EXPECT_EQ(refusal ? refusal->status : 0, status) << header << value;
  }
}

TEST(InteractionTest, ResourceIds) {
  for (const auto* const id : {"a", "A-1.b", "0", "----", "a.b"}) {
    EXPECT_TRUE(is_resource_id(id)) << id;
  }
  EXPECT_TRUE(is_resource_id(std::string(64, 'x')));
  EXPECT_FALSE(is_resource_id(std::string(65, 'x')));
  for (const auto* const id : {"", "a/b", "a b", "a_b", "a|b", "\xC3\xA9"}) {
    EXPECT_FALSE(is_resource_id(id)) << id;
  }
}

}  // namespace
}  // namespace gateway::exchange
