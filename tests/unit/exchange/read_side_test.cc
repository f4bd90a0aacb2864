#include "exchange/read_side.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "exchange/capability_statement.h"
#include "unit/exchange/read_fixture.h"

namespace gateway::exchange {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class ReadSideTest : public ReadFixture {
 protected:
  ReadAnswer get(const Caller& caller, const std::string& target,
                 transport::Headers headers = {},
                 const std::string& method = "GET") {
    return read_answer(interaction_of(method, target, std::move(headers)),
                       caller, *store_, site_, store::second(100));
  }
  int status(const Caller& caller, const std::string& target) {
    return get(caller, target).response.status;
  }
  // The ids of a searchset's matches, all pages.
  std::vector<std::string> found(const Caller& caller, std::string target) {
    std::vector<std::string> ids;
    while (!target.empty()) {
      const auto bundle = json_of(get(caller, target).response.body);
      for (const Json entry : bundle.root().get("entry")) {
        ids.emplace_back(entry.find("resource.id").text());
      }
      target = next_of(bundle);
    }
    return ids;
  }
  static std::string next_of(const JsonDocument& bundle) {
    for (const Json link : bundle.root().get("link")) {
      if (link.get("relation").text() != "next") continue;
      return std::string(link.get("url").text())
          .substr(std::string("http://gate.example").size());
    }
    return {};
  }
  void commit_pulls(const ReadAnswer& answer) {
    store::Commit commit;
    commit.message = store::message_of("house");
    for (const auto& pending : answer.pulls) {
      commit.pulls.push_back(pending.pull);
    }
    ASSERT_TRUE(store::committed(*store_, std::move(commit)).ok());
  }
};

TEST_F(ReadSideTest, ReadsCurrentAndOldVersions) {
  put("a", "x", R"({"resourceType":"Patient","n":1.10})");
  put("a", "x", R"({"resourceType":"Patient","n":1.100})", 2);
  const auto current = get(ehr_, "/fhir/Patient/x");
  EXPECT_EQ(current.response.status, 200);
  EXPECT_NE(current.response.body.find("\"n\":1.100}"), std::string::npos);
  EXPECT_EQ(header_of(current.response, "ETag"), "W/\"2\"");
  const auto old = get(ehr_, "/fhir/Patient/x/_history/1");
  EXPECT_NE(old.response.body.find("\"n\":1.10}"), std::string::npos);
  EXPECT_EQ(header_of(old.response, "ETag"), "W/\"1\"");
  EXPECT_EQ(status(ehr_, "/fhir/Patient/x/_history/3"), 404);
  const auto history =
      json_of(get(ehr_, "/fhir/Patient/x/_history").response.body);
  EXPECT_EQ(history.root().get("entry").size(), 2U);
  EXPECT_EQ(history.root().find("entry.response.etag").text(), "W/\"2\"");
}

// Another partner's id behaves byte for byte like one that never existed.
TEST_F(ReadSideTest, ForeignAndMissingAreTheSameAnswer) {
  fill("a");
  for (const auto* const type : {"Patient", "Coverage", "Claim"}) {
    for (const auto* const tail : {"", "/_history", "/_history/1"}) {
      const std::string prefix = std::string("/fhir/") + type + "/";
      std::set<std::string> bodies;
      for (const auto* const id :
           {"p-a", "c-a", "active-a", "draft-a", "unnamed-a", "never"}) {
        const auto answer = get(other_, prefix + id + tail).response;
        EXPECT_EQ(answer.status, 404);
        bodies.insert(answer.body + header_lines(answer));
      }
      EXPECT_EQ(bodies.size(), 1U) << type << tail;
    }
  }
  const auto draft = get(house_, "/fhir/Claim/draft-a").response;
  const auto never = get(house_, "/fhir/Claim/never").response;
  EXPECT_EQ(draft.status, 404);
  EXPECT_EQ(draft.body, never.body);
  EXPECT_EQ(get(house_, "/fhir/Coverage/unnamed-a").response.body, never.body);
}

TEST_F(ReadSideTest, SearchesFindOnlyWhatTheCallerSees) {
  fill("a");
  fill("b");
  EXPECT_THAT(found(ehr_, "/fhir/Claim"), ElementsAre("active-a", "draft-a"));
  EXPECT_THAT(found(other_, "/fhir/Claim"), ElementsAre("active-b", "draft-b"));
  EXPECT_THAT(found(house_, "/fhir/Claim"), ElementsAre("active-a"));
  EXPECT_THAT(found(house_, "/fhir/Claim?status=draft"), IsEmpty());
  EXPECT_THAT(found(house_, "/fhir/Claim?_id=active-a,draft-a,active-b"),
              ElementsAre("active-a"));
  EXPECT_THAT(found(operator_, "/fhir/Claim?status=active"),
              ElementsAre("active-a", "active-b"));
  EXPECT_THAT(found(house_, "/fhir/Coverage"), ElementsAre("c-a"));
  EXPECT_THAT(found(ehr_, "/fhir/Patient?_id=p-b"), IsEmpty());
}

TEST_F(ReadSideTest, SearchesByEachKindOfParameter) {
  put("a", "p", R"({"resourceType":"Patient","identifier":[
      {"system":"urn:mrn","value":"1"},{"value":"a|b"}]})");
  put("a", "s", R"({"resourceType":"Procedure","status":"completed",
      "subject":{"reference":"Patient/p"},
      "basedOn":[{"reference":"ServiceRequest/r"}]})");
  const std::pair<const char*, std::size_t> kCases[] = {
      {"/fhir/Patient?identifier=urn:mrn|1", 1},
      {"/fhir/Patient?identifier=1", 1},
      {"/fhir/Patient?identifier=urn:mrn|", 1},
      {"/fhir/Patient?identifier=|1", 0},
      {"/fhir/Patient?identifier=urn:other|1", 0},
      {"/fhir/Patient?identifier=|a%5C|b", 1},
      {"/fhir/Patient?identifier=a|b", 0},
      {"/fhir/Procedure?patient=p", 1},
      {"/fhir/Procedure?patient=Patient/p", 1},
      {"/fhir/Procedure?subject=Patient/p", 1},
      {"/fhir/Procedure?subject=http://gate.example/fhir/Patient/p", 1},
      {"/fhir/Procedure?patient=q", 0},
      {"/fhir/Procedure?patient=q,p", 1},
      {"/fhir/Procedure?patient=p&patient=q", 0},
      {"/fhir/Procedure?based-on=ServiceRequest/r&status=completed", 1},
      {"/fhir/Procedure?based-on=r&status=in-progress", 0},
      {"/fhir/Procedure?status=http://hl7.org/fhir/event-status|completed", 1},
      {"/fhir/Procedure?status=urn:other|completed", 0},
      {"/fhir/Procedure?_lastUpdated=ge2026-04-06", 1},
      {"/fhir/Procedure?_lastUpdated=lt2026-04-06", 0},
      {"/fhir/Procedure?_id=s", 1},
  };
  for (const auto& [target, wanted] : kCases) {
    EXPECT_THAT(found(ehr_, target), SizeIs(wanted)) << target;
  }
}

TEST_F(ReadSideTest, PagesHoldEachMatchOnce) {
  for (int i = 0; i < 7; ++i) {
    put("a", "o" + std::to_string(i), R"({"resourceType":"Organization"})");
  }
  for (const auto* const count : {"1", "2", "3", "7", "50"}) {
    EXPECT_THAT(found(ehr_, std::string("/fhir/Organization?_count=") + count),
                ElementsAre("o0", "o1", "o2", "o3", "o4", "o5", "o6"));
  }
}

// A page link shows what was there when its search began.
TEST_F(ReadSideTest, PagesKeepTheirSnapshot) {
  for (int i = 0; i < 4; ++i) {
    put("a", "o" + std::to_string(i), R"({"resourceType":"Organization"})");
  }
  const auto first =
      json_of(get(ehr_, "/fhir/Organization?_count=2").response.body);
  put("a", "o9", R"({"resourceType":"Organization"})");
  EXPECT_THAT(found(ehr_, next_of(first)), ElementsAre("o2", "o3"));
}

TEST_F(ReadSideTest, APagingLinkIsOfNoUseToOthers) {
  for (int i = 0; i < 4; ++i) {
    put("a", "o" + std::to_string(i), R"({"resourceType":"Organization"})");
  }
  const auto next =
      next_of(json_of(get(ehr_, "/fhir/Organization?_count=2").response.body));
  EXPECT_EQ(status(ehr_, next), 200);
  EXPECT_EQ(status(other_, next), 400);
}

TEST_F(ReadSideTest, Counts) {
  fill("a");
  fill("b");
  const auto total = [&](const Caller& caller, const std::string& target) {
    const auto answer = get(caller, target);
    EXPECT_THAT(answer.pulls, IsEmpty());
    const auto bundle = json_of(answer.response.body);
    EXPECT_FALSE(bundle.root().get("entry").exists());
    return std::string(bundle.root().get("total").text());
  };
  EXPECT_EQ(total(ehr_, "/fhir/Claim?_summary=count"), "2");
  EXPECT_EQ(total(ehr_, "/fhir/Claim?_count=0"), "2");
  EXPECT_EQ(total(house_, "/fhir/Claim?_count=0"), "1");
  EXPECT_EQ(total(house_, "/fhir/Coverage?_count=0"), "1");
  EXPECT_EQ(total(operator_, "/fhir/Claim?_count=0"), "4");
}

TEST_F(ReadSideTest, AClaimThatGoesToAClearinghouseIsPulled) {
  fill("a");
  for (const auto* const target :
       {"/fhir/Claim/active-a", "/fhir/Claim/active-a/_history/1",
        "/fhir/Claim/active-a/_history", "/fhir/Claim", "/fhir/Claim?_count=1",
        "/fhir/Claim?status=active&_id=active-a"}) {
    const auto answer = get(house_, target);
    ASSERT_THAT(answer.pulls, SizeIs(1)) << target;
    const auto& [pull, case_key] = answer.pulls.front();
    EXPECT_EQ(pull.owner, "a");
    EXPECT_EQ(pull.claim.text(), "Claim/active-a");
    EXPECT_EQ(pull.version, 1U);
    EXPECT_EQ(pull.partner, "house");
    EXPECT_EQ(pull.at, store::second(100));
    EXPECT_EQ(case_key, "Patient/p-a");
  }
}

TEST_F(ReadSideTest, WhatDoesNotPull) {
  fill("a");
  for (const auto* const target :
       {"/fhir/Claim?_summary=count", "/fhir/Claim?_count=0",
        "/fhir/Claim/draft-a", "/fhir/Patient/p-a", "/fhir/Coverage"}) {
    EXPECT_THAT(get(house_, target).pulls, IsEmpty()) << target;
  }
  EXPECT_THAT(get(house_, "/fhir/Claim/active-a", {}, "HEAD").pulls, IsEmpty());
  EXPECT_THAT(get(house_, "/fhir/Claim", {}, "HEAD").pulls, IsEmpty());
  const auto same =
      get(house_, "/fhir/Claim/active-a", {{"if-none-match", "W/\"1\""}});
  EXPECT_EQ(same.response.status, 304);
  EXPECT_THAT(same.pulls, IsEmpty());
  EXPECT_THAT(get(ehr_, "/fhir/Claim/active-a").pulls, IsEmpty());
  EXPECT_THAT(get(operator_, "/fhir/Claim").pulls, IsEmpty());
}

TEST_F(ReadSideTest, EachVersionIsPulledOnce) {
  fill("a");
  commit_pulls(get(house_, "/fhir/Claim/active-a"));
  EXPECT_THAT(get(house_, "/fhir/Claim/active-a").pulls, IsEmpty());
  EXPECT_THAT(get(house_, "/fhir/Claim").pulls, IsEmpty());
  put_claim("a", "active-a", "active", 2);
  EXPECT_THAT(get(house_, "/fhir/Claim/active-a").pulls, SizeIs(1));
  EXPECT_THAT(get(house_, "/fhir/Claim/active-a/_history").pulls, SizeIs(1))
      << "only the version that is new";
}

// It asks for no money, so nobody has a bill in hand.
TEST_F(ReadSideTest, ACancelledClaimIsReadAndNotPulled) {
  fill("a");
  put_claim("a", "active-a", "cancelled", 2);
  for (const auto* const target : {"/fhir/Claim/active-a", "/fhir/Claim",
                                   "/fhir/Claim/active-a/_history"}) {
    const auto answer = get(house_, target);
    EXPECT_EQ(answer.response.status, 200) << target;
    EXPECT_THAT(answer.response.body, testing::HasSubstr("cancelled"))
        << target;
    EXPECT_THAT(answer.pulls, IsEmpty()) << target;
  }
}

// A version that was a draft stays hidden when the claim becomes active.
TEST_F(ReadSideTest, OldDraftsStayHidden) {
  put_claim("a", "c", "draft");
  put_claim("a", "c", "active", 2);
  EXPECT_EQ(status(house_, "/fhir/Claim/c/_history/2"), 200);
  EXPECT_EQ(status(house_, "/fhir/Claim/c/_history/1"), 404);
  const auto history =
      json_of(get(house_, "/fhir/Claim/c/_history").response.body);
  EXPECT_EQ(history.root().get("entry").size(), 1U);
  EXPECT_EQ(status(ehr_, "/fhir/Claim/c/_history/1"), 200);
}

// Nobody ever had it, so that nobody may bill from it now.
TEST_F(ReadSideTest, AnEarlierVersionThatNeverWentOutStaysHidden) {
  put_claim("a", "c", "active");
  put_claim("a", "c", "active", 2);
  EXPECT_EQ(status(house_, "/fhir/Claim/c/_history/1"), 404);
  const auto history = get(house_, "/fhir/Claim/c/_history");
  EXPECT_EQ(json_of(history.response.body).root().get("entry").size(), 1U);
  EXPECT_THAT(history.pulls, SizeIs(1));
  EXPECT_EQ(status(ehr_, "/fhir/Claim/c/_history/1"), 200);
  // One that went out is theirs to read again, and is no new pull.
  commit_pulls(get(house_, "/fhir/Claim/c/_history/2"));
  put_claim("a", "c", "cancelled", 3);
  const auto again = get(house_, "/fhir/Claim/c/_history/2");
  EXPECT_EQ(again.response.status, 200);
  EXPECT_THAT(again.pulls, IsEmpty());
}

TEST_F(ReadSideTest, TheLogIsForOperators) {
  fill("a");
  for (const auto* const target : {"/log/messages", "/log/messages/1"}) {
    EXPECT_EQ(status(operator_, target), 200) << target;
    EXPECT_EQ(status(ehr_, target), 403) << target;
    EXPECT_EQ(status(house_, target), 403) << target;
  }
  EXPECT_EQ(status(operator_, "/log/messages/99999"), 404);
  EXPECT_EQ(status(operator_, "/log/messages?colour=red"), 400);
  const auto list =
      json_of(get(operator_, "/log/messages?partner=a&_count=2").response.body);
  EXPECT_EQ(list.root().get("messages").size(), 2U);
  EXPECT_EQ(list.root().find("messages.id").text(), "6") << "newest first";
}

TEST_F(ReadSideTest, AnswersWhatNeedsNoStore) {
  EXPECT_EQ(get(ehr_, "/").response.body, index_page(site_));
  EXPECT_EQ(get(ehr_, "/fhir/metadata").response.body,
            capability_statement(site_));
}

TEST_F(ReadSideTest, ReadsForOperations) {
  fill("a");
  const auto visible = [&](const Caller& caller, const std::string& id) {
    return std::holds_alternative<store::StoredResource>(
        read_visible({"Claim", id}, caller, *store_, site_));
  };
  EXPECT_TRUE(visible(ehr_, "draft-a"));
  EXPECT_TRUE(visible(house_, "active-a"));
  EXPECT_FALSE(visible(house_, "draft-a"));
  EXPECT_FALSE(visible(other_, "active-a"));
}

TEST_F(ReadSideTest, MatchesOfConditions) {
  for (const auto* const id : {"x", "y", "z"}) {
    put("a", id,
        R"({"resourceType":"Patient","identifier":[{"value":"twin"},
        {"value":")" +
            std::string(id) + "\"}]}");
  }
  const auto count = [&](const Caller& caller, const std::string& value) {
    const auto condition =
        taken(parse_condition("Patient", "identifier=" + value, site_));
    return (*matches(condition, scope_of(caller), *store_)).size();
  };
  EXPECT_EQ(count(ehr_, "x"), 1U);
  EXPECT_EQ(count(ehr_, "none"), 0U);
  EXPECT_EQ(count(ehr_, "twin"), 2U) << "as many as count";
  EXPECT_EQ(count(other_, "x"), 0U);
}

}  // namespace
}  // namespace gateway::exchange
