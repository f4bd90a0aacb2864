#include "exchange/rewriting.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/exchange/exchange_fixture.h"

namespace gateway::exchange {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> mentioned(const std::string& text) {
  const auto document = json_of(text);
  std::vector<std::string> out;
  for (const auto& mention : mentions(document.root())) {
    out.push_back(mention.text);
  }
  return out;
}

TEST(RewritingTest, FindsReferencesAndUris) {
  EXPECT_THAT(mentioned(R"({"subject":{"reference":"Patient/1"},
    "list":[{"item":{"reference":"urn:uuid:1"}}],
    "content":[{"attachment":{"url":"urn:uuid:2"}}],
    "extension":[{"url":"http://x","valueUri":"urn:uuid:3"},
                 {"valueOid":"urn:oid:1.2"},{"valueUuid":"urn:uuid:4"}]})"),
              ElementsAre("Patient/1", "urn:uuid:1", "urn:uuid:2", "http://x",
                          "urn:uuid:3", "urn:oid:1.2", "urn:uuid:4"));
}

TEST(RewritingTest, LeavesCanonicalsIdentifiersAndTextsAlone) {
  EXPECT_THAT(mentioned(R"({"identifier":[{"value":"urn:uuid:1"}],
        "instantiatesCanonical":["urn:uuid:1"],"meta":{"profile":["urn:uuid:1"]},
        "note":[{"text":"urn:uuid:1"}],"extension":[{"valueString":"urn:uuid:1",
        "valueCanonical":"urn:uuid:1"}],"questionnaire":"urn:uuid:1"})"),
              IsEmpty());
}

TEST(RewritingTest, FindsLinksOfNarratives) {
  const std::string text =
      R"({"text":{"div":"<div><a href=\"urn:uuid:1\">x</a><img alt=\"\" )"
      R"(src='urn:uuid:2'/><p title=\"urn:uuid:3\">href=urn:uuid:4</p>)"
      R"(<a href=\"open</div>"}})";
  EXPECT_THAT(mentioned(text), ElementsAre("urn:uuid:1", "urn:uuid:2"));
  const auto document = json_of(text);
  std::vector<TextEdit> edits;
  for (const auto& mention : mentions(document.root())) {
    edits.push_back(renamed(mention, "Patient/9"));
  }
  const auto rewritten = json_of(edited(text, edits));
  EXPECT_EQ(rewritten.root().find("text.div").text(),
            "<div><a href=\"Patient/9\">x</a><img alt=\"\" "
            "src='Patient/9'/><p title=\"urn:uuid:3\">href=urn:uuid:4</p>"
            "<a href=\"open</div>");
}

TEST(RewritingTest, RenamesExactlyTheString) {
  const std::string text =
      "{\"a\" : {\"reference\" : \"urn\\u003auuid:1\" , \"b\":1.0}}";
  const auto document = json_of(text);
  const auto all = mentions(document.root());
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].text, "urn:uuid:1") << "escapes are undone";
  EXPECT_EQ(edited(text, {renamed(all[0], "Patient/1")}),
            "{\"a\" : {\"reference\" : \"Patient/1\" , \"b\":1.0}}");
}

TEST(RewritingTest, NothingIsMentionedByNothing) {
  EXPECT_THAT(mentions(Json()), IsEmpty());
  EXPECT_THAT(mentioned("[]"), IsEmpty());
  EXPECT_THAT(mentioned(R"({"reference":{"reference":[1]}})"), IsEmpty());
}

TEST(RewritingTest, KnowsConditionalReferences) {
  EXPECT_TRUE(is_conditional("Patient?identifier=a|b"));
  EXPECT_TRUE(is_conditional("Patient?"));
  for (const auto* const text :
       {"Patient/1", "?identifier=a", "http://x/Patient?identifier=a",
        "urn:uuid:1?x", "", "Patient/1?x"}) {
    EXPECT_FALSE(is_conditional(text)) << text;
  }
}

}  // namespace
}  // namespace gateway::exchange
