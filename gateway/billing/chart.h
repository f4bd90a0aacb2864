// Chart is the documentation of a patient, ordered as requirements ask for it:
// what exists at all, and what exists for a date.

#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "billing/plan.h"

namespace gateway::billing {

// The days of absences and tardies, each in order: so many tardies make one
// absence (policy 481, O29). What comes later says nothing of an earlier day.
struct Absences {
  std::vector<LocalDate> missed, tardy;
  std::int64_t tardies_each = 0;  // 0: tardies are not counted

  // Until a day, with it; or all.
  [[nodiscard]] std::int64_t count(std::optional<LocalDate> until = {}) const;
  bool operator==(const Absences&) const = default;
};

class Chart {
 public:
  Chart(const episode::Case& facts, const program::Programs& programs,
        std::string patient);

  // Facts that hold for the whole episode, whenever it is looked at.
  // `first` is the first attended date, where there is one.
  void set_episode(program::Facts& facts, std::optional<LocalDate> first,
                   LocalDate today) const;
  // Facts of the episode that count days until today: there are no others that
  // time alone changes.
  struct Days {
    std::optional<std::int64_t> evaluation;
  };
  [[nodiscard]] Days days(std::optional<LocalDate> first,
                          LocalDate today) const;
  // Whether a referral's episode was discharged, and why.
  void set_discharge(ReferralView& view) const;
  // What is documented for one date, and its facts.
  [[nodiscard]] DateNotes notes_on(const Visit& visit) const;
  void set_visit(Visit& visit) const;

  // Absences that nobody excused, and tardies, by their days.
  [[nodiscard]] Absences absences(const program::Policy& policy) const;

 private:
  using Items = std::vector<const episode::Evidence*>;

  void file(const episode::Evidence& item);
  void file_document(const episode::Evidence& item);
  [[nodiscard]] const Items& of(std::string_view kind) const;
  void set_documents(program::Facts& facts,
                     std::optional<LocalDate> first) const;
  void set_people(program::Facts& facts) const;
  void set_therapy(program::Facts& facts, std::optional<LocalDate> first) const;
  void set_progress(program::Facts& facts) const;
  [[nodiscard]] Items evaluations() const;
  [[nodiscard]] std::optional<LocalDate> evaluated() const;
  [[nodiscard]] std::optional<int> sheet_days(const Visit& visit) const;
  void note(program::Facts& facts, program::Fact fact, const Items& items,
            bool met) const;

  const episode::Case& case_;
  const program::Programs& programs_;
  std::string patient_;
  Items attesting_;
  std::map<std::string, Items, std::less<>> by_kind_;  // type or document type
  std::map<std::string, std::set<LocalDate>, std::less<>> dates_;
  std::set<LocalDate> reports_;  // on which improvement was documented
  // Date of each document of a kind, by the encounter that it names.
  std::map<std::string, std::map<std::string, std::optional<LocalDate>>,
           std::less<>>
      encounters_;
};

}  // namespace gateway::billing
