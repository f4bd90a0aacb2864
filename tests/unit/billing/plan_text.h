// Everything that a plan says, and all that follows from it, as text: for tests
// of the law that two ways of deciding are one.

#pragma once

#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "billing/emit.h"
#include "billing/reconcile.h"

namespace gateway::billing {

inline void say(std::ostream& out, const std::vector<Judgement>& judgements) {
  for (const auto& one : judgements) {
    out << "  " << one.rule << ' ' << code(one.verdict) << ' ' << one.task
        << ' ' << one.focus << ' ' << one.seen << '\n';
  }
}

inline void say(std::ostream& out, const Posting& one) {
  out << "  " << one.authorization << ' ' << one.unit << ' ' << one.from << ' '
      << one.to << ' ' << one.amount << ' ' << one.cause << ' ' << one.reason
      << '\n';
}

// The facts that requirements of a policy read: no others count.
inline std::set<program::Fact> facts_read(const program::Policy& policy) {
  std::set<program::Fact> all;
  for (const auto& rows : policy.rows) {
    for (const auto& row : rows) {
      for (const auto* one :
           {&row.requirement->when, &row.requirement->require}) {
        if (*one) all.insert((*one)->reads().begin(), (*one)->reads().end());
      }
      if (row.requirement->seen) all.insert(*row.requirement->seen);
    }
  }
  return all;
}

inline void say(std::ostream& out, const program::Facts& facts,
                const std::optional<std::set<program::Fact>>& only = {}) {
  for (const auto& entry : program::fact_table()) {
    const auto value = facts.value(entry.fact);
    if (only && !only->contains(entry.fact)) continue;
    if (value) out << entry.name << '=' << *value << ' ';
  }
}

inline void say(std::ostream& out, const Visit& visit) {
  out << visit.key << ' ' << visit.time.minutes << ' ' << visit.provider << ' '
      << visit.rendering << ' ' << visit.own_encounter << ' ' << visit.claim_key
      << ' ' << visit.pinned << ' ' << visit.billable << ' '
      << (visit.grant == nullptr ? "-" : visit.grant->number) << '\n';
  say(out, visit.facts, facts_read(*visit.policy));
  for (const auto* one : visit.segments) out << one->source.versioned() << ' ';
  for (const auto* one : visit.extras) out << one->source.versioned() << ' ';
  for (const auto& one : visit.inputs) out << one << ' ';
  out << '\n';
  say(out, visit.judgements);
  say(out, visit.billing);
  for (const auto& line : visit.lines) {
    out << "  " << line.code << ' ' << line.quantity << ' '
        << (line.net ? line.net->text() : "-") << '\n';
  }
  for (const auto& one : visit.postings) say(out, one);
}

inline void say(std::ostream& out, const ClaimPlan& claim) {
  out << claim.key << (claim.held ? " held " : " free ") << claim.authorization
      << ' ' << claim.grant << ' ' << claim.rendering << ' '
      << financial_text(claim);
  for (const auto* visit : claim.visits) out << ' ' << visit->key;
  out << '\n';
}

inline void say(std::ostream& out, const EpisodePlan& episode) {
  out << episode.key << ' ' << episode.status << ' ' << episode.organization
      << ' ' << (episode.start ? episode.start->text() : "-") << '\n';
}

inline void say(std::ostream& out, const TaskPlan& task) {
  out << task.key << ' ' << task.patient;
  for (const auto& one : task.findings) out << ' ' << fhir::sentence(one);
  out << '\n';
}

inline void say(std::ostream& out, const Balance& one) {
  out << one.authorization << ' ' << one.unit << ' ' << one.granted << ' '
      << one.reserved << ' ' << one.used << ' ' << one.expired << ' '
      << one.released << ' ' << one.remaining << '\n';
}

inline std::string text_of(const Plan& plan) {
  std::ostringstream out;
  for (const auto& view : plan.referrals) {
    out << view.order->source.versioned() << ' ' << view.root << ' ';
    say(out, view.facts);
    out << '\n';
    say(out, view.judgements);
  }
  for (const auto& one : plan.visits) say(out, one);
  for (const auto& one : plan.claims) say(out, one);
  for (const auto& one : plan.episodes) say(out, one);
  for (const auto& one : plan.tasks) say(out, one);
  for (const auto& one : plan.postings) say(out, one);
  for (const auto& one : plan.balances) say(out, one);
  for (const auto& [key, judgements] : plan.others) {
    if (!judgements.empty()) out << key << '\n';
    say(out, judgements);
  }
  return out.str();
}

// Byte for byte what is to be written.
inline std::string text_of(const Changes& changes) {
  std::ostringstream out;
  for (const auto& one : changes.resources) {
    out << one.id.text() << ' ' << one.version << ' ' << one.status << ' '
        << one.key << ' ' << one.map << '\n'
        << one.body << '\n';
  }
  for (const auto& one : changes.ledger) {
    out << one.authorization << ' ' << one.account << ' ' << one.unit << ' '
        << one.amount << ' ' << one.cause << ' ' << one.reason << '\n';
  }
  for (const auto& one : changes.feed) {
    out << one.topic << ' ' << one.resource.text() << ' ' << one.version
        << '\n';
  }
  for (const auto& one : changes.closed_tasks) out << one << '\n';
  if (changes.fault) out << changes.fault->message << '\n';
  return out.str();
}

inline std::string text_of(const Changes::OpenTask& task) {
  std::ostringstream out;
  out << task.task << ' ' << task.focus << ' ' << task.plan_focus;
  for (const auto& one : task.findings) out << ' ' << fhir::sentence(one);
  return out.str();
}

}  // namespace gateway::billing
