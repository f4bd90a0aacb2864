// Chart is the documentation of a patient, ordered as requirements ask for it:
// what exists at all, and what exists for a date.

#pragma once

#include <algorithm>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "billing/plan.h"

namespace gateway::billing {

class Chart {
 public:
  Chart(const episode::Case& facts, const program::Programs& programs,
        std::string patient);

  // When the episode was ordered, its first attended date, and the first that
  // was attended or booked, where known.
  struct Course {
    std::optional<LocalDate> ordered, first, begins;
    LocalDate today;
    const episode::Referral* order = nullptr;

    // From when on documents are of this episode, where that is known.
    [[nodiscard]] std::optional<LocalDate> since() const {
      return ordered && first ? std::min(ordered, first)
             : ordered        ? ordered
                              : first;
    }
  };
  // Facts that hold for the whole episode, whenever it is looked at.
  void set_episode(ReferralView& view, const Course& course) const;
  // Facts of the episode that count days until today: there are no others that
  // time alone changes.
  struct Days {
    std::optional<std::int64_t> evaluation;
  };
  [[nodiscard]] Days days(const Course& course) const;
  // Whether a referral's episode was discharged, and why.
  void set_discharge(ReferralView& view) const;
  // What is documented for one date, and its facts.
  [[nodiscard]] DateNotes notes_on(const Visit& visit) const;
  void set_visit(const ReferralView& owner, Visit& visit) const;

 private:
  using Items = std::vector<const episode::Evidence*>;

  void file(const episode::Evidence& item);
  void file_document(const episode::Evidence& item);
  [[nodiscard]] const Items& of(std::string_view kind) const;
  void set_documents(program::Facts& facts, const Course& course) const;
  void set_first_day(program::Facts& facts,
                     std::optional<LocalDate> first) const;
  void set_plans(program::Facts& facts, const Course& course) const;
  void set_people(program::Facts& facts) const;
  void set_barriers(program::Facts& facts, const Course& course) const;
  void set_therapy(program::Facts& facts, const Course& course) const;
  void set_areas(program::Facts& facts, const Course& course) const;
  void set_progress(ReferralView& view) const;
  [[nodiscard]] bool is_acute(const episode::Evidence& care,
                              const Course& course) const;
  [[nodiscard]] Items evaluations(const Course& course) const;
  [[nodiscard]] std::optional<int> sheet_days(const Visit& visit) const;
  // The document of a kind for a date: by its own date, or by its encounter.
  [[nodiscard]] const episode::Evidence* document(std::string_view kind,
                                                  const Visit& visit) const;
  [[nodiscard]] std::int64_t recipients_until(LocalDate day) const;
  // Whom a recipient stands for; nobody where nothing is known of it.
  [[nodiscard]] std::string party_of(const std::string& recipient) const;
  [[nodiscard]] const episode::Evidence* exception_on(const Visit& visit) const;
  // The measures of progress of an episode until a day: the first, the last,
  // and when one last was greater than all before.
  struct Progress {
    const episode::Evidence* first = nullptr;
    const episode::Evidence* last = nullptr;
    std::optional<LocalDate> improved;
    bool better = false;  // the last than all before
  };
  [[nodiscard]] Progress progress_until(std::optional<LocalDate> day,
                                        std::optional<LocalDate> since) const;
  // The plan that fixes when the stay ends.
  [[nodiscard]] const episode::Evidence* plan_of(const Visit& visit) const;
  // Sets a fact by the documents of some kinds that fit: its evidence.
  template <typename Fits>
  void find(program::Facts& facts, program::Fact fact,
            std::initializer_list<std::string_view> kinds,
            const Fits& fits) const;

  const episode::Case& case_;
  const program::Programs& programs_;
  std::string patient_;
  Items attesting_;
  std::map<std::string, Items, std::less<>> by_kind_;  // type or document type
  std::map<std::string, std::map<LocalDate, const episode::Evidence*>,
           std::less<>>
      dates_;
  Items measures_;  // by date and time
  std::multimap<LocalDate, const episode::Evidence*> sent_;
  std::set<LocalDate> reports_;  // on which improvement was documented
  // Each document of a kind, by the encounters that it names.
  std::map<std::string, std::map<std::string, const episode::Evidence*>,
           std::less<>>
      encounters_;
};

}  // namespace gateway::billing
