#include "server/replays.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include "security/digest.h"

namespace gateway::server {
namespace {

using store::MessageState;
using State = PlanState;

constexpr std::size_t kPage = 100;

std::string result_of(const End& end) {
  if (!end.state) return "no answer";
  const std::string state(store::name(*end.state));
  if (end.known) return state + " before";
  return end.rule.empty() ? state : state + " " + end.rule;
}

bool is_batch(const store::Message& message) {
  if (message.channel != "fhir" || message.request != "POST /fhir") {
    return false;
  }
  const auto document = JsonDocument::parse(message.content);
  return document && document->root().get("type").text() == "batch";
}

}  // namespace

std::optional<std::string> unrepeatable(const store::Message& message) {
  if (message.state == MessageState::accepted ||
      message.state == MessageState::held) {
    return "the message was taken: it has its effect, or waits as its Task "
           "says";
  }
  if (message.channel != "fhir" && message.channel != "mllp") {
    return "the message was refused before it was complete";
  }
  if (message.request.ends_with(kConditionalMark)) {
    return "the request was conditional, and conditions are not kept";
  }
  if (is_batch(message)) {
    return "the entries of a batch were taken or refused one by one";
  }
  return std::nullopt;
}

Replays::Replays(const Parts& parts, Pipeline& pipeline, V2Intake& intake)
    : parts_(parts),
      pipeline_(pipeline),
      intake_(intake),
      thread_([this] { work(); }) {}

void Replays::stop() {
  plans_.close();
  if (thread_.joinable()) thread_.join();
}

void Replays::replay(const store::StoredMessage& message, Purpose purpose,
                     Done done) {
  if (message.message.channel != "mllp") {
    return replay_fhir(message, purpose, std::move(done));
  }
  auto end = std::make_shared<End>();
  const auto told = [end, done = std::move(done)] { done(*end); };
  intake_.replay(message, purpose, end,
                 transport::MllpResponder(
                     [told](const std::vector<std::string>&) { told(); },
                     [told] { told(); }));
}

void Replays::replay_fhir(const store::StoredMessage& message, Purpose purpose,
                          Done done) {
  const auto edition = parts_.editions.current();
  const auto& kept = message.message;
  const auto partner = edition->settings.partners.find(kept.owner);
  const auto space = kept.request.find(' ');
  transport::Request request;
  request.method = kept.request.substr(0, space);
  request.path =
      kept.request.substr(std::min(space, kept.request.size() - 1) + 1);
  request.headers = {{"content-type", "application/fhir+json"}};
  auto parsed = exchange::parse_interaction(request, parts_.site);
  auto* const interaction = std::get_if<exchange::Interaction>(&parsed);
  const bool can = interaction != nullptr &&
                   exchange::writes(interaction->action) &&
                   partner != edition->settings.partners.end();
  if (!can) return done({});
  const auto sequence = std::to_string(message.sequence);
  Incoming incoming{.interaction = *interaction,
                    .caller = partner->second,
                    .request = kept.request,
                    .peer = std::string(store::kReplayOf) + sequence,
                    .control_id = kept.control_id,
                    .received_at = parts_.clock(),
                    .body = kept.content,
                    .edition = edition};
  incoming.purpose = purpose;
  incoming.said = message.sequence;
  incoming.end = std::make_shared<End>();
  incoming.once = security::sha256_hex("replay of message " + sequence);
  const auto end = incoming.end;
  pipeline_.write(std::move(incoming),
                  [end, done = std::move(done)](const transport::Response&) {
                    done(*end);
                  });
}

std::int64_t Replays::plan(const ReplayOrder& order) {
  return plans_.add({.order = order});
}

std::set<store::Sequence> Replays::under_way() const {
  std::set<store::Sequence> sequences;
  plans_.for_each([&sequences](const ReplayPlan& plan) {
    if (ended(plan.state)) return;
    sequences.insert(plan.messages.begin(), plan.messages.end());
  });
  return sequences;
}

void Replays::work() {
  constexpr std::chrono::hours kForLong{1};
  while (const auto plan = plans_.next(kForLong, [] {})) {
    if (plan->state == State::planning) {
      try_all(*plan);
    } else {
      run_all(*plan);
    }
  }
}

// Newest first, as the log is read; replayed in the order of arrival.
bool Replays::gather(const ReplayPlan& plan) {
  auto query = plan.order.query;
  query.count = kPage;
  std::vector<store::Sequence> found;
  ReplayPlan::Counts partners;
  bool capped = false;
  while (!capped) {
    const auto page = parts_.store.messages(store::Scope::all(), query);
    if (!page) return false;
    for (const auto& one : *page) {
      if (unrepeatable(one.message)) continue;
      capped = found.size() == plan.order.most;
      if (capped) break;
      found.push_back(one.sequence);
      ++partners[one.message.owner];
    }
    if (page->size() < kPage) break;
    query.before = page->back().sequence;
  }
  std::reverse(found.begin(), found.end());
  return plans_.note(plan.id, [&](ReplayPlan& noted) {
    noted.messages = std::move(found);
    noted.partners = std::move(partners);
    noted.capped = capped;
  });
}

void Replays::try_all(const ReplayPlan& plan) {
  if (!gather(plan)) {
    plans_.note(plan.id,
                [](ReplayPlan& noted) { noted.state = State::failed; });
    return;
  }
  const auto gathered = find(plan.id);
  if (!gathered) return;
  for (const auto sequence : gathered->messages) {
    const auto end = replay_now(sequence, Purpose::trial);
    const bool goes_on = plans_.note(plan.id, [&](ReplayPlan& noted) {
      ++noted.would[result_of(end)];
      for (const auto& [type, count] : end.writes) noted.writes[type] += count;
    });
    if (!goes_on) return;
  }
  plans_.note(plan.id, [](ReplayPlan& noted) { noted.state = State::planned; });
}

void Replays::run_all(const ReplayPlan& plan) {
  using Clock = std::chrono::steady_clock;
  const auto pause = std::chrono::nanoseconds(std::chrono::seconds(1)) /
                     static_cast<long>(plan.order.per_second);
  auto due = Clock::now();
  for (std::size_t i = plan.replayed; i < plan.messages.size(); ++i) {
    const auto end = replay_now(plan.messages[i], Purpose::commit);
    const bool goes_on = plans_.note(plan.id, [&](ReplayPlan& noted) {
      ++noted.replayed;
      ++noted.became[result_of(end)];
    });
    if (!goes_on) return;
    due += pause;
    plans_.wait(plan.id, due);
  }
  plans_.note(plan.id, [](ReplayPlan& noted) { noted.state = State::done; });
}

End Replays::replay_now(store::Sequence sequence, Purpose purpose) {
  const auto message = parts_.store.message(store::Scope::all(), sequence);
  if (!message || !*message) return {};
  auto end = std::make_shared<std::promise<End>>();
  replay(**message, purpose, [end](const End& e) { end->set_value(e); });
  return end->get_future().get();
}

}  // namespace gateway::server
