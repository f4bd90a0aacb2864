#include "server/editions.h"

#include <algorithm>
#include <utility>

namespace gateway::server {
namespace {

// Messages under way keep older ones alive by themselves.
constexpr std::size_t kMostEarlier = 8;

}  // namespace

SharedEdition Editions::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

void Editions::put(SharedEdition next) {
  current_ = std::move(next);
  failure_.reset();
}

LoadedEdition Editions::reload(const Load& load, Instant now) {
  const std::lock_guard one_at_a_time(loading_);
  auto loaded = load();
  const std::lock_guard lock(mutex_);
  if (auto* const why = std::get_if<LoadFailure>(&loaded)) {
    ++attempts_[why->stage];
    failure_ = Failure{now, *why};
    return loaded;
  }
  ++attempts_["done"];
  const auto& next = std::get<SharedEdition>(loaded);
  // What says the same is none to go back to.
  if (next->hash != current_->hash) earlier_.push_back(current_);
  if (earlier_.size() > kMostEarlier) earlier_.erase(earlier_.begin());
  rolled_back_ = false;
  put(next);
  return loaded;
}

LoadedEdition Editions::rollback(Instant now) {
  const std::lock_guard one_at_a_time(loading_);
  const std::lock_guard lock(mutex_);
  if (earlier_.empty()) {
    LoadFailure why{"rollback", "there is no edition before the current one"};
    ++attempts_[why.stage];
    failure_ = Failure{now, why};
    return why;
  }
  ++attempts_["rolled-back"];
  put(std::move(earlier_.back()));
  earlier_.pop_back();
  rolled_back_ = true;
  return current_;
}

Editions::State Editions::state() const {
  const std::lock_guard lock(mutex_);
  State state{.current = current_,
              .earlier = earlier_,
              .failure = failure_,
              .rolled_back = rolled_back_,
              .attempts = attempts_};
  std::reverse(state.earlier.begin(), state.earlier.end());
  return state;
}

std::string Editions::detail() const {
  const auto now = state();
  std::string text = "edition " + now.current->hash.substr(0, 12) + " since " +
                     utc_text(now.current->loaded);
  if (now.rolled_back) text += ", rolled back: the files say otherwise";
  if (!now.failure) return text;
  return text + "; the reload of " + utc_text(now.failure->at) +
         " changed nothing: " + now.failure->why.stage + ": " +
         now.failure->why.text;
}

}  // namespace gateway::server
