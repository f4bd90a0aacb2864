#include "billing/reconcile.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "billing/claim_chain.h"
#include "billing/claim_content.h"
#include "billing/claim_plans.h"
#include "billing/judge.h"
#include "billing/life_cycle.h"
#include "billing/moves.h"
#include "billing/origins.h"
#include "billing/predecessors.h"
#include "billing/task_step.h"

namespace gateway::billing {
namespace {

using episode::Emitted;
using Target = ChainStep::Target;

const Reach kWhole = Reach::everything();

class Reconciler {
 public:
  Reconciler(const Plan& plan, const episode::Case& facts,
             const program::Programs& programs, const Emitting& emitting,
             const IdSource& mint)
      : plan_(plan),
        reach_(emitting.reach == nullptr ? kWhole : *emitting.reach),
        case_(facts),
        programs_(programs),
        emitting_(emitting),
        mint_(mint),
        emission_{
            .maps = emitting.maps,
            .base = programs.site().canonical_base,
            .owner = emitting.owner,
            .device = programs.site().device,
            .now = emitting.now,
            .resolve = [this](std::string_view key) { return resolve(key); }},
        origins_(emission_.base) {
    if (reach_.whole) {
      for (const auto& visit : plan_.visits) visits_.push_back(&visit);
      return;
    }
    for (const auto& [key, visit] : reach_.visits) {
      if (visit != nullptr) visits_.push_back(visit);
    }
    std::sort(visits_.begin(), visits_.end(),
              [](const Visit* left, const Visit* right) {
                return billing::before(*left, *right);
              });
  }

  Changes run() {
    assign_ids();
    episodes();
    encounters();
    claims();
    tasks();
    life_cycles();
    provenance();
    changes_.ledger = due_entries(plan_, reach_, emitting_.posted);
    return std::move(changes_);
  }

 private:
  std::string resolve(std::string_view key) const {
    if (!key.starts_with('@')) return std::string(key);
    key.remove_prefix(1);
    const auto found = ids_.find(key);
    if (found != ids_.end()) return found->second;
    const auto* known = before(key);
    return known == nullptr ? std::string() : known->source.key;
  }

  const Emitted* before(std::string_view key) const {
    return standing_under(case_, key);
  }

  void name(const std::string& key, std::string_view type) {
    const auto* known = before(key);
    ids_[key] = known != nullptr ? known->source.key
                                 : std::string(type) + "/" + mint_();
  }

  // Ids first, since bodies refer to each other.
  void assign_ids() {
    for (const auto& episode : plan_.episodes) {
      if (reaches(episode)) name(episode.key, "EpisodeOfCare");
    }
    for (const auto* visit : visits_) {
      if (visit->own_encounter.empty()) name(visit->key, "Encounter");
    }
  }

  [[nodiscard]] bool reaches(const EpisodePlan& episode) const {
    return reach_.whole || reach_.episodes.contains(episode.key);
  }

  static std::string id_part(const std::string& reference) {
    return reference.substr(reference.find('/') + 1);
  }

  struct Body {
    std::string reference;
    std::string status;
    std::string key;
    Result<std::string> text;
    const map::DocumentType* source = nullptr;  // what a map made it of
  };

  // Emits a body if it differs from what is there. True if it was emitted.
  bool put(const Body& body, const Emitted* before) {
    if (!body.text) {
      changes_.fault = body.text.error();
      return false;
    }
    if (before != nullptr && before->body == *body.text) return false;
    const auto slash = body.reference.find('/');
    Change change{.id = {body.reference.substr(0, slash),
                         body.reference.substr(slash + 1)},
                  .version = before == nullptr ? 1 : before->source.version + 1,
                  .status = body.status,
                  .key = body.key,
                  .map = identity(body.source),
                  .body = *body.text};
    changes_.resources.push_back(std::move(change));
    return true;
  }

  std::string identity(const map::DocumentType* source) const {
    if (source == nullptr) return {};
    const auto* made_by = emitting_.maps.library->for_document(*source);
    return made_by == nullptr ? std::string() : map::identity_of(*made_by);
  }

  // What a resource that was just put rests on, for its Provenance.
  void origin(const std::vector<std::string>& inputs,
              const program::Policy* policy, const Transition& into = {}) {
    const auto& change = changes_.resources.back();
    if (policy == nullptr && !into.state.empty()) {
      policy = policy_under(change.key);
    }
    origins_.add(
        change.id.text() + "/_history/" + std::to_string(change.version),
        {inputs, policy, into, change.map, {}, false});
  }

  void episodes() {
    std::set<std::string> wanted;
    for (const auto& episode : plan_.episodes) {
      wanted.insert(episode.key);
      if (!reaches(episode)) continue;
      const auto* earlier = before(episode.key);
      if (earlier != nullptr && is_others_word(episode, *earlier)) {
        keep(episode, *earlier);
        continue;
      }
      const auto& reference = ids_[episode.key];
      const Body body{reference, episode.status, episode.key,
                      episode_json(episode, id_part(reference), emission_),
                      &map::kEpisode};
      if (put(body, earlier)) {
        origin({episode.referral->source.versioned()},
               policy_under(episode.key), episode_state(episode, earlier));
      }
    }
    if (reach_.whole) retire_all("episode|", wanted);
  }

  // Of the referral that a key of the plan names.
  const program::Policy* policy_under(const std::string& key) const {
    for (const auto& view : plan_.referrals) {
      if (key.find("|" + view.root) != std::string::npos) return view.policy;
    }
    return &programs_.policy(nullptr, Program::work_conditioning,
                             programs_.zone().date(emitting_.now));
  }

  void keep(const EpisodePlan& episode, const Emitted& emitted) {
    const auto into = episode_state(episode, &emitted);
    if (case_.state_of(emitted.source.key) == into.state) return;
    const auto target = emitted.source.versioned();
    origins_.add(target,
                 {{target}, policy_under(episode.key), into, {}, {}, false});
  }

  // Where the session bears its own Encounter, that goes through the states.
  void course(const Visit& visit, const std::string& key,
              const std::string& target, bool anew) {
    for (const auto& into : visit_course(visit, key, case_, anew)) {
      const auto& change = changes_.resources;
      origins_.add(target, {visit.inputs,
                            visit.policy,
                            into,
                            anew ? change.back().map : std::string(),
                            {}});
    }
  }

  void encounters() {
    std::set<std::string> wanted;
    for (const auto* visit : visits_) {
      if (!visit->own_encounter.empty()) {
        const auto own = case_.sessions().find(visit->own_encounter);
        if (own == case_.sessions().end()) continue;
        const auto& source = own->second.source;
        course(*visit, source.key, source.versioned(), false);
        continue;
      }
      wanted.insert(visit->key);
      const auto& reference = ids_[visit->key];
      const Body body{
          reference, "finished", visit->key,
          encounter_json(*visit, {.id = id_part(reference)}, emission_),
          &map::kVisit};
      const auto* earlier = before(visit->key);
      const bool anew = put(body, earlier);
      if (!anew && earlier == nullptr) continue;
      const auto version =
          (earlier == nullptr ? 0 : earlier->source.version) + (anew ? 1U : 0U);
      course(*visit, reference,
             reference + "/_history/" + std::to_string(version), anew);
    }
    if (reach_.whole) return retire_all("encounter|", wanted);
    for (const auto& [key, visit] : reach_.visits) {
      if (!wanted.contains(key)) retire(key);
    }
  }

  // What the plan no longer has keeps its content under another status.
  void retire(std::string_view key) {
    const bool episode = key.starts_with("episode|");
    const std::string_view status = episode ? "cancelled" : "entered-in-error";
    const auto* emitted = before(key);
    if (emitted == nullptr || emitted->status == status) return;
    set_status(*emitted, status,
               episode ? "episode-cancelled" : "session-entered-in-error");
  }

  void retire_all(std::string_view prefix,
                  const std::set<std::string>& wanted) {
    for (const auto& key : emitted_keys(case_, prefix)) {
      if (!wanted.contains(key)) retire(key);
    }
  }

  void set_status(const Emitted& emitted, std::string_view status,
                  std::string_view state) {
    const Body body{emitted.source.key, std::string(status), emitted.key,
                    with_status(emitted.body, status)};
    if (put(body, &emitted)) {
      origin({emitted.source.versioned()}, nullptr, {std::string(state), {}});
    }
  }

  // --- claims

  void claims() {
    auto keys = reach_.claims;
    if (reach_.whole) {
      for (const auto& claim : plan_.claims) keys.insert(claim.key);
      for (auto& key : emitted_keys(case_, "claim|"))
        keys.insert(std::move(key));
    }
    for (const auto& key : keys) step(key, claim_of(plan_, key));
  }

  void step(const std::string& key, const ClaimPlan* claim) {
    std::optional<WantedClaim> content;
    const auto chain = chain_of(case_, key);
    if (claim != nullptr) {
      auto text = wanted_financial(*claim, chain, case_, emission_);
      if (!text) changes_.fault = text.error();
      if (text) content = WantedClaim{*std::move(text), claim->insurer};
    }
    const auto step = next_step(key, chain, case_, content);
    for (const auto* one : step.superseded) {
      set_status(*one, "cancelled", "claim-withdrawn");
    }
    const bool wanted = step.target == Target::original ||
                        step.target == Target::replacement ||
                        step.target == Target::void_claim;
    bool active = false;
    if (wanted) {
      active = emit_claim(key, claim, step);
    } else if (step.last_pulled != nullptr) {
      ids_[key] = step.last_pulled->source.key;
      if (claim != nullptr) compare(*claim, *step.last_pulled);
    } else if (!chain.empty()) {
      ids_[key] = chain.front()->source.key;
    }
    settle_pulled(step, active);
  }

  void compare(const ClaimPlan& claim, const Emitted& pulled) {
    auto differs = differs_from_pulled(claim, pulled, emission_);
    if (!differs) changes_.fault = differs.error();
    if (differs && *differs) waiting_.push_back(**std::move(differs));
  }

  // True if the claim is active now.
  bool emit_claim(const std::string& key, const ClaimPlan* claim,
                  const ChainStep& step) {
    const bool follows = step.target != Target::original;
    const bool waits = follows && step.payer_number.empty();
    const bool voids = step.target == Target::void_claim;
    const bool held = claim != nullptr && claim->held && !voids;
    ClaimBody body;
    const auto reference = step.working != nullptr
                               ? step.working->source.key
                               : std::string("Claim/") + mint_();
    ids_[key] = reference;
    body.id = id_part(reference);
    body.key = step.key;
    body.status = waits || held ? "draft" : "active";
    body.created =
        step.working != nullptr ? step.working->stamp : utc_text(emitting_.now);
    if (follows) {
      body.frequency = step.target == Target::replacement ? "7" : "8";
      body.prior = step.last_pulled->source.key;
      body.payer_number = step.payer_number;
    }
    const auto text = voids
                          ? claim_like(step.last_pulled->body, body, emission_)
                          : claim_json(*claim, body, emission_);
    const auto into =
        new_claim_state(voids ? nullptr : claim, body.status, waits);
    if (put({reference, body.status, body.key, text, &map::kBill},
            step.working)) {
      if (claim != nullptr && !voids) {
        origin(inputs_of(*claim), claim->visits.front()->policy, into);
      } else {
        origin({step.last_pulled->source.versioned()}, nullptr, into);
      }
      if (body.status == "active") announce();
    }
    if (waits) waiting_.push_back(own(kAwaiting, "@" + key));
    return body.status == "active";
  }

  void announce() {
    const auto& change = changes_.resources.back();
    changes_.feed.push_back({"claim-available", change.id, change.version});
  }

  // What was pulled stays as it is, but for its status: cancelled as soon as
  // what replaces it may be pulled.
  void settle_pulled(const ChainStep& step, bool replaced) {
    const auto* pulled = step.last_pulled;
    if (pulled == nullptr || pulled->frequency == "8") return;
    const bool follows =
        step.target == Target::replacement || step.target == Target::void_claim;
    const std::string status = replaced && follows ? "cancelled" : "active";
    if (pulled->status == status) return;
    set_status(*pulled, status,
               status == "active"                  ? "claim-ready"
               : step.target == Target::void_claim ? "claim-voided"
                                                   : "claim-replaced");
  }

  // --- tasks

  void tasks() {
    std::set<std::string, std::less<>> wanted;
    for (auto task : reached_tasks(plan_, reach_, waiting_)) {
      const auto focus = resolve(task.focus);
      if (focus.empty()) continue;
      const auto planned = task;
      task.key = "task|" + focus + "|" + task.code;
      task.focus = focus;
      wanted.insert(task.key);
      put_task(task, planned);
    }
    if (reach_.whole) return close_tasks("task|", wanted);
    for (const auto& focus : emitted_foci()) {
      close_tasks("task|" + focus + "|", wanted);
    }
  }

  // What the foci that were reached are, or were, emitted as.
  std::set<std::string> emitted_foci() const {
    std::set<std::string> all;
    for (const auto& focus : reach_.foci) {
      all.insert(resolve(focus));
      if (!focus.starts_with('@')) continue;
      for (const auto* one : chain_of(case_, focus.substr(1))) {
        all.insert(one->source.key);
      }
    }
    all.erase("");
    return all;
  }

  void close_tasks(const std::string& prefix,
                   const std::set<std::string, std::less<>>& wanted) {
    for (const auto& key : emitted_keys(case_, prefix)) {
      const auto* emitted = before(key);
      if (emitted == nullptr || wanted.contains(key)) continue;
      end_task(*emitted);
      notify();
    }
  }

  void end_task(const Emitted& task) {
    const bool back = withdrawn(task.focus, case_);
    const TaskEnd end{back ? "cancelled" : "completed",
                      back ? kWithdrawn : kCauseGone, emitting_.now};
    put({task.source.key, end.status, task.key,
         ended_task_json(task, end, case_)},
        &task);
    origin({task.source.versioned()}, nullptr);
    changes_.closed_tasks.push_back(task.source.key);
  }

  void notify() {
    const auto& change = changes_.resources.back();
    changes_.feed.push_back({"task-changed", change.id, change.version});
  }

  void put_task(const TaskPlan& task, const TaskPlan& planned) {
    const auto* earlier = earlier_task(case_, task.key);
    const bool ended = earlier != nullptr && closed(*earlier);
    if (ended && acknowledges(*earlier, task)) return;
    const auto now = utc_text(emitting_.now);
    const bool fresh = earlier == nullptr;
    const auto reference = fresh ? "Task/" + mint_() : earlier->source.key;
    auto body = next_body(earlier, case_, now);
    body.id = id_part(reference);
    const auto turn = escalation_of(body, earlier, programs_, emitting_.now);
    body.lead = turn.lead;
    if (turn.when &&
        (!changes_.next_change || *turn.when < *changes_.next_change)) {
      changes_.next_change = turn.when;
    }
    auto text = task_json(task, body, emission_);
    if (earlier != nullptr && text != earlier->body) {
      body.modified = now;
      text = task_json(task, body, emission_);
    }
    if (put({reference, body.status, task.key, text}, earlier)) {
      origin({task.focus}, nullptr);
      notify();
    }
    changes_.open_tasks.push_back(
        {reference, task.focus, planned.focus, planned.key, task.findings});
  }

  // --- life cycles

  void life_cycles() {
    for (const auto& move :
         moves(plan_, case_, programs_, reach_, emitting_.now)) {
      const auto& cause = move.cause == nullptr ? *move.source : *move.cause;
      auto doing = move.doing;
      if (doing.at && doing.partner.empty()) doing.partner = emitting_.sender;
      origins_.add(
          move.source->versioned(),
          {{cause.versioned()}, move.policy, move.into, {}, doing, true});
    }
  }

  void provenance() {
    for (auto& body : origins_.bodies()) {
      body.id = mint_();
      put({"Provenance/" + body.id, "", "", provenance_json(body, emission_),
           &map::kOrigin},
          nullptr);
    }
  }

  const Plan& plan_;
  const Reach& reach_;
  const episode::Case& case_;
  const program::Programs& programs_;
  const Emitting& emitting_;
  const IdSource& mint_;
  Emission emission_;
  std::vector<const Visit*> visits_;  // that were reached, by start
  std::map<std::string, std::string, std::less<>> ids_;
  std::vector<Judgement> waiting_;
  Origins origins_;
  Changes changes_;
};

}  // namespace

Changes reconcile(const Plan& plan, const episode::Case& facts,
                  const program::Programs& programs, const Emitting& emitting,
                  const IdSource& mint) {
  return Reconciler(plan, facts, programs, emitting, mint).run();
}

}  // namespace gateway::billing
