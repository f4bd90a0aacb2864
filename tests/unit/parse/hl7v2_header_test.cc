#include "parse/hl7v2_header.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gateway::parse {
namespace {

constexpr const char* kHeader =
    "MSH|^~\\&|EHR^1.2^ISO|CLINIC|WG|SITE|20260401||REF^I12^REF_I12|M1|P^T|"
    "2.5.1^USA|||AL|NE||8859/1~UNICODE\r";

TEST(Hl7v2HeaderTest, ReadsMsh) {
  const auto header = header_of(*Hl7v2Message::parse(kHeader));
  EXPECT_EQ(header.sending_application, "EHR^1.2^ISO");
  EXPECT_EQ(header.sending_facility, "CLINIC");
  EXPECT_EQ(header.receiving_application, "WG");
  EXPECT_EQ(header.receiving_facility, "SITE");
  EXPECT_EQ(header.event(), "REF^I12");
  EXPECT_EQ(header.structure, "REF_I12");
  EXPECT_EQ(header.control_id, "M1");
  EXPECT_EQ(header.processing_id, "P");
  EXPECT_EQ(header.version, "2.5.1");
  EXPECT_EQ(header.accept_ack, "AL");
  EXPECT_EQ(header.application_ack, "NE");
  EXPECT_EQ(header.character_set, "8859/1~UNICODE");
  EXPECT_TRUE(header_defects(header).empty());
}

TEST(Hl7v2HeaderTest, NamesEachDefect) {
  struct Row {
    Hl7v2Header header;
    std::string rule;
    std::string condition;
    std::uint32_t field;
  };
  const auto with = [](auto change) {
    Hl7v2Header header;
    header.message_code = "REF";
    header.control_id = "1";
    change(header);
    return header;
  };
  const std::vector<Row> rows{
      {with([](auto& h) { h.message_code = ""; }), "v2/no-message-type", "101",
       9},
      {with([](auto& h) { h.control_id = ""; }), "v2/no-control-id", "101", 10},
      {with([](auto& h) { h.control_id = "   "; }), "v2/no-control-id", "101",
       10},
      {with([](auto& h) { h.control_id = "\"\""; }), "v2/no-control-id", "101",
       10},
      {with([](auto& h) { h.control_id = std::string(200, 'x'); }),
       "v2/control-id-too-long", "104", 10},
      {with([](auto& h) { h.processing_id = "X"; }),
       "v2/unsupported-processing-id", "202", 11},
      {with([](auto& h) { h.processing_id = "PT"; }),
       "v2/unsupported-processing-id", "202", 11},
      {with([](auto& h) { h.version = "3.0"; }), "v2/unsupported-version",
       "203", 12},
  };
  for (const auto& row : rows) {
    const auto defects = header_defects(row.header);
    ASSERT_EQ(defects.size(), 1U) << row.rule;
    EXPECT_EQ(defects[0].rule, row.rule);
    EXPECT_EQ(defects[0].condition, row.condition);
    EXPECT_EQ(defects[0].field, row.field);
  }
  for (const auto* version : {"", "2.1", "2.3.1", "2.5.1", "2.8", "2.8.2"}) {
    EXPECT_TRUE(header_defects(with([&](auto& h) {
                  h.version = version;
                  h.processing_id = "D";
                })).empty());
  }
}

TEST(Hl7v2HeaderTest, SalvagesTheControlIdOfWhatIsUnreadable) {
  const auto broken = salvaged_header(
      "MSH|^~\\&|EHR|CLINIC|WG|SITE|||REF^I12|M7|P|2.5\rnot a segment");
  EXPECT_EQ(broken.control_id, "M7");
  EXPECT_TRUE(broken.names_message());
  EXPECT_EQ(broken.sending_application, "EHR");
  const auto delimiters = salvaged_header("MSH|^^\\&|EHR||||||REF|M8|P");
  EXPECT_EQ(delimiters.control_id, "M8");
  EXPECT_EQ(delimiters.delimiters.component, '^');
  EXPECT_EQ(delimiters.sending_application, "");
  // One field that cannot be read takes no other with it.
  const auto latin = salvaged_header(
      "MSH|^~\\&|EHR|Cl\xEDnica|WG|S|||ADT^A08|M9|P|2.3^x|||AL|NE||8859/15");
  EXPECT_EQ(latin.control_id, "M9");
  EXPECT_FALSE(latin.names_message());
  EXPECT_EQ(latin.sending_application, "EHR");
  EXPECT_EQ(latin.sending_facility, "");
  EXPECT_EQ(latin.version, "2.3");
  EXPECT_EQ(latin.accept_ack, "AL");
  EXPECT_EQ(latin.application_ack, "NE");
  for (const auto* bytes : {"", "MSH", "\x16\x03\x01", "MSH|^~\\&|\x01"}) {
    EXPECT_EQ(salvaged_header(bytes).control_id, "");
  }
}

}  // namespace
}  // namespace gateway::parse
