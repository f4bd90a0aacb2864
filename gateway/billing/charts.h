// Charts are the documentation of every patient of a plan, read into the facts
// of each referral. They say whether these facts still stand after something
// was added that should not reach them.

#pragma once

#include <map>
#include <set>
#include <string>

#include "billing/absences.h"
#include "billing/attendance.h"
#include "billing/chart.h"
#include "billing/plan.h"

namespace gateway::billing {

class Charts {
 public:
  // REQUIRES: all of these outlive this.
  Charts(const episode::Case& facts, const program::Programs& programs,
         const Attendance& attendance)
      : case_(facts), programs_(programs), attendance_(attendance) {}

  // Reads the documents into the facts of the referrals as they were viewed.
  void read(Plan& plan, LocalDate today);
  // Reads the documents anew; the facts stay.
  void refile(const Plan& plan);

  // Whether the facts of each referral are what they would be if they were
  // read now.
  [[nodiscard]] bool stand(const Plan& plan, LocalDate today) const;
  // The same of absences and tardies, which sessions reach.
  [[nodiscard]] bool absences_stand(const Plan& plan) const;
  // Counts the days until today anew. False where a requirement of one of the
  // policies reads a count that changed: it reaches everything.
  using Policies = std::set<const program::Policy*>;
  [[nodiscard]] bool pass_days(LocalDate today, const Policies& policies,
                               Plan& plan) const;

  [[nodiscard]] const Chart& of(const Visit& visit) const {
    return charts_.at(visit.referral->patient);
  }
  // What is documented for one date, and what was missed until then.
  void set_visit(const ReferralView& owner, Visit& visit) const;

 private:
  void set(ReferralView& view, LocalDate today) const;
  [[nodiscard]] std::optional<LocalDate> ordered(
      const ReferralView& view) const;
  [[nodiscard]] Chart::Course course(const ReferralView& view,
                                     LocalDate today) const;
  struct Booked {
    std::optional<LocalDate> date, made;
  };
  [[nodiscard]] Booked booked_first(const episode::Referral& order) const;

  const episode::Case& case_;
  const program::Programs& programs_;
  const Attendance& attendance_;
  std::map<std::string, Chart> charts_;  // by patient
  // Facts of each view before its chart was read into them.
  std::map<const episode::Referral*, program::Facts> bare_;
  std::map<const episode::Referral*, Absences> absences_;
};

}  // namespace gateway::billing
