#include "map/document_model.h"

#include <gtest/gtest.h>

namespace gateway::map {
namespace {

TEST(DocumentModelTest, DocumentsAndFieldsAreFoundByName) {
  EXPECT_EQ(document_named("visit"), &kVisit);
  EXPECT_EQ(document_named("bill"), &kBill);
  EXPECT_EQ(document_named("REF_I12"), nullptr);
  ASSERT_NE(kVisit.find("minutes"), nullptr);
  EXPECT_EQ(kVisit.find("minutes")->slot, VisitField::minutes);
  EXPECT_EQ(kVisit.find("minute"), nullptr);
}

TEST(DocumentModelTest, EveryDocumentSaysWhereItsIdIsLookedFor) {
  for (const auto name : document_names()) {
    const auto* type = document_named(name);
    ASSERT_NE(type, nullptr) << name;
    EXPECT_FALSE(type->resource.empty()) << name;
    ASSERT_NE(type->find("id"), nullptr) << name;
    EXPECT_EQ(type->find("id")->read_back, "id") << name;
  }
}

TEST(DocumentModelTest, ListsNameWhatTheirItemsAre) {
  for (const auto name : document_names()) {
    for (const auto& field : document_named(name)->fields) {
      EXPECT_EQ(field.repeats, field.type != nullptr) << field.name;
    }
  }
}

}  // namespace
}  // namespace gateway::map
