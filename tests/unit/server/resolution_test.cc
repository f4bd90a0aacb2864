#include "server/resolution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

std::string patient(const std::string& value, const std::string& id = "") {
  return R"({"resourceType":"Patient",)" +
         (id.empty() ? "" : R"("id":")" + id + "\",") +
         R"("identifier":[{"system":"s","value":")" + value + "\"}]}";
}

std::string session(const std::string& value, const std::string& status) {
  return R"({"resourceType":"Procedure","identifier":[{"system":"s","value":")" +
         value + R"("}],"status":")" + status +
         R"(","subject":{"reference":"Patient/p"}})";
}

// Without an identifier of its own.
std::string grant(const std::string& number, const std::string& end) {
  return R"({"resourceType":"ClaimResponse","status":"active",
      "type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"professional"}]},
      "use":"preauthorization","patient":{"reference":"Patient/p"},
      "created":"2026-03-31","insurer":{"reference":"Organization/o"},
      "outcome":"complete","preAuthRef":")" +
         number + R"(","preAuthPeriod":{"end":")" + end + "\"}}";
}

class ResolutionTest : public testing::Test {
 protected:
  using Outcome = std::variant<Resolved, exchange::Refusal, Error>;

  // Both halves, as a turn asks for them.
  Outcome resolve(const Sent& sent) {
    const auto& parts = gateway_.parts();
    request_ = gateway_.write_request(sent);
    Resolution resolution(parts.store, parts.ids, parts.site, parts.keys);
    auto assigned =
        resolution.assign(request_, store::Scope::of("demo-ehr"), "demo-ehr");
    if (!std::holds_alternative<Resolved>(assigned)) return assigned;
    return resolution.settle(request_, std::get<Resolved>(std::move(assigned)),
                             "demo-ehr", gateway_.now, terms_);
  }
  Resolved resolved(const Sent& sent) {
    auto outcome = resolve(sent);
    if (auto* const taken = std::get_if<Resolved>(&outcome)) {
      return std::move(*taken);
    }
    ADD_FAILURE() << "not resolved: " << refused(std::move(outcome));
    Resolved none;
    none.assignment.ids.resize(1);
    none.entries.resize(1);
    return none;
  }
  // "412 rest/several-matches".
  std::string refused(const Sent& sent) { return refused(resolve(sent)); }
  static std::string refused(Outcome outcome) {
    const auto* const refusal = std::get_if<exchange::Refusal>(&outcome);
    if (refusal == nullptr) return "not refused";
    return std::to_string(refusal->status) + " " +
           refusal->outcome.findings().front().rule;
  }
  // Stores it for good, and gives its id.
  std::string store(const std::string& target, const std::string& body) {
    const auto reply = gateway_.post(target, body);
    EXPECT_EQ(reply.status, 201) << reply.body;
    return reply.written();
  }
  static Sent create_if_none(const std::string& value) {
    return {.target = "/fhir/Patient",
            .body = patient(value),
            .headers = {{"if-none-exist", "identifier=s|" + value}}};
  }

  ScratchGateway gateway_;
  exchange::WriteRequest request_;
  MessageTerms terms_;
};

TEST_F(ResolutionTest, IfNoneExistWithoutAMatchCreates) {
  const auto made = resolved(create_if_none("1"));
  EXPECT_EQ(made.entries[0].effect, Effect::create);
  EXPECT_EQ(made.entries[0].version, 1U);
  EXPECT_THAT(made.matched, testing::IsEmpty());
  const auto& id = made.assignment.ids[0];
  EXPECT_EQ(id.type, "Patient");
  EXPECT_EQ(id.id.substr(0, 2), "1-");  // of the id source
  EXPECT_EQ(made.entries[0].document->root().get("id").text(), id.id);
}

TEST_F(ResolutionTest, IfNoneExistWithAMatchLeavesIt) {
  const auto known = store("/fhir/Patient", patient("1"));
  auto sent = create_if_none("1");
  sent.body = with(sent.body, "}]}", R"(}],"gender":"female"})");
  const auto found = resolved(sent);
  EXPECT_EQ(found.entries[0].effect, Effect::unchanged);
  EXPECT_EQ(found.assignment.ids[0].text(), known);
  ASSERT_TRUE(found.entries[0].current.has_value());
  EXPECT_EQ(found.entries[0].current->body.find("female"), std::string::npos);
}

TEST_F(ResolutionTest, IfNoneExistWithTwoMatchesIsRefused) {
  store("/fhir/Patient", patient("1"));
  store("/fhir/Patient", patient("1"));
  EXPECT_EQ(refused(create_if_none("1")), "412 rest/several-matches");
}

TEST_F(ResolutionTest, APutCreatesUnderItsOwnId) {
  const auto made = resolved({.method = "PUT",
                              .target = "/fhir/Patient/mine",
                              .body = patient("1", "mine")});
  EXPECT_EQ(made.entries[0].effect, Effect::create);
  EXPECT_EQ(made.assignment.ids[0].text(), "Patient/mine");
}

TEST_F(ResolutionTest, ASessionThatWasWithdrawnIsSentAnew) {
  store("/fhir/Procedure", session("1", "entered-in-error"));
  const Sent anew{.target = "/fhir/Procedure",
                  .body = session("1", "completed")};
  EXPECT_EQ(refused(anew), "409 rest/known-key");  // by FHIR: a PUT does that
  terms_.amendments = {{.position = 0, .completes = true}};
  const auto made = resolved(anew);
  EXPECT_EQ(made.entries[0].effect, Effect::update);
  EXPECT_EQ(made.entries[0].document->root().get("status").text(), "completed");
}

TEST_F(ResolutionTest, AnOrderThatWasCancelledBeforeItCameStaysSo) {
  const auto order = [](const std::string& status, const std::string& more) {
    return R"({"resourceType":"ServiceRequest","identifier":[{"system":"s",)"
           R"("value":"O-1"}],"status":")" +
           status + R"(","intent":"order")" + more +
           R"(,"subject":{"reference":"Patient/p"}})";
  };
  const std::string target = "/fhir/ServiceRequest";
  const auto id = store(target, order("revoked", ""));
  const Sent late{.target = target,
                  .body = order("active", R"(,"priority":"urgent")")};
  EXPECT_EQ(refused(late), "409 rest/known-key");
  terms_.amendments = {{.position = 0, .completes = true}};
  const auto made = resolved(late);
  EXPECT_EQ(made.entries[0].effect, Effect::update);
  const Json kept = made.entries[0].document->root();
  EXPECT_EQ(kept.get("status").text(), "revoked");
  EXPECT_EQ(kept.get("priority").text(), "urgent");
  ASSERT_THAT(made.told.findings(), SizeIs(1));
  EXPECT_EQ(made.told.findings()[0].rule, "v2/already-cancelled");
  // Once more: nothing changes. Another content is another order.
  gateway_.put("/fhir/" + id,
               order("revoked", R"(,"priority":"urgent","id":")" +
                                    id.substr(id.find('/') + 1) + '"'));
  EXPECT_EQ(resolved(late).entries[0].effect, Effect::unchanged);
  EXPECT_EQ(refused({.target = target,
                     .body = order("active", R"(,"priority":"stat")")}),
            "409 rest/known-key");
}

TEST_F(ResolutionTest, APutReplacesOtherContentOnly) {
  gateway_.put("/fhir/Patient/mine", patient("1", "mine"));
  const Sent same{.method = "PUT",
                  .target = "/fhir/Patient/mine",
                  .body = patient("1", "mine")};
  EXPECT_EQ(resolved(same).entries[0].effect, Effect::unchanged);
  auto other = same;
  other.body = patient("2", "mine");
  const auto replaced = resolved(other);
  EXPECT_EQ(replaced.entries[0].effect, Effect::update);
  EXPECT_EQ(replaced.entries[0].version, 2U);
  EXPECT_EQ(replaced.entries[0].document->root().find("meta.versionId").text(),
            "2");
}

TEST_F(ResolutionTest, AConditionalPutTakesTheIdOfItsMatch) {
  const auto known = store("/fhir/Patient", patient("1"));
  const Sent sent{.method = "PUT",
                  .target = "/fhir/Patient?identifier=s|1",
                  .body = R"({"resourceType":"Patient","gender":"male"})"};
  const auto replaced = resolved(sent);
  EXPECT_EQ(replaced.entries[0].effect, Effect::update);
  EXPECT_EQ(replaced.assignment.ids[0].text(), known);
  auto other = sent;
  other.target = "/fhir/Patient?identifier=s|2";
  EXPECT_EQ(resolved(other).entries[0].effect, Effect::create);
}

TEST_F(ResolutionTest, IfMatchNamesTheVersionThatIsReplaced) {
  gateway_.put("/fhir/Patient/mine", patient("1", "mine"));
  Sent sent{.method = "PUT",
            .target = "/fhir/Patient/mine",
            .body = patient("2", "mine"),
            .headers = {{"if-match", "W/\"2\""}}};
  EXPECT_EQ(refused(sent), "412 rest/if-match");
  sent.headers = {{"if-match", "W/\"1\""}};
  EXPECT_EQ(resolved(sent).entries[0].effect, Effect::update);
  sent.target = "/fhir/Patient/other";
  sent.body = patient("2", "other");
  EXPECT_EQ(refused(sent), "412 rest/if-match");  // there is none
}

TEST_F(ResolutionTest, AKnownIdentifierWithTheSameContentIsAReplay) {
  const auto known = store("/fhir/Procedure", session("1", "completed"));
  // Another order and spacing of members, and an id and meta of the sender's.
  const auto again = resolved(
      {.target = "/fhir/Procedure",
       .body = R"({"resourceType":"Procedure","id":"x","meta":{"source":"#1"},
           "subject":{"reference":"Patient/p"},"status":"completed",
           "identifier":[{"value":"1","system":"s"}]})"});
  EXPECT_EQ(again.entries[0].effect, Effect::replay);
  EXPECT_EQ(again.assignment.ids[0].text(), known);
}

TEST_F(ResolutionTest, AKnownIdentifierWithOtherContentIsAConflict) {
  store("/fhir/Procedure", session("1", "completed"));
  EXPECT_EQ(refused({.target = "/fhir/Procedure",
                     .body = session("1", "in-progress")}),
            "409 rest/known-key");
  // Neither may another resource take it over.
  EXPECT_EQ(refused({.method = "PUT",
                     .target = "/fhir/Procedure/mine",
                     .body = with(session("1", "completed"), "\"status\"",
                                  R"("id":"mine","status")")}),
            "409 rest/known-key");
}

TEST_F(ResolutionTest, IdentifiersArePartnersOwn) {
  ASSERT_EQ(
      gateway_
          .put("/fhir/Procedure/p", with(session("1", "completed"),
                                         "\"status\"", R"("id":"p","status")"))
          .status,
      201);
  request_ = gateway_.write_request(
      {.target = "/fhir/Procedure", .body = session("1", "in-progress")});
  const auto& parts = gateway_.parts();
  Resolution resolution(parts.store, parts.ids, parts.site, parts.keys);
  auto assigned =
      resolution.assign(request_, store::Scope::of("other-ehr"), "other-ehr");
  ASSERT_TRUE(std::holds_alternative<Resolved>(assigned));
  const auto settled =
      resolution.settle(request_, std::get<Resolved>(std::move(assigned)),
                        "other-ehr", gateway_.now);
  ASSERT_TRUE(std::holds_alternative<Resolved>(settled));
  EXPECT_EQ(std::get<Resolved>(settled).entries[0].effect, Effect::create);
}

constexpr const char* kPatientOfOne =
    R"({"resourceType":"Patient","identifier":[{"system":"s","value":"1"}],)"
    R"("birthDate":"1984-02-17"})";

// A message of HL7 v2 finds who is known, and changes nothing: that is told.
TEST_F(ResolutionTest, WhatIsFoundAndKeptIsTold) {
  store("/fhir/Patient", kPatientOfOne);
  const Sent sent{.target = "/fhir/Patient",
                  .body = with(kPatientOfOne, "1984", "1985"),
                  .headers = {{"if-none-exist", "identifier=s%7C1"}}};
  EXPECT_THAT(resolved(sent).told.findings(), testing::IsEmpty());
  terms_.is_mapped = true;
  const auto told = resolved(sent).told.findings();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].rule, "v2/kept-as-stored");
}

TEST_F(ResolutionTest, APatientWhoseFirstNumberIsNotSaidIsTold) {
  store("/fhir/Patient",
        R"({"resourceType":"Patient","meta":{"source":"h/map/ADT_A01|1"},)"
        R"("identifier":[{"system":"s","value":"1"},)"
        R"({"system":"s","value":"2"}]})");
  terms_.is_mapped = true;
  const auto told = [this](const std::string& number) {
    const auto found = resolved(
        {.target = "/fhir/Patient",
         .body = R"({"resourceType":"Patient","identifier":[{"system":"s",)"
                 R"("value":")" +
                 number + "\"}]}",
         .headers = {{"if-none-exist", "identifier=s%7C" + number}}});
    EXPECT_EQ(found.entries[0].effect, Effect::unchanged);
    return found.told.findings();
  };
  EXPECT_THAT(told("1"), testing::IsEmpty());
  ASSERT_EQ(told("2").size(), 1U);
  EXPECT_EQ(told("2")[0].rule, "v2/known-by-another-number");
}

// Senders of HL7 v2 have no PUT.
TEST_F(ResolutionTest, TheRemedyForAKnownNumberIsInTheLanguageOfItsSender) {
  store("/fhir/Procedure", session("1", "completed"));
  const Sent sent{.target = "/fhir/Procedure",
                  .body = session("1", "not-done")};
  const auto remedy = [&] {
    return std::get<exchange::Refusal>(resolve(sent))
        .outcome.findings()[0]
        .remedy;
  };
  EXPECT_THAT(remedy(), testing::HasSubstr("PUT"));
  terms_.is_mapped = true;
  EXPECT_THAT(remedy(), testing::HasSubstr("ADT^A11"));
}

TEST_F(ResolutionTest, AGrantWithoutIdentifierIsAmendedUnderItsKey) {
  const auto known = store("/fhir/ClaimResponse", grant("PA-1", "2026-05-15"));
  const auto amended = resolved(
      {.target = "/fhir/ClaimResponse", .body = grant("PA-1", "2026-06-15")});
  EXPECT_EQ(amended.entries[0].effect, Effect::update);
  EXPECT_EQ(amended.assignment.ids[0].text(), known);
  EXPECT_EQ(amended.entries[0].version, 2U);
  EXPECT_EQ(resolved({.target = "/fhir/ClaimResponse",
                      .body = grant("PA-1", "2026-05-15")})
                .entries[0]
                .effect,
            Effect::unchanged);
  EXPECT_EQ(resolved({.target = "/fhir/ClaimResponse",
                      .body = grant("PA-2", "2026-05-15")})
                .entries[0]
                .effect,
            Effect::create);
}

TEST_F(ResolutionTest, ReferencesFollowAGrantThatIsKnown) {
  const auto known = store("/fhir/ClaimResponse", grant("PA-1", "2026-05-15"));
  const std::string urn = "urn:uuid:00000000-0000-4000-8000-000000000001";
  const auto note =
      R"({"resourceType":"Communication","status":"completed",
          "about":[{"reference":")" +
      urn + "\"}]}";
  const auto made = resolved(
      {.target = "/fhir",
       .body = bundle_of("transaction",
                         {entry_of("POST Communication", note),
                          entry_of("POST ClaimResponse",
                                   grant("PA-1", "2026-06-15"), urn)})});
  ASSERT_THAT(made.entries, SizeIs(2));
  EXPECT_EQ(made.assignment.ids[1].text(), known);
  EXPECT_EQ(made.entries[0].document->root().find("about.reference").text(),
            known);
}

TEST_F(ResolutionTest, ConditionalReferencesNeedExactlyOneMatch) {
  const auto note = [](const std::string& value) {
    return Sent{
        .target = "/fhir",
        .body = bundle_of(
            "transaction",
            {entry_of("POST Communication",
                      R"({"resourceType":"Communication","status":"completed",
                          "subject":{"reference":"Patient?identifier=s|)" +
                          value + "\"}}")})};
  };
  EXPECT_EQ(refused(note("1")), "412 rest/no-match");
  const auto known = store("/fhir/Patient", patient("1"));
  const auto made = resolved(note("1"));
  EXPECT_EQ(made.entries[0].document->root().find("subject.reference").text(),
            known);
  store("/fhir/Patient", patient("1"));
  EXPECT_EQ(refused(note("1")), "412 rest/several-matches");
}

TEST_F(ResolutionTest, ReadsInABundleHaveNoEffect) {
  const auto made =
      resolved({.target = "/fhir",
                .body = bundle_of("transaction",
                                  {entry_of("GET Patient/p", ""),
                                   entry_of("POST Patient", patient("1"))})});
  EXPECT_EQ(made.entries[0].effect, Effect::none);
  EXPECT_EQ(made.assignment.ids[0].id, "");
  EXPECT_EQ(made.entries[1].effect, Effect::create);
}

TEST_F(ResolutionTest, OneConditionCreatesOneResource) {
  const auto entry = [](const std::string& value) {
    return R"({"resource":)" + patient(value) +
           R"(,"request":{"method":"POST","url":"Patient","ifNoneExist":)"
           R"("identifier=s|)" +
           value + R"("}})";
  };
  const auto taken =
      resolved({.target = "/fhir",
                .body = bundle_of("transaction",
                                  {entry("p1"), entry("p2"), entry("p1")})});
  ASSERT_THAT(taken.entries, SizeIs(3));
  EXPECT_EQ(taken.entries[0].effect, Effect::create);
  EXPECT_EQ(taken.entries[1].effect, Effect::create);
  EXPECT_EQ(taken.entries[2].effect, Effect::same);
  EXPECT_EQ(taken.entries[2].same_as, 0U);
  EXPECT_EQ(taken.assignment.ids[2], taken.assignment.ids[0]);
  EXPECT_NE(taken.assignment.ids[1], taken.assignment.ids[0]);
}

std::string timed_session(const std::string& day) {
  return R"({"resourceType":"Procedure","identifier":[{"system":"s",)"
         R"("value":"1"}],"status":"completed","subject":{"reference":)"
         R"("Patient/p"},"performedPeriod":{"start":")" +
         day + R"(T08:00:00-05:00","end":")" + day + "T10:00:00-05:00\"}}";
}

TEST_F(ResolutionTest, AnAmendmentOfAnotherDayIsAnotherSession) {
  store("/fhir/Procedure", timed_session("2026-04-06"));
  const Sent other{.method = "PUT",
                   .target = "/fhir/Procedure?identifier=s|1",
                   .body = timed_session("2026-04-07")};
  // Whoever PUTs in FHIR says which resource it is.
  EXPECT_EQ(resolved(other).entries[0].effect, Effect::update);
  terms_.amendments = {{.position = 0}};
  EXPECT_EQ(refused(other), "409 v2/other-session");
  auto same = other;
  same.body = with(timed_session("2026-04-06"), "T10", "T11");
  EXPECT_EQ(resolved(same).entries[0].effect, Effect::update);
}

TEST_F(ResolutionTest, AReferralThatIsNotThereIsKeptAsRevokedAndTold) {
  const auto order = [](const std::string& status) {
    return R"({"resourceType":"ServiceRequest","identifier":[{"system":"s",)"
           R"("value":"1"}],"status":")" +
           status +
           R"(","intent":"order","subject":{"reference":"Patient/p"}})";
  };
  Sent sent{.method = "PUT",
            .target = "/fhir/ServiceRequest?identifier=s|1",
            .body = order("revoked")};
  EXPECT_TRUE(resolved(sent).told.empty());  // in FHIR: nothing unusual
  terms_.amendments = {{.position = 0}};
  const auto nothing = resolved(sent);
  EXPECT_EQ(nothing.entries[0].effect, Effect::create);
  EXPECT_THAT(rules(nothing.told), ElementsAre("v2/nothing-to-withdraw"));
  store("/fhir/ServiceRequest", order("active"));
  EXPECT_TRUE(resolved(sent).told.empty());
}

TEST_F(ResolutionTest, WhatIsNotThereIsNotWithdrawn) {
  const Sent sent{.method = "PUT",
                  .target = "/fhir/Procedure?identifier=s|1",
                  .body = session("1", "entered-in-error")};
  EXPECT_EQ(resolved(sent).entries[0].effect, Effect::create);
  terms_.amendments = {{.position = 0}};
  const auto nothing = resolved(sent);
  EXPECT_EQ(nothing.entries[0].effect, Effect::none);
  EXPECT_THAT(rules(nothing.told), ElementsAre("v2/nothing-to-withdraw"));
  store("/fhir/Procedure", timed_session("2026-04-06"));
  const auto withdrawn = resolved(sent);
  EXPECT_EQ(withdrawn.entries[0].effect, Effect::update);
  EXPECT_TRUE(withdrawn.told.empty());
}

}  // namespace
}  // namespace gateway::server
