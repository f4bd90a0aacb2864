#include "program/predicate_types.h"

#include <gtest/gtest.h>

#include "fhir/definitions.h"
#include "folders.h"
#include "program/predicate.h"

namespace gateway::program {
namespace {

class NoKnobs final : public Names {
 public:
  std::optional<Constant> constant(std::string_view) override {
    return std::nullopt;
  }
};

TEST(PredicateTypesTest, ElementsMeetWhatTheirTypeAllows) {
  const auto definitions = fhir::Definitions::open(
      std::string(GATEWAY_BINARY_DIR) + "/workgate.image");
  ASSERT_TRUE(definitions.ok()) << definitions.error().message;
  const fhir::TypeModel model(**definitions);
  const auto said = [&model](std::string_view text) {
    NoKnobs none;
    const auto made = Predicate::compile(text, none, &model);
    return made.ok() ? std::string() : made.error().message;
  };
  EXPECT_EQ(said("%Procedure.status = 'completed'"), "");
  EXPECT_EQ(said("%Procedure.status = 5"),
            "the two sides are a code and a number");
  EXPECT_EQ(said("'x' > %ServiceRequest.quantity.value"), "");
  EXPECT_EQ(said("%ServiceRequest.authoredOn >= @2026-01-01"), "");
  EXPECT_EQ(said("%ServiceRequest.authoredOn > '2026'"),
            "the two sides are a dateTime and a text");
  EXPECT_EQ(said("%ServiceRequest.doNotPerform = true"), "");
  EXPECT_EQ(said("%ServiceRequest.doNotPerform = 'true'"),
            "the two sides are a boolean and a text");
  EXPECT_EQ(said("%Procedure.code = '97545'"),
            "the two sides are a CodeableConcept and a text");
  EXPECT_EQ(said("session.minutes > %Procedure.status"),
            "the two sides are a number and a code");
  EXPECT_EQ(said("%Procedure.status + 1 > 2"),
            "numbers are wanted on both sides, these are a code and a number");
  EXPECT_EQ(said("%Procedure.code = %Encounter.type.first()"), "");
  EXPECT_EQ(said("%Procedure.identifier.where(value = 7).exists()"),
            "the two sides are a string and a number");
}

}  // namespace
}  // namespace gateway::program
