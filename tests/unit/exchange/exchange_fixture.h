// What the tests of the exchange share: a site, requests, and short ways to
// the results of functions that may refuse.

#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.h"
#include "exchange/interaction.h"
#include "exchange/refusal.h"
#include "exchange/site.h"
#include "transport/http.h"

namespace gateway::exchange {

inline Site test_site() {
  return {.base = "http://gate.example/fhir",
          .version = "1.0",
          .started = *parse_instant("2026-04-06T13:00:00Z")};
}

// "GET /fhir/Claim?status=active" with headers.
inline transport::Request request_of(const std::string& method,
                                     const std::string& target,
                                     transport::Headers headers = {},
                                     std::string body = {}) {
  transport::Request request;
  const auto query = std::min(target.find('?'), target.size());
  request.method = method;
  request.path = target.substr(0, query);
  if (query < target.size()) request.query = target.substr(query + 1);
  request.headers = std::move(headers);
  request.body = std::move(body);
  request.peer = "127.0.0.1:40000";
  return request;
}

inline transport::Headers fhir_content() {
  return {{"content-type", "application/fhir+json"}};
}

// The value, or a failed test and an empty one.
template <typename T>
T taken(OrRefusal<T> result) {
  if (auto* const value = std::get_if<T>(&result)) return std::move(*value);
  ADD_FAILURE() << "refused: "
                << fhir::sentence(
                       std::get<Refusal>(result).outcome.findings().front());
  return T{};
}

// "404 rest/unknown-type", or "ok".
template <typename T>
std::string refusal_text(const OrRefusal<T>& result) {
  const auto* const refused = std::get_if<Refusal>(&result);
  if (refused == nullptr) return "ok";
  if (refused->outcome.empty()) return "refused without a finding";
  return std::to_string(refused->status) + " " +
         refused->outcome.findings().front().rule;
}

inline Interaction interaction_of(const std::string& method,
                                  const std::string& target,
                                  transport::Headers headers = {},
                                  std::string body = {}) {
  return taken(parse_interaction(
      request_of(method, target, std::move(headers), std::move(body)),
      test_site()));
}

// A document that a test wrote itself.
inline JsonDocument json_of(std::string text) {
  auto parsed = JsonDocument::parse(std::move(text));
  EXPECT_TRUE(parsed.ok()) << parsed.error().message;
  return *std::move(parsed);
}

inline std::string header_of(const transport::Response& response,
                             std::string_view name) {
  std::string all;
  for (const auto& [key, value] : response.headers) {
    if (key == name) all += (all.empty() ? "" : ", ") + value;
  }
  return all;
}

}  // namespace gateway::exchange
