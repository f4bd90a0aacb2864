#include "billing/moves.h"

#include <algorithm>
#include <chrono>
#include <map>

#include "billing/eligibility.h"

namespace gateway::billing {
namespace {

using episode::Session;

class Mover {
 public:
  Mover(const Plan& plan, const episode::Case& facts,
        const program::Programs& programs, const Reach& reach, Instant now)
      : plan_(plan),
        case_(facts),
        programs_(programs),
        reach_(reach),
        today_(programs.zone().date(now)),
        other_(programs.policy(nullptr, Program::work_conditioning, today_)) {}

  std::vector<Move> run() {
    for (const auto& view : plan_.referrals) referral(view);
    for (const auto& grant : plan_.grants) {
      go(grant.authorization->source, policy_of(grant),
         authorization_state(grant, plan_, today_));
    }
    each(case_.requests(), [this](const auto& one) { request(one); });
    each(case_.sessions(), [this](const auto& one) { session(one); });
    each(case_.appointments(), [this](const auto& one) { booking(one); });
    late_starts();
    // After a pull or a payer's answer the next step is a whole one.
    if (reach_.whole) {
      for (const auto& [key, one] : case_.pulls()) pull(key, one);
      for (const auto& [key, one] : case_.answers()) answer(key, one);
    }
    return std::move(found_);
  }

 private:
  template <typename Records, typename Use>
  void each(const Records& records, Use use) const {
    if (reach_.whole) {
      for (const auto& [key, one] : records) use(one);
      return;
    }
    for (const auto& key : reach_.arrived) {
      const auto one = records.find(key);
      if (one != records.end()) use(one->second);
    }
  }

  void go(const episode::Source& source, const program::Policy* policy,
          Transition into) {
    if (case_.state_of(source.key) == into.state) return;
    note(source, policy, std::move(into));
  }
  void note(const episode::Source& source, const program::Policy* policy,
            Transition into, const episode::Source* cause = nullptr) {
    if (policy == nullptr) policy = &other_;
    found_.push_back({&source, policy, std::move(into), cause, {}});
  }

  void referral(const ReferralView& view) {
    const auto& source = view.order->source;
    const auto known = case_.state_of(source.key);
    auto into = referral_state(view);
    const bool moves = known != into.state;
    if (moves && known.empty()) {
      note(source, view.policy, {"referral-received", {}});
      note(source, view.policy, {"referral-validating", {}});
    }
    not_required(view);
    if (!moves) return;
    const bool held =
        known == "referral-needs-correction" || known == "referral-rejected";
    if (held && into.state == "referral-accepted") {
      note(source, view.policy, {"referral-corrected", {}});
    }
    note(source, view.policy, std::move(into));
  }

  void not_required(const ReferralView& view) {
    if (view.policy == nullptr || view.program == Program::none) return;
    constexpr std::string_view kState = "authorization-not-required";
    if (authorization_wanted(case_, view, *view.policy, today_)) return;
    if (case_.has_recorded(view.order->source.key, kState)) return;
    const auto* said = eligibility_on(case_, view, today_);
    note(view.order->source, view.policy, {std::string(kState), {}},
         said == nullptr ? nullptr : &said->source);
  }

  void request(const episode::PreauthorizationRequest& one) {
    if (!case_.state_of(one.source.key).empty()) return;
    note(one.source, policy_of(one.referral), {"authorization-requested", {}});
  }

  // What is not attended, or not pooled, has no Encounter of ours.
  void session(const Session& one) {
    const auto state = [&]() -> std::string_view {
      switch (one.state) {
        case Session::State::arrived:
          return "session-arrived";
        case Session::State::under_way:
          return "session-in-progress";
        case Session::State::paused:
          return "session-break";
        case Session::State::withdrawn:
          return "session-entered-in-error";
        case Session::State::attended:
        case Session::State::other:
          return {};
      }
      return {};
    }();
    const auto* policy = policy_of(one.referral);
    if (!state.empty()) return go(one.source, policy, {std::string(state), {}});
    const auto others = plan_.others.find(one.source.key);
    if (others == plan_.others.end()) return;
    for (const auto& judgement : others->second) {
      if (!judgement.holds()) continue;
      return go(one.source, policy,
                {"session-held", std::string(judgement.rule)});
    }
  }

  void booking(const episode::Appointment& one) {
    go(one.source, policy_of(one.referral), booking_state(one));
  }

  // A kept booking whose day began later than it, by more than the policy
  // tolerates.
  void late_starts() {
    using Day = std::pair<const episode::Referral*, LocalDate>;
    std::map<Day, const Visit*> days;
    const auto file = [&days](const Visit& visit) {
      const auto [day, fresh] =
          days.try_emplace({visit.referral, visit.date}, &visit);
      if (!fresh && visit.span.start < day->second->span.start) {
        day->second = &visit;
      }
    };
    const bool arrived = std::any_of(
        reach_.arrived.begin(), reach_.arrived.end(),
        [](const auto& key) { return key.starts_with("Appointment/"); });
    if (reach_.whole || arrived) {
      for (const auto& visit : plan_.visits) file(visit);
    } else {
      for (const auto& [key, visit] : reach_.visits) {
        if (visit != nullptr) file(*visit);
      }
    }
    if (days.empty()) return;
    for (const auto& [key, booking] : case_.appointments()) {
      if (booking.status != "fulfilled" || !booking.period) continue;
      const auto start = booking.period->start;
      const auto day = days.find(
          {case_.in_force(booking.referral), programs_.zone().date(start)});
      if (day == days.end()) continue;
      const auto& visit = *day->second;
      const auto tolerance =
          std::chrono::minutes(visit.policy->rules.tardy_tolerance_minutes);
      if (visit.span.start - start <= tolerance ||
          case_.has_recorded(key, "session-tardy")) {
        continue;
      }
      note(booking.source, visit.policy, {"session-tardy", {}},
           &visit.segments.front()->source);
    }
  }

  void pull(const std::string& claim, const episode::Case::Pull& one) {
    const auto known = case_.emitted().find(claim);
    if (known == case_.emitted().end()) return;
    if (case_.has_recorded(claim, "claim-pulled")) return;
    note(known->second.source, policy_of_claim(known->second.key),
         {"claim-pulled", {}});
    found_.back().doing = {one.partner, one.at};
  }

  void answer(const std::string& claim, const episode::PayerAnswer& one) {
    const auto known = case_.emitted().find(claim);
    if (known == case_.emitted().end()) return;
    auto into = answer_state(one);
    if (case_.has_recorded(claim, into.state)) return;
    note(known->second.source, policy_of_claim(known->second.key),
         std::move(into), &one.source);
    found_.back().doing.at = one.source.received;
  }

  // By the key of the plan, which names the referral.
  const program::Policy* policy_of_claim(std::string_view key) const {
    for (const auto& view : plan_.referrals) {
      if (key.find("|" + view.root) != std::string_view::npos) {
        return view.policy;
      }
    }
    return nullptr;
  }

  const program::Policy* policy_of(const episode::Grant& grant) const {
    for (const auto& view : plan_.referrals) {
      if (std::find(view.grants.begin(), view.grants.end(), &grant) !=
          view.grants.end()) {
        return view.policy;
      }
    }
    return policy_of(std::string());
  }
  // Of a referral, or of the first one that there is.
  const program::Policy* policy_of(const std::string& referral) const {
    const auto* order = referral.empty() ? nullptr : case_.in_force(referral);
    for (const auto& view : plan_.referrals) {
      if (order == nullptr || view.order == order) return view.policy;
    }
    return nullptr;
  }

  const Plan& plan_;
  const episode::Case& case_;
  const program::Programs& programs_;
  const Reach& reach_;
  LocalDate today_;
  const program::Policy& other_;  // where no referral has one
  std::vector<Move> found_;
};

}  // namespace

std::vector<Move> moves(const Plan& plan, const episode::Case& facts,
                        const program::Programs& programs, const Reach& reach,
                        Instant now) {
  return Mover(plan, facts, programs, reach, now).run();
}

}  // namespace gateway::billing
