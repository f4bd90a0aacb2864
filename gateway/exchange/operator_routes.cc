#include "exchange/operator_routes.h"

#include <array>
#include <string>

#include "base/text.h"
#include "exchange/interaction.h"
#include "exchange/media_type.h"

namespace gateway::exchange {
namespace {

struct Row {
  std::string_view method;
  std::string_view path;  // {id}: digits
  Operation operation;
};

constexpr std::array kRows = {
    Row{"GET", "configuration", Operation::configuration},
    Row{"POST", "configuration/$reload", Operation::reload},
    Row{"POST", "configuration/$rollback", Operation::rollback},
    Row{"POST", "log/messages/_search", Operation::message_search},
    Row{"POST", "log/messages/$replay", Operation::replay_plan},
    Row{"POST", "log/messages/{id}/$replay", Operation::replay},
    Row{"GET", "log/replays/{id}", Operation::replay_read},
    Row{"POST", "log/replays/{id}/$start", Operation::replay_start},
    Row{"POST", "log/replays/{id}/$cancel", Operation::replay_cancel},
    Row{"POST", "log/messages/$prune", Operation::prune_plan},
    Row{"GET", "log/prunings/{id}", Operation::prune_read},
    Row{"POST", "log/prunings/{id}/$start", Operation::prune_start},
    Row{"POST", "log/prunings/{id}/$cancel", Operation::prune_cancel}};

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 18 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

// True if `path` is of that form; `id` gets what stands for {id}.
bool matches(std::string_view form, const std::vector<std::string_view>& path,
             std::string_view& id) {
  const auto parts = split(form, '/');
  if (parts.size() != path.size()) return false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == "{id}" && is_id(path[i])) {
      id = path[i];
    } else if (parts[i] != path[i]) {
      return false;
    }
  }
  return true;
}

// What a POST asks stands in its body, not in the URL: URLs are written into
// logs on the way, and what is asked for may name a person.
std::optional<Refusal> read_form(const transport::Request& request,
                                 Interaction& interaction) {
  if (request.method != "POST") return std::nullopt;
  const auto type = transport::header(request.headers, "content-type");
  // An empty JSON object asks for nothing, as an empty form does.
  const bool asks = !request.body.empty() && request.body != "{}";
  if (asks && !is_form_content(type)) {
    return refusal(415, {.rule = "rest/media-type",
                         .type = fhir::IssueType::not_supported,
                         .text = "the body of this request is a form",
                         .wanted = "application/x-www-form-urlencoded"});
  }
  if (!interaction.query.empty()) {
    return refusal(400, {.rule = "rest/parameters-in-url",
                         .type = fhir::IssueType::security,
                         .text = "this request has its parameters in the URL",
                         .remedy = "send them as a form in the body"});
  }
  auto form =
      parse_query(asks ? std::string_view(request.body) : std::string_view());
  if (auto* refused = std::get_if<Refusal>(&form)) return std::move(*refused);
  interaction.query = std::get<0>(std::move(form));
  return std::nullopt;
}

}  // namespace

std::optional<OrRefusal<Interaction>> operator_route(
    const transport::Request& request,
    const std::vector<std::string_view>& path, const Interaction& begun) {
  std::string allowed;
  for (const auto& row : kRows) {
    std::string_view id;
    if (!matches(row.path, path, id)) continue;
    if (row.method == request.method) {
      auto interaction = begun;
      interaction.action = Action::operate;
      interaction.operation = row.operation;
      interaction.id = id;
      if (auto bad = read_form(request, interaction)) return std::move(*bad);
      return interaction;
    }
    allowed += (allowed.empty() ? "" : ", ") + std::string(row.method);
  }
  if (allowed.empty()) return std::nullopt;
  auto refused =
      refusal(405, {.rule = "rest/method",
                    .type = fhir::IssueType::not_supported,
                    .text = "this method is not possible on this path",
                    .wanted = allowed});
  refused.headers.emplace_back("Allow", allowed);
  return refused;
}

}  // namespace gateway::exchange
