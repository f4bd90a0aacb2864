#include <gtest/gtest.h>

#include "map/plain_expression.h"

namespace gateway::map {
namespace {

Scopes on(const DocumentType& type) {
  return {{Scope::Kind::document, nullptr, &type}};
}

TEST(PlainCompilerTest, LeavesTheRestToFhirPath) {
  for (const auto* const text :
       {"lines.where(code = '97545').net", "lines.count()", "total > 5",
        "total = 210", "lines.code", "status.upper()", "1 + 2", "from = to",
        "'it\\'s'", "%ucum"}) {
    const auto plain = PlainExpression::compile(text, on(kBill), {});
    ASSERT_TRUE(plain.ok()) << text << ": " << plain.error().message;
    EXPECT_FALSE(plain->has_value()) << text;
  }
}

TEST(PlainCompilerTest, FieldsThatAreNotThereAreErrors) {
  const auto plain = PlainExpression::compile("provder", on(kBill), {});
  ASSERT_FALSE(plain.ok());
  EXPECT_EQ(plain.error().message,
            "a bill has no \"provder\"; did you mean provider?");
  EXPECT_TRUE(unknown_field("lines.where(cod = '1')", on(kBill)));
  EXPECT_FALSE(
      unknown_field("lines.where(code = 'x').count() > 1 and "
                    "$this.is(String)",
                    on(kBill)));
}

}  // namespace
}  // namespace gateway::map
