// OperationInput is what an operation was given: the query of its URL, and in
// its body either a Parameters resource or one resource by itself (FHIR R4,
// operations.html#executing). What the body says counts before the query.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "exchange/interaction.h"
#include "exchange/query.h"
#include "exchange/refusal.h"

namespace gateway::exchange {

struct OperationInput {
  std::vector<QueryParameter> query;
  SharedDocument body;  // null: none was sent
  Json parameters;      // Parameters.parameter
  Json resource;        // the body itself, where it is no Parameters

  // The text of a parameter; empty if it was not given.
  [[nodiscard]] std::string_view text(std::string_view name) const;
  // value[x] or resource of a parameter of the body; absent if there is none.
  [[nodiscard]] Json value(std::string_view name) const;
  // Where a parameter stands: "Parameters.parameter[2]", or its name.
  [[nodiscard]] std::string place(std::string_view name) const;
  // What findings count lines in.
  [[nodiscard]] std::string_view source() const {
    return body ? std::string_view(body->source()) : std::string_view();
  }
};

// Refused (400): a body that is no JSON or no resource, a parameter of `names`
// given twice, and with strict handling one that is not among `names`.
OrRefusal<OperationInput> read_operation_input(
    const Interaction& interaction, std::string body, const KeyTable& keys,
    std::span<const std::string_view> names);

// 400 for a parameter, with its place.
Refusal bad_parameter(const OperationInput& input, std::string_view name,
                      std::string text, std::string wanted);

// A whole number that is not negative; nothing if it was not given.
OrRefusal<std::optional<std::uint32_t>> number_parameter(
    const OperationInput& input, std::string_view name);

}  // namespace gateway::exchange
