#include "exchange/capability_statement.h"

#include <gtest/gtest.h>

#include <iterator>

#include "exchange/search_parameters.h"
#include "unit/exchange/exchange_fixture.h"

namespace gateway::exchange {
namespace {

TEST(CapabilityStatementTest, SaysWhoItIs) {
  const auto document = json_of(capability_statement(test_site()));
  const Json root = document.root();
  EXPECT_EQ(root.get("resourceType").text(), "CapabilityStatement");
  EXPECT_EQ(root.get("fhirVersion").text(), "4.0.1");
  EXPECT_EQ(root.get("date").text(), "2026-04-06T13:00:00Z");
  EXPECT_EQ(root.find("implementation.url").text(), "http://gate.example/fhir");
  EXPECT_EQ(root.find("software.version").text(), "1.0");
}

// Every claim that it makes is one that the router understands.
TEST(CapabilityStatementTest, ClaimsOnlyWhatIsUnderstood) {
  const auto document = json_of(capability_statement(test_site()));
  const Json resources = document.root().find("rest").get("resource");
  // Beside the types that are kept: Measure, CodeSystem and ValueSet.
  EXPECT_EQ(resources.size(), resource_types().size() + 3);
  for (const Json resource : resources) {
    const auto base = "/fhir/" + std::string(resource.get("type").text());
    for (const Json parameter : resource.get("searchParam")) {
      const auto name = parameter.get("name").text();
      const auto* const value = name == "_lastUpdated" ? "2026" : "Patient%2Fa";
      const auto target = base + "?" + std::string(name) + "=" + value;
      const auto parsed = parse_interaction(
          request_of("GET", target, {{"prefer", "handling=strict"}}),
          test_site());
      const auto said = refusal_text(parsed);
      EXPECT_TRUE(said == "ok" || said == "400 rest/bad-value") << target;
    }
    for (const Json operation : resource.get("operation")) {
      const auto type = resource.get("type").text();
      const bool of_type = type == "CodeSystem" || type == "ValueSet";
      const auto target = base + (of_type ? "/$" : "/x/$") +
                          std::string(operation.get("name").text());
      EXPECT_EQ(refusal_text(
                    parse_interaction(request_of("GET", target), test_site())),
                "ok");
    }
  }
}

TEST(CapabilityStatementTest, ClaimsEachInteraction) {
  const auto document = json_of(capability_statement(test_site()));
  const std::pair<const char*, const char*> kRequests[] = {
      {"read", "GET /fhir/Claim/x"},
      {"vread", "GET /fhir/Claim/x/_history/1"},
      {"update", "PUT /fhir/Claim/x"},
      {"history-instance", "GET /fhir/Claim/x/_history"},
      {"create", "POST /fhir/Claim"},
      {"search-type", "GET /fhir/Claim"}};
  const Json claimed = document.root().find("rest.resource").get("interaction");
  EXPECT_EQ(claimed.size(), std::size(kRequests));
  for (const auto& [code, line] : kRequests) {
    bool said = false;
    for (const Json one : claimed) said |= one.get("code").text() == code;
    EXPECT_TRUE(said) << code;
    const std::string text(line);
    const auto space = text.find(' ');
    EXPECT_EQ(refusal_text(parse_interaction(
                  request_of(text.substr(0, space), text.substr(space + 1),
                             fhir_content(), "{}"),
                  test_site())),
              "ok")
        << line;
  }
}

// What answers 501 is not in the index, and what is in it does not.
TEST(CapabilityStatementTest, TheIndexNamesOnlyWhatIsThere) {
  const auto document = json_of(index_page(test_site()));
  EXPECT_GT(document.root().get("paths").size(), 10U);
  for (const Json entry : document.root().get("paths")) {
    auto path = std::string(entry.get("path").text());
    const std::pair<const char*, const char*> kExamples[] = {
        {"{type}", "Patient"}, {"{version}", "1"}};
    for (const auto& [name, example] : kExamples) {
      const auto at = path.find(name);
      if (at != std::string::npos) {
        path.replace(at, std::string(name).size(), example);
      }
    }
    const auto id = path.find("{id}");
    if (id != std::string::npos) path.replace(id, 4, "1");
    EXPECT_EQ(refusal_text(parse_interaction(
                  request_of(std::string(entry.get("method").text()), path,
                             fhir_content(), "{}"),
                  test_site())),
              "ok")
        << path;
  }
}

}  // namespace
}  // namespace gateway::exchange
