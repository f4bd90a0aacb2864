#include "billing/visits.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <tuple>

#include "billing/judge.h"
#include "billing/parties.h"
#include "billing/referrals.h"
#include "billing/session_rules.h"
#include "billing/zones.h"

namespace gateway::billing {
namespace {

using episode::Case;
using episode::Session;

// No two sessions that begin further apart share a date, touch, or overlap,
// unless one of them is longer than a day.
constexpr auto kReach = std::chrono::hours(96);
constexpr auto kLong = std::chrono::hours(24);

bool is_session(const Session& session) {
  return session.state == Session::State::attended &&
         session.kind != Session::Kind::unrelated;
}

// Who does not say whose session it is leaves it to the referral.
bool of_patient(const Session& session, const std::string& patient) {
  return session.patient.empty() || session.patient == patient;
}

}  // namespace

bool before(const Visit& left, const Visit& right) {
  return std::tie(left.span.start, left.key) <
         std::tie(right.span.start, right.key);
}

// Pools the sessions of a few neighbouring dates into visits.
class VisitBook::Pooler {
 public:
  Pooler(VisitBook& book, std::vector<Entry*> entries)
      : book_(book), entries_(std::move(entries)) {}

  std::vector<std::unique_ptr<Visit>> run() {
    for (auto* entry : entries_) {
      if (entry->session->kind == Session::Kind::program) add(*entry);
    }
    for (auto* entry : entries_) {
      if (entry->session->kind == Session::Kind::treatment) add_extra(*entry);
    }
    std::vector<std::unique_ptr<Visit>> visits;
    for (auto& [key, visit] : visits_) visits.push_back(std::move(visit));
    std::sort(visits.begin(), visits.end(),
              [](const auto& left, const auto& right) {
                return before(*left, *right);
              });
    for (auto& visit : visits) finish(*visit);
    mark_overlaps();
    mark_second_referrals(visits);
    for (auto& visit : visits) {
      visit->pooled_judgements = visit->judgements.size();
      find_parties(book_.case_, book_.programs_, *visit);
      visit->pooled_inputs = visit->inputs.size();
    }
    return visits;
  }

 private:
  // A session that goes on where the last one ended belongs to that one's
  // date: the date of service does not change past midnight.
  LocalDate date_of(const Session& session, const ReferralView& view) {
    const auto& period = *session.period;
    const auto known = ends_.find({view.order, period.start});
    const auto date = known == ends_.end()
                          ? book_.zone_of(session).date(period.start)
                          : known->second;
    ends_.insert_or_assign({view.order, period.end}, date);
    return date;
  }

  void add(Entry& entry) {
    const auto& session = *entry.session;
    const auto* view = view_of(book_.plan_, book_.case_, session.referral);
    const auto date = date_of(session, *view);
    if (days_between(date, entry.date) > 1) book_.long_ = true;
    entry.date = date;
    const auto key = "encounter|" + view->root + "|" + date.text();
    auto& visit = visits_[key];
    if (visit == nullptr) {
      visit = std::make_unique<Visit>();
      visit->key = key;
      visit->referral = view->order;
      visit->date = date;
      visit->span = entry.period;
      visit->zone = book_.zone_of(session).name();
    }
    visit->span.end = std::max(visit->span.end, entry.period.end);
    visit->segments.push_back(&session);
    entry.visit = visit.get();
  }

  // Other treatment belongs to the visit of its date: to that of its own
  // referral where it names one.
  void add_extra(Entry& entry) {
    const auto& session = *entry.session;
    const auto* view = view_of(book_.plan_, book_.case_, session.referral);
    for (auto& [key, visit] : visits_) {
      if (visit->date != entry.date) continue;
      if (view != nullptr && view->order != visit->referral) continue;
      if (view == nullptr && !session.referral.empty()) continue;
      if (!of_patient(session, visit->referral->patient)) continue;
      visit->extras.push_back(&session);
      entry.visit = visit.get();
      return;
    }
    if (view == nullptr) return;  // of another program
    const auto& key = session.source.key;
    book_.plan_.others[key].push_back(own(kAlone, key));
  }

  void finish(Visit& visit) {
    const auto* view =
        view_of(book_.plan_, book_.case_, visit.referral->source.key);
    const auto program = view->program == Program::none
                             ? book_.programs_.site().default_program
                             : view->program;
    visit.policy = &book_.programs_.policy(view->payer, program, visit.date);
    std::vector<Interval> segments;
    std::vector<Interval> breaks;
    visit.inputs.push_back(visit.referral->source.versioned());
    for (const auto* session : visit.segments) {
      segments.push_back(*session->period);
      take_breaks(*session, breaks);
      take_parties(visit, *session);
      check_session(visit, *session);
    }
    visit.time = pool(std::move(segments), breaks);
    if (view->coverage != nullptr) {
      visit.inputs.push_back(view->coverage->source.versioned());
    }
  }

  // Those of the Encounter in which it lies are breaks of the session too.
  void take_breaks(const Session& session,
                   std::vector<Interval>& breaks) const {
    const auto add = [&breaks](const Session& one) {
      breaks.insert(breaks.end(), one.breaks.begin(), one.breaks.end());
    };
    add(session);
    const auto& known = book_.case_.sessions();
    const auto frame = known.find(session.encounter);
    if (frame != known.end()) add(frame->second);
  }

  void take_parties(Visit& visit, const Session& session) {
    visit.inputs.push_back(session.source.versioned());
    if (session.is_encounter) visit.own_encounter = session.source.key;
    if (!session.encounter.empty() && book_.case_.knows(session.encounter)) {
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
    auto zone = unknown_zone(session, book_.case_);
    if (!zone.empty()) {
      visit.judgements.push_back(own(kNoZone, key, std::move(zone)));
    }
    for (auto& one : book_.unresolved_of(session)) {
      visit.judgements.push_back(std::move(one));
    }
  }

  // Sorted by start, a session can share time only with those that began
  // before it and have not ended.
  void mark_overlaps() {
    std::vector<const Entry*> open;
    for (const auto* entry : entries_) {
      std::erase_if(open, [&](const Entry* other) {
        return other->period.end <= entry->period.start;
      });
      for (const auto* other : open) mark(*other, *entry);
      open.push_back(entry);
    }
  }

  void mark(const Entry& first, const Entry& second) {
    if (!share_time(first.period, second.period)) return;
    const auto& one = *first.session;
    const auto& two = *second.session;
    if (one.patient != two.patient) return;
    const bool duplicate = first.period == second.period &&
                           one.business_key != two.business_key &&
                           claim_number(one) == claim_number(two);
    const auto& rule = duplicate ? kDuplicate : kOverlap;
    auto* visit = second.visit == nullptr ? first.visit : second.visit;
    if (visit != nullptr) {
      visit->judgements.push_back(own(rule, two.source.key));
    }
    if (first.visit != nullptr && first.visit != visit) {
      first.visit->judgements.push_back(own(rule, one.source.key));
    }
  }

  std::string claim_number(const Session& session) const {
    const auto* view = view_of(book_.plan_, book_.case_, session.referral);
    if (view == nullptr || view->coverage == nullptr) return {};
    return view->coverage->claim_number;
  }

  // The two codes are counted once per patient, claim number and date, and a
  // claim never mixes two referrals: the later one waits.
  void mark_second_referrals(
      const std::vector<std::unique_ptr<Visit>>& visits) {
    if (visits.size() < 2) return;
    std::set<std::tuple<std::string, std::string, LocalDate>> taken;
    for (const auto& visit : visits) {
      const auto number = claim_number(*visit->segments.front());
      if (number.empty()) continue;
      if (taken.insert({visit->referral->patient, number, visit->date})
              .second) {
        continue;
      }
      visit->judgements.push_back(
          own(kSecondReferral, visit->segments.front()->source.key));
      visit->second = true;
    }
  }

  VisitBook& book_;
  std::vector<Entry*> entries_;  // by start
  std::map<std::string, std::unique_ptr<Visit>> visits_;
  std::map<std::pair<const episode::Referral*, Instant>, LocalDate> ends_;
};

bool VisitBook::earlier(const Entry& left, const Entry& right) {
  return std::tie(left.period.start, left.period.end,
                  left.session->source.key) <
         std::tie(right.period.start, right.period.end,
                  right.session->source.key);
}

VisitBook::VisitBook(const Case& facts, const program::Programs& programs,
                     Plan& plan)
    : case_(facts), programs_(programs), plan_(plan) {}

void VisitBook::pool_all(Instant now) {
  for (const auto& [key, session] : case_.sessions()) frame(session);
  for (const auto& [key, session] : case_.sessions()) admit(session, now);
  std::sort(timeline_.begin(), timeline_.end(),
            [](const auto& left, const auto& right) {
              return earlier(*left, *right);
            });
  pool_range({0, timeline_.size()});
}

VisitBook::Repooled VisitBook::pool_around(const std::set<std::string>& keys,
                                           Instant now) {
  Repooled result;
  std::vector<std::pair<Interval, LocalDate>> seeds;
  // All leave before any is pooled: they may be each other's neighbours.
  for (const auto& key : keys) {
    const auto& session = case_.sessions().find(key)->second;
    plan_.others.erase(key);
    frame(session);
    const auto removed = withdraw(session);
    if (removed == nullptr) continue;
    seeds.emplace_back(removed->period, removed->date);
    if (removed->visit != nullptr) strike(*removed->visit, result);
  }
  for (const auto& key : keys) {
    if (!admit(case_.sessions().find(key)->second, now)) continue;
    auto entry = std::move(timeline_.back());
    timeline_.pop_back();
    seeds.emplace_back(entry->period, entry->date);
    timeline_.insert(place_of(*entry), std::move(entry));
  }
  // Many of one day have the same neighbours: those are pooled once.
  std::vector<Range> pooled;
  for (const auto& [period, date] : seeds) {
    const auto range = neighbours(period, date);
    const bool is_pooled =
        std::any_of(pooled.begin(), pooled.end(), [&](const Range& one) {
          return one.first <= range.first && range.last <= one.last;
        });
    if (is_pooled) continue;
    pool_range(range, &result);
    pooled.push_back(range);
  }
  return result;
}

VisitBook::Timeline::iterator VisitBook::place_of(const Entry& entry) {
  return std::lower_bound(timeline_.begin(), timeline_.end(), entry,
                          [](const auto& one, const Entry& wanted) {
                            return earlier(*one, wanted);
                          });
}

std::unique_ptr<VisitBook::Entry> VisitBook::withdraw(const Session& session) {
  const auto known = entries_.find(&session);
  if (known == entries_.end()) return nullptr;
  const auto place = place_of(*known->second);
  auto entry = std::move(*place);
  timeline_.erase(place);
  entries_.erase(known);
  return entry;
}

bool VisitBook::stands_alone(const std::string& key) const {
  const auto found = case_.sessions().find(key);
  if (found == case_.sessions().end()) return false;
  const auto& session = found->second;
  const auto known = framed_.find(key);
  const auto frames = [&](const std::string& encounter) {
    return !encounter.empty() && case_.sessions().contains(encounter);
  };
  if (known != framed_.end() && frames(known->second)) return false;
  return !frames(session.encounter) && !frames_.contains(key);
}

// Notes in which Encounter a segment says that it lies.
void VisitBook::frame(const Session& session) {
  const auto& key = session.source.key;
  const auto known = framed_.find(key);
  if (known != framed_.end()) {
    const auto count = frames_.find(known->second);
    if (--count->second == 0) frames_.erase(count);
    framed_.erase(known);
  }
  const bool part = is_session(session) && !session.encounter.empty() &&
                    session.kind == Session::Kind::program;
  if (!part) return;
  framed_[key] = session.encounter;
  ++frames_[session.encounter];
}

// Appends the session to the timeline, or says why it cannot be pooled.
bool VisitBook::admit(const Session& session, Instant now) {
  if (!is_session(session)) return false;
  // An EHR's Encounter to which Procedures refer is the frame of its segments.
  if (session.is_encounter && frames_.contains(session.source.key)) {
    return false;
  }
  if (!placed(session, now)) return false;
  const auto& period = *session.period;
  if (period.end - period.start > kLong) long_ = true;
  timeline_.push_back(
      std::make_unique<Entry>(Entry{.period = period,
                                    .session = &session,
                                    .date = zone_of(session).date(period.start),
                                    .visit = nullptr}));
  entries_[&session] = timeline_.back().get();
  return true;
}

bool VisitBook::placed(const Session& session, Instant now) {
  const auto hold = [&](const Own& rule) {
    plan_.others[session.source.key].push_back(own(rule, session.source.key));
    return false;
  };
  if (session.ends_before_it_begins) return hold(kNegative);
  if (!session.period) return hold(kNoTime);
  if (session.period->end > now) return hold(kFuture);
  const auto* view = view_of(plan_, case_, session.referral);
  if (view != nullptr && !of_patient(session, view->patient)) {
    return hold(kOtherPatient);
  }
  if (session.kind == Session::Kind::treatment) return true;
  if (session.referral.empty()) return hold(kNoReferral);
  if (view != nullptr) return true;
  auto found = unresolved_of(session);
  if (found.empty()) return hold(kNoReferral);
  plan_.others[session.source.key] = std::move(found);
  return false;
}

std::vector<Judgement> VisitBook::unresolved_of(const Session& session) const {
  Judgement pattern;
  pattern.task = "review-session";
  pattern.focus = session.source.key;
  return unresolved(case_, session.references, pattern);
}

Zone VisitBook::zone_of(const Session& session) const {
  return billing::zone_of(session, case_, programs_);
}

// Sessions that share a date with the period, touch or overlap it, and those
// that do so with them.
VisitBook::Range VisitBook::neighbours(Interval period, LocalDate date) const {
  if (long_) return {0, timeline_.size()};
  auto last = date;
  const auto first_from = [&](Instant start) {
    const auto found =
        std::lower_bound(timeline_.begin(), timeline_.end(), start,
                         [](const auto& one, Instant wanted) {
                           return one->period.start < wanted;
                         });
    return static_cast<std::size_t>(found - timeline_.begin());
  };
  Range range{timeline_.size(), 0};  // empty
  bool grew = true;
  while (grew) {
    const auto before = range;
    const Range around{first_from(period.start - kReach),
                       first_from(period.end + kReach)};
    for (auto i = around.first; i < around.last; ++i) {
      const auto& entry = *timeline_[i];
      const bool touches =
          entry.period.end >= period.start && entry.period.start <= period.end;
      const bool same_date = date <= entry.date && entry.date <= last;
      const bool within = range.first <= i && i < range.last;
      if (!touches && !same_date && !within) continue;
      period.start = std::min(period.start, entry.period.start);
      period.end = std::max(period.end, entry.period.end);
      date = std::min(date, entry.date);
      last = std::max(last, entry.date);
      range.first = std::min(range.first, i);
      range.last = std::max(range.last, i + 1);
    }
    grew = before.first != range.first || before.last != range.last;
  }
  return range;
}

void VisitBook::strike(Visit& visit, Repooled& result) {
  const auto place = plan_.visits.place_of(visit, before);
  auto taken = plan_.visits.take(place);
  for (const auto* sessions : {&taken->segments, &taken->extras}) {
    for (const auto* session : *sessions) {
      const auto entry = entries_.find(session);
      if (entry != entries_.end()) entry->second->visit = nullptr;
    }
  }
  // What this very change had added before is no loss.
  if (std::erase(result.added, taken.get()) == 0) {
    result.removed.push_back(std::move(taken));
  }
}

void VisitBook::pool_range(Range range, Repooled* result) {
  std::vector<Entry*> entries;
  for (auto i = range.first; i < range.last; ++i) {
    auto& entry = *timeline_[i];
    if (entry.visit != nullptr) strike(*entry.visit, *result);
    entries.push_back(&entry);
  }
  for (auto* entry : entries) {
    if (entry->session->kind == Session::Kind::treatment) {
      const auto& key = entry->session->source.key;
      plan_.others.erase(key);
      if (result != nullptr) result->treatments.push_back(key);
    }
    entry->date = zone_of(*entry->session).date(entry->period.start);
  }
  for (auto& visit : Pooler(*this, std::move(entries)).run()) {
    auto* const added = visit.get();
    plan_.visits.insert(plan_.visits.place_of(*added, before),
                        std::move(visit));
    if (result != nullptr) result->added.push_back(added);
  }
}

}  // namespace gateway::billing
