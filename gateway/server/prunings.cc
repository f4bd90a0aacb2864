#include "server/prunings.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <map>
#include <string>
#include <utility>

#include "base/text.h"
#include "security/digest.h"
#include "server/parking.h"

namespace gateway::server {
namespace {

using State = PlanState;
using store::MessageState;

constexpr std::chrono::hours kDay{24};
// How often a site that prunes daily is asked whether it is due.
constexpr std::chrono::minutes kLook{10};

// Ids of the Tasks that the answer of a message named.
std::vector<std::string> named_tasks(const store::Message& message) {
  constexpr std::string_view kTask = "X-Workgate-Task: Task/";
  std::vector<std::string> ids;
  for (const auto line : split(message.answer_headers, '\n')) {
    if (line.starts_with(kTask)) ids.emplace_back(line.substr(kTask.size()));
  }
  return ids;
}

bool is_open_task(const store::StoredResource& task) {
  const auto document = JsonDocument::parse(task.body);
  return !document || is_open(document->root());
}

void add(std::vector<store::MessageCount>& counts,
         const store::MessageCount& more) {
  const auto known =
      std::find_if(counts.begin(), counts.end(), [&](const auto& count) {
        return count.owner == more.owner && count.state == more.state;
      });
  if (known == counts.end()) return counts.push_back(more);
  known->messages += more.messages;
  known->bytes += more.bytes;
  known->oldest = std::min(known->oldest, more.oldest);
  known->newest = std::max(known->newest, more.newest);
}

}  // namespace

Prunings::Prunings(const Parts& parts, UnderReplay under_replay)
    : parts_(parts),
      under_replay_(std::move(under_replay)),
      thread_([this] { work(); }) {}

void Prunings::stop() {
  plans_.close();
  if (thread_.joinable()) thread_.join();
}

std::int64_t Prunings::plan() { return plans_.add({.at = parts_.clock()}); }

std::optional<std::int64_t> Prunings::plan_if_due() {
  const auto edition = parts_.editions.current();
  if (!edition->settings.retention.daily) return std::nullopt;
  const std::lock_guard lock(daily_);
  const auto now = parts_.clock();
  if (last_daily_ && now - *last_daily_ < kDay) return std::nullopt;
  last_daily_ = now;
  return plans_.add({.at = now, .by_itself = true});
}

void Prunings::work() {
  const auto look_again = [this] { (void)plan_if_due(); };
  while (const auto plan = plans_.next(kLook, look_again)) {
    if (plan->state == State::planning) {
      look(*plan);
    } else {
      run(*plan);
    }
  }
}

void Prunings::look(const PrunePlan& asked) {
  auto plan = asked;
  const auto edition = parts_.editions.current();
  const auto& retention = edition->settings.retention;
  plan.answers_since = plan.at - retention.answers;
  const bool looked = add_segments(plan, retention);
  plans_.note(plan.id, [&](PrunePlan& noted) {
    noted = std::move(plan);
    noted.state = !looked           ? State::failed
                  : noted.by_itself ? State::running
                                    : State::planned;
  });
}

bool Prunings::add_segments(PrunePlan& plan, const Retention& retention) {
  const auto all = parts_.store.segments();
  if (!all) return false;
  std::map<std::int64_t, std::vector<store::MessageCount>> segments;
  for (const auto& part : *all) segments[part.segment].push_back(part.count);
  for (const auto& [segment, parts] : segments) {
    const auto newest = std::max_element(
        parts.begin(), parts.end(),
        [](const auto& a, const auto& b) { return a.newest < b.newest; });
    store::PruneOrder order{.segment = segment,
                            .states = retention.due(newest->newest, plan.at),
                            .at = plan.at,
                            .answers_since = plan.answers_since};
    if (!add_segment(plan, std::move(order), parts)) return false;
  }
  return true;
}

// False if the store could not be read.
bool Prunings::add_segment(PrunePlan& plan, store::PruneOrder order,
                           const std::vector<store::MessageCount>& parts) {
  std::vector<store::MessageCount> would;
  for (const auto& part : parts) {
    if (order.states.count(part.state) > 0) add(would, part);
  }
  const auto keep = [&](const store::StoredMessage& kept) {
    const auto& message = kept.message;
    if (!order.keep.insert(kept.sequence).second) return;
    ++plan.open;
    add(would, {.owner = message.owner,
                .state = message.state,
                .messages = -1,
                .bytes = -static_cast<std::int64_t>(message.content.size() +
                                                    message.outcome.size() +
                                                    message.answer.size()),
                .oldest = message.received_at,
                .newest = message.received_at});
  };
  const auto last = order.segment * store::kSegment;
  for (const auto sequence : under_replay_()) {
    if (store::segment_of(sequence) != order.segment) continue;
    const auto message = parts_.store.message(store::Scope::all(), sequence);
    if (!message) return false;
    if (*message && order.states.count((*message)->message.state) > 0) {
      keep(**message);
    }
  }
  if (order.states.count(MessageState::held) > 0) {
    const auto held =
        parts_.store.messages(store::Scope::all(), {.state = MessageState::held,
                                                    .before = last + 1,
                                                    .count = store::kSegment});
    if (!held) return false;
    for (const auto& message : *held) {
      if (message.sequence <= last - store::kSegment) break;
      const auto open = has_open_task(message);
      if (!open) return false;
      if (*open) keep(message);
    }
  }
  bool some = false;
  for (const auto& count : would) {
    if (count.messages == 0) continue;
    some = true;
    add(plan.would, count);
  }
  if (some) plan.segments.push_back(std::move(order));
  return true;
}

// By the Tasks that its answer named; where it named none, by that of the
// message that waits, and those of the cases that it wrote into; where there
// are none either, it is.
Result<bool> Prunings::has_open_task(
    const store::StoredMessage& message) const {
  auto& store = parts_.store;
  const auto named = named_tasks(message.message);
  for (const auto& id : named) {
    const auto task =
        store.read(store::Scope::all(), {"Task", id}, std::nullopt);
    if (!task) return task.error();
    if (*task && is_open_task(**task)) return true;
  }
  if (!named.empty()) return false;
  const auto written = store.written_by(message.sequence);
  if (!written) return written.error();
  bool has_task = false;  // of a message that waited, and of nobody's case
  std::set<std::pair<std::string, std::string>> cases;
  for (const auto& one : *written) {
    if (!one.case_key.empty()) {
      cases.emplace(one.owner, one.case_key);
    } else if (one.id.type == "Task") {
      const auto task =
          store.read(store::Scope::of(one.owner), one.id, std::nullopt);
      if (!task) return task.error();
      if (*task && is_open_task(**task)) return true;
      has_task = true;
    }
  }
  for (const auto& [owner, case_key] : cases) {
    const auto all = store.read_case(owner, case_key);
    if (!all) return all.error();
    for (const auto& one : *all) {
      if (one.id.type == "Task" && is_open_task(one)) return true;
    }
  }
  if (!cases.empty() || has_task) return false;
  return is_first_open(message);
}

// The same bytes that came again have no Task of their own.
Result<bool> Prunings::is_first_open(const store::StoredMessage& copy) const {
  const auto first = parts_.store.find_digest(
      copy.message.owner, security::sha256_hex(copy.message.content));
  if (!first) return first.error();
  if (!*first || (*first)->sequence >= copy.sequence) return true;
  const bool was_pruned = (*first)->message.content.empty();
  return was_pruned ? Result<bool>(false) : has_open_task(**first);
}

void Prunings::run(const PrunePlan& plan) {
  std::vector<store::PruneOrder> orders = plan.segments;
  orders.push_back({.at = plan.at, .answers_since = plan.answers_since});
  for (auto& order : orders) {
    order.keep.merge(under_replay_());
    std::promise<Result<std::vector<store::MessageCount>>> end;
    parts_.store.prune(order,
                       [&end](Result<std::vector<store::MessageCount>> counts) {
                         end.set_value(std::move(counts));
                       });
    const auto counts = end.get_future().get();
    const bool goes_on = plans_.note(plan.id, [&](PrunePlan& noted) {
      if (!counts) {
        noted.state = State::failed;
        return;
      }
      for (const auto& count : *counts) noted.pruned += count.messages;
    });
    if (!goes_on || !counts) return;
  }
  plans_.note(plan.id, [](PrunePlan& noted) { noted.state = State::done; });
}

}  // namespace gateway::server
