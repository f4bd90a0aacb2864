#include "fhir/element_definition.h"

#include <gtest/gtest.h>

namespace gateway::fhir {
namespace {

TEST(ElementDefinitionTest, ReadsWhatCompilationNeeds) {
  const auto document = parse_shared(R"({
    "id": "Patient.link:next", "path": "Patient.link", "sliceName": "next",
    "min": 1, "max": "*", "base": {"path": "Patient.link", "min": 0, "max": "*"},
    "slicing": {"discriminator": [{"type": "pattern", "path": "type"}],
                "ordered": true, "rules": "openAtEnd"},
    "contentReference": "#Patient.link",
    "type": [{"code": "Reference", "targetProfile": ["http://x/A"],
              "aggregation": ["contained", "bundled"]}],
    "patternCode": "seealso", "maxLength": 5,
    "constraint": [{"key": "k-1", "severity": "warning", "expression": "a"}],
    "binding": {"strength": "required", "valueSet": "http://x/vs|1"}})");
  ASSERT_TRUE(document.ok());
  const auto element = read_element((*document)->root());
  EXPECT_EQ(element.slice_name, "next");
  EXPECT_EQ(element.content_reference, "Patient.link");
  EXPECT_EQ(element.min, 1U);
  EXPECT_EQ(element.max, kUnbounded);
  EXPECT_EQ(element.slicing.rules, SlicingRules::open_at_end);
  EXPECT_TRUE(element.slicing.is_ordered);
  EXPECT_EQ(element.slicing.discriminators.at(0).type,
            DiscriminatorType::pattern);
  EXPECT_EQ(element.types.at(0).targets.at(0), "http://x/A");
  EXPECT_EQ(element.types.at(0).aggregation, kContained | kBundled);
  EXPECT_EQ(element.pattern.text(), "seealso");
  EXPECT_FALSE(element.fixed.exists());
  EXPECT_EQ(element.max_length, 5U);
  EXPECT_TRUE(element.constraints.at(0).is_warning);
  EXPECT_EQ(element.binding.strength, BindingStrength::required);
}

TEST(ElementDefinitionTest, ReadsSystemTypesByTheirFhirType) {
  const auto document = parse_shared(R"({"path": "Patient.id",
    "base": {"path": "Resource.id", "min": 0, "max": "1"},
    "type": [{"code": "http://hl7.org/fhirpath/System.String"}]})");
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(read_element((*document)->root()).types.at(0).code, "id");
}

TEST(ElementDefinitionTest, NamesChoices) {
  EXPECT_EQ(choice_name("value", "string"), "valueString");
  EXPECT_EQ(choice_name("value", "Quantity"), "valueQuantity");
}

}  // namespace
}  // namespace gateway::fhir
