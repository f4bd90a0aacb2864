// Every path of the contract, and what becomes of those that are not in it.

#include "exchange/routes.h"

#include <gtest/gtest.h>

#include "unit/exchange/exchange_fixture.h"

namespace gateway::exchange {
namespace {

struct Found {
  const char* method;
  const char* target;
  Action action;
  const char* type = "";
  const char* id = "";
};

TEST(RoutesTest, PathsThatAreThere) {
  const Found kCases[] = {
      {"GET", "/", Action::index},
      {"GET", "/health/live", Action::live},
      {"GET", "/health/ready", Action::ready},
      {"GET", "/health/ready/", Action::ready},
      {"GET", "/metrics", Action::metrics},
      {"GET", "/log/messages", Action::message_list},
      {"GET", "/log/messages/17", Action::message_read, "", "17"},
      {"GET", "/fhir/metadata", Action::capabilities},
      {"HEAD", "/fhir/metadata", Action::capabilities},
      {"POST", "/fhir", Action::bundle},
      {"POST", "/fhir/", Action::bundle},
      {"GET", "/fhir/Claim", Action::search, "Claim"},
      {"POST", "/fhir/Claim/_search", Action::search, "Claim"},
      {"POST", "/fhir/Procedure", Action::create, "Procedure"},
      {"PUT", "/fhir/Procedure?identifier=a", Action::update, "Procedure"},
      {"GET", "/fhir/Patient/p-1.x", Action::read, "Patient", "p-1.x"},
      {"HEAD", "/fhir/Patient/p", Action::read, "Patient", "p"},
      {"PUT", "/fhir/Patient/p", Action::update, "Patient", "p"},
      {"GET", "/fhir/Patient/p/_history", Action::history, "Patient", "p"},
      {"GET", "/fhir/Patient/p/_history/3", Action::vread, "Patient", "p"},
      {"GET", "/fhir/Claim/c/$explain", Action::explain, "Claim", "c"},
      {"POST", "/fhir/Claim/c/$explain", Action::explain, "Claim", "c"},
      {"GET", "/fhir/ServiceRequest/r/$checklist", Action::checklist,
       "ServiceRequest", "r"},
      {"GET", "/fhir/Measure", Action::measures, "Measure"},
      {"GET", "/fhir/Measure/m", Action::measure, "Measure", "m"},
      {"GET", "/fhir/Measure/m/$evaluate-measure", Action::evaluate_measure,
       "Measure", "m"},
      {"POST", "/fhir/$validate", Action::validate},
      {"POST", "/fhir/Patient/$validate", Action::validate, "Patient"},
      {"POST", "/fhir/Medication/$validate", Action::validate, "Medication"},
      {"POST", "/fhir/Patient/p/$validate", Action::validate, "Patient", "p"},
      {"GET", "/fhir/Patient/p/$validate", Action::validate, "Patient", "p"},
      {"GET", "/fhir/ValueSet/$expand?url=a", Action::expand, "ValueSet"},
      {"POST", "/fhir/ValueSet/$expand", Action::expand, "ValueSet"},
      {"GET", "/fhir/ValueSet/$validate-code", Action::validate_code,
       "ValueSet"},
      {"POST", "/fhir/CodeSystem/$validate-code", Action::validate_code,
       "CodeSystem"},
      {"GET", "/fhir/CodeSystem/$lookup", Action::lookup, "CodeSystem"},
  };
  for (const auto& wanted : kCases) {
    const auto found = taken(route(
        request_of(wanted.method, wanted.target), test_site(),
        {.query = taken(parse_query(request_of("", wanted.target).query))}));
    EXPECT_EQ(found.action, wanted.action) << wanted.target;
    EXPECT_EQ(found.type, wanted.type) << wanted.target;
    EXPECT_EQ(found.id, wanted.id) << wanted.target;
  }
}

TEST(RoutesTest, ReadsTheVersion) {
  const auto found = taken(
      route(request_of("GET", "/fhir/Claim/c/_history/12"), test_site(), {}));
  EXPECT_EQ(found.version, 12U);
}

struct Refused {
  const char* method;
  const char* target;
  const char* wanted;
};

TEST(RoutesTest, PathsThatAreNot) {
  const Refused kCases[] = {
      {"GET", "/nothing", "404 rest/unknown-path"},
      {"GET", "/health", "404 rest/unknown-path"},
      {"GET", "/log/messages/abc", "404 rest/unknown-path"},
      {"GET", "/log/messages/1234567890123456789", "404 rest/unknown-path"},
      {"GET", "/log/messages/1/more", "404 rest/unknown-path"},
      {"GET", "//fhir", "404 rest/unknown-path"},
      {"GET", "/fhir//Patient", "404 rest/unknown-path"},
      {"GET", "/fhirx/Patient", "404 rest/unknown-path"},
      {"GET", "/fhir/Nothing", "404 rest/unknown-type"},
      {"GET", "/fhir/patient/1", "404 rest/unknown-type"},
      {"GET", "/fhir/Medication", "404 rest/unknown-type"},
      {"POST", "/fhir/Bundle", "404 rest/unknown-type"},
      {"GET", "/fhir/Patient/bad_id", "404 rest/unknown-path"},
      {"GET", "/fhir/Patient/_search", "405 rest/method"},
      {"GET", "/fhir/Patient/p/_history/x", "404 rest/unknown-path"},
      {"GET", "/fhir/Patient/p/_history/-1", "404 rest/unknown-path"},
      {"GET", "/fhir/Patient/p/_history/1/2", "404 rest/unknown-path"},
      {"GET", "/fhir/Patient/p/name", "404 rest/unknown-path"},
      {"GET", "/fhir/Patient/p/$explain", "404 rest/unknown-operation"},
      {"GET", "/fhir/Claim/c/$checklist", "404 rest/unknown-operation"},
      {"GET", "/fhir/Claim/$explain", "404 rest/unknown-operation"},
      {"GET", "/fhir/Claim/c/$nothing", "404 rest/unknown-operation"},
      {"GET", "/fhir/CodeSystem/$expand", "404 rest/unknown-operation"},
      {"GET", "/fhir/ValueSet/$lookup", "404 rest/unknown-operation"},
      {"GET", "/fhir/ValueSet", "404 rest/unknown-type"},
      {"GET", "/fhir/ValueSet/v/$expand", "404 rest/unknown-operation"},
      {"GET", "/fhir/Patient/bad_id/$validate", "404 rest/unknown-path"},
      {"PUT", "/fhir/Patient/bad_id", "400 rest/bad-id"},
      {"PUT",
       "/fhir/Patient/"
       "12345678901234567890123456789012345678901234567890123456789012345",
       "400 rest/bad-id"},
      {"PUT", "/fhir/Patient", "400 rest/empty-condition"},
  };
  for (const auto& [method, target, wanted] : kCases) {
    EXPECT_EQ(refusal_text(route(request_of(method, target), test_site(), {})),
              wanted)
        << method << ' ' << target;
  }
}

TEST(RoutesTest, MethodsThatAreNotAllowed) {
  struct Case {
    const char* method;
    const char* target;
    const char* allowed;
  };
  const Case kCases[] = {
      {"DELETE", "/fhir/Patient/p", "GET, HEAD, PUT"},
      {"PATCH", "/fhir/Patient/p", "GET, HEAD, PUT"},
      {"POST", "/fhir/Patient/p", "GET, HEAD, PUT"},
      {"OPTIONS", "/fhir/Patient/p", "GET, HEAD, PUT"},
      {"DELETE", "/fhir/Patient", "GET, HEAD, POST, PUT"},
      {"GET", "/fhir", "POST"},
      {"POST", "/fhir/metadata", "GET, HEAD"},
      {"DELETE", "/fhir/Patient/p/_history", "GET, HEAD"},
      {"DELETE", "/fhir/Claim/c/$explain", "GET, HEAD, POST"},
      {"GET", "/fhir/$validate", "POST"},
      {"PUT", "/fhir/Patient/p/$validate", "GET, HEAD, POST"},
      {"PUT", "/fhir/ValueSet/$expand", "GET, HEAD, POST"},
      {"POST", "/", "GET, HEAD"},
      {"POST", "/metrics", "GET, HEAD"},
      {"PUT", "/log/messages/1", "GET, HEAD"},
      {"BREW", "/fhir/Patient/p", "GET, HEAD, PUT"},
  };
  for (const auto& [method, target, allowed] : kCases) {
    const auto result = route(request_of(method, target), test_site(), {});
    ASSERT_EQ(refusal_text(result), "405 rest/method")
        << method << ' ' << target;
    const auto& headers = std::get<Refusal>(result).headers;
    ASSERT_EQ(headers.size(), 1U);
    EXPECT_EQ(headers[0],
              (std::pair<std::string, std::string>("Allow", allowed)));
  }
}

TEST(RoutesTest, PartsOfTheContractThatAreStillToCome) {
  const std::pair<const char*, const char*> kCases[] = {
      {"GET", "/edi/837p"},
      {"POST", "/edi"},
      {"GET", "/console/"},
      {"GET", "/console/app.js"},
      {"POST", "/auth/token"},
      {"GET", "/fhir/$export"},
      {"POST", "/fhir/$process-message"},
      {"GET", "/fhir/Group/g/$export"},
      {"GET", "/fhir/Patient/$export"},
      {"POST", "/fhir/Subscription"},
      {"DELETE", "/fhir/Subscription/s"},
      {"GET", "/fhir/.well-known/smart-configuration"},
      {"GET", "/fhir/Patient/_history"},
      {"GET", "/fhir/_history"},
  };
  for (const auto& [method, target] : kCases) {
    EXPECT_EQ(refusal_text(route(request_of(method, target), test_site(), {})),
              "501 rest/not-yet")
        << method << ' ' << target;
  }
}

TEST(RoutesTest, KnowsItsOwnSide) {
  EXPECT_TRUE(is_fhir_path("/fhir"));
  EXPECT_TRUE(is_fhir_path("/fhir/Patient"));
  EXPECT_FALSE(is_fhir_path("/fhirx"));
  EXPECT_FALSE(is_fhir_path("/"));
}

}  // namespace
}  // namespace gateway::exchange
