#include "exchange/operation_input.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "fhir/nearest.h"

namespace gateway::exchange {
namespace {

using fhir::IssueType;

// Parameters of every request, which no operation reads.
constexpr std::array<std::string_view, 4> kOfAll = {"_format", "_pretty",
                                                    "_summary", "_elements"};

Json parameter_of(Json parameters, std::string_view name) {
  for (const Json one : parameters) {
    if (one.get("name").text() == name) return one;
  }
  return {};
}

bool holds(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string_view> given(const OperationInput& input) {
  std::vector<std::string_view> names;
  for (const Json one : input.parameters) {
    names.push_back(one.get("name").text());
  }
  return names;
}

std::optional<Refusal> check_names(const OperationInput& input,
                                   Handling handling,
                                   std::span<const std::string_view> names) {
  auto inside = given(input);
  std::vector<std::string_view> outside;
  for (const auto& parameter : input.query) outside.push_back(parameter.name);
  for (const auto* all : {&inside, &outside}) {
    for (const auto name : *all) {
      if (holds(names, name) &&
          std::count(all->begin(), all->end(), name) > 1) {
        return bad_parameter(input, name, "a parameter was given twice",
                             "one " + std::string(name));
      }
      if (handling != Handling::strict || holds(names, name) ||
          holds(kOfAll, name)) {
        continue;
      }
      auto refused = bad_parameter(input, name,
                                   "this operation has no such parameter", {});
      const auto near = fhir::nearest(name, names);
      auto finding = refused.outcome.findings().front();
      finding.rule = "operation/unknown-parameter";
      if (!near.empty()) {
        finding.remedy = "did you mean " + std::string(near) + "?";
      }
      return refusal(400, std::move(finding));
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view OperationInput::text(std::string_view name) const {
  const Json inside = value(name);
  if (inside.exists()) return inside.text();
  return value_of(query, name);
}

Json OperationInput::value(std::string_view name) const {
  const Json parameter = parameter_of(parameters, name);
  for (const Json member : parameter) {
    const auto key = member.name();
    if (key == "resource" || key.starts_with("value")) return member;
  }
  return {};
}

std::string OperationInput::place(std::string_view name) const {
  const Json parameter = parameter_of(parameters, name);
  if (parameter.exists()) return fhir::fhirpath_of(parameter);
  auto printable = printable_name(name);
  std::erase(printable, '"');
  return printable;
}

OrRefusal<OperationInput> read_operation_input(
    const Interaction& interaction, std::string body, const KeyTable& keys,
    std::span<const std::string_view> names) {
  OperationInput input;
  input.query = interaction.query;
  if (!body.empty()) {
    auto document = parse_shared(std::move(body), keys);
    if (!document) return refusal_of(document.error());
    input.body = *std::move(document);
    const Json root = input.body->root();
    const auto type = root.get("resourceType").text();
    if (!root.is_object() || type.empty()) {
      return refusal(400, {.rule = "operation/no-resource",
                           .type = IssueType::required,
                           .text = "the body is no resource",
                           .wanted = "a Parameters resource, or the resource "
                                     "that the operation is about"});
    }
    if (type == "Parameters") {
      input.parameters = root.get("parameter");
    } else {
      input.resource = root;
    }
  }
  if (auto bad = check_names(input, interaction.handling, names)) {
    return std::move(*bad);
  }
  return input;
}

Refusal bad_parameter(const OperationInput& input, std::string_view name,
                      std::string text, std::string wanted) {
  const Json value = input.value(name);
  return refusal(
      400, {.rule = "operation/bad-parameter",
            .type = IssueType::value,
            .expression = input.place(name),
            .span = value.exists() ? std::optional(value.span()) : std::nullopt,
            .text = std::move(text),
            .wanted = std::move(wanted)});
}

OrRefusal<std::optional<std::uint32_t>> number_parameter(
    const OperationInput& input, std::string_view name) {
  const auto text = input.text(name);
  if (text.empty()) return std::optional<std::uint32_t>();
  std::uint32_t number = 0;
  const auto [end, failed] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) {
    return bad_parameter(input, name, "the parameter is no number",
                         "a whole number from 0 on");
  }
  return std::optional(number);
}

}  // namespace gateway::exchange
