#include "billing/referrals.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "billing/grant_rules.h"
#include "billing/judge.h"
#include "billing/misfit.h"
#include "billing/referral_facts.h"
#include "billing/referral_parts.h"

namespace gateway::billing {
namespace {

using episode::Case;
using episode::Coverage;
using episode::Grant;
using episode::Referral;
using program::Fact;
using program::Facts;

constexpr Own kNotActive{
    "referral/not-active", "The referral is not an active order",
    "status active",       "activate the order",
    "review-referral",     "ServiceRequest.status"};
constexpr Own kNotToPerform{
    "referral/do-not-perform", "The order says that this is not to be done",
    "an order to perform",     "send an order without doNotPerform",
    "review-referral",         "ServiceRequest.doNotPerform"};
// The grant that expires first; one without an end comes last.
bool expires_first(const Grant* left, const Grant* right) {
  const auto last = *LocalDate::from(9999, 12, 31);
  return std::tuple(left->to.value_or(last), left->number,
                    left->authorization->source.key) <
         std::tuple(right->to.value_or(last), right->number,
                    right->authorization->source.key);
}

class Viewer {
 public:
  Viewer(const Case& facts, const program::Programs& programs, Instant now,
         Plan& plan)
      : case_(facts),
        programs_(programs),
        today_(programs.zone().date(now)),
        plan_(plan) {}

  void view() {
    for (const auto& [key, authorization] : case_.authorizations()) {
      plan_.grants.push_back(
          episode::grant_of(authorization, case_.request_of(authorization)));
    }
    episode::mark_repeated(plan_.grants);
    for (const auto& [key, order] : case_.referrals()) {
      if (case_.in_force(key) == &order) add(order);
    }
    for (const auto& grant : plan_.grants) link(grant);
    share_grants();
    count_unsaid();
    for (auto& view : plan_.referrals) {
      std::sort(view.grants.begin(), view.grants.end(), expires_first);
      judge_view(view);
    }
  }

 private:
  void add(const Referral& order) {
    ReferralView view;
    view.order = &order;
    view.root = case_.root_of(order);
    view.patient = order.patient;
    view.open = order.status != "revoked" && order.status != "entered-in-error";
    view.coverage = coverage_of(order);
    if (view.coverage != nullptr) view.insurer = view.coverage->payor;
    view.payer = payer_of(view.insurer);
    view.program = program_of(order, view.payer);
    read_diagnoses(order, view);
    const auto judged_as = view.program == Program::none
                               ? programs_.site().default_program
                               : view.program;
    view.written = order.authored.value_or(today_);
    view.policy = &programs_.policy(view.payer, judged_as, view.written);
    plan_.referrals.push_back(std::move(view));
  }

  const Coverage* find_coverage(std::string_view key) const {
    const auto found = case_.coverages().find(key);
    return found == case_.coverages().end() ? nullptr : &found->second;
  }

  // What the order names; else the only coverage of the patient.
  const Coverage* coverage_of(const Referral& order) const {
    for (const auto& key : order.insurance) {
      if (const auto* coverage = find_coverage(key)) return coverage;
    }
    const Coverage* only = nullptr;
    for (const auto& [key, coverage] : case_.coverages()) {
      if (coverage.patient != order.patient) continue;
      if (coverage.status != "active") continue;
      if (only != nullptr) return nullptr;
      only = &coverage;
    }
    return only;
  }

  const program::PayerRule* payer_of(const std::string& insurer) const {
    program::PayerName name{insurer, "", {}};
    const auto found = case_.organizations().find(insurer);
    if (found != case_.organizations().end()) {
      name.name = found->second.name;
      name.identifiers = found->second.identifiers;
    }
    return programs_.payer(name);
  }

  Program program_of(const Referral& order,
                     const program::PayerRule* payer) const {
    if (order.program != Program::none || !order.bare_97545) {
      return order.program;
    }
    if (payer != nullptr && payer->program_of_97545) {
      return *payer->program_of_97545;
    }
    return programs_.site().program_of_97545.value_or(Program::none);
  }

  void read_diagnoses(const Referral& order, ReferralView& view) const {
    const auto add = [&view](const episode::Diagnosis& diagnosis) {
      if (!counts_for(diagnosis, view.patient)) return;
      if (!diagnosis.icd10.empty()) view.diagnoses.push_back(diagnosis.icd10);
      if (!view.injury) view.injury = diagnosis.onset;
    };
    for (const auto& key : order.conditions) {
      const auto found = case_.conditions().find(key);
      if (found != case_.conditions().end()) add(found->second.diagnosis);
    }
    for (const auto& diagnosis : order.diagnoses) add(diagnosis);
    if (view.injury) return;
    for (const auto& [key, condition] : case_.conditions()) {
      if (view.injury || !counts_for(condition.diagnosis, view.patient)) {
        continue;
      }
      view.injury = condition.diagnosis.onset;
    }
  }

  // --- grants

  ReferralView* find_view(std::string_view referral) {
    const auto* order = case_.in_force(referral);
    for (auto& view : plan_.referrals) {
      if (view.order == order && order != nullptr) return &view;
    }
    return nullptr;
  }

  // Keys of referrals that the authorization itself names.
  std::vector<std::string> named(const Grant& grant) const {
    const auto& authorization = *grant.authorization;
    std::vector<std::string> keys;
    if (const auto* request = case_.request_of(authorization)) {
      keys.push_back(request->referral);
    }
    for (const auto& item : authorization.items) {
      keys.push_back(item.requested_service);
    }
    keys.push_back(authorization.authorized_referral);
    keys.erase(std::remove(keys.begin(), keys.end(), std::string()),
               keys.end());
    return keys;
  }

  // What became of linking a grant: why not, where a referral was named that
  // it is not for.
  struct Linked {
    bool done = false;
    std::optional<Judgement> misfit;
  };

  Linked link_named(const Grant& grant) {
    Linked linked;
    const auto& key = grant.authorization->source.key;
    for (const auto& [referral, order] : case_.referrals()) {
      const auto& insurance = order.insurance;
      if (std::find(insurance.begin(), insurance.end(), key) ==
          insurance.end()) {
        continue;
      }
      attach(grant, find_view(referral), linked);
    }
    if (linked.done) return linked;
    for (const auto& referral : named(grant)) {
      attach(grant, find_view(referral), linked);
    }
    return linked;
  }

  // An authorization is bound to its payer and its program, whoever names it.
  void attach(const Grant& grant, ReferralView* view, Linked& linked) const {
    if (view == nullptr) return;
    if (auto why = misfit(case_, grant, *view)) {
      linked.misfit = std::move(why);
      return;
    }
    auto& grants = view->grants;
    if (std::find(grants.begin(), grants.end(), &grant) == grants.end()) {
      grants.push_back(&grant);
    }
    linked.done = true;
  }

  bool matches(const Grant& grant, const ReferralView& view) const {
    const auto& authorization = *grant.authorization;
    return view.program != Program::none &&
           authorization.patient == view.patient && !misfit(case_, grant, view);
  }

  std::vector<ReferralView*> matching(const Grant& grant, bool open) {
    std::vector<ReferralView*> found;
    for (auto& view : plan_.referrals) {
      if (view.open == open && matches(grant, view)) found.push_back(&view);
    }
    return found;
  }

  void link(const Grant& grant) {
    const auto& key = grant.authorization->source.key;
    auto linked = link_named(grant);
    if (!linked.done && !linked.misfit && named(grant).empty()) {
      // A referral that was revoked keeps what was granted for it.
      auto candidates = matching(grant, true);
      if (candidates.empty()) candidates = matching(grant, false);
      if (candidates.size() == 1) attach(grant, candidates.front(), linked);
    }
    if (grant.decision == episode::Decision::withdrawn) return;
    judge_grant(grant, linked);
    Judgement pattern;
    pattern.task = "link-authorization";
    pattern.focus = key;
    for (auto& one :
         unresolved(case_, grant.authorization->references, pattern)) {
      plan_.others[key].push_back(std::move(one));
    }
  }

  // Where a policy counts visits by claim or injury, each of its referrals may
  // use what was granted for another.
  void share_grants() {
    std::vector<std::vector<const Grant*>> own;
    for (const auto& view : plan_.referrals) own.push_back(view.grants);
    for (auto& view : plan_.referrals) {
      for (std::size_t other = 0; other < own.size(); ++other) {
        if (!shares(view, plan_.referrals[other])) continue;
        Linked shared;
        for (const auto* grant : own[other]) attach(*grant, &view, shared);
      }
    }
  }

  static bool shares(const ReferralView& view, const ReferralView& other) {
    if (&view == &other || view.policy == nullptr) return false;
    switch (view.policy->rules.count_scope) {
      case program::CountScope::authorization:
        return false;
      case program::CountScope::claim:
        return view.coverage != nullptr && other.coverage != nullptr &&
               !view.coverage->claim_number.empty() &&
               view.coverage->claim_number == other.coverage->claim_number;
      case program::CountScope::injury:
        return view.injury && view.injury == other.injury &&
               view.patient == other.patient;
    }
    return false;
  }

  // What a quantity without a unit counts is for the policy to say.
  void count_unsaid() {
    for (auto& grant : plan_.grants) {
      if (!grant.unit_unsaid || !grant.visits) continue;
      for (const auto& view : plan_.referrals) {
        const auto& grants = view.grants;
        const auto basis = view.policy == nullptr
                               ? program::AuthBasis::visits
                               : view.policy->rules.auth_basis;
        const bool ours =
            std::find(grants.begin(), grants.end(), &grant) != grants.end();
        if (!ours || !counts_otherwise(grant, basis)) continue;
        auto& sum =
            basis == program::AuthBasis::hours ? grant.hours : grant.units;
        sum = sum.value_or(0) + *grant.visits;
        grant.visits.reset();
        break;
      }
    }
  }

  // Units of the first code alone, beside those of further hours, are visits.
  static bool counts_otherwise(const Grant& grant, program::AuthBasis basis) {
    return basis == program::AuthBasis::hours ||
           (basis == program::AuthBasis::units && !grant.further);
  }

  void judge_grant(const Grant& grant, Linked linked);

  // --- judgement

  void judge_view(ReferralView& view) {
    set_referral_facts(case_, programs_, today_, plan_, view);
    if (!view.open) {
      view.held = true;
      return;
    }
    auto& judged = view.judgements;
    const auto& focus = view.order->source.key;
    if (view.policy != nullptr) {
      judged = judge(*view.policy, view.facts,
                     {program::Subject::referral, focus, {}});
    }
    judge_own(view);
    judge_grants(view);
    for (const auto& one : judged) view.held |= one.holds();
  }

  // True if a requirement of the policy judges this already.
  static bool in_policy(const ReferralView& view, Fact fact) {
    for (const auto& pack : view.policy->packs) {
      for (const auto& row : pack->requirements) {
        if (row.subject != program::Subject::referral || !row.require) continue;
        const auto& reads = row.require->reads();
        if (std::find(reads.begin(), reads.end(), fact) != reads.end()) {
          return true;
        }
      }
    }
    return false;
  }

  void judge_own(ReferralView& view) const {
    auto& judged = view.judgements;
    const auto& order = *view.order;
    const auto& focus = order.source.key;
    if (order.status != "active" && order.status != "completed") {
      judged.push_back(own(kNotActive, focus, order.status));
    }
    if (order.do_not_perform) judged.push_back(own(kNotToPerform, focus));
    Judgement pattern;
    pattern.task = "correct-referral";
    pattern.focus = focus;
    for (auto& one : unresolved(case_, order.references, pattern)) {
      judged.push_back(std::move(one));
    }
    for (auto& one : judge_coverage(case_, view, &in_policy)) {
      judged.push_back(std::move(one));
    }
    for (auto& one : judge_conditions(case_, view)) {
      judged.push_back(std::move(one));
    }
  }

  void judge_grants(ReferralView& view);

  const Case& case_;
  const program::Programs& programs_;
  LocalDate today_;
  Plan& plan_;
};

constexpr Own kFewer{"ledger/fewer-than-ordered",
                     "Fewer visits are authorized than ordered",
                     "as many visits as the order needs",
                     "ask for an extension before the visits run out",
                     "",
                     "ServiceRequest.occurrence",
                     fhir::Actor::front_office};

void Viewer::judge_grant(const Grant& grant, Linked linked) {
  const auto& focus = grant.authorization->source.key;
  auto& others = plan_.others[focus];
  if (!linked.done) {
    others.push_back(linked.misfit ? *std::move(linked.misfit)
                                   : own(kUnlinked, focus));
  }
  for (const auto defect : grant.defects) {
    others.push_back(own(rule_of(defect), focus));
  }
}

void Viewer::judge_grants(ReferralView& view) {
  std::int64_t granted = 0;
  bool counted = false;
  for (const auto* grant : view.grants) {
    if (!grant->usable()) continue;
    Facts facts = view.facts;
    facts.set(Fact::authorization_has_quantity,
              grant->visits.has_value() || grant->hours.has_value());
    facts.set(Fact::authorization_has_period,
              grant->from.has_value() && grant->to.has_value());
    if (grant->visits) {
      facts.set_number(Fact::authorization_visits, *grant->visits);
    }
    view.facts.evidence(Fact::authorization_visits,
                        grant->authorization->source,
                        "ClaimResponse.addItem.quantity");
    for (auto& one : judge(*view.policy, facts,
                           {program::Subject::authorization,
                            grant->authorization->source.key,
                            {}})) {
      view.judgements.push_back(std::move(one));
    }
    granted += grant->visits.value_or(0);
    counted |= grant->visits.has_value();
  }
  const auto wanted = view.facts.value(Fact::referral_ordered_visits);
  if (!counted || !wanted || *wanted <= granted) return;
  view.judgements.push_back(
      own(kFewer, view.order->source.key,
          program::thousandths_text(granted) + " authorized",
          program::thousandths_text(*wanted) + " ordered"));
}

}  // namespace

void view_referrals(const Case& facts, const program::Programs& programs,
                    Instant now, Plan& plan) {
  plan.grants.reserve(facts.authorizations().size());
  plan.referrals.reserve(facts.referrals().size());
  Viewer(facts, programs, now, plan).view();
}

const ReferralView* view_of(const Plan& plan, const Case& facts,
                            std::string_view referral) {
  const auto* order = facts.in_force(referral);
  for (const auto& view : plan.referrals) {
    if (order != nullptr && view.order == order) return &view;
  }
  return nullptr;
}

std::vector<Judgement> unresolved(
    const Case& facts, const std::vector<episode::ReferenceUse>& references,
    const Judgement& pattern) {
  static constexpr std::string_view kRule = "reference/unresolved";
  std::vector<Judgement> judged;
  for (const auto& use : references) {
    if (facts.knows(use.target)) continue;
    judged.push_back(own(
        {kRule, "A reference leads to nothing that is known",
         "a resource that exists",
         "send the resource, or correct the reference", pattern.task, use.path},
        pattern.focus, use.target));
  }
  return judged;
}

}  // namespace gateway::billing
