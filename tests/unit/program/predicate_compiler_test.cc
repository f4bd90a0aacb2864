#include "program/predicate_compiler.h"

#include <gtest/gtest.h>

#include "fhir/type_model.h"
#include "folders.h"

namespace gateway::program {
namespace {

class NoKnobs final : public Names {
 public:
  std::optional<Constant> constant(std::string_view /*name*/) override {
    return std::nullopt;
  }
};

TEST(PredicateCompilerTest, SuggestsWhatIsNearOnly) {
  EXPECT_EQ(suggestion("minuets", {"minutes", "visits"}),
            "; did you mean 'minutes'?");
  EXPECT_EQ(suggestion("zebra", {"minutes", "visits"}), "");
  EXPECT_EQ(suggestion(std::string(1000, 'x'), {"minutes"}), "");
}

TEST(PredicateCompilerTest, SaysWhatIsRead) {
  NoKnobs none;
  const auto compiled = *PredicateCompiler(
                             "session.minutes > 1 and %Procedure.exists() and "
                             "%Procedure.count() > 1",
                             none, nullptr)
                             .compile();
  EXPECT_EQ(compiled.reads(), std::vector{Fact::session_minutes});
  EXPECT_EQ(compiled.resources(), std::vector<std::string>{"Procedure"});
  EXPECT_FALSE(compiled.is_plain());
}

// Products and large numbers are exact only in FHIRPath's decimals.
TEST(PredicateCompilerTest, LeavesToFhirPathWhatWouldNotBeExact) {
  NoKnobs none;
  for (const auto* text :
       {"session.minutes * session.minutes > 1", "session.minutes * 0.5 > 1",
        "session.minutes > 10000000", "session.minutes / 2 > 1",
        "1 * 2 * 3 > session.minutes"}) {
    const auto compiled = PredicateCompiler(text, none, nullptr).compile();
    ASSERT_TRUE(compiled.ok()) << text << compiled.error().message;
    EXPECT_FALSE(compiled->is_plain()) << text;
  }
  EXPECT_TRUE(PredicateCompiler("7 * session.minutes > 1", none, nullptr)
                  .compile()
                  ->is_plain());
}

// With the model, elements are checked too, and choices have one name.
TEST(PredicateCompilerTest, ChecksElementsOfResources) {
  const auto definitions = fhir::Definitions::open(
      std::string(GATEWAY_BINARY_DIR) + "/workgate.image");
  ASSERT_TRUE(definitions.ok()) << definitions.error().message;
  const fhir::TypeModel model(**definitions);
  NoKnobs none;
  const auto wrong = Predicate::compile(
      "%ServiceRequest.supportngInfo.exists()", none, &model);
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().message,
            "ServiceRequest has no element 'supportngInfo'; did you mean "
            "'supportingInfo'?");
  EXPECT_EQ(wrong.error().offset, 16U);
  EXPECT_FALSE(
      Predicate::compile("%Procedure.where(stats = 'x').exists()", none, &model)
          .ok());
  EXPECT_TRUE(Predicate::compile("%ServiceRequest.occurrence.ofType(Timing)"
                                 ".exists() or "
                                 "%Procedure.ofType(Procedure).exists()",
                                 none, &model)
                  .ok());
  const auto right = Predicate::compile(
      "session.minutes > 1 and %ServiceRequest.occurrence.exists()", none,
      &model);
  ASSERT_TRUE(right.ok()) << right.error().message;
  const auto order = JsonDocument::parse(
      R"({"resourceType":"ServiceRequest","occurrenceDateTime":"2026-04-01"})",
      model.keys());
  Facts facts;
  facts.set_count(Fact::session_minutes, 2);
  EXPECT_EQ(right->test(facts), false);
  facts.add_resource({nullptr, order->root()});
  EXPECT_EQ(right->test(facts), true);
}

}  // namespace
}  // namespace gateway::program
