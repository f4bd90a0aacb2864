#include "server/retention.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace gateway::server {
namespace {

using store::MessageState;

constexpr std::array kStates = {MessageState::accepted, MessageState::held,
                                MessageState::rejected, MessageState::unparsed,
                                MessageState::refused};
constexpr int kMostDays = 36'500;

Error wrong(const Yaml& node, const std::string& what) {
  return {ErrorCode::invalid, node.place() + ": " + what};
}

Result<Retention::Days> read_days(const Yaml& node) {
  const auto& text = node.scalar();
  int days = 0;
  const auto* const last = text.data() + text.size();
  const auto [end, failed] = std::from_chars(text.data(), last, days);
  if (failed != std::errc() || end != last || days < 1 || days > kMostDays) {
    return wrong(node, "a whole number of days from 1 to " +
                           std::to_string(kMostDays) + " is wanted");
  }
  return Retention::Days(days);
}

std::optional<Error> read_keep(const Yaml& keep, Retention& out) {
  for (const auto& [name, value] : keep.members()) {
    const auto* const state = std::find_if(
        kStates.begin(), kStates.end(),
        [&](MessageState s) { return store::name(s) == name.scalar(); });
    if (state == kStates.end()) {
      return wrong(name, "'" + name.scalar() +
                             "' is no state: accepted, held, rejected, "
                             "unparsed and refused are");
    }
    const auto days = read_days(value);
    if (!days) return days.error();
    out.keep[*state] = *days;
  }
  return std::nullopt;
}

std::optional<Error> read_member(const Yaml& name, const Yaml& value,
                                 Retention& out) {
  if (name.scalar() == "keepDays") return read_keep(value, out);
  if (name.scalar() == "answerDays") {
    const auto days = read_days(value);
    if (!days) return days.error();
    out.answers = *days;
    return std::nullopt;
  }
  if (name.scalar() != "prune") {
    return wrong(name, "'" + name.scalar() +
                           "' is no setting of messageLog: keepDays, "
                           "answerDays and prune are");
  }
  if (value.scalar() != "daily" && value.scalar() != "onRequest") {
    return wrong(value, "prune is daily or onRequest");
  }
  out.daily = value.scalar() == "daily";
  return std::nullopt;
}

}  // namespace

std::set<MessageState> Retention::due(Instant newest, Instant now) const {
  std::set<MessageState> states;
  for (const auto& [state, days] : keep) {
    if (newest + days <= now) states.insert(state);
  }
  return states;
}

Result<Retention> read_retention(const Yaml& root) {
  Retention retention;
  for (const auto& [name, value] : root.get("messageLog").members()) {
    if (auto error = read_member(name, value, retention)) return *error;
  }
  return retention;
}

}  // namespace gateway::server
