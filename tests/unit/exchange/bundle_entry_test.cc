#include "exchange/bundle_entry.h"

#include <gtest/gtest.h>

#include "unit/exchange/exchange_fixture.h"

namespace gateway::exchange {
namespace {

OrRefusal<Interaction> parsed(const std::string& request,
                              const Interaction& outer = {}) {
  const auto document = json_of("{\"request\":" + request + "}");
  return entry_interaction(document.root(), "Bundle.entry[4]", outer,
                           test_site());
}

TEST(BundleEntryTest, ReadsWhatIsAsked) {
  struct Case {
    const char* request;
    Action action;
    const char* type;
    const char* id;
  };
  const Case kCases[] = {
      {R"({"method":"POST","url":"Patient"})", Action::create, "Patient", ""},
      {R"({"method":"POST","url":"/Patient"})", Action::create, "Patient", ""},
      {R"({"method":"PUT","url":"Patient/p"})", Action::update, "Patient", "p"},
      {R"({"method":"PUT","url":"http://gate.example/fhir/Patient/p"})",
       Action::update, "Patient", "p"},
      {R"({"method":"PUT","url":"Patient?identifier=s|1"})", Action::update,
       "Patient", ""},
      {R"({"method":"GET","url":"Patient/p"})", Action::read, "Patient", "p"},
      {R"({"method":"HEAD","url":"Patient/p"})", Action::read, "Patient", "p"},
      {R"({"method":"GET","url":"Patient/p/_history/2"})", Action::vread,
       "Patient", "p"},
      {R"({"method":"GET","url":"Claim?status=active"})", Action::search,
       "Claim", ""},
  };
  for (const auto& [request, action, type, id] : kCases) {
    const auto found = taken(parsed(request));
    EXPECT_EQ(found.action, action) << request;
    EXPECT_EQ(found.type, type) << request;
    EXPECT_EQ(found.id, id) << request;
  }
}

TEST(BundleEntryTest, ReadsConditions) {
  const auto create = taken(parsed(
      R"({"method":"POST","url":"Patient","ifNoneExist":"identifier=a"})"));
  EXPECT_TRUE(create.condition);
  const auto update = taken(
      parsed(R"({"method":"PUT","url":"Patient/p","ifMatch":"W/\"3\""})"));
  EXPECT_TRUE(update.if_match && update.if_match->match(3));
  const auto read = taken(parsed(
      R"({"method":"GET","url":"Patient/p","ifNoneMatch":"W/\"3\"",
          "ifModifiedSince":"2026-04-06T13:00:00Z"})"));
  EXPECT_TRUE(read.if_none_match && read.if_none_match->match(3));
  EXPECT_EQ(read.if_modified_since, parse_instant("2026-04-06T13:00:00Z"));
}

TEST(BundleEntryTest, TakesThePreferencesOfTheBundle) {
  Interaction outer;
  outer.prefer = Return::minimal;
  outer.handling = Handling::strict;
  outer.partner = "ehr";
  const auto made =
      taken(parsed(R"({"method":"POST","url":"Patient"})", outer));
  EXPECT_EQ(made.prefer, Return::minimal);
  EXPECT_EQ(made.partner, "ehr");
  EXPECT_EQ(
      refusal_text(parsed(R"({"method":"GET","url":"Claim?x=1"})", outer)),
      "400 rest/unknown-parameter");
}

TEST(BundleEntryTest, RefusesBadRequests) {
  const std::pair<const char*, const char*> kCases[] = {
      {"null", "400 rest/bad-entry"},
      {"{}", "400 rest/bad-entry"},
      {R"({"method":"POST"})", "400 rest/bad-entry"},
      {R"({"url":"Patient"})", "400 rest/bad-entry"},
      {R"({"method":"POST","url":""})", "400 rest/bad-entry"},
      {R"({"method":"POST","url":"Patient%"})", "400 rest/bad-entry"},
      {R"({"method":"POST","url":"Pat ient"})", "400 rest/bad-entry"},
      {R"({"method":"POST","url":"Claim/c/$explain"})", "400 rest/bad-entry"},
      {R"({"method":"POST","url":"Claim/_search"})", "400 rest/bad-entry"},
      {R"({"method":"GET","url":"../metrics"})", "404 rest/unknown-type"},
      {R"({"method":"POST","url":"Nothing"})", "404 rest/unknown-type"},
      {R"({"method":"POST","url":"Patient/p"})", "405 rest/method"},
      {R"({"method":"DELETE","url":"Patient/p"})", "405 rest/method"},
      {R"({"method":"PATCH","url":"Patient/p"})", "405 rest/method"},
      {R"({"method":"POST","url":"http://other.example/fhir/Patient"})",
       "404 rest/unknown-path"},
      {R"({"method":"POST","url":"$export"})", "501 rest/not-yet"},
      {R"({"method":"PUT","url":"Patient/p","ifMatch":"3"})",
       "400 rest/bad-header"},
      {R"({"method":"POST","url":"Patient","ifNoneExist":"name=x"})",
       "400 rest/unknown-parameter"},
      {R"({"method":"PUT","url":"Patient/p","ifNoneExist":"identifier=x"})",
       "400 rest/bad-header"},
  };
  for (const auto& [request, wanted] : kCases) {
    const auto result = parsed(request);
    EXPECT_EQ(refusal_text(result), wanted) << request;
    const auto& finding = std::get<Refusal>(result).outcome.findings().front();
    EXPECT_EQ(finding.expression.substr(0, 23), "Bundle.entry[4].request");
  }
}

TEST(BundleEntryTest, ResourcesFitTheirUrls) {
  struct Case {
    const char* request;
    const char* resource;
    const char* wanted;  // the element at fault, empty if none
  };
  const char* const kPost = R"({"method":"POST","url":"Patient"})";
  const char* const kPut = R"({"method":"PUT","url":"Patient/p"})";
  const char* const kPutIf = R"({"method":"PUT","url":"Patient?_id=p"})";
  const Case kCases[] = {
      {kPost, R"({"resourceType":"Patient"})", ""},
      {kPost, R"({"resourceType":"Patient","id":"any"})", ""},
      {kPost, R"({"resourceType":"Claim"})", "r.resourceType"},
      {kPost, "{}", "r"},
      {kPost, "[]", "r"},
      {kPost, "\"Patient\"", "r"},
      {kPut, R"({"resourceType":"Patient","id":"p"})", ""},
      {kPut, R"({"resourceType":"Patient","id":"q"})", "r.id"},
      {kPut, R"({"resourceType":"Patient"})", "r.id"},
      {kPut, R"({"resourceType":"Patient","id":1})", "r.id"},
      {kPutIf, R"({"resourceType":"Patient"})", ""},
      {kPutIf, R"({"resourceType":"Patient","id":"p"})", ""},
      {kPutIf, R"({"resourceType":"Patient","id":"a b"})", "r.id"},
  };
  for (const auto& [request, resource, wanted] : kCases) {
    const auto document = json_of(resource);
    const auto bad = misfit(taken(parsed(request)), document.root(), "r");
    EXPECT_EQ(bad ? bad->outcome.findings().front().expression : "", wanted)
        << request << resource;
    EXPECT_EQ(bad ? bad->status : 400, 400);
  }
}

}  // namespace
}  // namespace gateway::exchange
