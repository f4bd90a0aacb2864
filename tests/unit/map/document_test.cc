#include "map/document.h"

#include <gtest/gtest.h>

#include "base/json_writer.h"

namespace gateway::map {
namespace {

std::string text_of(const DocumentValue& value) {
  std::string text;
  append_value(text, value);
  return text;
}

TEST(DocumentTest, ValuesAreWrittenAsTheirTypesWriteThem) {
  Document document(kBill);
  const auto root = Document::kRoot;
  for (const auto* const amount :
       {"210.00", "0.5", "-0.05", "0", "3", "-12.340", "92.00",
        "123456789012345678901234567890.12"}) {
    const auto decimal = *Decimal::parse(amount);
    document.start(kBill);
    document.set(root, BillField::total, decimal);
    EXPECT_EQ(text_of(document.value(root, BillField::total)), decimal.text());
    EXPECT_EQ(document_json(document), "{\"total\":" + decimal.text() + "}");
  }
  for (const auto* const day : {"2026-04-14", "1969-12-31", "0999-01-09"}) {
    document.set(root, BillField::from, *LocalDate::parse(day));
    EXPECT_EQ(text_of(document.value(root, BillField::from)), day);
  }
}

TEST(DocumentTest, TextsAreEscapedAsTheWriterOfJsonDoes) {
  std::string all;
  for (int byte = 1; byte < 256; ++byte) all += static_cast<char>(byte);
  std::string escaped;
  append_escaped(escaped, all);
  EXPECT_EQ('"' + escaped + '"', json_quoted(all));
}

TEST(DocumentTest, ListsKeepTheirOrderAndEmptyTextsAreNoValues) {
  Document document(kBill);
  const auto root = Document::kRoot;
  document.set(root, BillField::insurer, "");
  document.keep(root, BillField::id, std::string("c\"1"));
  for (const auto* const code : {"97545", "97546"}) {
    const auto line = document.add(root, BillField::lines);
    document.set(line, LineField::code, code);
    document.add(line, LineField::modifiers, "59");
    document.set_integer(document.add(line, LineField::diagnosis_sequence),
                         kItself, 1);
  }
  EXPECT_EQ(document_json(document),
            R"({"id":"c\"1","lines":[)"
            R"({"diagnosisSequence":[1],"code":"97545","modifiers":["59"]},)"
            R"({"diagnosisSequence":[1],"code":"97546","modifiers":["59"]}]})");
}

TEST(DocumentTest, StartsAnewWithoutWhatItHeld) {
  Document document(kBill);
  document.add(Document::kRoot, BillField::lines);
  document.start(kVisit);
  EXPECT_EQ(document_json(document), "{}");
  EXPECT_EQ(&document.type(Document::kRoot), &kVisit);
}

}  // namespace
}  // namespace gateway::map
