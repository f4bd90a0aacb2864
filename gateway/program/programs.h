// Programs are the policy packs of a site, composed for each payer and kind of
// program: the clinic's procedure, the payer's policy and the jurisdiction's
// rule together. Every requirement holds with its own pack's knobs, so the
// stricter gate holds; of the knobs that bill, the pack named last decides.

#pragma once

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "base/zone.h"
#include "episode/codes.h"
#include "program/billing_rules.h"
#include "program/diagnosis_dates.h"
#include "program/policy_pack.h"
#include "program/regions.h"

namespace gateway::program {

using episode::Program;

// Ids of packs per kind of program, the clinic's first, the payer's last.
using Policies = std::map<Program, std::vector<std::string>>;

struct PayerRule {
  // Names of the payer's Organization, "system|value" of its identifiers, or
  // its "Organization/id". Names match in any case.
  std::vector<std::string> matches;
  Policies policies;  // empty: those of the site
  std::map<std::string, Decimal> fees;
  std::optional<Program> program_of_97545;
};

// Who hears of a hold that its sender leaves unanswered.
struct Escalation {
  std::int64_t after_business_days = 0;
  std::string lead;  // identifier, among the site's staff
  std::string name;
  std::string source;  // whose rule this is
};

// What a site sets; the server reads it from its configuration.
struct Site {
  std::string canonical_base = std::string(episode::kCanonicalBase);
  Policies policies = {
      {Program::work_conditioning, {"clinic-work-conditioning"}},
      {Program::work_hardening, {"optum-481-work-hardening"}}};
  Program default_program = Program::work_conditioning;
  std::vector<PayerRule> payers;
  std::map<std::string, Decimal> fees;  // by code
  std::string zone = "America/Chicago";
  std::string place_of_service = "11";
  std::string device = "Workgate";  // name of our Device in Provenance
  bool requester_is_attending = false;
  std::optional<Program> program_of_97545;
  bool accept_unverified = false;
  std::string billing_provider;  // key, where a facility names none
  std::map<std::string, Overrides> overrides;             // by pack
  std::map<std::string, Regions> regions;                 // by file name
  std::map<std::string, DiagnosisDates> diagnosis_dates;  // by file name
  std::optional<Escalation> escalation;
  // file:line:column of what names a pack: "programs PROGRAM ID",
  // "overrides ID".
  std::map<std::string, std::string, std::less<>> places;
};

// A requirement of a policy, and whose it is. Other packs whose knobs
// contradict it are named behind its source.
struct Row {
  const PolicyPack* pack = nullptr;
  const Requirement* requirement = nullptr;
  std::string source;
};

// The packs in force together on a date, with their billing knobs.
struct Policy {
  Program program = Program::none;
  std::vector<std::shared_ptr<const PolicyPack>> packs;
  std::array<std::vector<Row>, kSubjectCount> rows;  // by Subject
  BillingRules rules;
  // Settings that two packs contradict each other in, with both sources.
  std::vector<std::string> contradictions;
  std::optional<LocalDate> until;  // the next one begins after this day

  [[nodiscard]] const std::vector<Row>& rows_of(Subject subject) const {
    return rows[static_cast<std::size_t>(subject)];
  }
  // "clinic-work-conditioning 1.0.0", of the pack that names the program.
  [[nodiscard]] const PolicyPack* main_pack() const {
    return packs.empty() ? nullptr : packs.front().get();
  }
};

struct PayerName {
  std::string key;
  std::string name;
  std::vector<std::string> identifiers;
};

class Programs {
 public:
  // Refuses packs of one id whose periods overlap, and policies that name a
  // pack that does not exist.
  static Result<Programs> make(std::vector<PolicyPack> packs, Site site);

  [[nodiscard]] const Site& site() const { return site_; }
  [[nodiscard]] const Zone& zone() const { return zone_; }
  // Every pack, in order of id and period.
  [[nodiscard]] const std::vector<std::shared_ptr<const PolicyPack>>& packs()
      const {
    return packs_;
  }

  // Types of the resources that requirements read whole.
  [[nodiscard]] std::vector<std::string> resource_types() const;

  [[nodiscard]] const PayerRule* payer(const PayerName& payer) const;
  // Lives as long as this. A program without packs has none.
  [[nodiscard]] const Policy& policy(const PayerRule* payer, Program program,
                                     LocalDate day) const;
  [[nodiscard]] std::optional<Decimal> fee(const PayerRule* payer,
                                           std::string_view code) const;

 private:
  explicit Programs(Site site, Zone zone)
      : site_(std::move(site)), zone_(zone) {}
  Status compose_all();
  Status compose(const Policies& policies);
  // Of what the configuration names, at its place.
  [[nodiscard]] Error fault(std::string_view named,
                            const std::string& what) const;
  [[nodiscard]] Status check_tables(const Policy& policy) const;

  // Slices of time by the ids of the packs and the program.
  using Key = std::pair<std::vector<std::string>, Program>;
  using KeyView = std::pair<const std::vector<std::string>&, Program>;
  struct Before {
    using is_transparent = void;
    template <typename Left, typename Right>
    bool operator()(const Left& left, const Right& right) const {
      if (left.second != right.second) return left.second < right.second;
      return left.first < right.first;
    }
  };
  Site site_;
  Zone zone_;
  std::vector<std::shared_ptr<const PolicyPack>> packs_;
  std::map<Key, std::vector<Policy>, Before> policies_;
  Policy nothing_;
};

// Composes packs that are all in force, the clinic's first; with a day, only
// of the requirements that are in force then.
Policy compose(std::vector<std::shared_ptr<const PolicyPack>> packs,
               Program program, std::optional<LocalDate> day = std::nullopt);

}  // namespace gateway::program
