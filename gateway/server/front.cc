#include "server/front.h"

#include <utility>

#include "billing/explain.h"
#include "server/claim_day.h"
#include "server/claim_lineage.h"
#include "server/lineage.h"

namespace gateway::server {
namespace {

using exchange::Action;
using exchange::Refusal;
using fhir::IssueType;

const char* const kPartnerHeader = "X-Workgate-Partner";

// What is done in less time than it takes to wake another thread. Searches
// and Bundles may take long, and would hold up every connection.
constexpr std::size_t kShortBody = 32U << 10U;

bool is_short(const exchange::Interaction& interaction,
              const transport::Request& request) {
  switch (interaction.action) {
    case Action::create:
    case Action::update:
      return request.body.size() <= kShortBody;
    case Action::read:
    case Action::vread:
    case Action::live:
    case Action::ready:
      return true;
    case Action::bundle:
    case Action::capabilities:
    case Action::checklist:
    case Action::evaluate_measure:
    case Action::explain:
    case Action::history:
    case Action::index:
    case Action::measure:
    case Action::measures:
    case Action::message_list:
    case Action::message_read:
    case Action::metrics:
    case Action::operate:
    case Action::search:
    case Action::validate:
    case Action::expand:
    case Action::validate_code:
    case Action::lookup:
      return false;
  }
  return false;
}

bool has_body(const transport::Request& request) {
  return request.method == "POST" || request.method == "PUT" ||
         request.method == "PATCH";
}

Incoming incoming_of(const exchange::Interaction& interaction,
                     const exchange::Caller& caller,
                     transport::Request request) {
  // By its headers; a condition in the path shows in the path.
  const bool conditional =
      (interaction.condition && interaction.action == Action::create) ||
      interaction.if_match || interaction.if_none_match;
  return {.interaction = interaction,
          .caller = caller,
          .request = request.method + " " + request.path +
                     std::string(conditional ? kConditionalMark : ""),
          .peer = request.peer,
          .control_id =
              std::string(transport::header(request.headers, "x-request-id")),
          .received_at = request.received_at,
          .body = std::move(request.body)};
}

exchange::OrRefusal<exchange::Caller> caller_of(
    const Settings& settings, const exchange::Interaction& interaction) {
  const auto& name =
      interaction.partner.empty() ? settings.open_partner : interaction.partner;
  const auto known = settings.partners.find(name);
  if (known != settings.partners.end()) return known->second;
  return exchange::refusal(
      401, {.rule = "security/unknown-partner",
            .type = IssueType::security,
            .text = "the partner is not known here",
            .wanted = std::string("a partner of the configuration in ") +
                      kPartnerHeader,
            .remedy = "ask the operator to add the partner"});
}

}  // namespace

Front::Front(const Parts& parts, Pipeline& pipeline, Metrics& metrics,
             OperatorDesk& desk)
    : parts_(parts), pipeline_(pipeline), metrics_(metrics), desk_(desk) {}

void Front::handle(transport::Request request, transport::Responder responder) {
  const auto method = request.method;
  const transport::Responder counted(
      [this, method, responder](transport::Response response) {
        metrics_.count_answer(method, response.status);
        responder.send(std::move(response));
      });
  auto parsed = exchange::parse_interaction(request, parts_.site);
  if (auto* refusal = std::get_if<Refusal>(&parsed)) {
    return refuse(*refusal, std::move(request), counted);
  }
  const auto& interaction = std::get<exchange::Interaction>(parsed);
  const auto edition = parts_.editions.current();
  const auto& settings = edition->settings;
  auto who = caller_of(settings, interaction);
  if (auto* refusal = std::get_if<Refusal>(&who)) {
    return refuse(*refusal, std::move(request), counted);
  }
  if (exchange::writes(interaction.action) &&
      parts_.under_way.count() >= settings.waiting_requests) {
    return counted.send(unavailable(
        {ErrorCode::unavailable,
         "more messages wait than the gateway may hold; send it again later"},
        parts_.site));
  }
  const auto& asking = std::get<exchange::Caller>(who);
  if (is_short(interaction, request)) {
    return answer(interaction, asking, std::move(request), counted);
  }
  auto work = [this, mark = std::make_shared<UnderWay::Mark>(parts_.under_way),
               interaction, asking, request = std::move(request),
               counted]() mutable {
    answer(interaction, asking, std::move(request), counted);
  };
  parts_.run(std::move(work));
}

void Front::answer(const exchange::Interaction& interaction,
                   const exchange::Caller& caller, transport::Request request,
                   const transport::Responder& responder) {
  if (exchange::writes(interaction.action)) {
    return write(interaction, caller, std::move(request), responder);
  }
  switch (interaction.action) {
    case Action::live:
    case Action::ready:
    case Action::metrics:
      return responder.send(page(interaction.action));
    case Action::explain:
    case Action::checklist:
      return explain(interaction, caller, responder);
    case Action::validate:
      return validate(interaction, caller, std::move(request), responder);
    case Action::expand:
    case Action::validate_code:
    case Action::lookup:
      return responder.send(terminology(interaction, std::move(request.body)));
    case Action::capabilities:
    case Action::read:
    case Action::vread:
    case Action::history:
    case Action::search:
    case Action::measures:
    case Action::measure:
    case Action::evaluate_measure:
    case Action::create:
    case Action::update:
    case Action::bundle:
    case Action::index:
    case Action::message_list:
    case Action::message_read:
      break;
    case Action::operate:
      return desk_.answer(interaction, caller, responder);
  }
  read(interaction, caller, responder);
}

void Front::validate(const exchange::Interaction& interaction,
                     const exchange::Caller& caller, transport::Request request,
                     const transport::Responder& responder) {
  std::optional<std::string> stored;
  if (!interaction.id.empty() && request.body.empty()) {
    auto found = exchange::read_visible({interaction.type, interaction.id},
                                        caller, parts_.store, parts_.site);
    if (auto* refusal = std::get_if<Refusal>(&found)) {
      return responder.send(exchange::refusal_answer(*refusal, parts_.site));
    }
    stored = std::get<store::StoredResource>(std::move(found)).body;
  }
  responder.send(exchange::validate_answer(interaction, std::move(request.body),
                                           stored, parts_.intake, parts_.site,
                                           parts_.clock()));
}

transport::Response Front::terminology(const exchange::Interaction& interaction,
                                       std::string body) const {
  const auto& definitions = parts_.validator.shared_definitions();
  if (interaction.action == Action::expand) {
    return exchange::expand_answer(interaction, std::move(body), definitions,
                                   parts_.site, parts_.clock());
  }
  return interaction.action == Action::lookup
             ? exchange::lookup_answer(interaction, std::move(body),
                                       *definitions, parts_.site)
             : exchange::validate_code_answer(interaction, std::move(body),
                                              definitions, parts_.site);
}

void Front::read(const exchange::Interaction& interaction,
                 const exchange::Caller& caller,
                 const transport::Responder& responder) {
  auto found = exchange::read_answer(interaction, caller, parts_.store,
                                     parts_.site, here(parts_));
  if (found.pulls.empty()) return responder.send(std::move(found.response));
  pipeline_.send_pulled(
      std::move(found),
      [this, interaction, caller, responder] {
        read(interaction, caller, responder);
      },
      [responder](transport::Response response) {
        responder.send(std::move(response));
      });
}

void Front::write(const exchange::Interaction& interaction,
                  const exchange::Caller& caller, transport::Request request,
                  const transport::Responder& responder) {
  pipeline_.write(incoming_of(interaction, caller, std::move(request)),
                  [responder](transport::Response response) {
                    responder.send(std::move(response));
                  });
}

transport::Response Front::page(Action action) const {
  if (action == Action::live) {
    return exchange::json_answer(200, exchange::health_body({}));
  }
  if (action == Action::ready) return ready();
  auto figures = metrics_.snapshot();
  for (auto& metric : metrics_of(parts_.editions.state())) {
    figures.push_back(std::move(metric));
  }
  return exchange::text_answer(200, exchange::metrics_text(figures));
}

void Front::explain(const exchange::Interaction& interaction,
                    const exchange::Caller& caller,
                    const transport::Responder& responder) {
  auto found = exchange::read_visible({interaction.type, interaction.id},
                                      caller, parts_.store, parts_.site);
  if (auto* refusal = std::get_if<Refusal>(&found)) {
    return responder.send(exchange::refusal_answer(*refusal, parts_.site));
  }
  const auto resource = std::get<store::StoredResource>(std::move(found));
  parts_.lanes.enter({case_lane(resource.owner, resource.case_key)},
                     [this, resource, responder](const Lanes::Lease&) {
                       responder.send(explanation(resource));
                     });
}

transport::Response Front::explanation(
    const store::StoredResource& resource) const {
  const auto known = parts_.shelf.take(resource.owner, resource.case_key);
  if (!known) return unavailable(known.error(), parts_.site);
  const Moment moment{parts_.clock(), parts_.editions.current()};
  const auto& facts = (*known)->facts;
  const auto& programs = moment.edition->programs;
  if (resource.id.type != "Claim") {
    const auto text =
        billing::checklist(facts, programs, resource.id.id, moment.now);
    if (!text) return unavailable(text.error(), parts_.site);
    const auto whole = with_lineage(*text, resource.owner, parts_);
    return exchange::fhir_answer(200, with_defects(whole, (*known)->defects));
  }
  const auto today =
      billing::explain_claim(facts, programs, resource.id.id, moment.now);
  if (!today) return unavailable(today.error(), parts_.site);
  if (today->proves) {
    return proof(today->parameters, {resource, facts, moment},
                 (*known)->defects);
  }
  const auto past = explain_past(resource, **known, parts_);
  if (!past) return unavailable(past.error(), parts_.site);
  if (!*past) {
    return proof(today->parameters, {resource, facts, moment},
                 (*known)->defects);
  }
  const auto& then = **past;
  return proof(then.parameters, {then.claim, then.known->facts, then.moment},
               then.known->defects);
}

transport::Response Front::proof(const std::string& parameters,
                                 const ExplainedClaim& claim,
                                 const Defects& defects) const {
  auto whole = with_lineage(parameters, claim.claim.owner, parts_);
  whole = with_claim_lineage(whole, claim, parts_);
  return exchange::fhir_answer(200, with_defects(whole, defects));
}

transport::Response Front::ready() const {
  const std::vector<exchange::Check> checks = {
      {.name = "store", .pass = parts_.store.last_sequence() >= 0},
      {.name = "image", .pass = true},
      {.name = "configuration",
       .pass = true,
       .detail = parts_.editions.detail()}};
  return exchange::json_answer(exchange::healthy(checks) ? 200 : 503,
                               exchange::health_body(checks));
}

// What was refused before the pipeline saw it is kept all the same, if it
// brought a message.
void Front::refuse(const Refusal& refusal, transport::Request request,
                   const transport::Responder& responder) {
  if (!has_body(request)) {
    return responder.send(exchange::refusal_answer(refusal, parts_.site));
  }
  const auto edition = parts_.editions.current();
  pipeline_.reject(incoming_of({}, {.partner = edition->settings.open_partner},
                               std::move(request)),
                   refusal, [responder](transport::Response response) {
                     responder.send(std::move(response));
                   });
}

}  // namespace gateway::server
