// Any method, target and headers lead to an interaction or to a refusal with a
// finding; what was understood is understood again in the same way.
//
// The input is lines: method, path, query, then "name: value" headers, an
// empty line and the body.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "exchange/answer.h"
#include "exchange/interaction.h"
#include "exchange/message_log.h"
#include "exchange/search_result.h"

namespace {

using namespace gateway;            // NOLINT
using namespace gateway::exchange;  // NOLINT

std::string_view line_of(std::string_view& rest) {
  const auto end = rest.find('\n');
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

transport::Request request_of(std::string_view text) {
  transport::Request request;
  request.method = line_of(text);
  request.path = line_of(text);
  request.query = line_of(text);
  for (auto line = line_of(text); !line.empty(); line = line_of(text)) {
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  request.body = text;
  return request;
}

void check(bool holds) {
  if (!holds) std::abort();
}

// The self link of a search is that search.
void check_search(const SearchRequest& search, const Site& site) {
  const auto query = parse_query(query_text(search.applied));
  const auto* const parameters = std::get_if<0>(&query);
  check(parameters != nullptr && *parameters == search.applied);
  const auto again =
      parse_search(search.query.type, *parameters, Handling::strict, site);
  const auto* const same = std::get_if<SearchRequest>(&again);
  check(same != nullptr && same->applied == search.applied);
  check(same->query.terms.size() == search.query.terms.size());
  auto asked = search;
  if (!apply_cursor(asked, "partner")) {
    check(asked.query.after >= 0);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const Site site = {.base = "http://gate.example/fhir"};
  const auto request = request_of({reinterpret_cast<const char*>(data), size});
  const auto parsed = parse_interaction(request, site);
  if (const auto* const refused = std::get_if<Refusal>(&parsed)) {
    check(refused->status >= 400 && !refused->outcome.empty());
    const auto response = refusal_answer(*refused, site, request.body);
    check(JsonDocument::parse(response.body).ok());
    return 0;
  }
  const auto& interaction = std::get<Interaction>(parsed);
  if (interaction.search) check_search(*interaction.search, site);
  if (interaction.condition) check_search(*interaction.condition, site);
  (void)parse_message_query(interaction.query);
  return 0;
}
