#include "exchange/media_type.h"

#include <gtest/gtest.h>

namespace gateway::exchange {
namespace {

TEST(MediaTypeTest, ContentOfResources) {
  const std::pair<const char*, bool> kCases[] = {
      {"application/fhir+json", true},
      {"application/json", true},
      {"Application/FHIR+JSON", true},
      {"application/fhir+json; charset=utf-8", true},
      {"application/fhir+json;charset=\"UTF-8\"", true},
      {"application/fhir+json; fhirVersion=4.0", true},
      {"application/fhir+json; fhirVersion=4.0.1; charset=utf8", true},
      {"application/fhir+json; fhirVersion=5.0", false},
      {"application/fhir+json; charset=iso-8859-1", false},
      {"application/fhir+xml", false},
      {"application/json-patch+json", false},
      {"application/merge-patch+json", false},
      {"text/json", false},
      {"text/plain", false},
      {"application/fhir+jsonx", false},
      {"", false},
  };
  for (const auto& [header, wanted] : kCases) {
    EXPECT_EQ(is_fhir_content(header), wanted) << header;
  }
}

TEST(MediaTypeTest, ContentOfForms) {
  EXPECT_TRUE(is_form_content("application/x-www-form-urlencoded"));
  EXPECT_TRUE(
      is_form_content("application/x-www-form-urlencoded;charset=UTF-8"));
  EXPECT_FALSE(
      is_form_content("application/x-www-form-urlencoded;charset=latin1"));
  EXPECT_FALSE(is_form_content("multipart/form-data"));
}

TEST(MediaTypeTest, Accept) {
  const std::pair<const char*, Offer> kCases[] = {
      {"", Offer::json},
      {"*/*", Offer::json},
      {"application/*", Offer::json},
      {"application/fhir+json", Offer::json},
      {"application/json;q=0.5", Offer::json},
      {"text/html, application/xml;q=0.9, */*;q=0.8", Offer::json},
      {"application/fhir+xml, application/fhir+json", Offer::json},
      {"application/fhir+json; fhirVersion=4.0", Offer::json},
      {"application/fhir+json; fhirVersion=3.0", Offer::none},
      {"application/fhir+xml", Offer::none},
      {"text/html", Offer::none},
      {"application/fhir+json;q=0", Offer::none},
      {"application/fhir+json;q=0.000", Offer::none},
      {"application/edi-x12", Offer::edi_x12},
      {"application/edi-x12, application/fhir+json;q=0.1", Offer::json},
  };
  for (const auto& [header, wanted] : kCases) {
    EXPECT_EQ(offer(header), wanted) << header;
  }
}

TEST(MediaTypeTest, Format) {
  for (const auto* const format :
       {"json", "JSON", "application/json", "application/fhir+json",
        "application/fhir json", "text/json"}) {
    EXPECT_EQ(offer_of_format(format), Offer::json) << format;
  }
  for (const auto* const format : {"xml", "ttl", "application/fhir+xml", "*"}) {
    EXPECT_EQ(offer_of_format(format), Offer::none) << format;
  }
}

}  // namespace
}  // namespace gateway::exchange
