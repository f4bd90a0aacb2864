#include "server/metrics.h"

namespace gateway::server {
namespace {

exchange::Metric counter(
    std::string name, std::string help,
    const std::map<std::pair<std::string, std::string>, std::uint64_t>& counts,
    const std::pair<std::string, std::string>& labels) {
  exchange::Metric metric{.name = std::move(name), .help = std::move(help)};
  for (const auto& [values, count] : counts) {
    metric.samples.push_back({.labels = {{labels.first, values.first},
                                         {labels.second, values.second}},
                              .value = std::to_string(count)});
  }
  return metric;
}

}  // namespace

void Metrics::count_answer(std::string_view method, int status) {
  const std::lock_guard lock(mutex_);
  ++answers_[{std::string(method), std::to_string(status)}];
}

void Metrics::count_end(store::MessageState state, std::string_view rule) {
  const std::lock_guard lock(mutex_);
  ++ends_[{std::string(store::name(state)), std::string(rule)}];
}

std::vector<exchange::Metric> Metrics::snapshot() const {
  exchange::Metric parked{
      .name = "workgate_parked_messages",
      .help =
          "Messages that wait for a row of a table or for a person, by "
          "partner.",
      .kind = exchange::Metric::Kind::gauge};
  std::map<std::string, std::size_t> waiting;
  if (parked_) {
    for (const auto& partner : parked_()) ++waiting[partner];
  }
  for (const auto& [partner, count] : waiting) {
    parked.samples.push_back(
        {.labels = {{"partner", partner}}, .value = std::to_string(count)});
  }
  const std::lock_guard lock(mutex_);
  return {counter("workgate_http_answers_total",
                  "HTTP requests answered, by method and status.", answers_,
                  {"method", "status"}),
          counter("workgate_messages_total",
                  "Messages by the state they ended in and the gravest rule.",
                  ends_, {"state", "rule"}),
          std::move(parked)};
}

std::vector<exchange::Metric> metrics_of(const Editions::State& state) {
  exchange::Metric attempts{
      .name = "workgate_reloads_total",
      .help =
          "Attempts to replace the edition in force: done, rolled-back, or "
          "the stage that failed."};
  for (const auto& [result, count] : state.attempts) {
    attempts.samples.push_back(
        {.labels = {{"result", result}}, .value = std::to_string(count)});
  }
  using Kind = exchange::Metric::Kind;
  return {
      std::move(attempts),
      {.name = "workgate_edition",
       .help = "The edition in force, by its hash.",
       .kind = Kind::gauge,
       .samples = {{.labels = {{"hash", state.current->hash}}, .value = "1"}}},
      {.name = "workgate_reload_failed",
       .help = "1 if the last attempt changed nothing, with its stage.",
       .kind = Kind::gauge,
       .samples = {
           {.labels = {{"stage", state.failure ? state.failure->why.stage
                                               : std::string()}},
            .value = state.failure ? "1" : "0"}}}};
}

}  // namespace gateway::server
