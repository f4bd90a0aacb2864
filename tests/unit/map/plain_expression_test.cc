#include "map/plain_expression.h"

#include <gtest/gtest.h>

#include "map/formula.h"
#include "map/overlay.h"

namespace gateway::map {
namespace {

Scopes on(const DocumentType& type) {
  return {{Scope::Kind::document, nullptr, &type}};
}

Document sample() {
  Document document(kBill);
  const auto root = Document::kRoot;
  document.set(root, BillField::base, "https://x");
  document.set(root, BillField::provider, "Organization/1");
  document.set(root, BillField::status, "active");
  document.set(root, BillField::total, *Decimal::parse("210.00"));
  document.set(root, BillField::from, *LocalDate::parse("2026-04-14"));
  for (const auto* const code : {"97545", "97546"}) {
    const auto line = document.add(root, BillField::lines);
    document.set(line, LineField::code, code);
    document.set_integer(line, LineField::sequence, 1);
  }
  return document;
}

// Each means what FHIRPath means by it.
TEST(PlainExpressionTest, AgreesWithFhirPath) {
  const auto document = sample();
  const auto json = JsonDocument::parse(document_json(document));
  ASSERT_TRUE(json.ok());
  const std::vector<Setting> no_settings;
  for (const auto* const text : {"status",
                                 "total",
                                 "from",
                                 "insurer",
                                 "base & '/NamingSystem/claim'",
                                 "base & insurer & 'x'",
                                 "insurer & prior",
                                 "'text'",
                                 "1",
                                 "true",
                                 "iif(provider.empty(), 'unknown')",
                                 "iif(insurer.empty(), 'unknown')",
                                 "iif(provider.exists(), {}, 'unknown')",
                                 "iif(status = 'active', 'a', 'b')",
                                 "iif(status != 'active', 'a', 'b')",
                                 "iif(insurer = 'x', 'a', 'b')",
                                 "status = 'active'",
                                 "insurer = 'x'",
                                 "status = 'active' and insurer = 'x'",
                                 "status = 'draft' and insurer = 'x'",
                                 "status = 'active' or insurer = 'x'",
                                 "(status = 'draft').not()",
                                 "(insurer = 'x').not()",
                                 "provider.exists().not()",
                                 "lines.exists() and diagnoses.empty()",
                                 "%resource.status"}) {
    const auto plain = PlainExpression::compile(text, on(kBill), {});
    ASSERT_TRUE(plain.ok() && plain->has_value()) << text;
    const auto formula = Formula::compile(text);
    ASSERT_TRUE(formula.ok()) << text;
    std::vector<Item> items;
    ASSERT_TRUE(formula->evaluate(json->root(), json->root(), {}, items).ok());
    std::string found;
    const bool exists =
        (*plain)->append({document, Document::kRoot, no_settings}, found);
    EXPECT_EQ(exists, !items.empty()) << text;
    EXPECT_EQ(found, items.empty() ? std::string_view() : items.front().value())
        << text;
  }
}

TEST(PlainExpressionTest, SettingsAreThePartners) {
  const auto plain =
      PlainExpression::compile("%suffix & 'x'", on(kBill), {"suffix"});
  ASSERT_TRUE(plain.ok() && plain->has_value());
  const std::vector<Setting> settings{{"suffix", "s-"}};
  const Document document(kBill);
  std::string text;
  EXPECT_TRUE((*plain)->append({document, Document::kRoot, settings}, text));
  EXPECT_EQ(text, "s-x");
}

TEST(PlainExpressionTest, KnowsWhatIsAlwaysThere) {
  const auto certain = [](std::string_view text) {
    return (*PlainExpression::compile(text, on(kBill), {}))->is_certain();
  };
  EXPECT_TRUE(certain("id"));
  EXPECT_TRUE(certain("base & '/x'"));
  EXPECT_FALSE(certain("insurer"));
  EXPECT_FALSE(certain("iif(insurer.empty(), 'unknown')"));
  const auto one =
      *PlainExpression::compile("iif(insurer.empty(), 'x')", on(kBill), {});
  EXPECT_FALSE(one->presence().with);
}

}  // namespace
}  // namespace gateway::map
