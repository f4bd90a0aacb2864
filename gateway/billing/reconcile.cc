#include "billing/reconcile.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "billing/claim_chain.h"
#include "billing/judge.h"
#include "billing/ledger_changes.h"
#include "billing/life_cycle.h"
#include "billing/task_step.h"

namespace gateway::billing {
namespace {

using episode::Emitted;
using Target = ChainStep::Target;

constexpr Own kAwaiting{
    "billing/awaiting-payer-number",
    "The claim that this one replaces has no number of the payer yet",
    "a ClaimResponse with the payer's number of the prior claim",
    "wait for the payer's answer, or send it",
    "review-claim",
    "Claim.related.reference",
    fhir::Actor::payer};

std::string base_key(std::string_view key) {
  return std::string(key.substr(0, key.rfind('#')));
}

bool closed(const Emitted& task) {
  return task.status == "completed" || task.status == "cancelled" ||
         task.status == "failed" || task.status == "rejected" ||
         task.status == "entered-in-error";
}

class Reconciler {
 public:
  Reconciler(const Plan& plan, const episode::Case& facts,
             const program::Programs& programs, const Emitting& emitting,
             const IdSource& mint)
      : plan_(plan),
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
            .resolve = [this](std::string_view key) { return resolve(key); }} {
    for (const auto& [key, emitted] : case_.emitted()) index(emitted);
  }

  Changes run() {
    assign_ids();
    episodes();
    encounters();
    claims();
    tasks();
    life_cycles();
    provenance();
    changes_.ledger = ledger_changes(plan_, emitting_.posted);
    return std::move(changes_);
  }

 private:
  void index(const Emitted& emitted) {
    if (emitted.type == "Claim") {
      claims_[base_key(emitted.key)].push_back(&emitted);
      return;
    }
    if (emitted.type == "Task" && closed(emitted)) {
      if (ended_by_owner(emitted)) ended_[emitted.key] = &emitted;
      return;
    }
    emitted_[emitted.key] = &emitted;
  }

  std::string resolve(std::string_view key) const {
    if (!key.starts_with('@')) return std::string(key);
    const auto found = ids_.find(key.substr(1));
    return found == ids_.end() ? std::string() : found->second;
  }

  void name(const std::string& key, std::string_view type) {
    const auto known = emitted_.find(key);
    ids_[key] = known != emitted_.end() ? known->second->source.key
                                        : std::string(type) + "/" + mint_();
  }

  // Ids first, since bodies refer to each other.
  void assign_ids() {
    for (const auto& episode : plan_.episodes) {
      name(episode.key, "EpisodeOfCare");
    }
    for (const auto& visit : plan_.visits) {
      if (visit.own_encounter.empty()) name(visit.key, "Encounter");
    }
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

  const Emitted* before(const std::string& key) const {
    const auto found = emitted_.find(key);
    return found == emitted_.end() ? nullptr : found->second;
  }

  struct Origin {
    std::vector<std::string> targets, states, reasons, maps;
  };

  // What a resource that was just put rests on, for its Provenance.
  void origin(const std::vector<std::string>& inputs,
              const program::Policy* policy, const Transition& into = {}) {
    const auto& change = changes_.resources.back();
    auto& origin =
        came(change.id.text() + "/_history/" + std::to_string(change.version),
             inputs, policy, into);
    add(change.map, origin.maps);
  }

  Origin& came(const std::string& target,
               const std::vector<std::string>& inputs,
               const program::Policy* policy, const Transition& into) {
    std::vector<std::string> policies;
    if (policy != nullptr) {
      for (const auto& pack : policy->packs) {
        policies.push_back(emission_.base + "/PolicyPack/" + pack->id + "|" +
                           pack->version);
      }
    }
    auto& origin = origins_[{inputs, policies}];
    origin.targets.push_back(target);
    add(into.state, origin.states);
    add(into.reason, origin.reasons);
    return origin;
  }

  static void add(const std::string& code, std::vector<std::string>& codes) {
    if (code.empty()) return;
    if (std::find(codes.begin(), codes.end(), code) == codes.end()) {
      codes.push_back(code);
    }
  }

  void episodes() {
    std::set<std::string> wanted;
    for (const auto& episode : plan_.episodes) {
      wanted.insert(episode.key);
      // Whoever discharged it wrote it last: its words stay.
      const auto* earlier = before(episode.key);
      if (earlier != nullptr && earlier->status == episode.status &&
          episode.status == "finished") {
        continue;
      }
      const auto& reference = ids_[episode.key];
      const Body body{reference, episode.status, episode.key,
                      episode_json(episode, id_part(reference), emission_),
                      &map::kEpisode};
      if (put(body, before(episode.key))) {
        origin({episode.referral->source.versioned()}, nullptr,
               episode_state(episode));
      }
    }
    retire("EpisodeOfCare", "cancelled", wanted);
  }

  void encounters() {
    std::set<std::string> wanted;
    for (const auto& visit : plan_.visits) {
      if (!visit.own_encounter.empty()) continue;
      wanted.insert(visit.key);
      const auto& reference = ids_[visit.key];
      const Body body{
          reference, "finished", visit.key,
          encounter_json(visit, {.id = id_part(reference)}, emission_),
          &map::kVisit};
      if (put(body, before(visit.key))) {
        origin(visit.inputs, visit.policy, session_state(visit));
      }
    }
    retire("Encounter", "entered-in-error", wanted);
  }

  // What the plan no longer has keeps its content under another status.
  void retire(std::string_view type, std::string_view status,
              const std::set<std::string>& wanted) {
    for (const auto& [key, emitted] : emitted_) {
      if (emitted->type != type || wanted.contains(key)) continue;
      if (emitted->status == status) continue;
      set_status(*emitted, status,
                 type == "Encounter" ? "session-entered-in-error"
                                     : "episode-cancelled");
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
    std::map<std::string, const ClaimPlan*> wanted;
    for (const auto& claim : plan_.claims) wanted[claim.key] = &claim;
    for (const auto& [key, chain] : claims_) wanted.try_emplace(key, nullptr);
    for (const auto& [key, claim] : wanted) step(key, claim);
  }

  void step(const std::string& key, const ClaimPlan* claim) {
    std::optional<std::string> financial;
    if (claim != nullptr) {
      auto text = wanted_financial(*claim, claims_[key], case_, emission_);
      if (!text) changes_.fault = text.error();
      if (text) financial = *std::move(text);
    }
    const auto step = next_step(key, claims_[key], case_, financial);
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
    } else if (!claims_[key].empty()) {
      ids_[key] = claims_[key].front()->source.key;
    }
    settle_pulled(step, active);
  }

  // True if the claim is active now.
  bool emit_claim(const std::string& key, const ClaimPlan* claim,
                  const ChainStep& step) {
    const bool follows = step.target != Target::original;
    const bool waits = follows && step.payer_number.empty();
    const bool held = claim != nullptr && claim->held;
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
    const bool voids = step.target == Target::void_claim;
    const auto text = voids
                          ? claim_like(step.last_pulled->body, body, emission_)
                          : claim_json(*claim, body, emission_);
    const Transition into{
        body.status == "active" ? "claim-ready" : "claim-draft", {}};
    if (put({reference, body.status, body.key, text, &map::kBill},
            step.working)) {
      if (claim != nullptr && !voids) {
        origin(claim->visits.front()->inputs, claim->visits.front()->policy,
               into);
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

  std::vector<TaskPlan> all_tasks() const {
    auto tasks = plan_.tasks;
    for (const auto& one : waiting_) {
      const auto key = "task|" + one.focus + "|" + std::string(one.task);
      auto found =
          std::find_if(tasks.begin(), tasks.end(),
                       [&](const TaskPlan& task) { return task.key == key; });
      if (found == tasks.end()) {
        tasks.push_back({key, one.focus, std::string(one.task), patient(), {}});
        found = std::prev(tasks.end());
      }
      found->findings.push_back(one.finding());
    }
    return tasks;
  }

  std::string patient() const {
    return plan_.referrals.empty() ? std::string()
                                   : plan_.referrals.front().patient;
  }

  void tasks() {
    std::set<std::string> wanted;
    for (auto task : all_tasks()) {
      const auto focus = resolve(task.focus);
      if (focus.empty()) continue;
      const auto plan_focus = std::exchange(task.focus, focus);
      task.key = "task|" + focus + "|" + task.code;
      wanted.insert(task.key);
      put_task(task, plan_focus);
    }
    for (const auto& [key, emitted] : emitted_) {
      if (emitted->type != "Task" || wanted.contains(key)) continue;
      end_task(*emitted);
      notify();
    }
  }

  void end_task(const Emitted& task) {
    const bool back = withdrawn(task.focus);
    const TaskEnd end{back ? "cancelled" : "completed",
                      back ? kWithdrawn : kCauseGone, emitting_.now};
    put({task.source.key, end.status, task.key,
         ended_task_json(task, end, case_)},
        &task);
    origin({task.source.versioned()}, nullptr);
  }

  void notify() {
    const auto& change = changes_.resources.back();
    changes_.feed.push_back({"task-changed", change.id, change.version});
  }

  // The task of that key that is open, or that its owner ended although the
  // cause is still there: it is taken up again.
  const Emitted* earlier_task(const std::string& key) {
    if (const auto* open = before(key)) return open;
    const auto ended = ended_.find(key);
    if (ended == ended_.end()) return nullptr;
    emitted_[key] = ended->second;
    return ended->second;
  }

  void put_task(const TaskPlan& task, const std::string& plan_focus) {
    const auto* earlier = earlier_task(task.key);
    const bool ended = earlier != nullptr && closed(*earlier);
    if (ended && acknowledges(*earlier, task)) return;
    name(task.key, "Task");
    const auto& reference = ids_[task.key];
    const auto now = utc_text(emitting_.now);
    const bool fresh = earlier == nullptr;
    TaskBody body{.id = id_part(reference),
                  .status = fresh || ended ? "requested" : earlier->status,
                  .authored = fresh ? now : earlier->stamp,
                  .modified = fresh ? now : earlier->modified};
    if (!fresh) body.kept = kept_words(*earlier, case_);
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
        {reference, task.focus, plan_focus, task.findings});
  }

  bool withdrawn(const std::string& focus) const {
    const auto session = case_.sessions().find(focus);
    if (session != case_.sessions().end()) {
      return session->second.state == episode::Session::State::withdrawn;
    }
    const auto order = case_.referrals().find(focus);
    if (order == case_.referrals().end()) return false;
    return order->second.status == "revoked" ||
           order->second.status == "entered-in-error";
  }

  // --- life cycles

  void life_cycles() {
    const auto today = programs_.zone().date(emitting_.now);
    for (const auto& move : moves(plan_, case_, today)) {
      const auto target = move.source->versioned();
      came(target, {target}, move.policy, move.into);
    }
  }

  void provenance() {
    for (const auto& [made, origin] : origins_) {
      const auto id = mint_();
      ProvenanceBody body{id,          origin.targets, made.first,
                          made.second, origin.states,  origin.reasons,
                          origin.maps};
      auto& targets = body.targets;
      targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
      put({"Provenance/" + id, "", "", provenance_json(body, emission_),
           &map::kOrigin},
          nullptr);
    }
  }

  const Plan& plan_;
  const episode::Case& case_;
  const program::Programs& programs_;
  const Emitting& emitting_;
  const IdSource& mint_;
  Emission emission_;
  std::map<std::string, const Emitted*> emitted_;  // by key of the plan
  std::map<std::string, std::vector<const Emitted*>> claims_;
  std::map<std::string, std::string, std::less<>> ids_;
  std::vector<Judgement> waiting_;
  std::map<std::string, const Emitted*> ended_;  // tasks, by their owners
  // Inputs and policies, and what was made of them by which maps.
  std::map<std::pair<std::vector<std::string>, std::vector<std::string>>,
           Origin>
      origins_;
  Changes changes_;
};

}  // namespace

Changes reconcile(const Plan& plan, const episode::Case& facts,
                  const program::Programs& programs, const Emitting& emitting,
                  const IdSource& mint) {
  return Reconciler(plan, facts, programs, emitting, mint).run();
}

}  // namespace gateway::billing
