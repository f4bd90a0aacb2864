#include "billing/misfit.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

TEST(MisfitTest, NamesWhatIsNotTheReferrals) {
  episode::Case facts;
  const auto payers = {
      "{'resourceType':'Organization','id':'one','name':'Lone Star Mutual',"
      "'identifier':[{'system':'urn:naic','value':'1'}]}",
      "{'resourceType':'Organization','id':'two','name':'Lone Star',"
      "'identifier':[{'system':'urn:naic','value':'1'}]}",
      "{'resourceType':'Organization','id':'three','name':'Prairie Mutual'}"};
  for (const auto* payer : payers) {
    const auto document = *parse_shared(json_of(payer));
    const std::string id(document->root().get("id").text());
    facts.apply(
        fhir::Resource{{"Organization", id}, 1, Instant(), "ehr", document});
  }
  struct Row {
    Program program;
    const char* insurer;
    const char* rule;
    const char* seen;
  };
  episode::Authorization authorization;
  authorization.source.key = "ClaimResponse/1";
  ReferralView view;
  view.program = Program::work_conditioning;
  view.insurer = "Organization/one";
  for (const auto& row :
       {Row{Program::work_conditioning, "Organization/one", "", ""},
        Row{Program::none, "", "", ""},
        Row{Program::none, "Organization/two", "", ""},
        Row{Program::work_hardening, "Organization/one",
            "authorization/other-program", "work-hardening"},
        Row{Program::none, "Organization/three", "authorization/other-insurer",
            "Prairie Mutual"},
        Row{Program::none, "Organization/four", "authorization/other-insurer",
            "Organization/four"}}) {
    authorization.insurer = row.insurer;
    episode::Grant grant;
    authorization.items.assign(1, {});
    using Service = episode::AuthorizedItem::Service;
    authorization.items[0].service =
        row.program == Program::work_hardening      ? Service::work_hardening
        : row.program == Program::work_conditioning ? Service::work_conditioning
                                                    : Service::program;
    grant.authorization = &authorization;
    const auto why = misfit(facts, grant, view);
    ASSERT_EQ(why.has_value(), *row.rule != 0) << row.insurer;
    if (!why) continue;
    EXPECT_EQ(why->rule, row.rule);
    EXPECT_EQ(why->finding().seen, row.seen);
    EXPECT_EQ(why->task, "link-authorization");
    EXPECT_TRUE(why->holds());
  }
}

TEST(MisfitTest, AGrantIsBoundToItsPatient) {
  const episode::Case facts;
  episode::Authorization authorization;
  authorization.source.key = "ClaimResponse/1";
  authorization.patient = "Patient/p2";
  episode::Grant grant;
  grant.authorization = &authorization;
  ReferralView view;
  view.program = Program::work_conditioning;
  view.patient = "Patient/p1";
  const auto why = misfit(facts, grant, view);
  ASSERT_TRUE(why.has_value());
  EXPECT_EQ(why->rule, "authorization/other-patient");
  EXPECT_TRUE(why->holds());
  authorization.patient = "Patient/p1";
  EXPECT_FALSE(misfit(facts, grant, view));
}

}  // namespace
}  // namespace gateway::billing
