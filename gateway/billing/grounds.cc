#include "billing/grounds.h"

#include <algorithm>

#include "billing/judge.h"

namespace gateway::billing {
namespace {

using program::Fact;

// Counted from the attended dates themselves.
bool is_of_sessions(Fact fact) {
  const auto subject = program::entry(fact).subject;
  return subject == program::Subject::session ||
         subject == program::Subject::week || fact == Fact::episode_days ||
         fact == Fact::episode_report_gap;
}

class Grounds {
 public:
  Grounds(const ReferralView& view, const Visit* visit)
      : view_(view), visit_(visit) {}

  void add(const episode::Source& source) { add(source.versioned()); }
  void add(std::string reference) {
    const bool known =
        std::find(found_.begin(), found_.end(), reference) != found_.end();
    if (!known) found_.push_back(std::move(reference));
  }

  // What a fact is read from that names no evidence.
  void add_subject_of(Fact fact) {
    const auto subject = program::entry(fact).subject;
    if (fact == Fact::session_authorized) return add_grants();
    if (visit_ != nullptr && is_of_sessions(fact)) return add_sessions();
    if (subject == program::Subject::authorization) return add_grants();
    if (subject != program::Subject::referral) return;
    add(view_.order->source);
    const bool of_coverage =
        program::entry(fact).name.substr(0, 9) == "coverage.";
    if (of_coverage && view_.coverage != nullptr) add(view_.coverage->source);
  }

  std::vector<std::string> take() { return std::move(found_); }

 private:
  void add_sessions() {
    for (const auto* list : {&visit_->segments, &visit_->extras}) {
      for (const auto* session : *list) add(session->source);
    }
  }
  void add_grants() {
    for (const auto* grant : view_.grants) add(grant->authorization->source);
  }

  const ReferralView& view_;
  const Visit* visit_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> grounds(const Judgement& judged,
                                 const ReferralView& view, const Visit* visit) {
  const auto& facts = visit == nullptr ? view.facts : visit->facts;
  Grounds found(view, visit);
  for (auto& reference : evidence(judged, facts)) {
    found.add(std::move(reference));
  }
  if (judged.row == nullptr || !judged.row->requirement->require) {
    return found.take();
  }
  for (const auto fact : judged.row->requirement->require->reads()) {
    const auto& known = facts.evidence();
    const bool named =
        std::any_of(known.begin(), known.end(),
                    [&](const auto& one) { return one.fact == fact; });
    if (!named && facts.known(fact)) found.add_subject_of(fact);
  }
  return found.take();
}

}  // namespace gateway::billing
