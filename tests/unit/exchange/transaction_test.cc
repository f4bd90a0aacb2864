#include "exchange/transaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exchange/stored_body.h"
#include "unit/exchange/exchange_fixture.h"

namespace gateway::exchange {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

OrRefusal<WriteRequest> read(const std::string& body,
                             const Interaction& interaction) {
  auto document = parse_shared(body);
  EXPECT_TRUE(document.ok());
  return read_entries(interaction, *document, test_site());
}

OrRefusal<WriteRequest> read_bundle(const std::string& body) {
  return read(body, interaction_of("POST", "/fhir", fhir_content(), body));
}

std::string bundle(const std::string& type,
                   const std::vector<std::string>& entries) {
  std::string text =
      R"({"resourceType":"Bundle","type":")" + type + R"(","entry":[)";
  for (std::size_t at = 0; at < entries.size(); ++at) {
    text += (at == 0 ? "" : ",") + entries[at];
  }
  return text + "]}";
}

std::string post(const std::string& full_url, const std::string& type,
                 const std::string& members = {}) {
  return R"({"fullUrl":")" + full_url + R"(","resource":{"resourceType":")" +
         type + "\"" + members + R"(},"request":{"method":"POST","url":")" +
         type + "\"}}";
}

std::string subject(const std::string& reference) {
  return R"(,"subject":{"reference":")" + reference + "\"}";
}

std::vector<std::string> defects(const OrRefusal<WriteRequest>& result) {
  std::vector<std::string> lines;
  if (const auto* refused = std::get_if<Refusal>(&result)) {
    for (const auto& finding : refused->outcome.findings()) {
      lines.push_back(finding.rule + " at " + finding.expression);
    }
  }
  return lines;
}

TEST(TransactionTest, ReadsOneResource) {
  const std::string body = R"({"resourceType":"Patient"})";
  const auto request = taken(read(
      body, interaction_of("POST", "/fhir/Patient", fhir_content(), body)));
  EXPECT_EQ(request.kind, RequestKind::single);
  ASSERT_THAT(request.entries, SizeIs(1));
  EXPECT_EQ(request.entries[0].resource, request.document->root());
  EXPECT_EQ(request.entries[0].expression, "Patient");
  EXPECT_THAT(request.order, ElementsAre(0U));
  EXPECT_EQ(sameness(request), "");
}

TEST(TransactionTest, RefusesOneResourceThatDoesNotFit) {
  for (const auto* const body : {R"({"resourceType":"Claim"})", "{}", "[]", "1",
                                 R"({"resourceType":"Patient",
            "link":[{"other":{"reference":"Patient?_id=1"}}]})"}) {
    const auto result =
        read(body, interaction_of("POST", "/fhir/Patient", fhir_content()));
    EXPECT_EQ(std::get<Refusal>(result).status, 400) << body;
  }
}

TEST(TransactionTest, ReadsEntriesInProcessingOrder) {
  const auto request = taken(read_bundle(
      bundle("transaction",
             {R"({"request":{"method":"GET","url":"Patient/g"}})",
              R"({"resource":{"resourceType":"Patient","id":"p"},
           "request":{"method":"PUT","url":"Patient/p"}})",
              post("urn:uuid:1", "Patient"), post("urn:uuid:2", "Claim")})));
  EXPECT_EQ(request.kind, RequestKind::transaction);
  EXPECT_THAT(request.order, ElementsAre(2U, 3U, 1U, 0U));
  EXPECT_EQ(request.entries[1].interaction.id, "p");
  EXPECT_EQ(request.entries[2].full_url, "urn:uuid:1");
  EXPECT_EQ(request.entries[3].expression, "Bundle.entry[3].resource");
  EXPECT_FALSE(request.entries[0].resource.exists());
}

TEST(TransactionTest, AnEmptyBundleIsAllowed) {
  EXPECT_THAT(taken(read_bundle(bundle("transaction", {}))).entries, IsEmpty());
  EXPECT_THAT(
      taken(read_bundle(R"({"resourceType":"Bundle","type":"batch"})")).entries,
      IsEmpty());
}

TEST(TransactionTest, RefusesOtherThings) {
  const std::pair<const char*, const char*> kCases[] = {
      {R"({"resourceType":"Patient"})", "400 rest/not-a-bundle"},
      {R"([])", "400 rest/not-a-bundle"},
      {R"({"resourceType":"Bundle"})", "400 rest/not-a-bundle"},
      {R"({"resourceType":"Bundle","type":"collection"})",
       "400 rest/not-a-bundle"},
      {R"({"resourceType":"Bundle","type":"batch","entry":{}})",
       "422 structure/type"},
  };
  for (const auto& [body, wanted] : kCases) {
    EXPECT_EQ(refusal_text(read_bundle(body)), wanted) << body;
  }
}

TEST(TransactionTest, BoundsTheNumberOfEntries) {
  std::vector<std::string> entries(
      2001, R"({"request":{"method":"GET","url":"Patient/p"}})");
  EXPECT_EQ(refusal_text(read_bundle(bundle("batch", entries))),
            "413 rest/too-many-entries");
  entries.pop_back();
  EXPECT_EQ(refusal_text(read_bundle(bundle("batch", entries))), "ok");
}

TEST(TransactionTest, ListsEveryDefect) {
  const auto result = read_bundle(
      bundle("transaction",
             {"{}", "null",
              R"({"resource":{"resourceType":"Patient","id":"p"},
           "request":{"method":"PUT","url":"Patient/q"}})",
              R"({"request":{"method":"POST","url":"Patient"}})",
              post("urn:uuid:1", "Patient"), post("urn:uuid:1", "Patient"),
              R"({"request":{"method":"DELETE","url":"Patient/x"}})",
              post("urn:uuid:2", "Procedure", subject("urn:uuid:9")),
              post("urn:uuid:3", "Procedure", subject("Patient?name=doe")),
              R"({"resource":{"resourceType":"Patient","id":"r"},
           "request":{"method":"PUT","url":"Patient/r"}})",
              R"({"resource":{"resourceType":"Patient","id":"r"},
           "request":{"method":"PUT","url":"Patient/r"}})"}));
  EXPECT_THAT(
      defects(result),
      ElementsAre("rest/bad-entry at Bundle.entry[0].request",
                  "rest/bad-entry at Bundle.entry[1].request",
                  "rest/bad-entry at Bundle.entry[2].resource.id",
                  "rest/bad-entry at Bundle.entry[3].resource",
                  "rest/repeated-full-url at Bundle.entry[5].fullUrl",
                  "rest/method at Bundle.entry[6].request",
                  "rest/repeated-resource at Bundle.entry[10].request.url",
                  "reference/unknown-entry at "
                  "Bundle.entry[7].resource.subject.reference",
                  "rest/unknown-parameter at "
                  "Bundle.entry[8].resource.subject.reference"));
  EXPECT_EQ(std::get<Refusal>(result).status, 400);
}

TEST(TransactionTest, ABusinessKeyOccursOnce) {
  const std::string key = R"(,"identifier":[{"system":"s","value":"1"}])";
  EXPECT_THAT(
      defects(read_bundle(
          bundle("transaction", {post("urn:uuid:1", "Procedure", key),
                                 post("urn:uuid:2", "Procedure", key)}))),
      ElementsAre("rest/repeated-key at Bundle.entry[1].resource.identifier"));
  EXPECT_EQ(refusal_text(read_bundle(
                bundle("transaction", {post("urn:uuid:1", "Procedure", key),
                                       post("urn:uuid:2", "Encounter", key)}))),
            "ok")
      << "keys are within a type";
  EXPECT_EQ(refusal_text(read_bundle(
                bundle("transaction", {post("urn:uuid:1", "Patient", key),
                                       post("urn:uuid:2", "Patient", key)}))),
            "ok")
      << "patients have no business key";
}

TEST(TransactionTest, OneKindOfDefectKeepsItsStatus) {
  EXPECT_EQ(refusal_text(read_bundle(bundle(
                "transaction",
                {R"({"request":{"method":"DELETE","url":"Patient/x"}})"}))),
            "405 rest/method");
}

TEST(TransactionTest, ABatchGoesOnWithoutItsBadEntries) {
  const auto request = taken(read_bundle(bundle(
      "batch",
      {"{}", post("urn:uuid:1", "Patient"),
       R"({"request":{"method":"DELETE","url":"Patient/x"}})",
       post("urn:uuid:2", "Procedure", subject("Patient?identifier=a"))})));
  ASSERT_THAT(request.entries, SizeIs(4));
  EXPECT_EQ(request.entries[0].refusal->status, 400);
  EXPECT_FALSE(request.entries[1].refusal);
  EXPECT_EQ(request.entries[2].refusal->status, 405);
  EXPECT_EQ(request.entries[3].refusal->outcome.findings().front().rule,
            "reference/conditional");
  EXPECT_EQ(sameness(request), "");
}

Assignment assigned(const std::vector<std::string>& ids) {
  Assignment assignment;
  for (const auto& id : ids) {
    const auto slash = id.find('/');
    assignment.ids.push_back(
        slash == std::string::npos
            ? fhir::ResourceId{}
            : fhir::ResourceId{id.substr(0, slash), id.substr(slash + 1)});
  }
  return assignment;
}

// The resource of an entry with its references rewritten, and nothing else.
std::string rewritten(const WriteRequest& request, std::size_t position,
                      const Assignment& assignment) {
  const Json resource = request.entries[position].resource;
  auto edits = reference_edits(request, position, assignment);
  for (auto& edit : edits) {
    edit.span.begin -= resource.span().begin;
    edit.span.end -= resource.span().begin;
  }
  return edited(resource.raw(), edits);
}

TEST(TransactionTest, RewritesReferencesToOtherEntries) {
  const auto request = taken(read_bundle(bundle(
      "transaction", {post("urn:uuid:1", "Patient"),
                      post("urn:uuid:2", "Procedure",
                           subject("urn:uuid:1") +
                               R"(, "basedOn" : [ {"reference":"urn:uuid:3"} ],
                          "partOf":[{"reference":"Procedure/old"}],
                          "x":1.10)"),
                      post("urn:uuid:3", "ServiceRequest")})));
  EXPECT_EQ(
      rewritten(request, 1,
                assigned({"Patient/a", "Procedure/b", "ServiceRequest/c"})),
      R"({"resourceType":"Procedure","subject":{"reference":"Patient/a"})"
      R"(, "basedOn" : [ {"reference":"ServiceRequest/c"} ],
                          "partOf":[{"reference":"Procedure/old"}],
                          "x":1.10})");
}

TEST(TransactionTest, RewritesReferencesRelativeToTheSendersBase) {
  const auto request = taken(read_bundle(bundle(
      "transaction", {post("http://ehr.example/r4/Patient/7", "Patient"),
                      post("http://ehr.example/r4/Procedure/8", "Procedure",
                           subject("Patient/7")),
                      post("urn:uuid:3", "Procedure", subject("Patient/7")),
                      post("http://ehr.example/r4/Procedure/9", "Procedure",
                           subject("http://ehr.example/r4/Patient/7"))})));
  const auto ids =
      assigned({"Patient/a", "Procedure/b", "Procedure/c", "Procedure/d"});
  EXPECT_NE(rewritten(request, 1, ids).find("Patient/a"), std::string::npos);
  EXPECT_NE(rewritten(request, 2, ids).find("Patient/7"), std::string::npos)
      << "relative to nothing: a resource that is here";
  EXPECT_NE(rewritten(request, 3, ids).find("\"Patient/a\""),
            std::string::npos);
}

TEST(TransactionTest, ConditionalReferencesAreListedOnceAndRewritten) {
  const auto request = taken(read_bundle(bundle(
      "transaction",
      {post("urn:uuid:1", "Procedure", subject("Patient?identifier=a|1")),
       post("urn:uuid:2", "Procedure", subject("Patient?identifier=a|1"))})));
  ASSERT_THAT(request.conditional, SizeIs(1));
  EXPECT_EQ(request.conditional[0].text, "Patient?identifier=a|1");
  EXPECT_EQ(request.conditional[0].expression,
            "Bundle.entry[0].resource.subject.reference");
  EXPECT_EQ(request.conditional[0].search.query.type, "Patient");
  auto ids = assigned({"Procedure/a", "Procedure/b"});
  ids.matched["Patient?identifier=a|1"] = {"Patient", "p"};
  EXPECT_NE(rewritten(request, 1, ids).find("\"Patient/p\""),
            std::string::npos);
}

TEST(TransactionTest, ABatchHasNoReferencesBetweenEntries) {
  const auto request = taken(read_bundle(bundle(
      "batch", {post("urn:uuid:1", "Patient"),
                post("urn:uuid:2", "Procedure", subject("urn:uuid:1"))})));
  EXPECT_THAT(
      reference_edits(request, 1, assigned({"Patient/a", "Procedure/b"})),
      IsEmpty());
}

std::string sent(const std::string& a, const std::string& b,
                 const std::string& more = {}) {
  return sameness(taken(
      read_bundle(bundle("transaction", {post(a, "Patient", more),
                                         post(b, "Procedure", subject(a))}))));
}

TEST(TransactionTest, FreshUuidsDoNotMakeAnotherTransaction) {
  const auto first = sent("urn:uuid:1", "urn:uuid:2");
  EXPECT_FALSE(first.empty());
  EXPECT_EQ(first, sent("urn:uuid:8", "urn:uuid:9"));
  EXPECT_EQ(first, sent("urn:uuid:2", "urn:uuid:1"));
}

TEST(TransactionTest, OtherContentMakesAnotherTransaction) {
  const auto first = sent("urn:uuid:1", "urn:uuid:2");
  EXPECT_NE(first, sent("urn:uuid:1", "urn:uuid:2", R"(,"active":true)"));
  EXPECT_NE(first, sent("http://x/Patient/1", "urn:uuid:2"));
  const auto number = [](const std::string& text) {
    return sent("urn:uuid:1", "urn:uuid:2", ",\"x\":" + text);
  };
  EXPECT_NE(number("1.0"), number("1.00"));
  EXPECT_EQ(number("1.0"), number(" 1.0 "));
}

TEST(TransactionTest, OrderOfMembersDoesNotCountButOfEntriesDoes) {
  EXPECT_EQ(sent("urn:uuid:1", "urn:uuid:2", R"(,"a":1,"b":2)"),
            sent("urn:uuid:1", "urn:uuid:2", R"(,"b":2,"a":1)"));
  const auto a = post("urn:uuid:1", "Patient");
  const auto b = post("urn:uuid:2", "Claim");
  EXPECT_NE(sameness(taken(read_bundle(bundle("transaction", {a, b})))),
            sameness(taken(read_bundle(bundle("transaction", {b, a})))));
}

TEST(TransactionTest, WhichEntryIsMeantCounts) {
  const auto refer = [](const std::string& to) {
    return sameness(taken(read_bundle(
        bundle("transaction",
               {post("urn:uuid:1", "Patient"), post("urn:uuid:2", "Patient"),
                post("urn:uuid:3", "Procedure", subject(to))}))));
  };
  EXPECT_NE(refer("urn:uuid:1"), refer("urn:uuid:2"));
}

}  // namespace
}  // namespace gateway::exchange
