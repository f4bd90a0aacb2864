// Authorizations in the shapes that payers send, carried through to claims.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kPas =
    "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-";

std::string review(std::string_view action, std::string_view number) {
  std::string text = "'adjudication':[{'extension':[{'extension':[{'url':'" +
                     std::string(kPas) +
                     "reviewActionCode','valueCodeableConcept':{'coding':[{"
                     "'system':'https://codesystem.x12.org/005010/306','code':"
                     "'" +
                     std::string(action) + "'}]}}";
  if (!number.empty()) {
    text += ",{'url':'number','valueString':'" + std::string(number) + "'}";
  }
  return text + "],'url':'" + std::string(kPas) +
         "reviewAction'}],'category':{'coding':[{'system':"
         "'http://terminology.hl7.org/CodeSystem/adjudication','code':"
         "'submitted'}]}}]";
}

std::string pas(const std::string& items) {
  return "{'resourceType':'ClaimResponse','id':'pas','identifier':[{'system':"
         "'urn:payer','value':'T1'}],'status':'active','type':{'coding':[{"
         "'system':'http://terminology.hl7.org/CodeSystem/claim-type','code':"
         "'professional'}]},'use':'preauthorization','patient':{'reference':"
         "'Patient/p1'},'created':'2026-03-31T10:00:00-05:00','insurer':{"
         "'reference':'Organization/payer'},'outcome':'complete'," +
         items + "}";
}

std::string dates() {
  return "{'url':'" + std::string(kPas) +
         "itemPreAuthPeriod','valuePeriod':{'start':'2026-04-01','end':"
         "'2026-05-15'}},{'url':'" +
         std::string(kPas) + "itemPreAuthIssueDate','valueDate':'2026-03-31'}";
}

std::string detail(const std::string& unit = "VS") {
  return ",{'url':'" + std::string(kPas) +
         "itemAuthorizedDetail','extension':[{'url':'productOrServiceCode',"
         "'valueCodeableConcept':{'coding':[{'system':"
         "'http://www.ama-assn.org/go/cpt','code':'97545'}]}},{'url':"
         "'quantity','valueQuantity':{'value':12,'system':"
         "'https://codesystem.x12.org/005010/673','code':'" +
         unit + "'}}]}";
}

std::string added(std::string_view action, std::string_view number,
                  std::string_view visits) {
  return "'addItem':[{'itemSequence':[1],'extension':[" + dates() +
         "],'productOrService':{'coding':[{'system':"
         "'http://www.ama-assn.org/go/cpt','code':'97545'}]},'quantity':{"
         "'value':" +
         std::string(visits) +
         ",'system':'https://codesystem.x12.org/005010/673','code':'VS'}," +
         review(action, number) + "}]";
}

struct Shape {
  const char* name;
  std::string response;
  std::string claim;
  std::int64_t granted;
};

class PasShapeTest : public ::testing::TestWithParam<Shape> {};

TEST_P(PasShapeTest, ReachesAClaim) {
  Clinic clinic;
  clinic.store_parties();
  clinic.post(order_json({}));
  clinic.post(pas(GetParam().response));
  clinic.post(session_json({.id = "s1",
                            .start = "2026-04-13T08:00:00-05:00",
                            .end = "2026-04-13T11:00:00-05:00"}));
  EXPECT_THAT(clinic.claims(), ElementsAre(GetParam().claim));
  const auto plan = clinic.plan();
  if (GetParam().granted == 0) {
    EXPECT_THAT(plan.balances, IsEmpty());
  } else {
    ASSERT_EQ(plan.balances.size(), 1U);
    EXPECT_EQ(plan.balances[0].granted, GetParam().granted * 1000);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, PasShapeTest,
    ::testing::Values(
        Shape{"A1Detail",
              "'item':[{'itemSequence':1,'extension':[" + dates() + detail() +
                  "]," + review("A1", "AUTH1") + "}]",
              "active 97545x1 97546x1 302.00 AUTH1", 12},
        Shape{"A2AddItem", added("A2", "AUTH2", "8"),
              "active 97545x1 97546x1 302.00 AUTH2", 8},
        Shape{"A6ItemAndAddItem",
              "'item':[{'itemSequence':1,'extension':[" + dates() + detail() +
                  "]," + review("A6", "AUTH6") + "}]," + added("A6", "", "6"),
              "active 97545x1 97546x1 302.00 AUTH6", 6},
        Shape{"A3Denied",
              "'item':[{'itemSequence':1,'extension':[" + dates() + detail() +
                  "]," + review("A3", "X") + "}]",
              "draft 97545x1 97546x1 302.00", 0},
        Shape{"A4Pended",
              "'item':[{'itemSequence':1,'extension':[" + dates() + detail() +
                  "]," + review("A4", "") + "}]",
              "draft 97545x1 97546x1 302.00", 0},
        Shape{"AnotherUnit",
              "'item':[{'itemSequence':1,'extension':[" + dates() +
                  detail("DY") + "]," + review("A1", "AUTH1") + "}]",
              "draft 97545x1 97546x1 302.00", 0}),
    [](const auto& row) { return row.param.name; });

TEST(AuthorizationTest, TheRequestedQuantityCountsWhereTheAnswerHasNone) {
  Clinic clinic;
  clinic.store_parties();
  clinic.post(order_json({}));
  clinic.post(
      "{'resourceType':'Claim','id':'q1','use':'preauthorization','patient':{"
      "'reference':'Patient/p1'},'referral':{'reference':'ServiceRequest/r1'},"
      "'item':[{'sequence':1,'productOrService':{'coding':[{'system':"
      "'http://www.ama-assn.org/go/cpt','code':'97545'}]},'quantity':{'value':"
      "10}}]}");
  clinic.post(
      "{'resourceType':'ClaimResponse','id':'a1','status':'active','use':"
      "'preauthorization','patient':{'reference':'Patient/p1'},'created':"
      "'2026-03-31','insurer':{'reference':'Organization/payer'},'request':{"
      "'reference':'Claim/q1'},'outcome':'complete','preAuthRef':'PA-5',"
      "'preAuthPeriod':{'start':'2026-04-01','end':'2026-05-15'},'item':[{"
      "'itemSequence':1,'adjudication':[{'category':{'text':'x'}}]}]}");
  clinic.post(session_json({.id = "s1",
                            .start = "2026-04-13T08:00:00-05:00",
                            .end = "2026-04-13T11:00:00-05:00"}));
  EXPECT_THAT(clinic.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-5"));
  EXPECT_EQ(clinic.plan().balances[0].granted, 10000);
}

constexpr std::string_view kFirstCode =
    "'system':'http://www.ama-assn.org/go/cpt','code':'97545'";

// A grant for a program, or for a code, of an insurer.
std::string grant_for(const std::string& coding, const std::string& insurer,
                      const Grantee& grantee) {
  auto grant = grant_json(grantee);
  const auto put = [&grant](std::string_view old, const std::string& text) {
    const auto place = grant.find(old);
    ASSERT_NE(place, std::string::npos);
    grant.replace(place, old.size(), text);
  };
  put(kFirstCode, coding);
  put("Organization/payer", insurer);
  return grant;
}

std::string program_coding(const std::string& program) {
  return "'system':'https://workgate.example/fhir/CodeSystem/program','code':"
         "'" +
         program + "'";
}

constexpr const char* kLink =
    ",'extension':[{'url':'https://workgate.example/fhir/StructureDefinition/"
    "authorized-referral','valueReference':{'reference':'ServiceRequest/r1'}}]";

struct Bound {
  const char* name;
  std::string coding;
  std::string insurer;
  std::string link;
  std::string claim;
  std::string task;
};

class BoundGrantTest : public ::testing::TestWithParam<Bound> {};

// An authorization is bound to its program and its payer, named or not.
TEST_P(BoundGrantTest, BillsOnlyWhatItIsFor) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(
      "{'resourceType':'Organization','id':'other','name':'Prairie Mutual'}");
  clinic.store(
      "{'resourceType':'Organization','id':'again','name':'Lone Star Mutual'}");
  clinic.post(order_json({}));
  clinic.post(grant_for(GetParam().coding, GetParam().insurer,
                        {.more = GetParam().link}));
  clinic.post(session_json({.id = "s1",
                            .start = "2026-04-13T08:00:00-05:00",
                            .end = "2026-04-13T11:00:00-05:00"}));
  EXPECT_THAT(clinic.claims(), ElementsAre(GetParam().claim));
  const auto tasks = clinic.open_tasks();
  if (GetParam().task.empty()) {
    EXPECT_THAT(tasks, IsEmpty());
  } else {
    EXPECT_THAT(tasks, ::testing::Contains("ClaimResponse/a1 "
                                           "link-authorization: " +
                                           GetParam().task));
  }
}

const std::string kPaid = "active 97545x1 97546x1 302.00 PA-7001";
const std::string kUnpaid = "draft 97545x1 97546x1 302.00";
const std::string kPayer = "Organization/payer";

INSTANTIATE_TEST_SUITE_P(
    Rows, BoundGrantTest,
    ::testing::Values(
        Bound{"SameProgramNamed", program_coding("work-conditioning"), kPayer,
              kLink, kPaid, ""},
        Bound{"SameProgram", program_coding("work-conditioning"), kPayer, "",
              kPaid, ""},
        Bound{"FirstCode", std::string(kFirstCode), kPayer, kLink, kPaid, ""},
        Bound{"OtherProgramNamed", program_coding("work-hardening"), kPayer,
              kLink, kUnpaid, "authorization/other-program"},
        Bound{"OtherProgram", program_coding("work-hardening"), kPayer, "",
              kUnpaid, "authorization/unlinked"},
        Bound{"OtherCode",
              "'system':'http://www.ama-assn.org/go/cpt','code':'97110'",
              kPayer, kLink, kUnpaid, "authorization/other-service"},
        Bound{"OtherInsurerNamed", std::string(kFirstCode),
              "Organization/other", kLink, kUnpaid,
              "authorization/other-insurer"},
        Bound{"OtherInsurer", std::string(kFirstCode), "Organization/other", "",
              kUnpaid, "authorization/unlinked"},
        Bound{"TheSameInsurerSentAgain", std::string(kFirstCode),
              "Organization/again", kLink, kPaid, ""}),
    [](const auto& row) { return row.param.name; });

std::string program_grant(const std::string& unit, const std::string& more) {
  auto grant = grant_json({.visits = "6", .unit = unit});
  const std::string code =
      "'system':'http://www.ama-assn.org/go/cpt','code':'97545'";
  grant.replace(grant.find(code), code.size(),
                "'system':'https://workgate.example/fhir/CodeSystem/program',"
                "'code':'work-conditioning'");
  const std::string end = "'code':'submitted'}]}}]}]";
  grant.insert(grant.find(end) + end.size() - 1, more);
  return grant;
}

// 240 minutes are three units, one visit, four hours: three dates need nine
// units where six are granted.
TEST(AuthorizationTest, UnitsAreCountedWhereThePolicyOrTheGrantCountsThem) {
  const std::string further =
      ",{'productOrService':{'coding':[{'system':"
      "'http://www.ama-assn.org/go/cpt','code':'97546'}]},'quantity':{'value':"
      "4,'code':'UN'},'adjudication':[{'category':{'text':'submitted'}}]}";
  struct Row {
    const char* basis;
    const char* unit;
    std::string more;
    std::size_t active;
    const char* counted;
    std::int64_t used;
  };
  for (const auto& row : {Row{"UNITS", "", "", 2, "units", 6000},
                          Row{"VISITS", "UN", "", 2, "units", 6000},
                          Row{"HOURS", "UN", "", 2, "units", 6000},
                          Row{"UNITS", "VS", "", 3, "visits", 3000},
                          Row{"UNITS", "HS", "", 1, "hours", 4000},
                          Row{"VISITS", "", "", 3, "visits", 3000},
                          Row{"HOURS", "", "", 1, "hours", 4000},
                          // Units of each code are granted by themselves.
                          Row{"UNITS", "", further, 2, "visits", 2000}}) {
    auto site = demo_site();
    site.overrides["clinic-work-conditioning"]["authBasis"] = row.basis;
    Clinic clinic(std::move(site));
    clinic.store_parties();
    clinic.post(order_json({}));
    clinic.post(program_grant(row.unit, row.more));
    for (const auto* day : {"13", "14", "15"}) {
      clinic.post(session_json(
          {.id = std::string("s") + day,
           .start = std::string("2026-04-") + day + "T08:00:00-05:00",
           .end = std::string("2026-04-") + day + "T12:00:00-05:00"}));
    }
    const auto claims = clinic.claims();
    const auto active = std::count(claims.begin(), claims.end(),
                                   "active 97545x1 97546x2 394.00 PA-7001");
    EXPECT_EQ(static_cast<std::size_t>(active), row.active)
        << row.basis << row.unit;
    const auto plan = clinic.plan();
    ASSERT_FALSE(plan.balances.empty()) << row.basis << row.unit;
    EXPECT_EQ(plan.balances[0].unit, row.counted) << row.basis << row.unit;
    EXPECT_EQ(plan.balances[0].used, row.used) << row.basis << row.unit;
    EXPECT_TRUE(plan.balances[0].even());
  }
}

// What is booked reserves in the unit that is granted.
TEST(AuthorizationTest, ABookingReservesTheUnitsOfItsSlot) {
  Clinic clinic;
  clinic.store_parties();
  clinic.post(order_json({}));
  clinic.post(program_grant("UN", ""));
  clinic.now_ = *parse_instant("2026-04-02T12:00:00Z");
  for (const auto* day : {"13", "14", "15"}) {
    clinic.post(std::string("{'resourceType':'Appointment','id':'b") + day +
                "','status':'booked','basedOn':[{'reference':"
                "'ServiceRequest/r1'}],'start':'2026-04-" +
                day + "T14:00:00Z','end':'2026-04-" + day + "T18:00:00Z'}");
  }
  EXPECT_EQ(clinic.plan().balances[0].reserved, 6000);
  EXPECT_THAT(clinic.open_tasks(),
              ElementsAre("ServiceRequest/r1 obtain-authorization: "
                          "ledger/exhausted"));
}

TEST(AuthorizationTest, FurtherHoursAreLimitedWhereTheGrantNamesThem) {
  Clinic clinic;
  clinic.store_parties();
  clinic.post(order_json({}));
  clinic.post(grant_json({}));
  auto grant = grant_json({});
  const std::string line =
      "'addItem':[{'productOrService':{'coding':[{'system':"
      "'http://www.ama-assn.org/go/cpt','code':'97546'}]},'quantity':{'value':"
      "2},'adjudication':[]},";
  grant.replace(grant.find("'addItem':["), 11, line);
  clinic.post(grant);
  for (const auto* day : {"13", "14"}) {
    clinic.post(session_json(
        {.id = std::string("s") + day,
         .start = std::string("2026-04-") + day + "T08:00:00-05:00",
         .end = std::string("2026-04-") + day + "T12:00:00-05:00"}));
  }
  EXPECT_THAT(clinic.claims(),
              ElementsAre("active 97545x1 97546x2 394.00 PA-7001",
                          "draft 97545x1 97546x2 394.00"));
  EXPECT_THAT(
      clinic.open_tasks(),
      ElementsAre("Procedure/s14 obtain-authorization: ledger/exhausted"));
}

// Scenario S5 of the domain, with and without retroactive grants.
void exhausted_week(Clinic& clinic) {
  clinic.store_parties();
  clinic.post(order_json({}));
  clinic.post(grant_json({.number = "PA-7781",
                          .from = "2026-05-04",
                          .to = "2026-05-15",
                          .visits = "4"}));
  for (const auto* day : {"04", "05", "06", "07", "08"}) {
    clinic.post(session_json(
        {.id = std::string("s") + day,
         .start = std::string("2026-05-") + day + "T08:00:00-05:00",
         .end = std::string("2026-05-") + day + "T11:00:00-05:00"}));
  }
  clinic.post(grant_json({.id = "ext",
                          .number = "PA-7781E",
                          .created = "2026-05-11T09:00:00-05:00",
                          .from = "2026-05-08",
                          .to = "2026-05-29",
                          .visits = "4"}));
}

TEST(AuthorizationTest, AnExtensionReleasesOnASeparateClaimWhereAllowed) {
  auto site = demo_site();
  site.overrides["clinic-work-conditioning"]["retroAuthAllowed"] = "true";
  Clinic clinic(std::move(site));
  exhausted_week(clinic);
  const std::string billed = "active 97545x1 97546x1 302.00 PA-7781";
  EXPECT_THAT(clinic.claims(),
              ElementsAre(billed, billed, billed, billed, billed + "E"));
  EXPECT_THAT(clinic.open_tasks(), IsEmpty());
  const auto plan = clinic.plan();
  ASSERT_EQ(plan.balances.size(), 2U);
  EXPECT_EQ(plan.balances[0].used, 4000);
  EXPECT_EQ(plan.balances[1].used, 1000);
}

TEST(AuthorizationTest, AnExtensionDoesNotReachBackUnderTheClinicsRule) {
  Clinic clinic;
  exhausted_week(clinic);
  EXPECT_EQ(clinic.claims().back(), "draft 97545x1 97546x1 302.00");
  EXPECT_THAT(clinic.open_tasks(),
              ElementsAre("Procedure/s08 obtain-authorization: "
                          "clinic-work-conditioning/A6"));
}

TEST(AuthorizationTest, TheEarliestToExpireServesFirst) {
  Clinic clinic;
  clinic.store_parties();
  clinic.post(order_json({}));
  clinic.post(grant_json({.id = "a1", .number = "LATE", .to = "2026-06-30"}));
  clinic.post(grant_json(
      {.id = "a2", .number = "SOON", .to = "2026-04-30", .visits = "1"}));
  for (const auto* day : {"13", "14"}) {
    clinic.post(session_json(
        {.id = std::string("s") + day,
         .start = std::string("2026-04-") + day + "T08:00:00-05:00",
         .end = std::string("2026-04-") + day + "T10:00:00-05:00"}));
  }
  EXPECT_THAT(clinic.claims(), ElementsAre("active 97545x1 210.00 SOON",
                                           "active 97545x1 210.00 LATE"));
}

TEST(ExpiryTest, IsOfTheDayAfterTheLast) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  clinic.store(grant_json({}));
  clinic.now_ = *parse_instant("2026-06-01T12:00:00Z");
  const auto plan = clinic.plan();
  const auto expired =
      std::find_if(plan.postings.begin(), plan.postings.end(),
                   [](const auto& one) { return one.to == "expired"; });
  ASSERT_NE(expired, plan.postings.end());
  EXPECT_EQ(expired->amount, 12'000);
  ASSERT_TRUE(expired->date.has_value());
  EXPECT_EQ(expired->date->text(), "2026-05-16");
}

}  // namespace
}  // namespace gateway::billing
