#include "fhir/literal.h"

#include <gtest/gtest.h>

#include "unit/fhir/small_definitions.h"

namespace gateway::fhir {
namespace {

// {"label":["a"],"kind":"k"}
std::uint32_t literal(DefinitionsWriter& writer) {
  const auto row = [&](JsonKind kind, std::string_view name,
                       std::string_view text, std::uint32_t size,
                       std::uint32_t next) {
    LiteralRow made;
    made.kind = static_cast<std::uint32_t>(kind);
    made.key = name.empty() ? kNoKey : writer.key(name);
    made.text = writer.text(text);
    made.size = size;
    made.next = next;
    return made;
  };
  return writer.literals
      .add_all(std::array{row(JsonKind::object, "", "", 2, 4),
                          row(JsonKind::array, "label", "", 1, 3),
                          row(JsonKind::string, "", "a", 0, 3),
                          row(JsonKind::string, "kind", "k", 0, 4)})
      .first;
}

struct Case {
  const char* json;
  bool equals;
  bool matches;
};

TEST(LiteralTest, FixedWantsAllAndPatternWantsAtLeast) {
  SmallDefinitions small;
  const auto fixed = literal(small.writer());
  const auto definitions = small.make();
  const Case cases[] = {
      {R"({"label":["a"],"kind":"k"})", true, true},
      {R"({"kind":"k","label":["a"]})", true, true},
      {R"({"label":["b","a"],"kind":"k"})", false, true},
      {R"({"label":["a"],"kind":"k","id":"1"})", false, true},
      {R"({"label":["a"]})", false, false},
      {R"({"label":["b"],"kind":"k"})", false, false},
      {R"("k")", false, false},
  };
  for (const auto& test : cases) {
    const auto document = JsonDocument::parse(test.json, definitions->keys());
    ASSERT_TRUE(document.ok());
    EXPECT_EQ(equals_literal(*definitions, document->root(), fixed),
              test.equals)
        << test.json;
    EXPECT_EQ(matches_literal(*definitions, document->root(), fixed),
              test.matches)
        << test.json;
  }
  EXPECT_EQ(literal_text(*definitions, fixed), R"({"label":["a"],"kind":"k"})");
}

}  // namespace
}  // namespace gateway::fhir
