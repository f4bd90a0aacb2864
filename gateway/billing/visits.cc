#include "billing/visits.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "billing/judge.h"
#include "billing/referrals.h"

namespace gateway::billing {
namespace {

using episode::Case;
using episode::Session;

constexpr Own kNoTime{"time/no-offset",
                      "The session does not say when it began and ended",
                      "a period with start, end and their offsets",
                      "send the times with their offset from UTC",
                      "review-session",
                      "Procedure.performed",
                      fhir::Actor::therapist};
constexpr Own kFuture{"time/future",
                      "The session lies in the future",
                      "a session that has ended",
                      "send the session once it has ended",
                      "review-session",
                      "Procedure.performed",
                      fhir::Actor::therapist};
constexpr Own kNoReferral{"session/no-referral",
                          "The session names no referral",
                          "basedOn that refers to the ServiceRequest",
                          "refer to the referral",
                          "review-session",
                          "Procedure.basedOn",
                          fhir::Actor::therapist};
constexpr Own kNoIdentifier{"session/no-identifier",
                            "The session has no identifier of its own",
                            "an identifier with system and value",
                            "send the session with its identifier",
                            "review-session",
                            "Procedure.identifier"};
constexpr Own kOverlap{"ledger/overlap",
                       "The session shares time with another of the patient",
                       "no minute in two sessions",
                       "correct the times, or withdraw one session",
                       "review-session",
                       "Procedure.performed",
                       fhir::Actor::therapist};
constexpr Own kDuplicate{"ledger/duplicate-session",
                         "The same session was sent under another identifier",
                         "each session once",
                         "withdraw one of the two",
                         "review-session",
                         "Procedure.identifier",
                         fhir::Actor::therapist};
constexpr Own kSecondReferral{
    "ledger/second-referral",
    "Another referral of this claim number is billed on the same day",
    "one referral per claim number and day",
    "record both sessions under one referral",
    "review-session",
    "Procedure.basedOn",
    fhir::Actor::biller};

bool is_session(const Session& session) {
  return session.state == Session::State::attended &&
         session.kind != Session::Kind::unrelated;
}

bool earlier(const Session* left, const Session* right) {
  return std::tie(left->period->start, left->period->end, left->source.key) <
         std::tie(right->period->start, right->period->end, right->source.key);
}

bool before(const Visit& left, const Visit& right) {
  return std::tie(left.span.start, left.key) <
         std::tie(right.span.start, right.key);
}

class Pooler {
 public:
  Pooler(const Case& facts, const program::Programs& programs, Plan& plan)
      : case_(facts), programs_(programs), plan_(plan) {}

  void run(Instant now) {
    for (const auto& [key, session] : case_.sessions()) {
      if (is_session(session) && !has_parts(session) && placed(session, now)) {
        sessions_.push_back(&session);
      }
    }
    std::sort(sessions_.begin(), sessions_.end(), earlier);
    for (const auto* session : sessions_) {
      if (session->kind == Session::Kind::program) add(*session);
    }
    for (const auto* session : sessions_) {
      if (session->kind == Session::Kind::treatment) add_extra(*session);
    }
    for (auto& [key, visit] : visits_) {
      const auto place = plan_.visits.place_of(visit, before);
      plan_.visits.insert(place, std::make_unique<Visit>(std::move(visit)));
    }
    for (auto& visit : plan_.visits) finish(visit);
    mark_overlaps();
    mark_second_referrals();
  }

 private:
  // An EHR's Encounter to which Procedures refer is the frame of its segments.
  bool has_parts(const Session& session) const {
    if (!session.is_encounter) return false;
    return std::any_of(case_.sessions().begin(), case_.sessions().end(),
                       [&](const auto& other) {
                         return other.second.encounter == session.source.key &&
                                is_session(other.second) &&
                                other.second.kind == Session::Kind::program;
                       });
  }

  void hold(const Session& session, const Own& rule, std::string seen = {}) {
    plan_.others[session.source.key].push_back(
        own(rule, session.source.key, std::move(seen)));
  }

  bool placed(const Session& session, Instant now) {
    if (!session.period) {
      hold(session, kNoTime);
      return false;
    }
    if (session.period->end > now) {
      hold(session, kFuture);
      return false;
    }
    if (session.kind == Session::Kind::treatment) return true;
    if (session.referral.empty()) {
      hold(session, kNoReferral);
      return false;
    }
    if (view_of(plan_, case_, session.referral) != nullptr) return true;
    Judgement pattern;
    pattern.task = "review-session";
    pattern.focus = session.source.key;
    auto found = unresolved(case_, session.references, pattern);
    if (found.empty()) hold(session, kNoReferral);
    for (auto& one : found) {
      plan_.others[session.source.key].push_back(std::move(one));
    }
    return false;
  }

  const episode::Location* location_of(const Session& session) const {
    const auto found = case_.locations().find(session.location);
    return found == case_.locations().end() ? nullptr : &found->second;
  }

  Zone zone_of(const Session& session) const {
    const auto* location = location_of(session);
    for (const auto* name :
         {location == nullptr ? nullptr : &location->zone, &session.zone}) {
      if (name == nullptr || name->empty()) continue;
      const auto zone = Zone::named(*name);
      if (zone) return *zone;
    }
    return programs_.zone();
  }

  // A session that goes on where the last one ended belongs to that one's
  // date: the date of service does not change past midnight.
  LocalDate date_of(const Session& session, const ReferralView& view) {
    const auto& period = *session.period;
    const auto known = ends_.find({view.order, period.start});
    const auto date = known == ends_.end() ? zone_of(session).date(period.start)
                                           : known->second;
    ends_.insert_or_assign({view.order, period.end}, date);
    return date;
  }

  void add(const Session& session) {
    const auto* view = view_of(plan_, case_, session.referral);
    const auto date = date_of(session, *view);
    const auto key = "encounter|" + view->root + "|" + date.text();
    auto& visit = visits_[key];
    if (visit.segments.empty()) {
      visit.key = key;
      visit.referral = view->order;
      visit.date = date;
      visit.span = *session.period;
      visit.zone = zone_of(session).name();
    }
    visit.span.end = std::max(visit.span.end, session.period->end);
    visit.segments.push_back(&session);
  }

  // Other treatment belongs to the visit of its date: to that of its own
  // referral where it names one.
  void add_extra(const Session& session) {
    const auto date = zone_of(session).date(session.period->start);
    const auto* view = view_of(plan_, case_, session.referral);
    for (auto& [key, visit] : visits_) {
      if (visit.date != date) continue;
      if (view != nullptr && view->order != visit.referral) continue;
      if (view == nullptr && !session.referral.empty()) continue;
      visit.extras.push_back(&session);
      return;
    }
  }

  void finish(Visit& visit) {
    const auto* view = view_of(plan_, case_, visit.referral->source.key);
    const auto program = view->program == Program::none
                             ? programs_.site().default_program
                             : view->program;
    visit.policy = &programs_.policy(view->payer, program, visit.date);
    std::vector<Interval> segments;
    std::vector<Interval> breaks;
    for (const auto* session : visit.segments) {
      segments.push_back(*session->period);
      breaks.insert(breaks.end(), session->breaks.begin(),
                    session->breaks.end());
      take_parties(visit, *session);
      check_session(visit, *session);
    }
    visit.time = pool(std::move(segments), breaks);
    visit.inputs.insert(visit.inputs.begin(),
                        visit.referral->source.versioned());
    if (view->coverage != nullptr) {
      visit.inputs.push_back(view->coverage->source.versioned());
    }
  }

  void take_parties(Visit& visit, const Session& session) {
    visit.inputs.push_back(session.source.versioned());
    if (session.is_encounter) visit.own_encounter = session.source.key;
    if (!session.encounter.empty() && case_.knows(session.encounter)) {
      visit.own_encounter = session.encounter;
    }
    if (visit.location.empty()) visit.location = session.location;
    if (visit.provider.empty()) visit.provider = session.service_provider;
    for (const auto& performer : session.performers) {
      const auto known = std::any_of(
          visit.performers.begin(), visit.performers.end(),
          [&](const auto& one) { return one.actor == performer.actor; });
      if (!known) visit.performers.push_back(performer);
    }
  }

  void check_session(Visit& visit, const Session& session) {
    const auto& key = session.source.key;
    if (session.business_key.empty()) {
      visit.judgements.push_back(own(kNoIdentifier, key));
    }
    Judgement pattern;
    pattern.task = "review-session";
    pattern.focus = key;
    for (auto& one : unresolved(case_, session.references, pattern)) {
      visit.judgements.push_back(std::move(one));
    }
  }

  Visit* visit_of(const Session* session) {
    for (auto& visit : plan_.visits) {
      for (const auto* list : {&visit.segments, &visit.extras}) {
        if (std::find(list->begin(), list->end(), session) != list->end()) {
          return &visit;
        }
      }
    }
    return nullptr;
  }

  // Sorted by start, a session can share time only with those that began
  // before it and have not ended.
  void mark_overlaps() {
    std::vector<const Session*> open;
    for (const auto* session : sessions_) {
      open.erase(std::remove_if(open.begin(), open.end(),
                                [&](const Session* other) {
                                  return other->period->end <=
                                         session->period->start;
                                }),
                 open.end());
      for (const auto* other : open) mark(*other, *session);
      open.push_back(session);
    }
  }

  void mark(const Session& first, const Session& second) {
    if (!share_time(*first.period, *second.period)) return;
    if (first.patient != second.patient) return;
    const bool duplicate = *first.period == *second.period &&
                           first.business_key != second.business_key &&
                           claim_number(first) == claim_number(second);
    const auto& rule = duplicate ? kDuplicate : kOverlap;
    auto* visit = visit_of(&second);
    auto* other = visit_of(&first);
    if (visit == nullptr) visit = other;
    if (visit != nullptr) {
      visit->judgements.push_back(own(rule, second.source.key));
    }
    if (other != nullptr && other != visit) {
      other->judgements.push_back(own(rule, first.source.key));
    }
  }

  std::string claim_number(const Session& session) const {
    const auto* view = view_of(plan_, case_, session.referral);
    if (view == nullptr || view->coverage == nullptr) return {};
    return view->coverage->claim_number;
  }

  // The two codes are counted once per patient, claim number and date, and a
  // claim never mixes two referrals: the later one waits.
  void mark_second_referrals() {
    std::map<std::tuple<std::string, std::string, LocalDate>, const Visit*>
        first;
    for (auto& visit : plan_.visits) {
      const auto number = claim_number(*visit.segments.front());
      if (number.empty()) continue;
      const auto [place, fresh] = first.try_emplace(
          {visit.referral->patient, number, visit.date}, &visit);
      if (fresh) continue;
      visit.judgements.push_back(
          own(kSecondReferral, visit.segments.front()->source.key));
      visit.billable = false;
    }
  }

  const Case& case_;
  const program::Programs& programs_;
  Plan& plan_;
  std::vector<const Session*> sessions_;
  std::map<std::string, Visit> visits_;
  std::map<std::pair<const episode::Referral*, Instant>, LocalDate> ends_;
};

}  // namespace

void pool_visits(const Case& facts, const program::Programs& programs,
                 Instant now, Plan& plan) {
  Pooler(facts, programs, plan).run(now);
}

}  // namespace gateway::billing
