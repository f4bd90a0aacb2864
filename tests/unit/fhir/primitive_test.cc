#include "fhir/primitive.h"

#include <gtest/gtest.h>

#include <string>

namespace gateway::fhir {
namespace {

struct Case {
  Primitive type;
  std::string text;
  FormatDefect expected;
};

TEST(PrimitiveTest, MatchesEachFormat) {
  using F = FormatDefect;
  using P = Primitive;
  const Case cases[] = {
      {P::date, "2026-02-28", F::none},
      {P::date, "2026-02", F::none},
      {P::date, "2026-02-30", F::format},
      {P::date, "2026-04-06T13:00:00Z", F::format},
      {P::date_time, "2026", F::none},
      {P::date_time, "2026-04-06T13:00:00-05:00", F::none},
      {P::date_time, "2026-04-06T13:00:00", F::no_offset},
      {P::date_time, "2026-04-06T13:00Z", F::format},
      {P::date_time, "2026-04-06T25:00:00Z", F::format},
      {P::instant, "2026-04-06T13:00:00.123Z", F::none},
      {P::date_time, "2016-12-31T23:59:60Z", F::none},
      {P::date_time, "2016-12-31T23:59:61Z", F::format},
      {P::instant, "2016-12-31T23:59:60Z", F::none},
      {P::instant, "2026-04-06", F::format},
      {P::time, "13:00:00", F::none},
      {P::time, "13:00", F::format},
      {P::time, "24:00:00", F::format},
      {P::code, "final", F::none},
      {P::code, " final", F::format},
      {P::code, "a  b", F::format},
      {P::id, "abc-1.2", F::none},
      {P::id, "a_b", F::format},
      {P::id, std::string(65, 'a'), F::format},
      {P::uri, "urn:x", F::none},
      {P::uri, "a b", F::format},
      {P::oid, "urn:oid:1.2.3", F::none},
      {P::oid, "urn:oid:3.2", F::format},
      {P::oid, "1.2.3", F::format},
      {P::uuid, "urn:uuid:00000000-0000-4000-8000-00000000000a", F::none},
      {P::uuid, "urn:uuid:1", F::format},
      {P::base64_binary, "YWJj", F::none},
      {P::base64_binary, "YW Jj", F::none},
      {P::base64_binary, "YWJ", F::format},
      {P::base64_binary, "Y.Jj", F::format},
      {P::integer, "-1", F::none},
      {P::integer, "1.0", F::format},
      {P::integer, "2147483648", F::range},
      {P::positive_int, "0", F::range},
      {P::unsigned_int, "0", F::none},
      {P::string, "text", F::none},
      {P::string, "   ", F::format},
      {P::string, "", F::empty},
      {P::string, std::string((1U << 20U) + 1, 'x'), F::format},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(format_defect(test.type, test.text), test.expected)
        << primitive_name(test.type) << ": " << test.text.substr(0, 40);
  }
}

TEST(PrimitiveTest, TellsJsonKindsApart) {
  const auto document = JsonDocument::parse(R"([true,"true",1,"1"])");
  ASSERT_TRUE(document.ok());
  const Json root = document->root();
  EXPECT_EQ(format_defect(Primitive::boolean, root.at(0)), FormatDefect::none);
  EXPECT_EQ(format_defect(Primitive::boolean, root.at(1)),
            FormatDefect::json_kind);
  EXPECT_EQ(format_defect(Primitive::integer, root.at(2)), FormatDefect::none);
  EXPECT_EQ(format_defect(Primitive::integer, root.at(3)),
            FormatDefect::json_kind);
}

TEST(PrimitiveTest, NamesTypes) {
  EXPECT_EQ(primitive_named("dateTime"), Primitive::date_time);
  EXPECT_EQ(primitive_named("HumanName"), Primitive::none);
  EXPECT_EQ(primitive_name(Primitive::unsigned_int), "unsignedInt");
}

}  // namespace
}  // namespace gateway::fhir
