#include "server/operator_desk.h"

#include "base/json_writer.h"

namespace gateway::server {
namespace {

using exchange::Operation;
using fhir::IssueType;

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

transport::Response OperatorDesk::answer(const exchange::Interaction& asked,
                                         const exchange::Caller& caller) {
  if (!exchange::may_read_log(caller)) {
    return exchange::refusal_answer(
        exchange::refusal(403, {.rule = "rest/forbidden",
                                .type = IssueType::forbidden,
                                .text = "this path is for operators"}),
        parts_.site);
  }
  switch (asked.operation) {
    case Operation::configuration:
      return configuration();
    case Operation::reload:
      return replaced(reloading_.reload());
    case Operation::rollback:
      return replaced(reloading_.rollback());
    case Operation::none:
      break;
  }
  return unavailable({ErrorCode::fault, "no such operation"}, parts_.site);
}

transport::Response OperatorDesk::configuration() const {
  return exchange::json_answer(200,
                               configuration_page(parts_.editions.state()));
}

transport::Response OperatorDesk::replaced(const LoadedEdition& loaded) const {
  const auto* const why = std::get_if<LoadFailure>(&loaded);
  if (why == nullptr) return configuration();
  return exchange::refusal_answer(
      exchange::refusal(409, {.rule = "configuration/" + why->stage,
                              .type = IssueType::conflict,
                              .text = why->text,
                              .remedy = "nothing was changed; correct it and "
                                        "reload again",
                              .actor = fhir::Actor::operator_}),
      parts_.site);
}

}  // namespace gateway::server
