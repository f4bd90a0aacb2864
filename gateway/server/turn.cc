#include "server/turn.h"

#include <utility>

#include "exchange/read_side.h"
#include "security/digest.h"
#include "server/batch.h"
#include "server/ownership.h"
#include "server/screening.h"
#include "server/update_checks.h"
#include "server/v2_known.h"

namespace gateway::server {
namespace {

using exchange::Action;
using fhir::IssueType;
using store::MessageState;

constexpr int kMostTries = 5;

MessageState state_of(const exchange::Refusal& refusal) {
  return refusal.status == 400 || refusal.status == 413
             ? MessageState::unparsed
             : MessageState::rejected;
}

}  // namespace

void Turn::begin() {
  now_ = parts_.clock();
  if (!incoming_.edition) incoming_.edition = parts_.editions.current();
  auto read = exchange::read_write_request(
      incoming_.interaction, incoming_.body, parts_.keys, parts_.site);
  if (auto* refusal = std::get_if<Refusal>(&read)) {
    return refuse(std::move(*refusal));
  }
  request_ = std::get<exchange::WriteRequest>(std::move(read));
  if (!incoming_.stages.parsed) incoming_.stages.parsed = parts_.clock();
  if (request_.kind == exchange::RequestKind::batch) {
    return write_batch(parts_, std::move(incoming_), std::move(request_),
                       std::move(answer_));
  }
  if (auto refusal = screened(parts_, incoming_.caller, request_)) {
    return refuse(*std::move(refusal));
  }
  auto whose = owner_of(parts_, incoming_.caller, request_);
  if (!whose) return fail(whose.error());
  owner_ = *std::move(whose);
  digest_ = digest();
  enter_conditions();
}

std::string Turn::digest() const {
  if (incoming_.original) return incoming_.original->digest;
  const auto same = exchange::sameness(request_);
  return same.empty() ? incoming_.once : security::sha256_hex(same);
}

// Requests with the same condition go one after the other: the second finds
// what the first created.
// A lane keeps two messages from creating the same thing. What is there already
// needs none: a practitioner or payer would be a lane of all its patients.
std::vector<std::string> Turn::condition_lanes() {
  std::vector<std::string> lanes;
  found_.clear();
  for (const auto& entry : request_.entries) {
    if (!entry.interaction.condition) continue;
    const bool creates =
        !entry.refusal && entry.interaction.action == Action::create;
    if (tries_ == 0 && creates) {
      const auto found = exchange::matches(
          *entry.interaction.condition, store::Scope::of(owner_), parts_.store);
      if (found && found->size() == 1) {
        found_.insert(entry.position);
        continue;
      }
    }
    lanes.push_back("1 " + owner_ + " " + entry.interaction.type + "?" +
                    exchange::query_text(entry.interaction.condition->applied));
  }
  if (!digest_.empty()) lanes.push_back("1 " + owner_ + " " + digest_);
  if (!incoming_.original) return lanes;
  const auto& original = *incoming_.original;
  if (!original.name.empty()) {
    lanes.push_back("1 " + owner_ + " " + original.name);
  }
  auto numbers = number_lanes(original.numbers, owner_, parts_.site);
  lanes.insert(lanes.end(), numbers.begin(), numbers.end());
  return lanes;
}

void Turn::enter_conditions() {
  parts_.lanes.enter(condition_lanes(),
                     [self = shared_from_this()](Lanes::Lease lease) {
                       self->conditions_ = std::move(lease);
                       self->resolve();
                     });
}

bool Turn::replayed() {
  if (digest_.empty()) return false;
  const auto known =
      parts_.store.find_digest(incoming_.caller.partner, digest_);
  if (!known) {
    fail(known.error());
    return true;
  }
  if (!*known) return false;
  if (incoming_.end) incoming_.end->known = true;
  answer_again((*known)->message);
  return true;
}

void Turn::answer_again(const store::Message& message) {
  digest_.clear();  // the log keeps it with the first message
  finish(message.state, {}, exchange::replayed_answer(message));
}

bool Turn::objected() {
  if (!incoming_.original || !incoming_.original->objection) return false;
  auto objection = incoming_.original->objection();
  if (!objection) {
    fail(objection.error());
    return true;
  }
  if (auto* refusal = std::get_if<Refusal>(&*objection)) {
    refuse(std::move(*refusal));
    return true;
  }
  const auto* known = std::get_if<store::Message>(&*objection);
  if (known != nullptr) answer_again(*known);
  return known != nullptr;
}

bool Turn::waits() {
  if (!incoming_.original || !incoming_.original->wait) return false;
  const auto& original = *incoming_.original;
  auto named =
      patients_named(original.numbers, owner_, parts_.site, parts_.store);
  if (!named) {
    fail(named.error());
    return true;
  }
  const bool is_anew = original.anew && named->first > 0;
  if (named->several.empty() && !is_anew) return false;
  let_go();
  if (!named->several.empty()) {
    original.wait(named->several);
  } else {
    original.anew(original.numbers[named->first].repetition);
  }
  return true;
}

void Turn::resolve() {
  if (replayed() || objected() || waits()) return;
  Resolution resolution(parts_.store, parts_.ids, parts_.site, parts_.keys);
  auto resolved = resolution.assign(request_, store::Scope::of(owner_), owner_);
  if (auto* error = std::get_if<Error>(&resolved)) return fail(*error);
  if (auto* refusal = std::get_if<Refusal>(&resolved)) {
    return refuse(std::move(*refusal));
  }
  resolved_ = std::get<Resolved>(std::move(resolved));
  // What was there and has gone is created in its lane.
  for (const auto position : found_) {
    if (!only_found(position)) return again();
  }
  enter_cases();
}

bool Turn::only_found(std::size_t position) const {
  if (request_.entries[position].interaction.action != Action::create) {
    return false;
  }
  const auto& entry = resolved_.entries[position];
  const auto first = entry.effect == Effect::same ? entry.same_as : position;
  return resolved_.matched.contains(first);
}

// The patient of an entry, while its references are still as sent.
std::string Turn::patient_key(std::size_t position) const {
  const auto& id = resolved_.assignment.ids[position];
  if (id.type == "Patient") return id.text();
  const auto reference =
      exchange::patient_reference(request_.entries[position].resource);
  if (reference.empty()) return reference;
  const auto matched = resolved_.assignment.matched.find(reference);
  if (matched != resolved_.assignment.matched.end()) {
    return matched->second.text();
  }
  for (const auto& entry : request_.entries) {
    if (entry.full_url == reference) {
      return resolved_.assignment.ids[entry.position].text();
    }
  }
  const auto literal = fhir::parse_reference(reference, parts_.site.base);
  const bool patient = literal && literal->target.type == "Patient";
  return patient ? literal->target.text() : std::string();
}

Result<std::set<std::string>> Turn::cases_touched() const {
  std::set<std::string> keys;
  for (std::size_t i = 0; i < request_.entries.size(); ++i) {
    if (resolved_.entries[i].effect == Effect::none) continue;
    const auto patient = patient_key(i);
    if (!patient.empty()) keys.insert(patient);
    // What If-None-Exist found is not written, however many cases look at it.
    const auto action = request_.entries[i].interaction.action;
    if (action == Action::create && resolved_.matched.count(i) > 0) continue;
    // What is new has no dependents, unless it is one of many.
    if (!patient.empty() && resolved_.entries[i].effect == Effect::create) {
      continue;
    }
    const auto resource = resolved_.assignment.ids[i].text();
    const auto stored = parts_.store.dependents(owner_, resource);
    if (!stored) return stored.error();
    keys.insert(stored->begin(), stored->end());
    const auto users = parts_.shelf.users(owner_, resource);
    keys.insert(users.begin(), users.end());
  }
  return keys;
}

void Turn::enter_cases() {
  auto touched = cases_touched();
  if (!touched) return fail(touched.error());
  case_keys_ = *std::move(touched);
  Lanes::Keys lanes;
  for (const auto& key : case_keys_) {
    lanes.own.push_back(case_lane(owner_, key));
  }
  // Resources of no patient have a lane of their own. Who found one there only
  // reads it, but nobody changes it meanwhile.
  for (std::size_t i = 0; i < request_.entries.size(); ++i) {
    const auto& id = resolved_.assignment.ids[i];
    if (id.id.empty()) continue;
    auto& keys = only_found(i) ? lanes.shared : lanes.own;
    keys.push_back(case_lane(owner_, id.text()));
  }
  parts_.lanes.enter(std::move(lanes),
                     [self = shared_from_this()](Lanes::Lease lease) {
                       self->cases_ = std::move(lease);
                       self->settle();
                     });
}

void Turn::settle() {
  Resolution resolution(parts_.store, parts_.ids, parts_.site, parts_.keys);
  MessageTerms terms{.amendments = incoming_.amendments,
                     .is_mapped = incoming_.original.has_value()};
  if (terms.is_mapped) terms.numbers = incoming_.original->numbers;
  auto settled =
      resolution.settle(request_, std::move(resolved_), owner_, now_, terms);
  if (auto* error = std::get_if<Error>(&settled)) return fail(*error);
  if (auto* refusal = std::get_if<Refusal>(&settled)) {
    return refuse(std::move(*refusal));
  }
  resolved_ = std::get<Resolved>(std::move(settled));
  auto late = overtaken(request_, incoming_.said, parts_.store, resolved_);
  if (!late) return fail(late.error());
  if (*late) return refuse(**std::move(late));
  auto unfit = unfit_task(request_, resolved_);
  if (!unfit) {
    unfit = unfit_update(incoming_.amendments, resolved_, parts_.intake, now_);
  }
  if (unfit) return refuse(*std::move(unfit));
  auto wrong = misplaced(belongings(), parts_.site.base, [this](auto& id) {
    return parts_.store.read(store::Scope::of(owner_), id, std::nullopt);
  });
  if (!wrong) return fail(wrong.error());
  if (!wrong->empty()) return refuse({.status = 409, .outcome = *wrong});
  decide();
}

std::vector<Belonging> Turn::belongings() const {
  std::vector<Belonging> all;
  for (std::size_t i = 0; i < resolved_.entries.size(); ++i) {
    const auto& slot = resolved_.entries[i];
    if (slot.effect != Effect::create && slot.effect != Effect::update) {
      continue;
    }
    all.push_back({slot.current ? &*slot.current : nullptr, patient_key(i),
                   slot.document->root(), request_.entries[i].expression});
  }
  return all;
}

void Turn::decide() {
  std::vector<Changed> changed;
  for (std::size_t i = 0; i < resolved_.entries.size(); ++i) {
    const auto& slot = resolved_.entries[i];
    if (slot.effect != Effect::create && slot.effect != Effect::update) {
      continue;
    }
    changed.push_back({{.id = resolved_.assignment.ids[i],
                        .version = slot.version,
                        .last_updated = now_,
                        .owner = owner_,
                        .document = slot.document},
                       patient_key(i)});
    add_write(i);
  }
  auto decision =
      decide_cases(parts_, owner_, case_keys_, changed,
                   {now_, incoming_.edition, incoming_.caller.partner});
  if (!decision) return fail(decision.error());
  decision_ = *std::move(decision);
  if (!decision_.unfit.empty()) return refuse_emission();
  commit();
}

// The message is kept as rejected, with all that is wrong, and nothing else:
// an emitted resource that is not valid is never stored.
void Turn::refuse_emission() {
  for (const auto& key : case_keys_) parts_.shelf.forget(owner_, key);
  refuse({.status = 500, .outcome = std::move(decision_.unfit)});
}

void Turn::add_write(std::size_t position) {
  const auto& slot = resolved_.entries[position];
  const auto& id = resolved_.assignment.ids[position];
  if (id.type == "Task") tasks_.push_back(id);
  const Json resource = slot.document->root();
  commit_.resources.push_back(
      {.id = id,
       .version = slot.version,
       .owner = owner_,
       .case_key = patient_key(position),
       .status = std::string(exchange::status_of(resource)),
       .body = slot.body,
       .index = exchange::index_entries(resource, parts_.site),
       .last_updated = now_});
  for (const auto& key : slot.keys) {
    const auto known = parts_.store.find_key(owner_, id.type, key.key);
    if (known && *known) continue;  // its own, from an earlier version
    commit_.keys.push_back({owner_, id.type, key.key, id});
  }
}

void Turn::commit() {
  auto outcome = effect().findings();
  auto told = effect().told();
  for (auto* const all : {&outcome, &told}) {
    all->merge(incoming_.told);
    all->merge(resolved_.told);
  }
  auto& into = commit_;
  into.resources.insert(into.resources.end(), decision_.writes.begin(),
                        decision_.writes.end());
  into.ledger = decision_.ledger;
  into.feed = decision_.feed;
  into.dependents = decision_.dependents;
  if (incoming_.beside) {
    if (const auto done = incoming_.beside(into); !done) {
      return fail(done.error());
    }
  }
  const bool held = !effect().tasks().empty();
  finish(held ? MessageState::held : MessageState::accepted, outcome,
         in_its_language(told, answer()));
}

exchange::EntryAnswer Turn::entry_answer(std::size_t position) {
  const auto& entry = request_.entries[position];
  if (resolved_.entries[position].effect != Effect::none) {
    return {.written = effect().written(position)};
  }
  return read_in_bundle(parts_, incoming_.caller, entry.interaction);
}

transport::Response Turn::answer() {
  constexpr int kOk = 200;
  if (incoming_.original) return {.status = kOk};  // it has its own words
  const auto prefer = incoming_.interaction.prefer;
  if (request_.kind == exchange::RequestKind::single) {
    return exchange::written_answer(effect().written(0), prefer, parts_.site);
  }
  std::vector<exchange::EntryAnswer> entries;
  for (std::size_t i = 0; i < request_.entries.size(); ++i) {
    entries.push_back(entry_answer(i));
  }
  return exchange::bundle_answer(request_.kind, entries, prefer, parts_.site);
}

transport::Response Turn::in_its_language(const fhir::Outcome& outcome,
                                          transport::Response response) const {
  if (incoming_.original) {
    response.body = incoming_.original->answer(response.status, outcome);
  }
  return response;
}

void Turn::finish(MessageState state, const fhir::Outcome& outcome,
                  transport::Response response) {
  if (incoming_.end) note_end(commit_, state, outcome, *incoming_.end);
  if (incoming_.purpose == Purpose::trial) {
    // What was decided stands in the cases' facts already.
    forget();
    let_go();
    return answer_(std::move(response));
  }
  commit_.message = received(incoming_);
  auto keys = incoming_.original ? incoming_.original->keys : MessageKeys();
  keys.add_request(request_);
  if (!incoming_.original) keys.add_patients(request_);
  keys.add_origin(incoming_.peer);
  commit_.message.keys = std::move(keys).take();
  commit_.message.digest = digest_;
  commit_.message.stages.judged = parts_.clock();
  if (!outcome.empty()) {
    commit_.message.outcome = fhir::to_operation_outcome(
        outcome, parts_.site.canonical, incoming_.body);
  }
  ended(commit_.message, state, outcome, response);
  if (incoming_.original) note_name(incoming_.original->name, commit_.message);
  response_ = std::move(response);
  parts_.store.commit(
      std::move(commit_),
      [self = shared_from_this()](const Result<store::Receipt>& receipt) {
        self->committed(receipt);
      });
}

// Called on the store's thread.
void Turn::committed(const Result<store::Receipt>& receipt) {
  if (receipt) {
    let_go();
    // Whoever closes the Task of a message that waits gives that one up.
    for (const auto& task : tasks_) parts_.parked.look_at(owner_, task);
    if (incoming_.original && incoming_.original->kept) {
      incoming_.original->kept(receipt->sequence);
    }
    return answer_(std::move(response_));
  }
  if (receipt.error().code != ErrorCode::conflict) return fail(receipt.error());
  forget();
  again();
}

// Somebody else took a key, a version or an id first: what they stored is
// found when the turn starts anew.
void Turn::again() {
  if (incoming_.end) incoming_.end->state.reset();
  let_go();
  commit_ = {};
  decision_ = {};
  tasks_.clear();
  resolved_ = {};
  if (++tries_ < kMostTries) {
    return parts_.run(
        [self = shared_from_this()] { self->enter_conditions(); });
  }
  fail({ErrorCode::busy,
        "others changed the same resources at the same time; send the message "
        "again"});
}

void Turn::refuse(Refusal refusal) {
  commit_ = {};
  // What waited goes on waiting, and its Task says why: no end for the log.
  if (incoming_.waited) incoming_.purpose = Purpose::trial;
  auto response =
      exchange::refusal_answer(refusal, parts_.site, incoming_.body);
  const auto state = state_of(refusal);
  digest_.clear();  // what was refused may be sent again, if not said else
  if (incoming_.original && incoming_.original->refusal) {
    digest_ = incoming_.original->refusal(refusal);
  }
  if (!digest_.empty()) {
    const auto known =
        parts_.store.find_digest(incoming_.caller.partner, digest_);
    if (!known) return fail(known.error());
    if (*known) return answer_again((*known)->message);
  }
  finish(state, refusal.outcome,
         in_its_language(refusal.outcome, std::move(response)));
}

void Turn::forget() {
  for (const auto& key : case_keys_) {
    parts_.shelf.forget(owner_, key);
    parts_.waking.forget({owner_, key});
  }
}

void Turn::fail(const Error& error) {
  if (incoming_.end) incoming_.end->state.reset();  // it has none
  forget();
  let_go();
  answer_(unavailable(error, parts_.site));
}

void Turn::let_go() {
  cases_.release();
  conditions_.release();
}

}  // namespace gateway::server
