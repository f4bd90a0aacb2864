#include "billing/explain.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "billing/claim_plans.h"
#include "billing/decide.h"
#include "billing/denials.h"
#include "billing/emit.h"
#include "billing/grounds.h"
#include "billing/intake.h"
#include "billing/judge.h"
#include "billing/outlook.h"
#include "billing/parameters.h"

namespace gateway::billing {
namespace {

constexpr std::int64_t kMostMinutes = 24 * 60;

std::string finding_text(const fhir::Finding& finding) {
  return fhir::sentence(finding);
}

class Proof {
 public:
  Proof(const Plan& plan, const episode::Case& facts)
      : plan_(plan), case_(facts) {}

  void line(const Visit& visit, const Line& line, int sequence) {
    out_.begin_group("line")
        .number("sequence", std::to_string(sequence))
        .text("code", line.code)
        .text("date", line.date.text())
        .number("minutes", std::to_string(line.minutes))
        .text("rule", line.rule)
        .text("source", line.source)
        .number("units", quantity_text(line.quantity));
    if (line.unit_price) out_.number("unitPrice", line.unit_price->text());
    if (line.net) out_.number("net", line.net->text());
    out_.text("counterfactual", counterfactual(visit, plan_.balances));
    for (const auto* session : visit.segments) segment(visit, *session);
    out_.end_group();
  }

  void segment(const Visit& visit, const episode::Session& session) {
    const auto zone = Zone::named(visit.zone);
    const auto text = [&](Instant instant) {
      return zone ? zone->text(instant) : utc_text(instant);
    };
    out_.begin_group("segment")
        .reference("session", session.source.versioned())
        .text("start", text(session.period->start))
        .text("end", text(session.period->end))
        .end_group();
  }

  void authorization(const std::string& key) {
    std::set<std::string> units;
    for (const auto& balance : plan_.balances) {
      if (balance.authorization != key) continue;
      out_.begin_group("authorization")
          .text("number", balance.number)
          .text("unit", balance.unit)
          .number("granted", quantity_text(balance.granted))
          .number("reserved", quantity_text(balance.reserved))
          .number("used", quantity_text(balance.used))
          .number("expired", quantity_text(balance.expired))
          .number("released", quantity_text(balance.released))
          .number("remaining", quantity_text(balance.remaining));
      times(key);
      for (const auto* posting : plan_.all_postings()) {
        if (posting->authorization == key && posting->unit == balance.unit) {
          entry(*posting);
        }
      }
      out_.end_group();
    }
  }

  void times(const std::string& key) {
    const auto found = case_.authorizations().find(key);
    if (found == case_.authorizations().end()) return;
    const auto& known = found->second;
    if (known.created) out_.text("created", utc_text(*known.created));
    if (known.created_date) out_.text("created", known.created_date->text());
    out_.text("received_at", utc_text(known.source.received));
  }

  void entry(const Posting& posting) {
    out_.begin_group("entry");
    if (posting.date) out_.text("date", posting.date->text());
    out_.text("from", posting.from)
        .text("to", posting.to)
        .number("amount", quantity_text(posting.amount))
        .text("reason", posting.reason)
        .text("cause", posting.cause)
        .end_group();
  }

  // The payer's own time and ours should agree; where they do not, somebody
  // should know (a grant that was created long before it was sent).
  void late_arrival(const std::string& key) {
    const auto found = case_.authorizations().find(key);
    if (found == case_.authorizations().end()) return;
    const auto& known = found->second;
    if (!known.created) return;
    const auto apart = known.source.received - *known.created;
    if (apart < std::chrono::days(1) && -apart < std::chrono::days(1)) return;
    out_.begin_group("finding")
        .text("rule", "authorization/received-late")
        .text("severity", "warning")
        .text("text",
              "The authorization was received more than a day apart from the "
              "time at which the payer says that it was created")
        .end_group();
  }

  void findings(const std::vector<Judgement>& judgements) {
    for (const auto& one : judgements) {
      if (one.verdict != Verdict::unmet) continue;
      // Documents that are missing but hold nothing are the checklist's.
      if (one.gated && !one.holds()) continue;
      const auto finding = one.finding();
      out_.begin_group("finding")
          .text("rule", one.rule)
          .text("severity", fhir::code(finding.severity))
          .text("text", finding_text(finding))
          .end_group();
    }
  }

  // What was said when the order and its grant came.
  void intake(const Visit& visit) {
    const auto owner = std::find_if(
        plan_.referrals.begin(), plan_.referrals.end(),
        [&](const auto& view) { return view.order == visit.referral; });
    if (owner == plan_.referrals.end()) return;
    for (const auto& one : intake_warnings(*owner)) {
      out_.begin_group("finding")
          .text("rule", one.finding.rule)
          .text("severity", fhir::code(one.finding.severity))
          .text("text", finding_text(one.finding))
          .end_group();
    }
  }

  // A claim that went out stays as it is, whatever follows.
  void changed_since(std::string_view text) {
    out_.begin_group("finding")
        .text("rule", "billing/changed-since")
        .text("severity", fhir::code(fhir::Severity::warning))
        .text("text", text)
        .end_group();
  }

  // What a payer might have refused it for, and will not.
  void denials_cleared(const Visit& visit) {
    const auto owner = std::find_if(
        plan_.referrals.begin(), plan_.referrals.end(),
        [&](const auto& view) { return view.order == visit.referral; });
    if (owner == plan_.referrals.end()) return;
    for (const auto& one : cleared(visit, *owner)) {
      out_.begin_group("denial")
          .text("code", one.denial->code)
          .text("cause", one.denial->cause);
      for (const auto& rule : one.rules) out_.text("rule", rule);
      out_.end_group();
    }
  }

  void file_by(const ClaimPlan& claim) {
    if (claim.file_by) out_.text("fileBy", claim.file_by->text());
  }

  // A row of a pack that nothing has asked for yet.
  void requirement(const program::Requirement& row) {
    out_.begin_group("requirement")
        .text("id", row.rule)
        .text("status", code(Verdict::unknown))
        .text("severity", program::code(row.effective_weight()))
        .text("text", row.text)
        .text("source", row.source)
        .end_group();
  }

  void contradictions(const program::Policy& policy) {
    for (const auto& one : policy.contradictions) {
      out_.begin_group("finding")
          .text("rule", "program/contradiction")
          .text("severity", fhir::code(fhir::Severity::information))
          .text("text", one)
          .end_group();
    }
  }

  void packs(const program::Policy& policy) {
    for (const auto& pack : policy.packs) {
      out_.begin_group("pack")
          .text("id", pack->id)
          .text("version", pack->version)
          .end_group();
    }
  }

  void requirement(const Judgement& one, const ReferralView& view,
                   const Visit* visit) {
    out_.begin_group("requirement")
        .text("id", one.rule)
        .text("status", code(one.verdict))
        .text("severity", program::code(one.weight))
        .text("text", one.verdict == Verdict::unmet
                          ? finding_text(one.finding())
                          : std::string(one.text()))
        .text("source", one.source());
    for (const auto& source : grounds(one, view, visit)) {
      out_.reference("evidence", source);
    }
    out_.end_group();
  }

  void inputs(const ClaimPlan& claim) {
    for (const auto& input : inputs_of(claim)) out_.reference("input", input);
  }

  ParametersWriter& out() { return out_; }
  std::string take() { return out_.take(); }

 private:
  const Plan& plan_;
  const episode::Case& case_;
  ParametersWriter out_;
};

const ClaimPlan* find_claim(const Plan& plan, const episode::Emitted& emitted) {
  const auto key = emitted.key.substr(0, emitted.key.rfind('#'));
  for (const auto& claim : plan.claims) {
    if (claim.key == key) return &claim;
  }
  return nullptr;
}

// A session that the claim bills was written again after it was sent.
bool rests_on_older(const ClaimPlan& claim, const episode::Emitted& emitted,
                    const episode::Case& facts) {
  if (!facts.pulled(emitted.source.key)) return false;
  const auto newer = [&](const episode::Session* segment) {
    return segment->source.received > emitted.source.received;
  };
  return std::any_of(claim.visits.begin(), claim.visits.end(),
                     [&](const Visit* visit) {
                       return std::any_of(visit->segments.begin(),
                                          visit->segments.end(), newer);
                     });
}

struct Explained {
  const Plan& plan;
  const episode::Case& facts;  // of that plan
  const ClaimPlan& claim;
  // Whose states are told, and where they are known.
  const episode::Emitted& emitted;
  const episode::Case& present;
};

std::string explain(const Explained& it, std::string_view since) {
  const auto& claim = it.claim;
  Proof proof(it.plan, it.facts);
  int sequence = 0;
  for (const auto* visit : claim.visits) {
    for (const auto& line : visit->lines) proof.line(*visit, line, ++sequence);
  }
  if (!since.empty()) proof.changed_since(since);
  for (const auto& grant : grants_of(it.plan, claim)) {
    proof.authorization(grant);
  }
  proof.late_arrival(claim.grant);
  for (const auto* visit : claim.visits) {
    proof.findings(visit->judgements);
    proof.findings(visit->billing);
  }
  proof.intake(*claim.visits.front());
  proof.contradictions(*claim.visits.front()->policy);
  proof.file_by(claim);
  for (const auto* visit : claim.visits) proof.denials_cleared(*visit);
  write_claim_states(proof.out(), claim, it.emitted, it.present);
  proof.packs(*claim.visits.front()->policy);
  proof.inputs(claim);
  return proof.take();
}

// Of a claim behind which nothing stands today.
std::string withdrawn(const episode::Emitted& emitted,
                      const episode::Case& facts) {
  ParametersWriter out;
  out.begin_group("finding")
      .text("rule", "billing/withdrawn")
      .text("severity", "information")
      .text("text", "No session stands behind this claim any more; it bills " +
                        emitted.financial +
                        ", and what that rests on is in its Provenance")
      .end_group();
  write_claim_state(out, emitted, facts);
  return out.take();
}

std::string units_text(const Units& units) {
  return quantity_text(units.first * 1000) + " + " +
         quantity_text(units.further) + " units";
}

}  // namespace

// What would keep more units from being billed.
std::string_view obstacle(const Visit& visit, const Units& units,
                          const std::vector<Balance>& balances) {
  const auto& rules = visit.policy->rules;
  const auto most = rules.mue.find(episode::kFurtherHours);
  if (rules.mue_action == program::MueAction::hold && most != rules.mue.end() &&
      units.further > most->second * 1000) {
    return ", held as more than is likely";
  }
  if (visit.grant == nullptr) return {};
  const auto first = (units.first - visit.units.first) * 1000;
  const auto further = units.further - visit.units.further;
  for (const auto& one : balances) {
    if (one.authorization != visit.grant->authorization->source.key) continue;
    const auto more = one.unit == "hours"           ? 2 * first + further
                      : one.unit == "units"         ? first + further
                      : one.unit == "further-hours" ? further
                                                    : 0;
    if (more > one.remaining) return ", held as more than is authorized";
  }
  return {};
}

// Nobody is told to treat longer than a day may last.
std::string counterfactual(const Visit& visit,
                           const std::vector<Balance>& balances) {
  const auto& rules = visit.policy->rules;
  const auto minutes = visit.time.minutes;
  const bool bounded =
      rules.max_session_minutes > 0 &&
      visit.facts.value(program::Fact::session_has_exception) != 1;
  const auto most = bounded ? rules.max_session_minutes : kMostMinutes;
  for (auto more = minutes + 1; more <= most; ++more) {
    const auto units = units_of(more, rules);
    if (units.first == visit.units.first &&
        units.further == visit.units.further) {
      continue;
    }
    return std::to_string(more - minutes) +
           (more - minutes == 1 ? " more minute: " : " more minutes: ") +
           units_text(units) + std::string(obstacle(visit, units, balances));
  }
  if (!bounded) return {};
  return "no more units within the " + std::to_string(most) +
         " minutes of a day";
}

Result<ClaimExplanation> explain_claim(const episode::Case& facts,
                                       const program::Programs& programs,
                                       std::string_view claim, Instant now) {
  const auto found = facts.emitted().find("Claim/" + std::string(claim));
  if (found == facts.emitted().end()) {
    return Error{ErrorCode::not_found, "no claim of this case has that id"};
  }
  const auto& emitted = found->second;
  const auto plan = decide(facts, programs, now);
  const auto* planned = find_claim(plan, emitted);
  if (planned == nullptr || emitted.frequency == "8") {
    return ClaimExplanation{withdrawn(emitted, facts), false};
  }
  const bool same = financial_text(*planned) == emitted.financial;
  const auto since =
      same ? std::string()
           : "this claim bills " + emitted.financial +
                 " and stays as it was sent; the lines here prove what would "
                 "be billed now; what this claim rests on is in its "
                 "Provenance";
  return ClaimExplanation{
      explain({plan, facts, *planned, emitted, facts}, since),
      same && !rests_on_older(*planned, emitted, facts)};
}

Result<ClaimExplanation> explain_claim_of(const ClaimDay& day,
                                          const episode::Case& present,
                                          std::string_view claim) {
  const auto made = day.facts.emitted().find("Claim/" + day.claim);
  const auto asked = present.emitted().find("Claim/" + std::string(claim));
  if (made == day.facts.emitted().end() || asked == present.emitted().end()) {
    return Error{ErrorCode::not_found, "no claim of this case has that id"};
  }
  const auto plan = decide(day.facts, day.programs, day.at);
  const auto* planned = find_claim(plan, made->second);
  if (planned == nullptr ||
      financial_text(*planned) != made->second.financial) {
    return ClaimExplanation{withdrawn(asked->second, present), false};
  }
  const auto when = day.programs.zone().text(day.at);
  const auto since =
      asked->first == made->first
          ? "sessions, orders, authorizations or packs changed after this "
            "claim was made; the lines prove what it bills, by what was known "
            "at " +
                when
          : "this claim takes back " + made->first +
                "; the lines prove what that one bills, by what was known at " +
                when;
  return ClaimExplanation{
      explain({plan, day.facts, *planned, asked->second, present}, since),
      true};
}

Result<std::string> checklist(const episode::Case& facts,
                              const program::Programs& programs,
                              std::string_view referral, Instant now) {
  const auto key = "ServiceRequest/" + std::string(referral);
  const auto plan = decide(facts, programs, now);
  const auto* order = facts.in_force(key);
  const auto view =
      std::find_if(plan.referrals.begin(), plan.referrals.end(),
                   [&](const auto& one) { return one.order == order; });
  if (order == nullptr || view == plan.referrals.end()) {
    return Error{ErrorCode::not_found, "no referral of this case has that id"};
  }
  Proof proof(plan, facts);
  std::set<std::string_view> judged;
  for (const auto& one : view->judgements) {
    judged.insert(one.rule);
    proof.requirement(one, *view, nullptr);
  }
  // Once per rule: what holds a date stands for all dates, else what is unmet
  // on one, the graver half of a row before the milder.
  const auto slots = slots_of(plan, facts, *order);
  const auto write = [&](const auto& counts) {
    for (const auto* slot : slots) {
      for (const auto& one : *slot) {
        if (!counts(one) || !judged.insert(one.rule).second) continue;
        proof.requirement(one, *view, nullptr);
      }
    }
    for (const auto& visit : plan.visits) {
      if (visit.referral != order) continue;
      for (const auto& one : visit.judgements) {
        if (!counts(one) || !judged.insert(one.rule).second) continue;
        proof.requirement(one, *view, &visit);
      }
    }
  };
  const auto unmet = [](const Judgement& one) {
    return one.verdict == Verdict::unmet;
  };
  write([](const Judgement& one) { return one.holds(); });
  write([&](const Judgement& one) {
    const bool milder = one.row != nullptr && one.row->requirement->variant;
    return unmet(one) && !milder;
  });
  write(unmet);
  write([](const Judgement&) { return true; });
  for (const auto& pack : view->policy->packs) {
    for (const auto& row : pack->requirements) {
      const bool serves = view->policy->program == Program::work_hardening
                              ? row.work_hardening
                              : row.work_conditioning;
      if (serves && judged.insert(row.rule).second) proof.requirement(row);
    }
  }
  for (const auto* grant : view->grants) {
    proof.authorization(grant->authorization->source.key);
  }
  const auto today = programs.zone().date(now);
  write_states(proof.out(), plan, facts, *view, today);
  write_schedule(proof.out(), plan, facts, *view, today);
  write_estimate(proof.out(), *view, programs);
  return proof.take();
}

}  // namespace gateway::billing
