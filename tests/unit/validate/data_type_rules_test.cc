#include "unit/validate/core.h"
#include "validate/rules.h"

namespace gateway::validate {
namespace {

struct Case {
  const char* resource;
  Texts expected;
};

TEST(DataTypeRulesTest, FindsWhatWordsForbid) {
  const Case cases[] = {
      {R"({"resourceType":"Patient","photo":[{"contentType":"text/plain","data":"YWJj","size":4}]})",
       {"attachment/size at Patient.photo[0]"}},
      {R"({"resourceType":"Patient","photo":[{"contentType":"text/plain","data":"YWJj","size":3}]})",
       {}},
      {R"({"resourceType":"Patient","identifier":[{"system":)"
       R"("urn:ietf:rfc:3986","value":"1.2.3"}]})",
       {"identifier/uri at Patient.identifier[0]"}},
      {R"({"resourceType":"Patient","identifier":[{"system":"urn:uuid:1"}]})",
       {"uri/urn at Patient.identifier[0].system"}},
      {R"({"resourceType":"Patient","name":[{"id":"a","text":"b"},)"
       R"({"id":"a","text":"c"}]})",
       {"structure/duplicate-id at Patient.name[1]"}},
      {R"({"resourceType":"Patient","text":{"status":"generated","div":)"
       R"("<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"urn:x\">a</a></div>"}})",
       {"narrative/scheme at Patient.text.div"}},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(errors(test.resource), test.expected) << test.resource;
  }
}

TEST(DataTypeRulesTest, OptionsForbidMarkupAndExamples) {
  auto options = strict();
  options.rules.checks_security = true;
  options.rules.example_urls_allowed = false;
  EXPECT_EQ(errors(R"({"resourceType":"Patient","name":[{"text":"<b>a"}],)"
                   R"("identifier":[{"system":"http://example.org/x"}]})",
                   core(), options),
            (Texts{"security/markup at Patient.name[0].text",
                   "uri/example at Patient.identifier[0].system"}));
}

}  // namespace
}  // namespace gateway::validate
