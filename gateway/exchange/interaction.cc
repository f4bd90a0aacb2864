#include "exchange/interaction.h"

#include <algorithm>
#include <array>

#include "exchange/media_type.h"
#include "exchange/query.h"
#include "exchange/routes.h"

namespace gateway::exchange {
namespace {

using fhir::IssueType;
using transport::Request;

Refusal bad_header(std::string_view name, std::string wanted) {
  return refusal(
      400, {.rule = "rest/bad-header",
            .type = IssueType::invalid,
            .text = "the header " + std::string(name) + " is not understood",
            .wanted = std::move(wanted)});
}

std::string joined(const transport::Headers& headers, std::string_view name) {
  std::string all;
  for (const auto& [key, value] : headers) {
    if (key == name) all += (all.empty() ? "" : ",") + value;
  }
  return all;
}

// Two values of such a header would let two readers see two requests.
std::optional<Refusal> check_single_headers(const Request& request) {
  constexpr std::array<std::string_view, 7> kSingle = {
      "content-type",      "content-encoding", "if-match",
      "if-none-match",     "if-none-exist",    "if-modified-since",
      "x-workgate-partner"};
  for (const auto name : kSingle) {
    const auto count =
        std::count_if(request.headers.begin(), request.headers.end(),
                      [&](const auto& header) { return header.first == name; });
    if (count > 1) return bad_header(name, "one such header");
  }
  return std::nullopt;
}

std::optional<Refusal> check_accept(const Request& request,
                                    const Interaction& interaction) {
  const auto format = value_of(interaction.query, "_format");
  const auto wanted = format.empty() ? offer(joined(request.headers, "accept"))
                                     : offer_of_format(format);
  if (wanted == Offer::json) return std::nullopt;
  if (wanted == Offer::edi_x12) return not_yet("X12");
  return refusal(406, {.rule = "rest/not-acceptable",
                       .type = IssueType::not_supported,
                       .text = "there is no answer in a format that Accept or "
                               "_format asks for",
                       .wanted = std::string(kFhirJson)});
}

std::optional<Refusal> check_content(const Request& request,
                                     const Interaction& interaction) {
  const auto encoding = transport::header(request.headers, "content-encoding");
  const bool plain = encoding.empty() || encoding == "identity";
  const bool has_content =
      writes(interaction.action) ||
      (is_operation(interaction.action) && !request.body.empty());
  if (plain && !has_content) return std::nullopt;
  const auto type = transport::header(request.headers, "content-type");
  if (plain && is_fhir_content(type)) return std::nullopt;
  return refusal(415, {.rule = "rest/media-type",
                       .type = IssueType::not_supported,
                       .text = "the body is not of a kind that is read here",
                       .wanted = "Content-Type application/fhir+json or "
                                 "application/json, charset UTF-8, without "
                                 "Content-Encoding"});
}

std::optional<Refusal> read_tags(const Request& request, std::string_view name,
                                 std::optional<EntityTags>& tags) {
  const auto text = transport::header(request.headers, name);
  if (text.empty()) return std::nullopt;
  tags = parse_entity_tags(text);
  if (tags) return std::nullopt;
  return bad_header(name, "entity tags, as W/\"3\", or *");
}

std::optional<Refusal> read_if_none_exist(const Request& request,
                                          const Site& site,
                                          Interaction& interaction) {
  const auto text = transport::header(request.headers, "if-none-exist");
  if (text.empty()) return std::nullopt;
  if (interaction.action != Action::create) {
    return bad_header("If-None-Exist", "it only on the create of a resource");
  }
  auto condition = parse_condition(interaction.type, text, site);
  if (auto* refused = std::get_if<Refusal>(&condition)) {
    return std::move(*refused);
  }
  interaction.condition = std::get<SearchRequest>(std::move(condition));
  return std::nullopt;
}

std::optional<Refusal> read_conditions(const Request& request, const Site& site,
                                       Interaction& interaction) {
  if (auto bad = read_tags(request, "if-match", interaction.if_match)) {
    return bad;
  }
  if (auto bad =
          read_tags(request, "if-none-match", interaction.if_none_match)) {
    return bad;
  }
  interaction.if_modified_since =
      parse_http_date(transport::header(request.headers, "if-modified-since"));
  return read_if_none_exist(request, site, interaction);
}

// What only the FHIR side has: formats, bodies and conditions.
std::optional<Refusal> read_fhir_headers(const Request& request,
                                         const Site& site,
                                         Interaction& interaction) {
  if (auto bad = check_accept(request, interaction)) return bad;
  if (auto bad = check_content(request, interaction)) return bad;
  return read_conditions(request, site, interaction);
}

}  // namespace

bool writes(Action action) {
  return action == Action::create || action == Action::update ||
         action == Action::bundle;
}

bool is_operation(Action action) {
  return action == Action::explain || action == Action::checklist ||
         action == Action::validate || action == Action::expand ||
         action == Action::validate_code || action == Action::lookup;
}

OrRefusal<Interaction> parse_interaction(const Request& request,
                                         const Site& site) {
  if (auto bad = check_single_headers(request)) return std::move(*bad);
  auto query = parse_query(request.query);
  if (auto* refused = std::get_if<Refusal>(&query)) return std::move(*refused);
  const auto preferences = parse_preferences(request.headers);
  Interaction begun;
  begun.head = request.method == "HEAD";
  begun.prefer = preferences.what;
  begun.handling = preferences.handling;
  begun.query = std::get<0>(std::move(query));
  begun.partner = transport::header(request.headers, "x-workgate-partner");
  auto parsed = route(request, site, std::move(begun));
  auto* const made = std::get_if<Interaction>(&parsed);
  if (made == nullptr || !is_fhir_path(request.path)) return parsed;
  if (auto bad = read_fhir_headers(request, site, *made)) {
    return std::move(*bad);
  }
  return parsed;
}

std::optional<Refusal> precondition(const Interaction& interaction,
                                    std::optional<std::uint32_t> current) {
  const bool stale =
      interaction.if_match && !interaction.if_match->match(current);
  const bool taken =
      interaction.if_none_match && interaction.if_none_match->match(current);
  if (!stale && !taken) return std::nullopt;
  return refusal(
      412, {.rule = stale ? "rest/if-match" : "rest/if-none-match",
            .type = IssueType::conflict,
            .text = stale ? "the resource is not at the version that If-Match "
                            "names"
                          : "there is such a resource already",
            .seen = current ? "version " + std::to_string(*current)
                            : std::string("no such resource"),
            .remedy = "read the resource, and send the change of what it is "
                      "now"});
}

}  // namespace gateway::exchange
