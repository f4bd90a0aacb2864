#include "exchange/bundle_entry.h"

#include <algorithm>
#include <array>
#include <utility>

#include "transport/http_syntax.h"

namespace gateway::exchange {
namespace {

using fhir::IssueType;

Refusal bad_entry(std::string expression, IssueType type, std::string text,
                  std::string wanted) {
  return refusal(400, {.rule = "rest/bad-entry",
                       .type = type,
                       .expression = std::move(expression),
                       .text = std::move(text),
                       .wanted = std::move(wanted)});
}

Refusal placed(Refusal refused, const std::string& place) {
  fhir::Outcome outcome;
  for (auto finding : refused.outcome.findings()) {
    if (finding.expression.empty()) finding.expression = place;
    outcome.add(std::move(finding));
  }
  refused.outcome = std::move(outcome);
  return refused;
}

// Relative to the base, with or without a slash before it; or with our base.
std::string_view relative(std::string_view url, const Site& site) {
  if (url.substr(0, site.base.size()) == site.base) {
    url.remove_prefix(site.base.size());
  }
  if (url.substr(0, 1) == "/") url.remove_prefix(1);
  return url;
}

// Nothing if the URL's path is no path.
std::optional<transport::Request> as_request(Json entry,
                                             const Interaction& outer,
                                             const Site& site) {
  const Json asked = entry.get("request");
  const auto url = relative(asked.get("url").text(), site);
  const auto query = std::min(url.find('?'), url.size());
  const auto path = url.substr(0, query);
  if (path.empty() || !transport::is_path_and_query(path)) return std::nullopt;
  const auto decoded = transport::percent_decoded(path);
  if (!decoded) return std::nullopt;
  transport::Request request;
  request.method = asked.get("method").text();
  request.path = "/fhir/" + *decoded;
  request.query = url.substr(std::min(query + 1, url.size()));
  request.headers = {{"content-type", "application/fhir+json"}};
  if (outer.handling == Handling::strict) {
    request.headers.emplace_back("prefer", "handling=strict");
  }
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3>
      kConditions = {{{"ifMatch", "if-match"},
                      {"ifNoneMatch", "if-none-match"},
                      {"ifNoneExist", "if-none-exist"}}};
  for (const auto& [element, header] : kConditions) {
    const auto text = asked.get(element).text();
    if (!text.empty()) request.headers.emplace_back(header, text);
  }
  return request;
}

bool belongs_into_bundle(Action action) {
  return action == Action::create || action == Action::update ||
         action == Action::read || action == Action::vread ||
         action == Action::history || action == Action::search ||
         action == Action::capabilities;
}

}  // namespace

OrRefusal<Interaction> entry_interaction(Json entry, const std::string& place,
                                         const Interaction& outer,
                                         const Site& site) {
  const Json asked = entry.get("request");
  if (!asked.is_object() || !asked.get("method").is_string() ||
      !asked.get("url").is_string()) {
    return bad_entry(place + ".request", IssueType::required,
                     "an entry must say what is to be done with it",
                     "request.method and request.url");
  }
  auto request = as_request(entry, outer, site);
  if (!request) {
    return bad_entry(place + ".request.url", IssueType::value,
                     "the URL of this entry is not understood",
                     "Type, Type/id or Type?query, percent-encoded");
  }
  const auto impossible = [&] {
    return bad_entry(place + ".request", IssueType::not_supported,
                     "this is not possible within a Bundle",
                     "create, update, read, history or search by GET");
  };
  if (request->path.ends_with("/_search")) return impossible();
  auto parsed = parse_interaction(*request, site);
  if (auto* refused = std::get_if<Refusal>(&parsed)) {
    return placed(std::move(*refused), place + ".request");
  }
  auto& interaction = std::get<Interaction>(parsed);
  if (!belongs_into_bundle(interaction.action)) return impossible();
  interaction.prefer = outer.prefer;
  interaction.partner = outer.partner;
  interaction.if_modified_since =
      parse_instant(asked.get("ifModifiedSince").text());
  return parsed;
}

std::optional<Refusal> misfit(const Interaction& interaction, Json resource,
                              const std::string& place) {
  const auto type = resource.get("resourceType").text();
  if (!resource.is_object() || type.empty()) {
    return bad_entry(place, IssueType::required,
                     "there is no resource where one is expected",
                     "a resource with its resourceType");
  }
  if (type != interaction.type) {
    return bad_entry(place + ".resourceType", IssueType::value,
                     "the resource is of another type than its URL says",
                     interaction.type);
  }
  const Json id = resource.get("id");
  const bool conditional = interaction.condition.has_value();
  if (interaction.action != Action::update || (conditional && !id.exists())) {
    return std::nullopt;
  }
  const bool fits =
      conditional ? is_resource_id(id.text()) : id.text() == interaction.id;
  if (id.is_string() && fits) return std::nullopt;
  return bad_entry(place + ".id",
                   id.exists() ? IssueType::value : IssueType::required,
                   "the id of the resource is not the one of its URL",
                   "the same id in both places");
}

}  // namespace gateway::exchange
