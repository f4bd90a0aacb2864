#include "server/operator_desk.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>
#include <utility>

#include "base/json_writer.h"
#include "server/messages_about.h"

namespace gateway::server {
namespace {

using exchange::Operation;
using fhir::IssueType;
using transport::Response;

constexpr std::size_t kMostInPlan = 10'000;
constexpr std::size_t kMostPerSecond = 500;

// -1 for what is no number.
std::int64_t number(std::string_view text) {
  std::int64_t value = 0;
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  return read.ec == std::errc() && read.ptr == end ? value : -1;
}

exchange::Refusal no_such(const std::string& what) {
  return exchange::refusal(404, {.rule = "rest/not-found",
                                 .type = IssueType::not_found,
                                 .text = "there is no such " + what});
}

void write_counts(JsonWriter& out, std::string_view name,
                  const ReplayPlan::Counts& counts) {
  out.key(name).begin_object();
  for (const auto& [what, count] : counts) {
    out.key(what).integer(static_cast<long long>(count));
  }
  out.end_object();
}

std::string plan_text(const ReplayPlan& plan) {
  JsonWriter out;
  out.begin_object().key("id").integer(plan.id);
  out.member("state", name(plan.state));
  out.key("messages").integer(static_cast<long long>(plan.messages.size()));
  out.key("capped").boolean(plan.capped);
  out.key("perSecond").integer(static_cast<long long>(plan.order.per_second));
  write_counts(out, "partners", plan.partners);
  write_counts(out, "would", plan.would);
  write_counts(out, "writes", plan.writes);
  out.key("replayed").integer(static_cast<long long>(plan.replayed));
  write_counts(out, "became", plan.became);
  out.end_object();
  return out.take();
}

std::string pruning_text(const PrunePlan& plan) {
  JsonWriter out;
  out.begin_object().key("id").integer(plan.id);
  out.member("state", name(plan.state)).member("at", utc_text(plan.at));
  out.key("segments").integer(static_cast<long long>(plan.segments.size()));
  out.key("would").begin_array();
  for (const auto& count : plan.would) {
    out.begin_object();
    exchange::write_count(out, count);
    out.end_object();
  }
  out.end_array().key("open").integer(plan.open);
  out.key("pruned").integer(plan.pruned);
  out.end_object();
  return out.take();
}

std::string end_page(const End& end) {
  JsonWriter out;
  out.begin_object()
      .member("state", store::name(*end.state))
      .member_if("rule", end.rule);
  out.key("before").boolean(end.known);
  write_counts(out, "writes", end.writes);
  out.end_object();
  return out.take();
}

void write_edition(JsonWriter& out, const Edition& edition) {
  out.begin_object()
      .member("hash", edition.hash)
      .member("loaded", utc_text(edition.loaded))
      .member("maps", edition.maps->hash)
      .key("packs")
      .begin_array();
  for (const auto& pack : edition.programs.packs()) {
    out.string(pack->id + " " + pack->version);
  }
  out.end_array().end_object();
}

std::string configuration_page(const Editions::State& state) {
  JsonWriter out;
  out.begin_object().key("current");
  write_edition(out, *state.current);
  out.key("rolledBack").boolean(state.rolled_back);
  out.key("earlier").begin_array();
  for (const auto& edition : state.earlier) write_edition(out, *edition);
  out.end_array();
  if (state.failure) {
    out.key("failure")
        .begin_object()
        .member("at", utc_text(state.failure->at))
        .member("stage", state.failure->why.stage)
        .member("text", state.failure->why.text)
        .end_object();
  }
  out.end_object();
  return out.take();
}

}  // namespace

void OperatorDesk::answer(const exchange::Interaction& asked,
                          const exchange::Caller& caller,
                          const transport::Responder& responder) {
  if (!exchange::may_read_log(caller)) {
    return responder.send(refused(
        exchange::refusal(403, {.rule = "rest/forbidden",
                                .type = IssueType::forbidden,
                                .text = "this path is for operators"})));
  }
  if (asked.operation == Operation::replay) return replay(asked, responder);
  responder.send(answer_now(asked));
}

Response OperatorDesk::answer_now(const exchange::Interaction& asked) {
  switch (asked.operation) {
    case Operation::configuration:
      return configuration();
    case Operation::reload:
      return replaced(reloading_.reload());
    case Operation::rollback:
      return replaced(reloading_.rollback());
    case Operation::message_search:
      return search(asked);
    case Operation::replay_plan:
      return plan(asked);
    case Operation::replay_read:
      return plan_page(number(asked.id), 200);
    case Operation::replay_start:
    case Operation::replay_cancel:
      return change_plan(asked);
    case Operation::prune_plan:
      return prune_page(prunings_.plan(), 202);
    case Operation::prune_read:
      return prune_page(number(asked.id), 200);
    case Operation::prune_start:
    case Operation::prune_cancel:
      return change_pruning(asked);
    case Operation::replay:
    case Operation::none:
      break;
  }
  return unavailable({ErrorCode::fault, "no such operation"}, parts_.site);
}

Response OperatorDesk::configuration() const {
  return exchange::json_answer(200,
                               configuration_page(parts_.editions.state()));
}

Response OperatorDesk::replaced(const LoadedEdition& loaded) const {
  const auto* const why = std::get_if<LoadFailure>(&loaded);
  if (why == nullptr) return configuration();
  return refused(
      exchange::refusal(409, {.rule = "configuration/" + why->stage,
                              .type = IssueType::conflict,
                              .text = why->text,
                              .remedy = "nothing was changed; correct it and "
                                        "reload again",
                              .actor = fhir::Actor::operator_}));
}

Response OperatorDesk::refused(const exchange::Refusal& refusal) const {
  return exchange::refusal_answer(refusal, parts_.site);
}

// By the identifier of a patient or a coverage's claim number: the messages
// that bore it, and those that wrote anything for that patient.
Response OperatorDesk::search(const exchange::Interaction& asked) const {
  constexpr std::array kNames = {std::pair{"patient-identifier", "Patient"},
                                 std::pair{"claim-number", "Coverage"}};
  auto parameters = asked.query;
  std::erase_if(parameters, [&](const auto& parameter) {
    return std::any_of(kNames.begin(), kNames.end(), [&](const auto& one) {
      return parameter.name == one.first;
    });
  });
  auto parsed = exchange::parse_message_query(parameters);
  if (const auto* bad = std::get_if<exchange::Refusal>(&parsed)) {
    return refused(*bad);
  }
  const auto& query = std::get<store::MessageQuery>(parsed);
  MessagesAbout about(parts_.store, query);
  for (const auto& [name, type] : kNames) {
    const std::string value(exchange::value_of(asked.query, name));
    if (value.empty()) continue;
    if (const auto done = about.keep(type, value); !done) {
      return unavailable(done.error(), parts_.site);
    }
  }
  auto found = about.messages();
  if (!found) return unavailable(found.error(), parts_.site);
  auto later =
      exchange::later_messages(*found, store::Scope::all(), parts_.store);
  if (!later) return unavailable(later.error(), parts_.site);
  auto pruned = parts_.store.pruned(store::Scope::all(), query);
  if (!pruned) return unavailable(pruned.error(), parts_.site);
  return exchange::json_answer(
      200,
      exchange::search_list(
          {*std::move(found), *std::move(later), *std::move(pruned)}, query));
}

void OperatorDesk::replay(const exchange::Interaction& asked,
                          const transport::Responder& responder) {
  const auto message =
      parts_.store.message(store::Scope::all(), number(asked.id));
  if (!message) {
    return responder.send(unavailable(message.error(), parts_.site));
  }
  if (!*message) return responder.send(absent(number(asked.id)));
  if (const auto why = unrepeatable((*message)->message)) {
    return responder.send(
        refused(exchange::refusal(409, {.rule = "log/not-replayable",
                                        .type = IssueType::conflict,
                                        .text = *why})));
  }
  const auto mode = exchange::value_of(asked.query, "mode");
  if (!mode.empty() && mode != "trial") {
    return responder.send(refused(
        exchange::refusal(400, {.rule = "log/unknown-mode",
                                .type = IssueType::value,
                                .text = "this mode of a replay is not known",
                                .seen = std::string(mode),
                                .wanted = "mode=trial, or no mode"})));
  }
  replays_.replay(
      **message, mode == "trial" ? Purpose::trial : Purpose::commit,
      [responder, &site = parts_.site](const End& end) {
        responder.send(
            end.state
                ? exchange::json_answer(200, end_page(end))
                : unavailable({ErrorCode::unavailable,
                               "the message could not be replayed; its "
                               "partner is not known, or the store is away"},
                              site));
      });
}

// A message that is not there: pruned, or never was.
Response OperatorDesk::absent(store::Sequence sequence) const {
  const auto at = parts_.store.pruned_at(store::Scope::all(), sequence);
  if (!at) return unavailable(at.error(), parts_.site);
  return refused(*at ? exchange::pruned_message(**at) : no_such("message"));
}

Response OperatorDesk::plan(const exchange::Interaction& asked) {
  ReplayOrder order;
  auto parameters = asked.query;
  for (const auto& [name, into, most] :
       {std::tuple{"most", &order.most, kMostInPlan},
        std::tuple{"per-second", &order.per_second, kMostPerSecond}}) {
    const std::string value(exchange::value_of(parameters, name));
    std::erase_if(parameters,
                  [name = name](const auto& p) { return p.name == name; });
    if (value.empty()) continue;
    const auto wanted = number(value);
    if (wanted < 1 || static_cast<std::size_t>(wanted) > most) {
      return refused(exchange::refusal(
          400,
          {.rule = "rest/bad-value",
           .type = IssueType::value,
           .text = std::string("the value of ") + name + " is not understood",
           .wanted = "a number from 1 to " + std::to_string(most)}));
    }
    *into = static_cast<std::size_t>(wanted);
  }
  auto parsed = exchange::parse_message_query(parameters);
  if (const auto* bad = std::get_if<exchange::Refusal>(&parsed)) {
    return refused(*bad);
  }
  order.query = std::get<store::MessageQuery>(std::move(parsed));
  return plan_page(replays_.plan(order), 202);
}

Response OperatorDesk::plan_page(std::int64_t id, int status) const {
  const auto plan = replays_.find(id);
  if (!plan) return refused(no_such("plan"));
  return exchange::json_answer(status, plan_text(*plan));
}

Response OperatorDesk::change_plan(const exchange::Interaction& asked) {
  const auto id = number(asked.id);
  const bool changed = asked.operation == Operation::replay_start
                           ? replays_.start(id)
                           : replays_.cancel(id);
  if (changed || !replays_.find(id)) return plan_page(id, 200);
  return wrong_state();
}

Response OperatorDesk::prune_page(std::int64_t id, int status) const {
  const auto plan = prunings_.find(id);
  if (!plan) return refused(no_such("plan"));
  return exchange::json_answer(status, pruning_text(*plan));
}

Response OperatorDesk::change_pruning(const exchange::Interaction& asked) {
  const auto id = number(asked.id);
  const bool changed = asked.operation == Operation::prune_start
                           ? prunings_.start(id)
                           : prunings_.cancel(id);
  if (changed || !prunings_.find(id)) return prune_page(id, 200);
  return wrong_state();
}

Response OperatorDesk::wrong_state() const {
  return refused(exchange::refusal(
      409, {.rule = "log/plan-state",
            .type = IssueType::conflict,
            .text = "the plan is in no state for this",
            .wanted = "start: a plan that is planned; cancel: one that has "
                      "not ended"}));
}

}  // namespace gateway::server
