#include "validate/narrative.h"

#include <gtest/gtest.h>

namespace gateway::validate {
namespace {

TEST(NarrativeTest, AcceptsWhatOnlyShows) {
  for (const auto* text :
       {R"(<div xmlns="http://www.w3.org/1999/xhtml"><p>a &amp; b</p></div>)",
        R"(<div><table><tr><td>x</td></tr></table><br/></div>)",
        R"(<div><a href="http://a">b</a><img src="#x" alt=""/></div>)",
        "<div><!-- note -->x</div>"}) {
    EXPECT_EQ(narrative_defect(text), "") << text;
  }
}

TEST(NarrativeTest, RefusesWhatActsOrIsBroken) {
  for (const auto* text :
       {"", "text", "<p>x</p>", "<div></div>", "<div>x", "<div>x</p></div>",
        "<div><script>x</script></div>", R"(<div onclick="x">a</div>)",
        R"(<div><a href="javascript:x">a</a></div>)", "<div>a & b</div>",
        "<div>x</div>y", "<div><!DOCTYPE x>a</div>", "<div a=b>x</div>",
        "<div><![CDATA[x</div>", "<div"}) {
    EXPECT_NE(narrative_defect(text), "") << text;
  }
}

}  // namespace
}  // namespace gateway::validate
