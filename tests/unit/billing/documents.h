// The documents of one patient, as they come one by one into a chart.

#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "billing/chart.h"
#include "unit/billing/clinic.h"

namespace gateway::billing {

using program::Fact;
using program::Facts;

// The facts of an episode that began on 13 April, of one that was ordered on
// 30 March, after some documents came.
class DocumentsTest : public testing::Test {
 protected:
  DocumentsTest() { clinic_.store_parties(); }

  Facts facts() {
    known_ = clinic_.facts();
    chart_.emplace(known_, clinic_.programs_, "Patient/p1");
    const auto first = LocalDate::from(2026, 4, 13);
    owner_ = ReferralView();
    chart_->set_episode(owner_, {.ordered = LocalDate::from(2026, 3, 30),
                                 .first = first,
                                 .begins = first,
                                 .today = *LocalDate::from(2026, 5, 1)});
    return owner_.facts;
  }
  std::string text(Fact fact) { return facts().text(fact); }

  // The facts of a session on a day of April.
  Facts session(int day) {
    facts();
    Visit visit;
    visit.key = "encounter|r1|2026-04-" + std::to_string(day);
    visit.date = *LocalDate::from(2026, 4, day);
    visit.standing.day = day - 12;
    chart_->set_visit(owner_, visit);
    return visit.facts;
  }

  void document(const std::string& type, const std::string& kind,
                const std::string& more) {
    clinic_.store("{'resourceType':'" + type + "','id':'" + kind +
                  "','status':'final','subject':{'reference':'Patient/p1'},"
                  "'type':{'coding':[{'system':"
                  "'https://workgate.example/fhir/CodeSystem/document-type',"
                  "'code':'" +
                  kind + "'}]}," + more + "}");
  }
  void send(const std::string& type, const std::string& more) {
    clinic_.store("{'resourceType':'" + type + "','id':'" + type +
                  "','subject':{'reference':'Patient/p1'}," + more + "}");
  }

  Clinic clinic_;
  episode::Case known_;
  std::optional<Chart> chart_;
  ReferralView owner_;
};

}  // namespace gateway::billing
