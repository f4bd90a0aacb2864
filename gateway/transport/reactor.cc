#include "transport/reactor.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace gateway::transport {
namespace {

constexpr std::chrono::milliseconds kTick{100};
constexpr std::size_t kEventsPerRound = 256;

int milliseconds_until(Reactor::Clock::time_point then,
                       Reactor::Clock::time_point now) {
  if (then <= now) return 0;
  return static_cast<int>(
      std::chrono::ceil<std::chrono::milliseconds>(then - now).count());
}

}  // namespace

Postbox::~Postbox() { ::close(wakeup_); }

void Postbox::post(Task task) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    first = tasks_.empty();
    tasks_.push_back(std::move(task));
  }
  if (!first) return;  // it has been woken already
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wakeup_, &one, sizeof one);
}

std::vector<Postbox::Task> Postbox::take() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(wakeup_, &count, sizeof count);
  const std::lock_guard lock(mutex_);
  return std::exchange(tasks_, {});
}

void Postbox::close() {
  std::vector<Task> dropped;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  dropped.swap(tasks_);
}

Result<std::unique_ptr<Reactor>> Reactor::make() {
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  const int wakeup = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (epoll < 0 || wakeup < 0) {
    if (epoll >= 0) ::close(epoll);
    if (wakeup >= 0) ::close(wakeup);
    return Error{ErrorCode::unavailable,
                 "cannot poll sockets: the process has too many open files"};
  }
  return std::unique_ptr<Reactor>(new Reactor(epoll, wakeup));
}

Reactor::Reactor(int epoll, int wakeup)
    : epoll_(epoll),
      postbox_(std::make_shared<Postbox>(wakeup)),
      now_(Clock::now()),
      next_tick_(now_ + kTick) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kWakeup;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wakeup, &event);
}

Reactor::~Reactor() {
  postbox_->close();
  watches_.clear();
  ::close(epoll_);
}

Reactor::Key Reactor::add(Watch watch) {
  const Key key = next_key_++;
  epoll_event event{};
  event.events = watch.interest;
  event.data.u64 = key;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, watch.socket, &event);
  watches_.emplace(key, std::move(watch));
  return key;
}

void Reactor::want(Key key, std::uint32_t interest) {
  const auto found = watches_.find(key);
  if (found == watches_.end() || found->second.interest == interest) return;
  found->second.interest = interest;
  epoll_event event{};
  event.events = interest;
  event.data.u64 = key;
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, found->second.socket, &event);
}

void Reactor::remove(Key key) {
  const auto found = watches_.find(key);
  if (found == watches_.end() || found->second.socket < 0) return;
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, found->second.socket, nullptr);
  found->second.socket = -1;
  removed_.push_back(key);
}

void Reactor::dispatch(Key key, std::uint32_t events) {
  if (key == kWakeup) return run_tasks();
  const auto found = watches_.find(key);
  if (found == watches_.end() || found->second.socket < 0) return;
  found->second.ready(events);
}

void Reactor::run_tasks() {
  for (const auto& task : postbox_->take()) task();
}

void Reactor::run_ticks() {
  next_tick_ = now_ + kTick;
  for (auto& [key, watch] : watches_) {
    if (watch.socket >= 0 && watch.tick) watch.tick();
  }
}

void Reactor::run() {
  postbox_->adopt();
  std::array<epoll_event, kEventsPerRound> events{};
  while (!stopped_) {
    const int count =
        ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                     milliseconds_until(next_tick_, Clock::now()));
    now_ = Clock::now();
    for (int i = 0; i < count; ++i) {
      const auto& event = events.at(static_cast<std::size_t>(i));
      dispatch(event.data.u64, event.events);
    }
    if (now_ >= next_tick_) run_ticks();
    for (const Key key : std::exchange(removed_, {})) watches_.erase(key);
  }
}

void Reactor::stop() {
  postbox_->post([this] { stopped_ = true; });
}

void Reactor::tick_soon() {
  postbox_->post([this] { run_ticks(); });
}

}  // namespace gateway::transport
