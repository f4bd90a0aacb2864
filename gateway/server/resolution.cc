#include "server/resolution.h"

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "exchange/search_parameters.h"
#include "server/kept_as_stored.h"
#include "server/patient_numbers.h"
#include "server/resolution_findings.h"

namespace gateway::server {
namespace {

using exchange::Action;
using exchange::ContentKey;
using exchange::WriteEntry;

// Most senders say the same again: then nothing needs to be parsed.
bool says_all(const std::string& stored,
              const std::vector<PatientNumber>& numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [&](const auto& one) {
    return stored.find("\"value\":" + json_quoted(one.value)) !=
           std::string::npos;
  });
}

}  // namespace

std::variant<Resolved, exchange::Refusal, Error> Resolution::assign(
    const exchange::WriteRequest& request, const store::Scope& scope,
    const std::string& owner) {
  Resolved resolved;
  resolved.assignment.ids.resize(request.entries.size());
  resolved.entries.resize(request.entries.size());
  for (const auto& entry : request.entries) {
    if (const auto same = earlier(request, entry.position)) {
      auto& slot = resolved.entries[entry.position];
      slot.effect = Effect::same;
      slot.same_as = *same;
      resolved.assignment.ids[entry.position] = resolved.assignment.ids[*same];
      continue;
    }
    if (auto stop = assign_entry(entry, scope, owner, resolved)) {
      if (auto* refusal = std::get_if<exchange::Refusal>(&stop->why)) {
        return std::move(*refusal);
      }
      return std::get<Error>(stop->why);
    }
  }
  if (auto stop = match_references(request, scope, resolved)) {
    if (auto* refusal = std::get_if<exchange::Refusal>(&stop->why)) {
      return std::move(*refusal);
    }
    return std::get<Error>(stop->why);
  }
  return resolved;
}

std::optional<std::size_t> Resolution::earlier(
    const exchange::WriteRequest& request, std::size_t position) {
  const auto& asked = request.entries[position].interaction;
  if (request.entries[position].refusal || !asked.condition ||
      asked.action != Action::create)
    return std::nullopt;
  const auto query = exchange::query_text(asked.condition->applied);
  for (std::size_t i = 0; i < position; ++i) {
    const auto& other = request.entries[i];
    if (other.refusal || !other.interaction.condition) continue;
    const bool same =
        exchange::writes(other.interaction.action) &&
        other.interaction.type == asked.type &&
        exchange::query_text(other.interaction.condition->applied) == query;
    if (same) return i;
  }
  return std::nullopt;
}

Resolution::Step Resolution::assign_entry(const WriteEntry& entry,
                                          const store::Scope& scope,
                                          const std::string& owner,
                                          Resolved& resolved) {
  const auto& asked = entry.interaction;
  if (entry.refusal || !exchange::writes(asked.action)) return std::nullopt;
  auto& slot = resolved.entries[entry.position];
  auto& id = resolved.assignment.ids[entry.position];
  slot.effect = Effect::create;
  id = {asked.type, asked.id};
  if (asked.action == Action::update) slot.effect = Effect::update;
  if (asked.condition) return assign_by_condition(entry, scope, resolved);
  if (asked.action == Action::create) {
    return assign_by_key(entry, owner, resolved);
  }
  return std::nullopt;
}

Resolution::Step Resolution::assign_by_condition(const WriteEntry& entry,
                                                 const store::Scope& scope,
                                                 Resolved& resolved) {
  const auto found =
      exchange::matches(*entry.interaction.condition, scope, store_);
  if (!found) return Stop{found.error()};
  if (found->size() > 1) return Stop{several_matches(entry)};
  auto& id = resolved.assignment.ids[entry.position];
  if (!found->empty()) {
    id = found->front();
    resolved.matched.insert(entry.position);
  } else if (id.id.empty()) {
    id.id = ids_.next();
  }
  return std::nullopt;
}

Resolution::Step Resolution::assign_by_key(const WriteEntry& entry,
                                           const std::string& owner,
                                           Resolved& resolved) {
  auto& id = resolved.assignment.ids[entry.position];
  for (const auto& key : exchange::business_keys(entry.resource, site_)) {
    if (key.kind != ContentKey::Kind::identifier) continue;
    const auto known = store_.find_key(owner, id.type, key.key);
    if (!known) return Stop{known.error()};
    if (*known) {
      id = **known;
      return std::nullopt;
    }
  }
  id.id = ids_.next();
  return std::nullopt;
}

Resolution::Step Resolution::match_references(
    const exchange::WriteRequest& request, const store::Scope& scope,
    Resolved& resolved) {
  for (const auto& reference : request.conditional) {
    const auto found = exchange::matches(reference.search, scope, store_);
    if (!found) return Stop{found.error()};
    if (found->size() != 1) {
      return Stop{no_match(reference, found->size() > 1)};
    }
    resolved.assignment.matched[reference.text] = found->front();
  }
  return std::nullopt;
}

std::variant<Resolved, exchange::Refusal, Error> Resolution::settle(
    const exchange::WriteRequest& request, Resolved resolved,
    const std::string& owner, Instant now, const MessageTerms& terms) {
  now_ = now;
  terms_ = &terms;
  Step stop = follow_grants(request, owner, resolved);
  for (std::size_t i = 0; i < request.entries.size() && !stop; ++i) {
    stop = settle_entry(request, i, owner, resolved);
  }
  if (!stop) {
    tell_unknown(request, resolved);
    return resolved;
  }
  if (auto* refusal = std::get_if<exchange::Refusal>(&stop->why)) {
    return std::move(*refusal);
  }
  return std::get<Error>(stop->why);
}

// A visit that was cancelled before it took place has no session.
void Resolution::tell_unknown(const exchange::WriteRequest& request,
                              Resolved& resolved) const {
  bool knows_visit = false;
  for (const auto& entry : request.entries) {
    knows_visit |= entry.interaction.type == "Encounter" &&
                   withdraws(entry.resource) &&
                   resolved.entries[entry.position].current.has_value();
  }
  for (const auto& entry : request.entries) {
    const auto& slot = resolved.entries[entry.position];
    if (slot.effect == Effect::none && entry.interaction.type == "Procedure" &&
        withdraws(entry.resource) && !knows_visit) {
      resolved.told.add(nothing_to_withdraw(entry));
    }
    if (slot.effect == Effect::none && entry.interaction.type == "Condition" &&
        withdraws(entry.resource)) {
      resolved.told.add(no_such_diagnosis(entry));
    }
    const bool revoked = entry.interaction.type == "ServiceRequest" &&
                         entry.resource.get("status").text() == "revoked";
    if (slot.effect == Effect::create && revoked &&
        is_amendment(entry.position)) {
      resolved.told.add(no_such_referral(entry));
    }
  }
}

const Amendment* Resolution::amendment_at(std::size_t position) const {
  const auto found = std::find_if(
      terms_->amendments.begin(), terms_->amendments.end(),
      [=](const Amendment& one) { return one.position == position; });
  return found == terms_->amendments.end() ? nullptr : &*found;
}

bool Resolution::is_amendment(std::size_t position) const {
  const auto* amendment = amendment_at(position);
  return amendment != nullptr && !amendment->completes;
}

Resolution::Step Resolution::check_amendment(const WriteEntry& entry,
                                             const ResolvedEntry& slot) const {
  if (!is_amendment(entry.position)) return std::nullopt;
  const auto stored = parse_shared(slot.current->body, keys_);
  if (!stored) return Stop{stored.error()};
  if (!is_other_session((*stored)->root(), entry.resource)) return std::nullopt;
  return Stop{other_session(entry)};
}

// A grant without an identifier is known by what it refers to, so its key is
// complete only when references are rewritten; and when it turns out to amend
// an earlier one, references to it must follow.
Resolution::Step Resolution::follow_grants(
    const exchange::WriteRequest& request, const std::string& owner,
    Resolved& resolved) {
  for (const auto& entry : request.entries) {
    auto& slot = resolved.entries[entry.position];
    auto& id = resolved.assignment.ids[entry.position];
    if (slot.effect != Effect::create || id.type != "ClaimResponse") continue;
    if (auto stop = make_body(request, entry.position, resolved)) return stop;
    for (const auto& key :
         exchange::business_keys(slot.document->root(), site_)) {
      if (key.kind != ContentKey::Kind::grant) continue;
      const auto known = store_.find_key(owner, id.type, key.key);
      if (!known) return Stop{known.error()};
      if (!*known) continue;
      id = **known;
      slot.effect = Effect::update;
    }
  }
  return std::nullopt;
}

Resolution::Step Resolution::make_body(const exchange::WriteRequest& request,
                                       std::size_t position,
                                       Resolved& resolved) {
  auto& slot = resolved.entries[position];
  const auto& id = resolved.assignment.ids[position];
  slot.version = slot.current ? slot.current->version + 1 : 1;
  slot.body = exchange::stored_body(
      request, position,
      {.id = id.id, .version = slot.version, .last_updated = now_},
      resolved.assignment);
  auto document = parse_shared(slot.body, keys_);
  if (!document) return Stop{document.error()};
  slot.document = *std::move(document);
  return amend(position, slot);
}

// What is current cannot change meanwhile: its lanes are held.
Resolution::Step Resolution::amend(std::size_t position, ResolvedEntry& slot) {
  if (!is_amendment(position) || !slot.current) return std::nullopt;
  const auto stored = parse_shared(slot.current->body, keys_);
  if (!stored) return Stop{stored.error()};
  slot.body = amended((*stored)->root(), slot.document->root(),
                      *amendment_at(position));
  auto document = parse_shared(slot.body, keys_);
  if (!document) return Stop{document.error()};
  slot.document = *std::move(document);
  return std::nullopt;
}

Resolution::Step Resolution::read_current(const std::string& owner,
                                          const fhir::ResourceId& id,
                                          ResolvedEntry& entry) {
  auto current = store_.read(store::Scope::of(owner), id, std::nullopt);
  if (!current) return Stop{current.error()};
  entry.current = *std::move(current);
  return std::nullopt;
}

Resolution::Step Resolution::settle_entry(const exchange::WriteRequest& request,
                                          std::size_t position,
                                          const std::string& owner,
                                          Resolved& resolved) {
  auto& slot = resolved.entries[position];
  if (slot.effect == Effect::none || slot.effect == Effect::same) {
    return std::nullopt;
  }
  const auto& entry = request.entries[position];
  if (auto stop =
          read_current(owner, resolved.assignment.ids[position], slot)) {
    return stop;
  }
  const bool is_found = resolved.matched.count(position) > 0 &&
                        entry.interaction.action == Action::create;
  if (is_found) {
    slot.effect = Effect::unchanged;  // by If-None-Exist
    if (auto stop = add_numbers(request, position, resolved)) {
      return stop;
    }
  }
  tell_what_is_known(entry, slot, is_found, resolved);
  if (is_found) return std::nullopt;
  if (slot.current) {
    if (auto stop = check_amendment(entry, slot)) return stop;
  } else if (is_amendment(position) && withdraws(entry.resource)) {
    slot.effect = Effect::none;
    return std::nullopt;
  }
  if (auto stop = make_body(request, position, resolved)) return stop;
  slot.keys = exchange::business_keys(slot.document->root(), site_);
  if (auto stop = check_keys(entry, owner, resolved)) return stop;
  return slot.effect == Effect::create ? settle_create(entry, resolved)
                                       : settle_update(entry, resolved);
}

// Who is known has a new number: from now on that finds the patient, too.
Resolution::Step Resolution::add_numbers(const exchange::WriteRequest& request,
                                         std::size_t position,
                                         Resolved& resolved) {
  auto& slot = resolved.entries[position];
  const auto& entry = request.entries[position];
  const auto& numbers = terms_->numbers;
  if (entry.interaction.type != "Patient" || !slot.current ||
      says_all(slot.current->body, numbers)) {
    return std::nullopt;
  }
  const auto stored = parse_shared(slot.current->body, keys_);
  if (!stored) return Stop{stored.error()};
  const ResolvedEntry unchanged = slot;
  if (auto stop = make_body(request, position, resolved)) return stop;
  auto body = with_more_numbers(
      (*stored)->root(), slot.document->root(), [&](Json number) {
        return std::any_of(numbers.begin(), numbers.end(), [&](auto& one) {
          return one.system == number.get("system").text() &&
                 one.value == number.get("value").text();
        });
      });
  if (body.empty()) {
    slot = unchanged;
    return std::nullopt;
  }
  slot.body = std::move(body);
  auto document = parse_shared(slot.body, keys_);
  if (!document) return Stop{document.error()};
  slot.document = *std::move(document);
  slot.effect = Effect::update;
  slot.keys = exchange::business_keys(slot.document->root(), site_);
  return std::nullopt;
}

void Resolution::tell_what_is_known(const WriteEntry& entry,
                                    const ResolvedEntry& slot, bool is_found,
                                    Resolved& resolved) const {
  if (!terms_->is_mapped || !slot.current) return;
  const auto tell = [&](std::optional<fhir::Finding> finding) {
    if (finding) resolved.told.add(*std::move(finding));
  };
  const auto& stored = slot.body.empty() ? slot.current->body : slot.body;
  if (entry.interaction.type == "Patient") {
    tell(known_by_another(stored, entry.resource, entry.expression));
  }
  if (is_found) {
    tell(kept_as_stored(stored, entry.resource, entry.expression));
  }
}

Resolution::Step Resolution::check_keys(const WriteEntry& entry,
                                        const std::string& owner,
                                        const Resolved& resolved) {
  const auto& id = resolved.assignment.ids[entry.position];
  for (const auto& key : resolved.entries[entry.position].keys) {
    const auto known = store_.find_key(owner, id.type, key.key);
    if (!known) return Stop{known.error()};
    if (*known && **known != id)
      return Stop{other_content(entry, terms_->is_mapped)};
  }
  return std::nullopt;
}

Resolution::Step Resolution::settle_create(const WriteEntry& entry,
                                           Resolved& resolved) {
  auto& slot = resolved.entries[entry.position];
  if (!slot.current) return std::nullopt;
  const auto stored = parse_shared(slot.current->body, keys_);
  if (!stored) return Stop{stored.error()};
  const Json before = (*stored)->root();
  const Json now = slot.document->root();
  if (exchange::same_content(now, before)) {
    slot.effect = Effect::replay;
    return std::nullopt;
  }
  const auto* sent = amendment_at(entry.position);
  if (sent == nullptr || !sent->completes)
    return Stop{other_content(entry, terms_->is_mapped)};
  if (is_cancelled(before) && keep_cancelled(entry, before, resolved)) {
    return std::nullopt;
  }
  if (!completes(*sent, before, now))
    return Stop{other_content(entry, terms_->is_mapped)};
  slot.effect = Effect::update;
  return std::nullopt;
}

// A session of HL7 v2 that was kept without its times, and held, comes once
// more with them; or one that was withdrawn, by this message or an earlier one,
// is sent anew, corrected.
bool Resolution::completes(const Amendment& sent, Json before, Json now) {
  if (before.get("resourceType").text() != "Procedure" || withdraws(now) ||
      before.find("subject.reference").text() !=
          now.find("subject.reference").text()) {
    return false;
  }
  return sent.is_anew || withdraws(before) ||
         (lacks_times(before) && !lacks_times(now));
}

bool Resolution::keep_cancelled(const WriteEntry& entry, Json before,
                                Resolved& resolved) const {
  auto& slot = resolved.entries[entry.position];
  const Json now = slot.document->root();
  if (exchange::patient_reference(before) != exchange::patient_reference(now) ||
      is_cancelled(now)) {
    return false;
  }
  auto body = still_cancelled(before, now);
  auto document = parse_shared(body, keys_);
  if (!document) return false;
  const bool known = exchange::same_content((*document)->root(), before);
  // It was there before it was cancelled: this is another one.
  if (!known && slot.current->version > 1) return false;
  slot.effect = known ? Effect::unchanged : Effect::update;
  slot.body = std::move(body);
  slot.document = *std::move(document);
  resolved.told.add(already_cancelled(entry));
  return true;
}

Resolution::Step Resolution::settle_update(const WriteEntry& entry,
                                           Resolved& resolved) {
  auto& slot = resolved.entries[entry.position];
  const auto version =
      slot.current ? std::optional(slot.current->version) : std::nullopt;
  if (auto refusal = exchange::precondition(entry.interaction, version)) {
    return Stop{*std::move(refusal)};
  }
  if (!slot.current) {
    slot.effect = Effect::create;
    return std::nullopt;
  }
  const auto stored = parse_shared(slot.current->body, keys_);
  if (!stored) return Stop{stored.error()};
  const auto* amendment = amendment_at(entry.position);
  if (amendment != nullptr && is_cancelled((*stored)->root()) &&
      std::count(amendment->defaulted.begin(), amendment->defaulted.end(),
                 "status") > 0) {
    resolved.told.add(stays_cancelled(entry));
  }
  if (exchange::same_content(slot.document->root(), (*stored)->root())) {
    slot.effect = Effect::unchanged;
  }
  return std::nullopt;
}

}  // namespace gateway::server
