#include "validate/narrative.h"

#include <gtest/gtest.h>

namespace gateway::validate {
namespace {

// In a div of XHTML's namespace, or another begin of it.
std::string in_div(const std::string& content) {
  return R"(<div xmlns="http://www.w3.org/1999/xhtml")" + content + "</div>";
}

TEST(NarrativeTest, AcceptsWhatOnlyShows) {
  for (const auto* text :
       {"><p>a &amp; b</p>", "><table><tr><td>x</td></tr></table><br/>",
        R"(><a href="http://a?b=1&amp;c">b</a><img src="#x" alt=""/>)",
        "><!-- note -->x", R"( class="a" id="b">x)",
        ">&lt;&gt;&quot;&apos;&#160;&#xA0;", "><![CDATA[a & b]]>"}) {
    EXPECT_EQ(narrative_defect(in_div(text)), "") << text;
  }
}

TEST(NarrativeTest, RefusesWhatActsOrIsBroken) {
  for (const auto* text :
       {">", "><p>x", ">x</p>", "><script>x</script>", R"( onclick="x">a)",
        R"(><a href="javascript:x">a</a>)", "><!DOCTYPE x>a", " a=b>x",
        "><![CDATA[x"}) {
    EXPECT_NE(narrative_defect(in_div(text)), "") << text;
  }
  for (const auto* text : {"", "text", "<p>x</p>", "<div"}) {
    EXPECT_NE(narrative_defect(text), "") << text;
  }
  EXPECT_NE(narrative_defect(in_div(">x") + "y"), "");
}

TEST(NarrativeTest, KnowsTheEntitiesOfXmlOnly) {
  for (const auto* text :
       {">a & b", ">a&reg;b", ">a&nbsp;b", ">a&foo;b", ">&;", ">&#;", ">&#x;",
        ">&#12a;", ">&#xg;", ">a &amp", R"(><a href="?a=1&b=2">x</a>)"}) {
    EXPECT_NE(narrative_defect(in_div(text)), "") << text;
  }
}

TEST(NarrativeTest, WantsTheNamespaceAndEachAttributeOnce) {
  EXPECT_NE(narrative_defect("<div>x</div>"), "");
  EXPECT_NE(narrative_defect(R"(<div xmlns="http://foo">x</div>)"), "");
  EXPECT_NE(narrative_defect(in_div(R"(><p class="a" class="b">x</p>)")), "");
  EXPECT_EQ(
      narrative_defect(in_div(R"(><p class="a">x</p><p class="b">y</p>)")), "");
}

}  // namespace
}  // namespace gateway::validate
