#include <gtest/gtest.h>

#include "unit/episode/reading.h"

namespace gateway::episode {
namespace {

TEST(ReadPartyTest, ALocationHasZonePlaceAndOrganization) {
  const Read location(
      "{'resourceType':'Location','extension':[{'url':"
      "'https://workgate.example/fhir/StructureDefinition/timezone',"
      "'valueCode':'America/Denver'}],'type':[{'coding':[{'system':"
      "'https://www.cms.gov/Medicare/Coding/place-of-service-codes/"
      "Place_of_Service_Code_Set','code':'62'}]}],'managingOrganization':{"
      "'reference':'Organization/1'}}");
  const auto read = read_location(location.reading());
  EXPECT_EQ(read.zone, "America/Denver");
  EXPECT_EQ(read.place_of_service, "62");
  EXPECT_EQ(read.organization, "Organization/1");
}

// Whoever attended once, or by mistake, does not attend now.
TEST(ReadPartyTest, AttendingIsWhoActsAndWhen) {
  const auto role = [](const std::string& more) {
    const Read read(
        "{'resourceType':'PractitionerRole','practitioner':{'reference':"
        "'Practitioner/1'},'code':[{'coding':[{'system':"
        "'http://terminology.hl7.org/CodeSystem/v3-ParticipationType','code':"
        "'ATND'}]}]" +
        more + "}");
    return read_role(read.reading()).attends_on(LocalDate::from(2026, 3, 30));
  };
  EXPECT_TRUE(role(""));
  EXPECT_FALSE(role(",'active':false"));
  EXPECT_FALSE(role(",'period':{'start':'2010-01-01','end':'2015-12-31'}"));
  EXPECT_TRUE(role(",'period':{'start':'2010-01-01'}"));
  const auto team = [](const std::string& status) {
    const Read read(
        "{'resourceType':'CareTeam','status':'" + status +
        "','participant':[{'role':[{'coding':[{'system':"
        "'http://terminology.hl7.org/CodeSystem/v3-ParticipationType','code':"
        "'ATND'}]}],'member':{'reference':'Practitioner/1'}}]}");
    return read_care_team(read.reading()).attending.size();
  };
  EXPECT_EQ(team("active"), 1U);
  EXPECT_EQ(team("entered-in-error"), 0U);
  EXPECT_EQ(team("inactive"), 0U);
}

TEST(ReadPartyTest, OrganizationsAndPractitioners) {
  const Read organization(
      "{'resourceType':'Organization','name':'A','identifier':[{'system':"
      "'http://hl7.org/fhir/sid/us-npi','value':'1'}]}");
  EXPECT_EQ(read_organization(organization.reading()).npi, "1");
  EXPECT_FALSE(read_organization(organization.reading()).has_tin);
  const Read practitioner(
      "{'resourceType':'Practitioner','qualification':[{'code':{'coding':[{"
      "'system':'http://terminology.hl7.org/CodeSystem/v2-0360','code':'MD'}]}"
      "}]}");
  EXPECT_TRUE(read_practitioner(practitioner.reading()).physician);
  const Read role(
      "{'resourceType':'PractitionerRole','practitioner':{'reference':"
      "'Practitioner/1'},'specialty':[{'coding':[{'system':"
      "'http://nucc.org/provider-taxonomy','code':'208100000X'}]}]}");
  EXPECT_TRUE(read_role(role.reading()).physician);
  EXPECT_FALSE(read_role(role.reading()).attending);
}

TEST(ReadPartyTest, ALicenceHoldsForItsPeriod) {
  const Read person(
      "{'resourceType':'Practitioner','qualification':[{'code':{'text':'CPR "
      "certificate'}},{'code':{'text':'PT'},'period':{'start':'2020-01-01',"
      "'end':'2025-12-31'}}]}");
  const auto read = read_practitioner(person.reading());
  EXPECT_TRUE(read.has_license);
  EXPECT_EQ(read.licences.size(), 1U);
  EXPECT_TRUE(read.is_licensed(*LocalDate::from(2025, 12, 31)));
  EXPECT_FALSE(read.is_licensed(*LocalDate::from(2026, 1, 1)));
  EXPECT_FALSE(read.is_licensed(*LocalDate::from(2019, 12, 31)));
}

// What somebody is stands in a qualification, or in a role's code or specialty.
TEST(ReadPartyTest, ProfessionsAreTaxonomyCodes) {
  const std::string codes =
      "{'coding':[{'system':'urn:x','code':'PT'},{'system':"
      "'http://nucc.org/provider-taxonomy','code':'225100000X'}]}";
  const Read person("{'resourceType':'Practitioner','qualification':[{'code':" +
                    codes + "},{'code':{'text':'OT'}}]}");
  EXPECT_EQ(read_practitioner(person.reading()).taxonomies,
            std::vector<std::string>{"225100000X"});
  for (const auto* element : {"code", "specialty"}) {
    const Read role("{'resourceType':'PractitionerRole','" +
                    std::string(element) + "':[" + codes + "]}");
    const auto read = read_role(role.reading());
    EXPECT_EQ(read.taxonomies, std::vector<std::string>{"225100000X"});
    EXPECT_FALSE(read.physician);
  }
}

}  // namespace
}  // namespace gateway::episode
