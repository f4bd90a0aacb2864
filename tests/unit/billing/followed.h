// Followed is a case whose plan follows it event by event, while the law (the
// whole, decided anew) is asked beside it. What follows from each event becomes
// facts, as in the server.

#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "billing/standing_plan.h"
#include "unit/billing/clinic.h"
#include "unit/billing/plan_text.h"

namespace gateway::billing {

class Followed {
 public:
  explicit Followed(const program::Programs& programs)
      : programs_(programs), standing_(facts_, programs) {
    facts_.keep(programs.resource_types());
  }

  void apply(const std::string& text, Instant now) {
    apply_json(json_of(text), now);
  }
  void apply(const SharedDocument& document, Instant now,
             std::uint32_t version = 0) {
    const auto root = document->root();
    const fhir::ResourceId id{std::string(root.get("resourceType").text()),
                              std::string(root.get("id").text())};
    auto& known = versions_[id.text()];
    known = version == 0 ? known + 1 : version;
    facts_.apply(fhir::Resource{id, known, now, "ehr", document});
  }
  void pull(const std::string& claim) { facts_.apply_pull(claim, 1); }

  // Follows to `now`. Says how that differs from the law, if it does.
  std::string step(Instant now) {
    const auto stale = text_of(standing_.plan());
    const auto reach = standing_.follow(now);
    const auto law = decide(facts_, programs_, now);
    const auto text = text_of(law);
    wholes_ += reach.whole ? 1 : 0;
    ++steps_;
    changed_ += text == stale ? 0 : 1;
    if (text_of(standing_.plan()) != text) {
      return difference(text_of(standing_.plan()), text);
    }
    const int minted = minted_;
    const auto wanted = emit(law, nullptr, now);
    minted_ = minted;
    const auto made = emit(standing_.plan(), &reach, now);
    if (text_of(wanted) != text_of(made)) {
      return difference(text_of(made), text_of(wanted));
    }
    take(made, now);
    standing_.note_emitted(made.next_change);
    const auto known = standing_.next_change();
    if (known && *known <= now) return "time changed something already";
    for (const auto& next : {law.next_change, wanted.next_change}) {
      if (next && (!known || *next < *known)) {
        return "time changes something before next_change: at " +
               utc_text(*next) + ", not " +
               (known ? utc_text(*known) : std::string("ever"));
      }
    }
    return compare_tasks(wanted, made, reach.whole);
  }

  // The same, where nobody asks the law.
  Changes go(Instant now) {
    const auto reach = standing_.follow(now);
    auto made = emit(standing_.plan(), &reach, now);
    take(made, now);
    standing_.note_emitted(made.next_change);
    return made;
  }

  [[nodiscard]] const episode::Case& facts() const { return facts_; }
  [[nodiscard]] const StandingPlan& standing() const { return standing_; }

  int steps_ = 0, wholes_ = 0, changed_ = 0;
  std::vector<Entry> ledger_;

 private:
  // The first line that differs.
  static std::string difference(const std::string& followed,
                                const std::string& law) {
    const auto [one, other] =
        std::mismatch(followed.begin(), followed.end(), law.begin(), law.end());
    const auto at = static_cast<std::size_t>(one - followed.begin());
    const auto newline = at == 0 ? 0 : followed.rfind('\n', at - 1);
    const auto from = newline == std::string::npos ? 0 : newline;
    const auto begin = std::max(from, at < 200 ? 0 : at - 200);
    return "followed: " + followed.substr(begin, 600) +
           "\nthe law: " + law.substr(begin, 600);
  }

  Changes emit(const Plan& plan, const Reach* reach, Instant now) {
    return reconcile(plan, facts_, programs_,
                     {.maps = shipped_maps(),
                      .owner = "ehr",
                      .now = now,
                      .posted = posted_,
                      .reach = reach},
                     [this] { return "g" + std::to_string(++minted_); });
  }

  // The open tasks that were followed are those of the whole.
  std::string compare_tasks(const Changes& wanted, const Changes& made,
                            bool whole) {
    if (whole) open_.clear();
    for (const auto& task : made.closed_tasks) {
      std::erase_if(open_,
                    [&](const auto& one) { return one.second.task == task; });
    }
    for (const auto& one : made.open_tasks) {
      open_.insert_or_assign(one.plan_key, one);
    }
    std::map<std::string, std::string> all, followed;
    for (const auto& one : wanted.open_tasks) all[one.plan_key] = text_of(one);
    for (const auto& [key, one] : open_) followed[key] = text_of(one);
    return all == followed ? "" : "other tasks are open than in the whole";
  }

  void apply_json(const std::string& text, Instant now,
                  std::uint32_t version = 0) {
    apply(*parse_shared(text), now, version);
  }

  void take(const Changes& changes, Instant now) {
    for (const auto& one : changes.resources) {
      apply_json(one.body, now, one.version);
    }
    for (const auto& entry : changes.ledger) posted_.add(entry);
    ledger_.insert(ledger_.end(), changes.ledger.begin(), changes.ledger.end());
  }

  const program::Programs& programs_;
  episode::Case facts_;
  StandingPlan standing_;
  Posted posted_;
  std::map<std::string, std::uint32_t> versions_;
  std::map<std::string, Changes::OpenTask> open_;
  int minted_ = 0;
};

}  // namespace gateway::billing
