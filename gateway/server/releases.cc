#include "server/releases.h"

#include <future>
#include <utility>

#include "server/parked_tasks.h"

namespace gateway::server {

using store::MessageState;

Status Releases::begin() {
  if (const auto done = read_partners(); !done) return done;
  thread_ = std::thread([this] { work(); });
  return Done{};
}

Status Releases::read_partners() {
  const auto edition = parts_.editions.current();
  for (const auto& [partner, caller] : edition->settings.partners) {
    if (read_.contains(partner)) continue;
    auto before = parked_before(parts_, partner);
    if (!before) return before.error();
    if (!before->empty()) parked_.wake();
    for (auto& message : *before) parked_.add(std::move(message), {});
    read_.insert(partner);
  }
  return Done{};
}

void Releases::stop() {
  stopping_ = true;
  parked_.close();
  if (thread_.joinable()) thread_.join();
}

void Releases::work() {
  using Woken = ParkedMessages::Woken;
  for (auto woken = Woken::time; woken != Woken::ended;
       woken = parked_.wait_for(look_)) {
    // Where the store is away, the next time.
    (void)read_partners();
    escalate();
    for (const auto& message : parked_.all()) {
      if (stopping_) return;
      // A patient is corrected, and an order sent, without anybody telling us.
      if (woken == Woken::due || message.is_looked_at) try_again(message);
    }
  }
}

// A store that is away now is asked again the next time.
void Releases::escalate() {
  const auto edition = parts_.editions.current();
  for (const auto& message : parked_.all()) {
    if (stopping_) return;
    (void)escalate_task(parts_, message, edition->programs);
  }
}

void Releases::try_again(const ParkedMessage& message) {
  const auto edition = parts_.editions.current();
  // A partner that the configuration lacks for now keeps what it sent.
  if (!edition->settings.partners.contains(message.owner)) return;
  // Somebody gave it up.
  const auto task = task_state(parts_, message);
  if (task && *task == TaskState::closed) {
    return parked_.remove(message.sequence);
  }
  const auto stored =
      parts_.store.message(store::Scope::all(), message.sequence);
  if (!stored || !*stored) return;
  auto release = std::make_shared<Release>(Release{.message = message});
  auto end = std::make_shared<std::promise<void>>();
  intake_.release(
      **stored, release,
      transport::MllpResponder(
          [end](const std::vector<std::string>&) { end->set_value(); },
          [end] { end->set_value(); }));
  end->get_future().wait();
  if (!goes_on_waiting(message, **stored, *release)) {
    return parked_.remove(message.sequence);
  }
  // No row and no other message is what it lacks; or the store was away.
  const auto& hold = release->hold;
  if (!hold || (hold->rows.empty() && hold->behind.empty())) {
    parked_.look_often(message.sequence);
  }
}

bool Releases::goes_on_waiting(const ParkedMessage& message,
                               const store::StoredMessage& stored,
                               const Release& end) {
  const auto& state = end.end->state;
  if (state == MessageState::accepted || state == MessageState::held) {
    return false;
  }
  // Without a hold the store was away, or the Task was closed.
  const auto task = end.hold
                        ? renew_task(parts_, message,
                                     {.base = parts_.site.canonical,
                                      .partner = message.owner,
                                      .digest = message.digest,
                                      .event = stored.message.request,
                                      .control_id = stored.message.control_id},
                                     *end.hold)
                        : task_state(parts_, message);
  return !task || *task == TaskState::open;
}

}  // namespace gateway::server
