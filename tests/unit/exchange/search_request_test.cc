#include "exchange/search_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/exchange/exchange_fixture.h"

namespace gateway::exchange {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

OrRefusal<SearchRequest> parsed(std::string_view type, const std::string& query,
                                Handling handling = Handling::lenient) {
  return parse_search(type, taken(parse_query(query)), handling, test_site());
}

// "patient=Patient/p status=active|draft" of the query for the store.
std::string terms(const SearchRequest& search) {
  std::string out;
  for (const auto& term : search.query.terms) {
    out += (out.empty() ? "" : " ") + term.param + "=";
    for (std::size_t at = 0; at < term.values.size(); ++at) {
      out += (at == 0 ? "" : ",") + term.values[at];
    }
  }
  return out;
}

TEST(SearchRequestTest, AlternativesAndConjunctions) {
  const std::pair<const char*, const char*> kCases[] = {
      {"", ""},
      {"status=active", "status=active"},
      {"status=active,cancelled", "status=active,cancelled"},
      {"status=active&status=draft", "status=active status=draft"},
      {"patient=1&use=claim", "patient=Patient/1 use=claim"},
      {"identifier=a\\,b,c", "identifier=a,b,c"},
      {"status=http://hl7.org/fhir/fm-status|", ""},
  };
  for (const auto& [query, wanted] : kCases) {
    EXPECT_EQ(terms(taken(parsed("Claim", query))), wanted) << query;
  }
}

TEST(SearchRequestTest, PatientIsThePartOfSubjectThatIsAPatient) {
  EXPECT_EQ(terms(taken(parsed("Procedure", "patient=1"))),
            "subject=Patient/1");
  EXPECT_EQ(terms(taken(parsed("Procedure", "subject=Group/1"))),
            "subject=Group/1");
  EXPECT_EQ(terms(taken(parsed("Procedure", "subject:Patient=1"))),
            "subject=Patient/1");
  EXPECT_EQ(terms(taken(parsed("Provenance", "patient=Patient/1"))),
            "target=Patient/1");
}

TEST(SearchRequestTest, CountsAndPages) {
  EXPECT_EQ(taken(parsed("Claim", "")).query.count, kDefaultPage);
  EXPECT_EQ(taken(parsed("Claim", "_count=3")).query.count, 3U);
  EXPECT_EQ(taken(parsed("Claim", "_count=999999")).query.count, kLargestPage);
  EXPECT_TRUE(taken(parsed("Claim", "_count=0")).count_only);
  EXPECT_TRUE(taken(parsed("Claim", "_summary=count")).count_only);
  EXPECT_FALSE(taken(parsed("Claim", "_summary=false")).count_only);
  EXPECT_EQ(taken(parsed("Claim", "_cursor=abc")).cursor, "abc");
}

TEST(SearchRequestTest, Ids) {
  EXPECT_THAT(taken(parsed("Claim", "_id=a,b")).query.ids,
              ElementsAre("a", "b"));
  EXPECT_THAT(taken(parsed("Claim", "_id=a,b&_id=b,c")).query.ids,
              ElementsAre("b"));
  EXPECT_THAT(taken(parsed("Claim", "_id=a&_id=b")).query.ids, ElementsAre(""))
      << "no resource, and not any resource";
}

TEST(SearchRequestTest, LastUpdatedIsOneRange) {
  const auto search =
      taken(parsed("Claim",
                   "_lastUpdated=ge2026-04-06&_lastUpdated=lt2026-04-08"
                   "&_lastUpdated=ge2026-04-01"));
  EXPECT_EQ(search.query.updated_from, parse_instant("2026-04-06T00:00:00Z"));
  EXPECT_EQ(search.query.updated_until, parse_instant("2026-04-08T00:00:00Z"));
}

TEST(SearchRequestTest, RefusesWhatItKnowsButDoesNotUnderstand) {
  const std::pair<const char*, const char*> kCases[] = {
      {"_count=-1", "400 rest/bad-value"},
      {"_count=many", "400 rest/bad-value"},
      {"_count=1.5", "400 rest/bad-value"},
      {"_id=a/b", "400 rest/bad-value"},
      {"_id=a,,b", "400 rest/bad-value"},
      {"_lastUpdated=yesterday", "400 rest/bad-value"},
      {"_lastUpdated=ne2026", "400 rest/bad-value"},
      {"patient=Group/1", "400 rest/bad-value"},
      {"patient=a b", "400 rest/bad-value"},
      {"identifier=a|b|c", "400 rest/bad-value"},
      {"status=active,", "400 rest/bad-value"},
      {"status:not=active", "400 rest/unknown-modifier"},
      {"patient:missing=true", "400 rest/unknown-modifier"},
      {"patient:Group=1", "400 rest/unknown-modifier"},
      {"patient:identifier=a", "400 rest/unknown-modifier"},
      {"patient.name=doe", "400 rest/unknown-modifier"},
      {"patient:Patient.name=doe", "400 rest/unknown-modifier"},
  };
  for (const auto& [query, wanted] : kCases) {
    EXPECT_EQ(refusal_text(parsed("Claim", query)), wanted) << query;
  }
}

TEST(SearchRequestTest, BoundsTheAlternatives) {
  std::string ids = "1";
  for (std::size_t i = 1; i < kMostAlternatives; ++i) ids += ",1";
  EXPECT_EQ(refusal_text(parsed("Claim", "identifier=" + ids)), "ok");
  EXPECT_EQ(refusal_text(parsed("Claim", "identifier=" + ids + ",1")),
            "400 rest/bad-value");
  EXPECT_EQ(refusal_text(parsed("Claim", "_id=" + ids + ",1")),
            "400 rest/bad-value");
}

TEST(SearchRequestTest, UnknownParametersAreReportedOrRefused) {
  for (const auto* const query :
       {"name=doe", "_include=Claim:patient", "_sort=created", "_has=x",
        "_summary=text", "status=", "_total=accurate", "Patient=1"}) {
    const auto search = taken(parsed("Claim", query));
    ASSERT_THAT(search.ignored.findings(), SizeIs(1)) << query;
    const auto& finding = search.ignored.findings().front();
    EXPECT_EQ(finding.rule, "rest/unknown-parameter");
    EXPECT_EQ(finding.severity, fhir::Severity::warning);
    EXPECT_TRUE(search.applied.empty()) << query;
    EXPECT_EQ(refusal_text(parsed("Claim", query, Handling::strict)),
              "400 rest/unknown-parameter")
        << query;
  }
}

TEST(SearchRequestTest, AppliedIsWhatWasUnderstood) {
  const auto search = taken(parsed(
      "Claim", "status=active&name=doe&_format=json&_count=2&_cursor=x"));
  EXPECT_EQ(query_text(search.applied), "status=active&_format=json&_count=2");
}

TEST(SearchRequestTest, Conditions) {
  EXPECT_EQ(
      terms(taken(parse_condition("Patient", "identifier=s|1", test_site()))),
      "identifier=s|1");
  const std::pair<const char*, const char*> kCases[] = {
      {"", "400 rest/empty-condition"},
      {"_count=2", "400 rest/empty-condition"},
      {"_lastUpdated=2026", "400 rest/empty-condition"},
      {"name=doe", "400 rest/unknown-parameter"},
      {"_id=a", "ok"},
  };
  for (const auto& [query, wanted] : kCases) {
    EXPECT_EQ(refusal_text(parse_condition("Patient", query, test_site())),
              wanted)
        << query;
  }
  EXPECT_EQ(refusal_text(parse_condition("Nothing", "_id=a", test_site())),
            "400 rest/unknown-type");
}

// What callers send is not repeated in texts: it may be about a patient.
TEST(SearchRequestTest, TextsDoNotRepeatValues) {
  const auto result = parsed("Claim", "patient=Jane Doe 1970-01-01");
  const auto& finding = std::get<Refusal>(result).outcome.findings().front();
  EXPECT_EQ(fhir::sentence(finding).find("Doe"), std::string::npos);
  const auto search = taken(parsed("Claim", "Jane Doe=1"));
  EXPECT_EQ(fhir::sentence(search.ignored.findings().front()).find("Doe"),
            std::string::npos);
}

}  // namespace
}  // namespace gateway::exchange
