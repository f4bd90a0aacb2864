#include "exchange/operator_routes.h"

#include <array>
#include <string>

#include "base/text.h"
#include "exchange/interaction.h"

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
    Row{"POST", "configuration/$rollback", Operation::rollback}};

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
