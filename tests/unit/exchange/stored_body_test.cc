#include "exchange/stored_body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "unit/exchange/exchange_fixture.h"

namespace gateway::exchange {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

StoredVersion version_two() {
  return {.id = "n",
          .version = 2,
          .last_updated = *parse_instant("2026-04-06T13:00:00.25Z")};
}

std::string stored(const std::string& text) {
  const auto document = json_of(text);
  return stored_body(document.root(), version_two());
}

TEST(StoredBodyTest, ChangesOnlyWhatIsOurs) {
  const std::string kMeta =
      R"("versionId":"2","lastUpdated":"2026-04-06T13:00:00.25Z")";
  const std::pair<std::string, std::string> kCases[] = {
      {R"({"resourceType":"Patient"})",
       R"({"resourceType":"Patient","id":"n","meta":{)" + kMeta + "}}"},
      {R"({"resourceType":"Patient", "x" : 1.10})",
       R"({"resourceType":"Patient","id":"n","meta":{)" + kMeta +
           R"(}, "x" : 1.10})"},
      {R"({"id":"old","resourceType":"Patient"})",
       R"({"id":"n","meta":{)" + kMeta + R"(},"resourceType":"Patient"})"},
      {R"({"resourceType":"Patient","meta":{"tag":[]},"id":"n"})",
       R"({"resourceType":"Patient","meta":{"tag":[],)" + kMeta +
           R"(},"id":"n"})"},
      {R"({"resourceType":"Patient","meta":{"versionId":"9"}})",
       R"({"resourceType":"Patient","id":"n","meta":{"versionId":"2",)"
       R"("lastUpdated":"2026-04-06T13:00:00.25Z"}})"},
      {R"({"resourceType":"Patient","meta":{"lastUpdated":"x","versionId":7}})",
       R"({"resourceType":"Patient","id":"n","meta":{"lastUpdated":)"
       R"("2026-04-06T13:00:00.25Z","versionId":"2"}})"},
      {R"({"meta":{},"resourceType":"Patient"})",
       R"({"meta":{)" + kMeta + R"(},"id":"n","resourceType":"Patient"})"},
      {R"({"meta":null,"resourceType":"Patient"})",
       R"({"meta":{)" + kMeta + R"(},"id":"n","resourceType":"Patient"})"},
  };
  for (const auto& [text, wanted] : kCases) {
    EXPECT_EQ(stored(text), wanted) << text;
  }
}

// Random resources: what was stored, without what is ours, is what was sent,
// member for member and byte for byte.
class Sender {
 public:
  explicit Sender(unsigned seed) : random_(seed) {}

  std::string resource() {
    std::vector<std::string> members = {R"("resourceType":"Patient")"};
    if (chance(2)) members.push_back(R"("id":")" + word() + "\"");
    if (chance(2)) members.push_back("\"meta\":" + meta());
    for (int i = pick(5); i > 0; --i) {
      members.push_back("\"m" + std::to_string(i) + "\"" + space() + ":" +
                        value(3));
    }
    std::shuffle(members.begin(), members.end(), random_);
    return joined("{", members, "}");
  }

 private:
  std::string meta() {
    std::vector<std::string> members;
    if (chance(2)) members.emplace_back(R"("versionId":"17")");
    if (chance(2)) members.emplace_back(R"("lastUpdated":"2020")");
    if (chance(2)) members.emplace_back(R"("source":"urn:x")");
    std::shuffle(members.begin(), members.end(), random_);
    return joined("{", members, "}");
  }
  std::string value(int depth) {
    constexpr const char* kScalars[] = {
        "1.10",         "-0.0e5", "true", "null", "\"\\u00e9\\\"\"",
        "\"\xC3\xA9\"", "\"\"",   "1E+30"};
    const int kind = depth == 0 ? 2 : pick(3);
    if (kind == 2) return kScalars[pick(8)];
    std::vector<std::string> items;
    for (int i = pick(3); i > 0; --i) {
      items.push_back(kind == 0 ? value(depth - 1)
                                : "\"k" + std::to_string(i) +
                                      "\":" + value(depth - 1));
    }
    return kind == 0 ? joined("[", items, "]") : joined("{", items, "}");
  }
  std::string joined(const char* open, const std::vector<std::string>& parts,
                     const char* close) {
    std::string text = open + space();
    for (std::size_t at = 0; at < parts.size(); ++at) {
      text += (at == 0 ? "" : ",") + space() + parts[at] + space();
    }
    return text + close;
  }
  std::string space() {
    return std::string(static_cast<std::size_t>(pick(3)), ' ');
  }
  std::string word() {
    return std::string(static_cast<std::size_t>(1 + pick(5)), 'w');
  }
  int pick(int bound) {
    return std::uniform_int_distribution<int>(0, bound - 1)(random_);
  }
  bool chance(int one_in) { return pick(one_in) == 0; }

  std::mt19937 random_;
};

void expect_members_kept(Json sent, Json kept, const std::string& text) {
  Json at = kept.first();
  for (const Json member : sent) {
    if (member.name() == "id" || member.name() == "meta") continue;
    while (at.exists() && at.name() != member.name()) at = at.next();
    ASSERT_TRUE(at.exists()) << text;
    EXPECT_EQ(at.raw(), member.raw()) << text;
  }
}

TEST(StoredBodyTest, RandomResourcesKeepTheirMembersAndOrder) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    const auto text = Sender(seed).resource();
    const auto sent = json_of(text);
    const auto kept = json_of(stored_body(sent.root(), version_two()));
    EXPECT_TRUE(same_content(sent.root(), kept.root())) << text;
    expect_members_kept(sent.root(), kept.root(), text);
    EXPECT_EQ(kept.root().get("id").text(), "n");
    EXPECT_EQ(kept.root().find("meta.versionId").text(), "2");
    EXPECT_EQ(kept.root().find("meta.lastUpdated").text(),
              "2026-04-06T13:00:00.25Z");
    EXPECT_EQ(kept.root().find("meta.source").text(),
              sent.root().find("meta.source").text());
    // Stored again, it is the same: nothing accumulates.
    EXPECT_EQ(stored_body(kept.root(), version_two()), kept.source());
  }
}

TEST(StoredBodyTest, RewritesWithinABundle) {
  const std::string body =
      R"({"resourceType":"Bundle","type":"transaction","entry":[
      {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient"},
       "request":{"method":"POST","url":"Patient"}},
      {"fullUrl":"urn:uuid:2","resource":{"resourceType":"Procedure",
       "subject":{"reference":"urn:uuid:1"}},
       "request":{"method":"POST","url":"Procedure"}}]})";
  const auto document = *parse_shared(body);
  const auto request =
      taken(read_entries(interaction_of("POST", "/fhir", fhir_content(), body),
                         document, test_site()));
  Assignment ids;
  ids.ids = {{"Patient", "a"}, {"Procedure", "b"}};
  EXPECT_EQ(stored_body(request, 1, version_two(), ids),
            R"({"resourceType":"Procedure","id":"n","meta":{"versionId":"2",)"
            R"("lastUpdated":"2026-04-06T13:00:00.25Z"},
       "subject":{"reference":"Patient/a"}})");
}

std::vector<std::string> keys(const std::string& text) {
  std::vector<std::string> out;
  const auto document = json_of(text);
  for (const auto& key : business_keys(document.root(), test_site())) {
    out.push_back((key.kind == ContentKey::Kind::grant ? "grant " : "") +
                  key.key);
  }
  return out;
}

TEST(StoredBodyTest, IdentifiersAreKeysOfFiveTypes) {
  const std::string identifier =
      R"(,"identifier":[{"system":"urn:a","value":"1"},{"value":"2"},
          {"system":"urn:a"},{"system":"urn:a","value":"1"}]})";
  for (const auto* const type : {"Procedure", "Encounter", "ServiceRequest",
                                 "Appointment", "ClaimResponse"}) {
    EXPECT_THAT(
        keys(std::string(R"({"resourceType":")") + type + "\"" + identifier),
        ElementsAre("urn:a|1", "|2"))
        << type;
  }
  for (const auto* const type : {"Patient", "Claim", "Task", "Nothing"}) {
    EXPECT_THAT(
        keys(std::string(R"({"resourceType":")") + type + "\"" + identifier),
        IsEmpty())
        << type;
  }
}

std::string grant(const std::string& use, const std::string& more) {
  return R"({"resourceType":"ClaimResponse","use":")" + use +
         R"(","insurer":{"reference":"Organization/i"},
             "patient":{"reference":"http://gate.example/fhir/Patient/p"})" +
         more + "}";
}

TEST(StoredBodyTest, AGrantWithoutIdentifierHasItsNumber) {
  EXPECT_THAT(keys(grant("preauthorization", R"(,"preAuthRef":"A-1")")),
              ElementsAre("grant preAuthRef|Organization/i|Patient/p|A-1"));
  EXPECT_THAT(keys(grant("preauthorization", "")), IsEmpty())
      << "verbal: no number";
  EXPECT_THAT(keys(grant("claim", R"(,"preAuthRef":"A-1")")), IsEmpty());
  EXPECT_THAT(
      keys(grant("preauthorization",
                 R"(,"preAuthRef":"A-1","identifier":[{"value":"x"}])")),
      ElementsAre("|x"));
  EXPECT_THAT(keys(R"({"resourceType":"ClaimResponse","preAuthRef":"A-1",
      "use":"preauthorization","patient":{"reference":"Patient/p"},
      "insurer":{"identifier":{"system":"urn:naic","value":"7"}}})"),
              ElementsAre("grant preAuthRef|urn:naic|7|Patient/p|A-1"));
}

TEST(StoredBodyTest, ContentIsComparedWithoutIdAndMeta) {
  const auto same = [](const std::string& a, const std::string& b) {
    return same_content(json_of(a).root(), json_of(b).root());
  };
  EXPECT_TRUE(
      same(R"({"id":"1","meta":{"versionId":"1"},"a":1})", R"({"a":1})"));
  EXPECT_TRUE(same(R"({"a":1,"b":"\u0041"})", R"({ "b" : "A", "a" : 1 })"));
  EXPECT_FALSE(same(R"({"a":1.0})", R"({"a":1.00})"));
  EXPECT_FALSE(same(R"({"a":[1,2]})", R"({"a":[2,1]})"));
  EXPECT_FALSE(same(R"({"a":{"id":"1"}})", R"({"a":{"id":"2"}})"));
}

}  // namespace
}  // namespace gateway::exchange
