// What one more session costs on episodes of 40 and of 1,000 sessions: to
// decide and bill (facts to state, findings, lines, ledger and proof), and
// beside it to read the facts and to write the bodies of what follows. Then the
// replay of a log of 100,000 events. Times are printed, not asserted.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "base/heap.h"
#include "billing/decide.h"
#include "billing/reconcile.h"
#include "billing/standing_plan.h"
#include "folders.h"
#include "program/load.h"
#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

// Of this thread: the machine may be busy with other things.
double cpu_us() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 +
         static_cast<double>(now.tv_nsec) / 1e3;
}

struct Costs {
  std::vector<double> read, decide, emit, all_anew;

  static double median(std::vector<double> times) {
    if (times.empty()) return 0;
    const auto middle = times.begin() + std::ssize(times) / 2;
    std::nth_element(times.begin(), middle, times.end());
    return *middle;
  }
  static double sum(const std::vector<double>& times) {
    double sum = 0;
    for (const auto one : times) sum += one;
    return sum;
  }
};

struct Message {
  fhir::ResourceId id;
  SharedDocument document;
};

Message message(const std::string& text) {
  auto document = *parse_shared(json_of(text));
  const auto root = document->root();
  return {{std::string(root.get("resourceType").text()),
           std::string(root.get("id").text())},
          document};
}

Instant end_of(int day) {
  return *parse_instant("2026-04-06T16:00:00Z") + std::chrono::days(day);
}

Message session(int day) {
  return message(
      session_json({.id = "session-" + std::to_string(day),
                    .start = utc_text(end_of(day) - std::chrono::hours(3)),
                    .end = utc_text(end_of(day))}));
}

// What comes before the first session.
std::vector<Message> intake() {
  std::vector<Message> messages;
  for (const auto& party : party_jsons()) messages.push_back(message(party));
  messages.push_back(message(order_json({})));
  messages.push_back(
      message(grant_json({.to = "2031-12-31", .visits = "2000"})));
  return messages;
}

// A case as the server keeps it.
class Followed {
 public:
  explicit Followed(const program::Programs& programs)
      : programs_(programs), standing_(facts_, programs) {
    facts_.keep(programs.resource_types());
  }

  void take(const Message& message, Instant now, Costs& costs) {
    const auto start = cpu_us();
    apply(message.id, 1, message.document);
    const auto read = cpu_us();
    const auto reach = standing_.follow(now);
    const auto decided = cpu_us();
    const auto changes =
        reconcile(standing_.plan(), facts_, programs_,
                  {.maps = shipped_maps(),
                   .owner = "ehr",
                   .now = now,
                   .posted = posted_,
                   .reach = &reach},
                  [this] { return "g" + std::to_string(++minted_); });
    const auto emitted = cpu_us();
    for (const auto& one : changes.resources) {
      apply(one.id, one.version, *parse_shared(one.body));
    }
    for (const auto& entry : changes.ledger) posted_.add(entry);
    standing_.note_emitted(changes.next_change);
    costs.read.push_back(read - start);
    costs.decide.push_back(decided - read);
    costs.emit.push_back(emitted - decided);
  }

  void decide_anew(Instant now, Costs& costs) const {
    const auto start = cpu_us();
    const auto plan = decide(facts_, programs_, now);
    costs.all_anew.push_back(cpu_us() - start);
  }

 private:
  void apply(const fhir::ResourceId& id, std::uint32_t version,
             const SharedDocument& document) {
    facts_.apply(fhir::Resource{id, version, Instant(), "ehr", document});
  }

  const program::Programs& programs_;
  episode::Case facts_;
  StandingPlan standing_;
  Posted posted_;
  int minted_ = 0;
};

Costs one_more(int sessions, const program::Programs& programs) {
  Followed followed(programs);
  Costs ignored;
  for (const auto& one : intake()) followed.take(one, end_of(0), ignored);
  for (int day = 0; day < sessions; ++day) {
    followed.take(session(day), end_of(day), ignored);
  }
  Costs costs;
  const int last = sessions + 101;
  for (int day = sessions; day < last; ++day) {
    followed.take(session(day), end_of(day), costs);
  }
  // After the steps: what a whole decision leaves behind in the heap would be
  // measured with those that come after it.
  for (int i = 0; i < 10; ++i) followed.decide_anew(end_of(last), costs);
  return costs;
}

void print(int sessions, const Costs& costs) {
  std::printf(
      "one more session on %d: decide + bill %.1f us, reading its facts %.1f "
      "us, emission %.1f us; the whole case anew %.1f us\n",
      sessions, Costs::median(costs.decide), Costs::median(costs.read),
      Costs::median(costs.emit), Costs::median(costs.all_anew));
}

void replay(const program::Programs& programs, int events) {
  constexpr int kSessions = 40;
  const auto before = intake();
  std::vector<Message> sessions;
  for (int day = 0; day < kSessions; ++day) sessions.push_back(session(day));
  Costs costs;
  while (std::ssize(costs.decide) < events) {
    Followed followed(programs);
    for (const auto& one : before) followed.take(one, end_of(0), costs);
    for (int day = 0; day < kSessions; ++day) {
      followed.take(sessions[static_cast<std::size_t>(day)], end_of(day),
                    costs);
    }
  }
  const auto count = static_cast<double>(costs.decide.size()) * 1e6;
  const auto decided = Costs::sum(costs.decide);
  const auto read = Costs::sum(costs.read);
  const auto emitted = Costs::sum(costs.emit);
  std::printf(
      "replay of %zu events: decide + bill %.0f/s per core (goal 20,000), with "
      "reading of facts %.0f/s, with emission %.0f/s\n",
      costs.decide.size(), count / decided, count / (decided + read),
      count / (decided + read + emitted));
}

int run(int events) {
  const auto programs = shipped_programs(demo_site());
  const auto small = one_more(40, programs);
  const auto large = one_more(1000, programs);
  print(40, small);
  print(1000, large);
  const auto at_40 = Costs::median(small.decide);
  const auto at_1000 = Costs::median(large.decide);
  std::printf(
      "decide + bill %.1f us at 40 sessions (goal 25), at 1,000 %.2f times "
      "that (goal 1.5)\n",
      at_40, at_1000 / at_40);
  replay(programs, events);
  return 0;
}

}  // namespace
}  // namespace gateway::billing

int main(int count, char** words) {
  gateway::set_heap();  // as the binary does
  return gateway::billing::run(count > 1 ? std::atoi(words[1]) : 100'000);
}
