// The cost of outward maps on the way of a session: Encounter, Claim and
// Provenance of random plans, against the same bodies written by hand, and
// against copying their bytes. First it shows that maps and hand write the
// same bytes. CPU times are printed, not asserted.
//
//   emit_bench [HISTORIES]

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "bench/handwritten_bodies.h"
#include "unit/billing/history.h"

namespace gateway::billing {
namespace {

constexpr unsigned kHistories = 4000;
constexpr int kRounds = 15;

struct Case {
  explicit Case(episode::Case known, const program::Programs& programs,
                Instant now)
      : facts(std::move(known)), plan(decide(facts, programs, now)) {}
  episode::Case facts;
  Plan plan;
};

Emission emission() {
  return {.maps = shipped_maps(),
          .base = "https://workgate.example/fhir",
          .owner = "ehr",
          .device = "Workgate",
          .now = *parse_instant("2026-06-01T12:00:00Z"),
          .resolve = [](std::string_view key) {
            return key.starts_with("@episode") ? std::string("EpisodeOfCare/e1")
                   : key.starts_with('@')      ? std::string("Encounter/e1")
                                               : std::string(key);
          }};
}

std::vector<std::unique_ptr<Case>> random_cases(
    const program::Programs& programs, unsigned histories) {
  std::vector<std::unique_ptr<Case>> cases;
  const auto now = *parse_instant("2026-03-12T12:00:00Z");
  for (unsigned seed = 0; seed < histories; ++seed) {
    std::vector<SharedDocument> messages;
    for (const auto& text : History(seed).messages()) {
      messages.push_back(document(text));
    }
    cases.push_back(std::make_unique<Case>(facts_of(messages), programs, now));
  }
  return cases;
}

ClaimBody claim_body(std::size_t number) {
  ClaimBody body{.id = "claim-" + std::to_string(number),
                 .key = "claim|ServiceRequest/r1|2026-03-08",
                 .status = number % 2 == 0 ? "active" : "draft",
                 .created = "2026-03-12T12:00:00Z"};
  if (number % 3 == 0) {
    body.frequency = "7";
    body.prior = "Claim/before";
    if (number % 6 == 0) body.payer_number = "ICN \"1\"";
  }
  return body;
}

ProvenanceBody provenance_body(const Visit& visit) {
  return {.id = "p1",
          .targets = {"Encounter/e1/_history/1", "Claim/c1/_history/1"},
          .inputs = visit.inputs,
          .policies = {"https://workgate.example/fhir/PolicyPack/x|1"},
          .states = {"attended", "claim-ready"},
          .reasons = {"clinic-work-conditioning/A4"}};
}

// The bodies of all cases, one after the other.
std::string by_maps(const Case& one, const Emission& how) {
  std::string all;
  std::size_t number = 0;
  for (const auto& visit : one.plan.visits) {
    all += *encounter_json(visit, {.id = "e1"}, how);
    all += *provenance_json(provenance_body(visit), how);
  }
  for (const auto& claim : one.plan.claims) {
    all += *claim_json(claim, claim_body(++number), how);
  }
  return all;
}

std::string by_hand(const Case& one, const Emission& how) {
  std::string all;
  std::size_t number = 0;
  for (const auto& visit : one.plan.visits) {
    all += handwritten::encounter_json(visit, {.id = "e1"}, how);
    all += handwritten::provenance_json(provenance_body(visit), how);
  }
  for (const auto& claim : one.plan.claims) {
    all += handwritten::claim_json(claim, claim_body(++number), how);
  }
  return all;
}

std::size_t bodies_of(const Case& one) {
  return 2 * one.plan.visits.size() + one.plan.claims.size();
}

std::string copied(const std::string& text) {
  std::string all;
  all.reserve(text.size());
  return all.append(text);
}

// Of this thread alone: others share the machine.
double cpu_nanoseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 +
         static_cast<double>(time.tv_nsec);
}

// Nanoseconds a body, the best of several rounds.
template <typename Write>
double cost(std::size_t bodies, std::size_t cases, Write write) {
  double best = 1e18;
  std::size_t bytes = 0;
  for (int round = 0; round < kRounds; ++round) {
    const auto begin = cpu_nanoseconds();
    for (std::size_t i = 0; i < cases; ++i) bytes += write(i).size();
    const auto took = cpu_nanoseconds() - begin;
    best = std::min(best, took / static_cast<double>(bodies));
  }
  if (bytes == 0) std::printf("nothing was written\n");
  return best;
}

int run(unsigned histories) {
  const auto programs = shipped_programs(demo_site());
  const auto cases = random_cases(programs, histories);
  const auto how = emission();
  std::size_t bodies = 0;
  std::vector<std::string> texts;
  for (const auto& one : cases) {
    texts.push_back(by_hand(*one, how));
    bodies += bodies_of(*one);
    if (by_maps(*one, how) == texts.back()) continue;
    std::printf("the maps write otherwise:\n%s\n%s\n",
                by_maps(*one, how).c_str(), texts.back().c_str());
    return 1;
  }
  std::printf("%zu bodies: maps and hand write the same bytes\n", bodies);
  const auto maps = cost(bodies, cases.size(), [&](std::size_t i) {
    return by_maps(*cases[i], how);
  });
  const auto hand = cost(bodies, cases.size(), [&](std::size_t i) {
    return by_hand(*cases[i], how);
  });
  const auto copy = cost(bodies, cases.size(),
                         [&](std::size_t i) { return copied(texts[i]); });
  std::printf(
      "a body: maps %.0f ns, by hand %.0f ns, copied %.0f ns; maps / hand "
      "%.2f, maps / copy %.1f; Encounter, Claim and Provenance %.2f us\n",
      maps, hand, copy, maps / hand, maps / copy, 3 * maps / 1000);
  return 0;
}

}  // namespace
}  // namespace gateway::billing

int main(int argc, char** argv) {
  const auto histories = argc > 1 ? static_cast<unsigned>(std::atoi(argv[1]))
                                  : gateway::billing::kHistories;
  return gateway::billing::run(histories);
}
