// What the tests of operations share: the definitions image, an intake over
// it, and one request as an interaction with its body.

#pragma once

#include <gtest/gtest.h>

#include <string>

#include "exchange/answer.h"
#include "exchange/interaction.h"
#include "unit/exchange/exchange_fixture.h"
#include "unit/validate/core.h"
#include "validate/intake.h"

namespace gateway::exchange {

inline const validate::Validator& core_validator() {
  static const validate::Validator kValidator(validate::core());
  return kValidator;
}

inline const validate::Intake& core_intake() {
  static const validate::Waivers kNone;
  static const validate::Intake kIntake(core_validator(), kNone,
                                        test_site().canonical);
  return kIntake;
}

inline Instant noon() { return *parse_instant("2026-04-06T12:00:00Z"); }

inline Interaction asked(const std::string& method, const std::string& target,
                         const std::string& body = {},
                         transport::Headers headers = fhir_content()) {
  return taken(parse_interaction(
      request_of(method, target, std::move(headers), body), test_site()));
}

// "status rule expression" of the first issue.
inline std::string first_issue(const Response& response) {
  const auto document = json_of(response.body);
  const Json issue = document.root().get("issue").first();
  auto text = std::to_string(response.status) + ' ' +
              std::string(issue.find("details.coding.code").text());
  const auto place = issue.find("expression").text();
  return place.empty() ? text : text + ' ' + std::string(place);
}

}  // namespace gateway::exchange
