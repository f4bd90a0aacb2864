#include "exchange/routes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/text.h"
#include "exchange/media_type.h"
#include "exchange/operator_routes.h"
#include "exchange/query.h"

namespace gateway::exchange {
namespace {

using fhir::IssueType;
using transport::Request;
using Parsed = OrRefusal<Interaction>;
using Segments = std::vector<std::string_view>;

struct Page {
  std::string_view path;
  Action action;
};
constexpr std::array kPages = {
    Page{"/", Action::index}, Page{"/health/live", Action::live},
    Page{"/health/ready", Action::ready}, Page{"/metrics", Action::metrics},
    Page{"/log/messages", Action::message_list}};

// Parts of the contract that have no answer yet (DESIGN B1).
constexpr std::array<std::string_view, 3> kLaterPages = {"edi", "console",
                                                         "auth"};
constexpr std::array<std::string_view, 2> kLaterOperations = {
    "$export", "$process-message"};

// Operations that answer without a resource of their own.
struct TypeOperation {
  std::string_view type;
  std::string_view name;
  Action action;
};
constexpr std::array kTypeOperations = {
    TypeOperation{"ValueSet", "$expand", Action::expand},
    TypeOperation{"ValueSet", "$validate-code", Action::validate_code},
    TypeOperation{"CodeSystem", "$validate-code", Action::validate_code},
    TypeOperation{"CodeSystem", "$lookup", Action::lookup}};

Refusal no_such_page() {
  return refusal(404, {.rule = "rest/unknown-path",
                       .type = IssueType::not_found,
                       .text = "there is nothing at this path",
                       .remedy = "see GET / for the paths of this gateway"});
}

Refusal unknown_type() {
  return refusal(404, {.rule = "rest/unknown-type",
                       .type = IssueType::not_supported,
                       .text = "the path names a resource type that is not "
                               "served here",
                       .remedy = "see GET /fhir/metadata for the types"});
}

// They come with packages, compiled into the image, and are never stored.
Refusal not_stored(std::string_view type, std::string_view rest) {
  const std::string remedy =
      type == "ValueSet"
          ? "name a value set by its URL (ValueSet/$expand?url=...), or send "
            "it along: POST ValueSet/$expand"
          : "name a code system by its URL: CodeSystem/$lookup?system=...";
  return refusal(404, {.rule = rest[0] == '$' ? "rest/unknown-operation"
                                              : "rest/unknown-type",
                       .type = IssueType::not_supported,
                       .text = "no " + std::string(type) +
                               " is stored here: they come with packages, in "
                               "the definitions image",
                       .remedy = remedy});
}

Refusal not_allowed(std::string allowed, std::string remedy = {}) {
  auto refused =
      refusal(405, {.rule = "rest/method",
                    .type = IssueType::not_supported,
                    .text = "this method is not possible on this path",
                    .wanted = allowed,
                    .remedy = std::move(remedy)});
  refused.headers.emplace_back("Allow", std::move(allowed));
  return refused;
}

bool is_get(const Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

// The segments behind the first slash; one slash at the end does not count.
Segments segments_of(std::string_view path) {
  if (!path.empty() && path.front() == '/') path.remove_prefix(1);
  if (!path.empty() && path.back() == '/') path.remove_suffix(1);
  return path.empty() ? Segments() : split(path, '/');
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.size() <= 18 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<Refusal> read_form(const Request& request,
                                 Interaction& interaction) {
  const auto type = transport::header(request.headers, "content-type");
  if (!is_form_content(type) && !(type.empty() && request.body.empty())) {
    return refusal(415, {.rule = "rest/media-type",
                         .type = IssueType::not_supported,
                         .text = "the body of a POST _search is a form",
                         .wanted = "application/x-www-form-urlencoded"});
  }
  auto form = parse_query(request.body);
  if (auto* refused = std::get_if<Refusal>(&form)) return std::move(*refused);
  for (auto& parameter : std::get<0>(form)) {
    interaction.query.push_back(std::move(parameter));
  }
  return std::nullopt;
}

Parsed search_interaction(const Request& request, const Site& site,
                          Interaction interaction) {
  interaction.action = Action::search;
  if (request.method == "POST") {
    if (auto bad = read_form(request, interaction)) return std::move(*bad);
  }
  auto search = parse_search(interaction.type, interaction.query,
                             interaction.handling, site);
  if (auto* refused = std::get_if<Refusal>(&search)) return std::move(*refused);
  interaction.search = std::get<SearchRequest>(std::move(search));
  return interaction;
}

// PUT Type?query: the condition is the whole query, but _format.
Parsed conditional_update(const Site& site, Interaction interaction) {
  interaction.action = Action::update;
  auto terms = interaction.query;
  std::erase_if(terms, [](const QueryParameter& parameter) {
    return parameter.name == "_format" || parameter.name == "_pretty";
  });
  auto condition = parse_condition(interaction.type, query_text(terms), site);
  if (auto* refused = std::get_if<Refusal>(&condition)) {
    return std::move(*refused);
  }
  interaction.condition = std::get<SearchRequest>(std::move(condition));
  return interaction;
}

Parsed on_type(const Request& request, const Site& site,
               Interaction interaction) {
  if (is_get(request)) {
    return search_interaction(request, site, std::move(interaction));
  }
  if (request.method == "POST") {
    interaction.action = Action::create;
    return interaction;
  }
  if (request.method == "PUT") {
    return conditional_update(site, std::move(interaction));
  }
  return not_allowed("GET, HEAD, POST, PUT");
}

Parsed on_instance(const Request& request, std::string_view id,
                   Interaction interaction) {
  interaction.id = id;
  if (is_get(request)) {
    interaction.action = Action::read;
    if (!is_resource_id(id)) return no_such_page();
    return interaction;
  }
  if (request.method != "PUT") {
    return not_allowed("GET, HEAD, PUT",
                       request.method == "DELETE"
                           ? "withdraw a resource by its status, such as "
                             "entered-in-error"
                           : "");
  }
  interaction.action = Action::update;
  if (is_resource_id(id)) return interaction;
  return refusal(400, {.rule = "rest/bad-id",
                       .type = IssueType::value,
                       .text = "the path does not end in an id",
                       .wanted = "1 to 64 of A-Z a-z 0-9 - ."});
}

Refusal unknown_operation(std::string_view name) {
  const bool later = std::find(kLaterOperations.begin(), kLaterOperations.end(),
                               name) != kLaterOperations.end();
  if (later) return not_yet(name);
  return refusal(404, {.rule = "rest/unknown-operation",
                       .type = IssueType::not_supported,
                       .text = "there is no such operation on this path",
                       .remedy = "see GET /fhir/metadata for the operations"});
}

Parsed on_operation(const Request& request, std::string_view id,
                    std::string_view name, Interaction interaction) {
  const bool explain = interaction.type == "Claim" && name == "$explain";
  const bool checklist =
      interaction.type == "ServiceRequest" && name == "$checklist";
  if (!explain && !checklist) return unknown_operation(name);
  if (!is_get(request) && request.method != "POST") {
    return not_allowed("GET, HEAD, POST");
  }
  if (!is_resource_id(id)) return no_such_page();
  interaction.action = explain ? Action::explain : Action::checklist;
  interaction.id = id;
  return interaction;
}

// $validate, on the base, a type (of FHIR, kept here or not) or an instance.
Parsed on_validate(const Request& request, const Segments& path,
                   Interaction interaction) {
  const bool of_instance = path.size() == 4;
  if (request.method != "POST" && !(of_instance && is_get(request))) {
    return not_allowed(of_instance ? "GET, HEAD, POST" : "POST");
  }
  interaction.action = Action::validate;
  if (path.size() > 2) interaction.type = path[1];
  if (!of_instance) return interaction;
  if (!is_resource_id(path[2])) return no_such_page();
  interaction.id = path[2];
  return interaction;
}

Parsed on_type_operation(const Request& request, const Segments& path,
                         Interaction interaction) {
  for (const auto& known : kTypeOperations) {
    if (known.type != path[1] || known.name != path[2]) continue;
    if (!is_get(request) && request.method != "POST") {
      return not_allowed("GET, HEAD, POST");
    }
    interaction.type = known.type;
    interaction.action = known.action;
    return interaction;
  }
  return unknown_operation(path[2]);
}

Parsed on_history(const Request& request, const Segments& path,
                  Interaction interaction) {
  if (!is_get(request)) return not_allowed("GET, HEAD");
  if (!is_resource_id(path[2])) return no_such_page();
  interaction.id = path[2];
  interaction.action = path.size() == 4 ? Action::history : Action::vread;
  if (path.size() == 4) return interaction;
  const auto version = path[4];
  const auto [end, failed] = std::from_chars(
      version.data(), version.data() + version.size(), interaction.version);
  if (failed != std::errc() || end != version.data() + version.size()) {
    return no_such_page();
  }
  return interaction;
}

// Measures are built in: they are read and evaluated, never written.
Parsed on_measure(const Request& request, const Segments& path,
                  Interaction interaction) {
  const bool operation = path.size() == 4 && path[3] == "$evaluate-measure";
  if (path.size() > 3 && !operation) {
    return path[3][0] == '$' ? unknown_operation(path[3]) : no_such_page();
  }
  if (!is_get(request)) {
    return not_allowed("GET, HEAD", "the measures are built in");
  }
  interaction.type = path[1];
  interaction.action = path.size() == 2 ? Action::measures
                       : operation      ? Action::evaluate_measure
                                        : Action::measure;
  if (path.size() > 2) interaction.id = path[2];
  return interaction;
}

// REQUIRES: path is /fhir/{Type}...
Parsed on_resource(const Request& request, const Segments& path,
                   const Site& site, Interaction interaction) {
  const bool of_type = path.size() == 3;
  if (of_type && path[2] == "$validate") {
    return on_validate(request, path, std::move(interaction));
  }
  if (of_type && path[2][0] == '$') {
    return on_type_operation(request, path, std::move(interaction));
  }
  if (path[1] == "Measure") {
    return on_measure(request, path, std::move(interaction));
  }
  if (find_type(path[1]) == nullptr) {
    if (path[1] == "Subscription") return not_yet("Subscription");
    if (path[1] == "ValueSet" || path[1] == "CodeSystem") {
      return not_stored(path[1], path.back());
    }
    if (path.back()[0] == '$') return unknown_operation(path.back());
    return unknown_type();
  }
  interaction.type = path[1];
  if (path.size() == 2) return on_type(request, site, std::move(interaction));
  if (path.size() == 3 && path[2] == "_search") {
    if (request.method != "POST") return not_allowed("POST");
    return search_interaction(request, site, std::move(interaction));
  }
  if (path.size() == 3 && path[2] == "_history") {
    return not_yet("the history of a type");
  }
  if (path.size() == 3) {
    return on_instance(request, path[2], std::move(interaction));
  }
  if (path[3] == "_history" && path.size() <= 5) {
    return on_history(request, path, std::move(interaction));
  }
  if (path.size() == 4 && path[3] == "$validate") {
    return on_validate(request, path, std::move(interaction));
  }
  if (path.size() == 4 && path[3][0] == '$') {
    return on_operation(request, path[2], path[3], std::move(interaction));
  }
  return no_such_page();
}

Parsed on_base(const Request& request, const Segments& path, const Site& site,
               Interaction interaction) {
  if (path.size() == 1) {
    if (request.method != "POST") return not_allowed("POST");
    interaction.action = Action::bundle;
    return interaction;
  }
  const auto name = path[1];
  if (name == "metadata" && path.size() == 2) {
    if (!is_get(request)) return not_allowed("GET, HEAD");
    interaction.action = Action::capabilities;
    return interaction;
  }
  if (name == ".well-known") return not_yet("SMART Backend Services");
  if (name == "_history") return not_yet("the history of all types");
  if (name == "$validate" && path.size() == 2) {
    return on_validate(request, path, std::move(interaction));
  }
  if (name[0] == '$') return unknown_operation(name);
  return on_resource(request, path, site, std::move(interaction));
}

Parsed on_page(const Request& request, const Segments& path,
               Interaction interaction) {
  if (!path.empty() && std::find(kLaterPages.begin(), kLaterPages.end(),
                                 path[0]) != kLaterPages.end()) {
    return not_yet("this path");
  }
  if (auto found = operator_route(request, path, interaction)) {
    return *std::move(found);
  }
  const auto* const page =
      std::find_if(kPages.begin(), kPages.end(),
                   [&](const Page& p) { return segments_of(p.path) == path; });
  const bool message = path.size() >= 3 && path[0] == "log" &&
                       path[1] == "messages" && is_digits(path[2]);
  if (page == kPages.end() && !(message && path.size() == 3)) {
    return no_such_page();
  }
  if (!is_get(request)) return not_allowed("GET, HEAD");
  interaction.action =
      page == kPages.end() ? Action::message_read : page->action;
  if (message) interaction.id = path[2];
  return interaction;
}

}  // namespace

Refusal not_yet(std::string_view what) {
  return refusal(501, {.rule = "rest/not-yet",
                       .type = IssueType::not_supported,
                       .text = std::string(what) +
                               " is part of this gateway's contract, but not "
                               "of this version",
                       .remedy = "see GET / and GET /fhir/metadata for what "
                                 "it does"});
}

OrRefusal<Interaction> route(const Request& request, const Site& site,
                             Interaction begun) {
  const auto path = segments_of(request.path);
  if (std::any_of(path.begin(), path.end(),
                  [](std::string_view part) { return part.empty(); })) {
    return no_such_page();
  }
  return !path.empty() && path[0] == "fhir"
             ? on_base(request, path, site, std::move(begun))
             : on_page(request, path, std::move(begun));
}

bool is_resource_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  (c >= '0' && c <= '9') || c == '-' || c == '.';
         });
}

bool is_fhir_path(std::string_view path) {
  const auto segments = segments_of(path);
  return !segments.empty() && segments[0] == "fhir";
}

}  // namespace gateway::exchange
