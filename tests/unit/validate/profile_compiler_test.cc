#include "validate/profile_compiler.h"

#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

const fhir::ElementRow* element(const fhir::Definitions& definitions,
                                std::string_view shape, std::string_view path) {
  const auto& row = definitions.shapes[definitions.shape_of(shape)];
  for (const auto& found : definitions.elements.of(row.elements)) {
    if (definitions.text(found.path) == path) return &found;
  }
  return nullptr;
}

TEST(ProfileCompilerTest, ATypeKeepsAllThatItsDefinitionSays) {
  const auto definitions = core();
  const auto* gender = element(*definitions, "Patient", "Patient.gender");
  ASSERT_NE(gender, nullptr);
  EXPECT_EQ(gender->binding, fhir::BindingStrength::required);
  EXPECT_NE(gender->value_set, fhir::kNone);
  const auto* link = element(*definitions, "Patient", "Patient.link");
  ASSERT_NE(link, nullptr);
  EXPECT_NE(link->shape, fhir::kNone);
  const auto& patient = definitions->shapes[definitions->type_named("Patient")];
  EXPECT_EQ(definitions->text(definitions->shapes[patient.base].name),
            "DomainResource");
}

TEST(ProfileCompilerTest, AProfileKeepsOnlyWhatItAdds) {
  const auto definitions = with({profile_text(
      "lean", "Patient", R"([{"path":"Patient.birthDate","min":1}])")});
  const auto shape = definitions->shape_of("http://example.org/lean");
  int active = 0;
  for (const auto& row :
       definitions->elements.of(definitions->shapes[shape].elements)) {
    if ((row.flags & fhir::kElementActive) != 0) ++active;
  }
  EXPECT_EQ(active, 1);
  EXPECT_EQ(definitions->shapes[shape].constraints.count, 0U);
}

TEST(ProfileCompilerTest, AContentReferenceLeadsBack) {
  const auto definitions = core();
  const auto* item =
      element(*definitions, "Questionnaire", "Questionnaire.item");
  ASSERT_NE(item, nullptr);
  const auto& inner = definitions->shapes[item->shape];
  for (const auto& row : definitions->elements.of(inner.elements)) {
    if (definitions->text(row.path) == "Questionnaire.item.item") {
      EXPECT_EQ(row.shape, item->shape);
    }
  }
}

}  // namespace
}  // namespace gateway::validate
