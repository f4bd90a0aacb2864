#include "server/decision.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/json_writer.h"
#include "billing/claim_plans.h"
#include "billing/decide.h"
#include "billing/reconcile.h"
#include "billing/standing_plan.h"

namespace gateway::server {
namespace {

// Our own bodies begin with their type; meta follows it, with the map and its
// hash as where the resource comes from.
std::string with_meta(const billing::Change& change, Instant now,
                      const std::string& base) {
  JsonWriter meta;
  meta.begin_object()
      .member("versionId", std::to_string(change.version))
      .member("lastUpdated", utc_text(now));
  if (!change.map.empty()) {
    meta.member("source", base + "/map/" + change.map);
  }
  meta.end_object();
  auto body = change.body;
  body.insert(body.find(','), ",\"meta\":" + meta.text());
  return body;
}

// The plan's key is how emitted resources are found again in their case;
// nobody searches by it, so it costs no index rows.
std::vector<store::IndexEntry> public_entries(
    std::vector<store::IndexEntry> entries, const std::string& key) {
  const auto is_key = [&key](const store::IndexEntry& entry) {
    return entry.param == "identifier" &&
           (entry.value.ends_with(key) ||
            entry.value.find("/NamingSystem/plan-key|") != std::string::npos);
  };
  if (!key.empty()) std::erase_if(entries, is_key);
  return entries;
}

// Our own profiles of what we emit.
struct EmittedProfile {
  std::string_view type;
  std::string_view name;
};
constexpr std::array kProfiles = {EmittedProfile{"Claim", "wc-claim"},
                                  EmittedProfile{"Encounter", "wc-encounter"},
                                  EmittedProfile{"Task", "wc-correction-task"}};

validate::ValidateOptions checks_of(const std::string& type,
                                    const std::string& base) {
  validate::ValidateOptions options;
  for (const auto& profile : kProfiles) {
    if (profile.type != type) continue;
    options.profiles.push_back(base + "/StructureDefinition/" +
                               std::string(profile.name));
  }
  return options;
}

// A defect of our own, told to the operator: the message is kept, rejected.
fhir::Finding unfit(const fhir::ResourceId& id, fhir::Finding finding) {
  finding.text = "what the gateway would emit for this message is not valid (" +
                 finding.rule + "): " + finding.text;
  finding.rule = "emit/not-valid";
  finding.severity = fhir::Severity::fatal;
  finding.type = fhir::IssueType::exception;
  if (finding.expression.empty()) {
    finding.expression = id.type.empty() ? "Bundle" : id.type;
  }
  finding.span.reset();
  finding.remedy =
      "nothing was stored but this message; correct the maps or "
      "profiles, and send or replay it";
  finding.actor = fhir::Actor::operator_;
  return finding;
}

// A map that gives nothing is a defect of our own as well.
fhir::Finding not_made(const Error& fault) {
  return unfit({}, {.rule = "emit/no-resource", .text = fault.message});
}

class CaseDecision {
 public:
  CaseDecision(const Parts& parts, const std::string& owner,
               const std::string& case_key, const Moment& moment)
      : parts_(parts), owner_(owner), case_key_(case_key), moment_(moment) {}

  Status decide(const std::vector<Changed>& changed, Decision& into);

 private:
  Status decide_anew(Decision& into);
  billing::Changes changes_of(const billing::Plan& plan,
                              const billing::Reach* reach);
  Status write_down(const billing::Changes& changes, Decision& into);
  Status take_facts(const std::vector<Changed>& changed, Decision& into);
  void take_from_others(const std::vector<Changed>& changed, Decision& into);
  void depend_on(const std::string& resource, Decision& into);
  Status emit(const billing::Change& change, Decision& into);
  void add_ledger(const billing::Changes& changes, Decision& into);
  void add_tasks(const billing::Plan& plan, Decision& into);
  void note_change(std::optional<Instant> next, Decision& into);
  std::vector<std::string> causes(const billing::Plan& plan,
                                  const std::string& focus) const;

  const Parts& parts_;
  const std::string& owner_;
  const std::string& case_key_;
  const Moment& moment_;
  std::shared_ptr<KnownCase> known_;
};

Status CaseDecision::take_facts(const std::vector<Changed>& changed,
                                Decision& into) {
  auto taken = parts_.shelf.take(owner_, case_key_);
  if (!taken) return taken.error();
  known_ = *std::move(taken);
  for (const auto& one : changed) {
    if (!one.case_key.empty() && one.case_key != case_key_) continue;
    known_->learn(one.resource);
    if (one.case_key.empty()) depend_on(one.resource.id.text(), into);
  }
  take_from_others(changed, into);
  const auto asked = parts_.shelf.fill(owner_, case_key_, *known_);
  if (!asked) return asked.error();
  for (const auto& party : *asked) {
    into.dependents.push_back({party, case_key_});
  }
  return Done{};
}

void CaseDecision::depend_on(const std::string& resource, Decision& into) {
  parts_.shelf.note_user(owner_, resource, case_key_);
  into.dependents.push_back({resource, case_key_});
}

// What the same message brings for another patient, but this case refers to:
// a coverage that names the wrong beneficiary.
void CaseDecision::take_from_others(const std::vector<Changed>& changed,
                                    Decision& into) {
  for (const auto& needed : known_->facts.parties()) {
    for (const auto& one : changed) {
      if (one.resource.id.text() != needed) continue;
      known_->learn(one.resource);
      depend_on(needed, into);
    }
  }
}

Status CaseDecision::decide(const std::vector<Changed>& changed,
                            Decision& into) {
  if (auto status = take_facts(changed, into); !status) return status;
  // What our profiles find in what a case rests on may hold anything of it.
  if (!known_->defects.empty()) return decide_anew(into);
  const auto reach = known_->follow(moment_.edition, moment_.now);
  const auto& standing = *known_->standing;
  const auto changes = changes_of(standing.plan(), &reach);
  if (changes.fault) {
    into.unfit.add(not_made(*changes.fault));
    return Done{};
  }
  known_->note_tasks(changes, reach.whole ? KnownCase::Compared::all
                                          : KnownCase::Compared::some);
  // Before what was emitted becomes facts: the plan points into the facts.
  add_tasks(standing.plan(), into);
  if (auto status = write_down(changes, into); !status) return status;
  known_->standing->note_emitted(changes.next_change);
  note_change(standing.next_change(), into);
  return Done{};
}

Status CaseDecision::decide_anew(Decision& into) {
  known_->standing.reset();
  auto plan =
      billing::decide(known_->facts, moment_.edition->programs, moment_.now);
  hold_defects(known_->defects, plan);
  const auto changes = changes_of(plan, nullptr);
  if (changes.fault) {
    into.unfit.add(not_made(*changes.fault));
    return Done{};
  }
  note_change(plan.next_change, into);
  note_change(changes.next_change, into);
  known_->note_tasks(changes, KnownCase::Compared::all);
  add_tasks(plan, into);
  return write_down(changes, into);
}

billing::Changes CaseDecision::changes_of(const billing::Plan& plan,
                                          const billing::Reach* reach) {
  return billing::reconcile(
      plan, known_->facts, moment_.edition->programs,
      {.maps = *moment_.edition->maps,
       .owner = owner_,
       .sender = moment_.sender.empty() ? owner_ : moment_.sender,
       .now = moment_.now,
       .posted = known_->sums,
       .reach = reach},
      [this] { return parts_.ids.next(); });
}

Status CaseDecision::write_down(const billing::Changes& changes,
                                Decision& into) {
  for (const auto& change : changes.resources) {
    if (auto status = emit(change, into); !status) return status;
  }
  add_ledger(changes, into);
  for (const auto& notice : changes.feed) {
    into.feed.push_back(
        {owner_, notice.topic, notice.resource, notice.version});
  }
  return Done{};
}

// When time alone changes what follows, the case is decided again.
void CaseDecision::note_change(std::optional<Instant> next, Decision& into) {
  if (!next) return;
  const auto hour = parts_.waking.note({owner_, case_key_}, *next);
  if (hour) into.dependents.push_back({*hour, case_key_});
}

Status CaseDecision::emit(const billing::Change& change, Decision& into) {
  auto body = with_meta(change, moment_.now, parts_.site.canonical);
  auto document = parse_shared(body, parts_.keys);
  if (!document) return document.error();
  const auto outcome = parts_.validator.validate(
      **document, checks_of(change.id.type, parts_.site.canonical));
  for (const auto& finding : outcome.findings()) {
    if (finding.severity > fhir::Severity::error) continue;
    into.unfit.add(unfit(change.id, finding));
  }
  const Json resource = (*document)->root();
  into.writes.push_back(
      {.id = change.id,
       .version = change.version,
       .owner = owner_,
       .case_key = case_key_,
       .status = change.status,
       .body = std::move(body),
       .index = public_entries(exchange::index_entries(resource, parts_.site),
                               change.key),
       .last_updated = moment_.now});
  known_->facts.apply({.id = change.id,
                       .version = change.version,
                       .last_updated = moment_.now,
                       .owner = owner_,
                       .document = *document});
  return Done{};
}

void CaseDecision::add_ledger(const billing::Changes& changes, Decision& into) {
  for (const auto& entry : changes.ledger) {
    known_->post(entry);
    into.ledger.push_back({.owner = owner_,
                           .authorization = entry.authorization,
                           .account = entry.account,
                           .unit = entry.unit,
                           .amount = entry.amount,
                           .cause = entry.cause,
                           .reason = entry.reason});
  }
}

// The sessions that an emitted encounter or claim was made from: whoever sent
// them is to hear of its hold.
std::vector<std::string> CaseDecision::causes(const billing::Plan& plan,
                                              const std::string& focus) const {
  std::vector<std::string> sessions;
  const auto add = [&sessions](const billing::Visit& visit) {
    for (const auto* segment : visit.segments) {
      sessions.push_back(segment->source.key);
    }
  };
  if (!focus.starts_with('@')) return sessions;
  const auto* claim =
      billing::claim_of(plan, std::string_view(focus).substr(1));
  if (claim == nullptr) return sessions;
  for (const auto* visit : claim->visits) add(*visit);
  return sessions;
}

void CaseDecision::add_tasks(const billing::Plan& plan, Decision& into) {
  for (auto& one : billing::intake_warnings(plan)) {
    into.warnings.push_back(std::move(one));
  }
  for (const auto& [key, open] : known_->open_tasks) {
    const auto id = fhir::parse_reference(open.task);
    if (!id) continue;
    OpenTask task{.id = id->target, .focus = open.focus};
    task.causes = causes(plan, open.plan_focus);
    for (const auto& finding : open.findings) task.findings.add(finding);
    into.tasks.push_back(std::move(task));
  }
}

}  // namespace

bool OpenTask::concerns(std::string_view resource) const {
  return focus == resource ||
         std::find(causes.begin(), causes.end(), resource) != causes.end();
}

Result<Decision> decide_cases(const Parts& parts, const std::string& owner,
                              const std::set<std::string>& case_keys,
                              const std::vector<Changed>& changed,
                              const Moment& moment) {
  Decision decision;
  for (const auto& case_key : case_keys) {
    CaseDecision one(parts, owner, case_key, moment);
    if (const auto status = one.decide(changed, decision); !status) {
      return status.error();
    }
  }
  return decision;
}

}  // namespace gateway::server
