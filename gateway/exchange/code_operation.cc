#include "exchange/code_operation.h"

#include <array>
#include <optional>
#include <utility>

#include "base/json_writer.h"
#include "exchange/operation_input.h"
#include "exchange/terminology_input.h"
#include "fhir/terminology.h"

namespace gateway::exchange {
namespace {

using fhir::Finding;
using fhir::IssueType;
using fhir::kNone;
using fhir::Membership;
using fhir::Severity;

constexpr std::array<std::string_view, 10> kNames = {
    "url",      "code",    "system",          "version",
    "display",  "coding",  "codeableConcept", "date",
    "abstract", "valueSet"};
constexpr std::array<std::string_view, 7> kLookupNames = {
    "code", "system",          "version", "coding",
    "date", "displayLanguage", "property"};

// What was found out about one code.
struct Verdict {
  Membership membership = Membership::no;
  std::string system;
  std::string code;
  std::string display;  // the system's own
  std::optional<Finding> finding;
};

Finding not_checked(const AskedCode& asked) {
  return {.rule = "terminology/not-checked",
          .severity = Severity::information,
          .type = IssueType::not_supported,
          .expression = asked.place,
          .text =
              "the code was not checked: its code system is not held here; "
              "its format is not wrong",
          .seen = asked.system,
          .remedy = "ask a terminology server that holds the code system"};
}

Finding unknown_code(const fhir::Definitions& definitions,
                     const AskedCode& asked, std::string text) {
  const auto system = definitions.system_of(asked.system);
  const auto near = system == kNone
                        ? std::string_view()
                        : fhir::nearest_code(definitions, system, asked.code);
  const bool other = !near.empty() && near != asked.code;
  return {.rule = "terminology/unknown-code",
          .type = IssueType::code_invalid,
          .expression = asked.place,
          .text = std::move(text),
          .wanted = asked.system.empty() ? std::string()
                                         : "a code of " + asked.system,
          .remedy = other ? "did you mean " + std::string(near) + "?"
                          : std::string("correct the code or its system")};
}

std::string_view held_version(const fhir::Definitions& definitions,
                              std::string_view system) {
  const auto row = definitions.system_of(system);
  if (row == kNone) return {};
  return definitions.text(definitions.systems[row].version);
}

class CodeCheck {
 public:
  // `value_set`: kNone for the code system itself.
  CodeCheck(const fhir::Definitions& definitions, std::uint32_t value_set)
      : definitions_(definitions), value_set_(value_set) {}

  // The best verdict over the codes: one that is right is enough.
  Verdict verdict(const std::vector<AskedCode>& codes) const;

 private:
  Verdict verdict(AskedCode asked) const;
  [[nodiscard]] Membership membership(const AskedCode& asked) const;
  // The only listed system of the value set that has the code.
  [[nodiscard]] std::string inferred(const AskedCode& asked) const;

  const fhir::Definitions& definitions_;
  std::uint32_t value_set_;
};

Membership CodeCheck::membership(const AskedCode& asked) const {
  if (value_set_ == kNone) {
    return fhir::code_exists(definitions_, asked.system, asked.code);
  }
  return asked.system.empty()
             ? fhir::code_in(definitions_, value_set_, asked.code)
             : fhir::coding_in(definitions_, value_set_, asked.system,
                               asked.code);
}

std::string CodeCheck::inferred(const AskedCode& asked) const {
  if (value_set_ == kNone) return {};
  for (const auto& part :
       definitions_.parts.of(definitions_.value_sets[value_set_].parts)) {
    const auto url = definitions_.text(definitions_.systems[part.system].url);
    if (fhir::coding_in(definitions_, value_set_, url, asked.code) ==
        Membership::yes) {
      return std::string(url);
    }
  }
  return {};
}

Verdict CodeCheck::verdict(AskedCode asked) const {
  Verdict made{.membership = membership(asked)};
  if (asked.system.empty()) asked.system = inferred(asked);
  made.system = asked.system;
  made.code = asked.code;
  const auto held = held_version(definitions_, asked.system);
  if (is_other_version(asked.version, held)) {
    made.membership = Membership::unknown;
    made.finding = other_version(asked.place, held);
    return made;
  }
  const auto row = fhir::find_code(definitions_, asked.system, asked.code);
  if (row != kNone) {
    made.display = definitions_.text(definitions_.codes[row].display);
  }
  if (made.membership == Membership::unknown) {
    made.finding = not_checked(asked);
  } else if (made.membership == Membership::no) {
    made.finding =
        unknown_code(definitions_, asked,
                     value_set_ == kNone ? "the code system has no such code"
                                         : "the code is not in the value set");
  } else if (!asked.display.empty() && !made.display.empty() &&
             !fhir::same_display(asked.display, made.display)) {
    made.membership = Membership::no;
    made.finding = Finding{.rule = "terminology/display",
                           .expression = asked.place,
                           .text = "the display is not that of the code",
                           .seen = "another display",
                           .wanted = made.display,
                           .remedy = "correct the display or the code"};
  }
  return made;
}

Verdict CodeCheck::verdict(const std::vector<AskedCode>& codes) const {
  std::optional<Verdict> best;
  for (const auto& asked : codes) {
    auto one = verdict(asked);
    if (one.membership == Membership::yes) return one;
    if (!best || (best->membership == Membership::no &&
                  one.membership == Membership::unknown)) {
      best = std::move(one);
    }
  }
  return best.value_or(Verdict{});
}

void write_text(JsonWriter& out, std::string_view name, std::string_view type,
                std::string_view value) {
  if (value.empty()) return;
  out.begin_object().member("name", name).member(type, value).end_object();
}

JsonWriter begun() {
  JsonWriter out;
  out.begin_object()
      .member("resourceType", "Parameters")
      .key("parameter")
      .begin_array();
  return out;
}

std::string verdict_text(const Verdict& verdict, const Site& site) {
  auto out = begun();
  out.begin_object()
      .member("name", "result")
      .key("valueBoolean")
      .boolean(verdict.membership == Membership::yes)
      .end_object();
  write_text(out, "code", "valueCode", verdict.code);
  write_text(out, "system", "valueUri", verdict.system);
  write_text(out, "display", "valueString", verdict.display);
  if (verdict.finding) {
    write_text(out, "message", "valueString", sentence(*verdict.finding));
    if (verdict.finding->rule == "terminology/not-checked") {
      // As terminology servers name what they would have needed.
      write_text(out, "x-caused-by-unknown-system", "valueCanonical",
                 verdict.system);
    }
    fhir::Outcome outcome;
    outcome.add(*verdict.finding);
    out.begin_object()
        .member("name", "issues")
        .key("resource")
        .raw(fhir::to_operation_outcome(outcome, site.canonical))
        .end_object();
  }
  out.end_array().end_object();
  return out.take();
}

OrRefusal<std::string> judged(const Interaction& interaction, std::string body,
                              const fhir::SharedDefinitions& held,
                              const Site& site) {
  auto read =
      read_operation_input(interaction, std::move(body), held->keys(), kNames);
  if (auto* bad = std::get_if<Refusal>(&read)) return std::move(*bad);
  const auto& input = std::get<OperationInput>(read);
  const bool of_value_set = interaction.type == "ValueSet";
  ChosenValueSet chosen{held};
  if (of_value_set) {
    auto found = value_set_parameter(input, held);
    if (auto* bad = std::get_if<Refusal>(&found)) return std::move(*bad);
    chosen = std::get<ChosenValueSet>(std::move(found));
  }
  auto asked = asked_codes(input, of_value_set ? "system" : "url");
  if (auto* bad = std::get_if<Refusal>(&asked)) return std::move(*bad);
  const auto& codes = std::get<0>(asked);
  if (!of_value_set && codes.front().system.empty()) {
    return bad_parameter(input, "url", "the code system is not named",
                         "url, the canonical URL of a code system");
  }
  return verdict_text(CodeCheck(*chosen.definitions, chosen.row).verdict(codes),
                      site);
}

void write_property(JsonWriter& out, std::string_view code,
                    std::string_view value) {
  out.begin_object().member("name", "property").key("part").begin_array();
  write_text(out, "code", "valueCode", code);
  write_text(out, "value", "valueCode", value);
  out.end_array().end_object();
}

// The computable name of the code system, from its definition.
std::string name_of(const fhir::Definitions& definitions,
                    std::string_view url) {
  const auto* const artifact = definitions.artifact(url);
  if (artifact == nullptr) return std::string(url);
  const auto parsed =
      parse_shared(std::string(definitions.text(artifact->source)));
  if (!parsed) return std::string(url);
  const auto name = (*parsed)->root().get("name").text();
  return std::string(name.empty() ? url : name);
}

std::string details(const fhir::Definitions& definitions, std::uint32_t row) {
  const auto& code = definitions.codes[row];
  const auto& system = definitions.systems[code.system];
  const auto display = definitions.text(code.display);
  const auto own = definitions.text(code.code);
  auto out = begun();
  write_text(out, "name", "valueString",
             name_of(definitions, definitions.text(system.url)));
  write_text(out, "version", "valueString", definitions.text(system.version));
  write_text(out, "display", "valueString", display.empty() ? own : display);
  if (code.parent != kNone) {
    write_property(out, "parent",
                   definitions.text(definitions.codes[code.parent].code));
  }
  for (std::uint32_t i = 0; i < system.codes.count; ++i) {
    const auto& other = definitions.codes[system.codes.first + i];
    if (other.parent != row) continue;
    write_property(out, "child", definitions.text(other.code));
  }
  if (code.abstract_ != 0) write_property(out, "notSelectable", "true");
  out.end_array().end_object();
  return out.take();
}

OrRefusal<std::string> looked_up(const Interaction& interaction,
                                 std::string body,
                                 const fhir::Definitions& definitions) {
  auto read = read_operation_input(interaction, std::move(body),
                                   definitions.keys(), kLookupNames);
  if (auto* bad = std::get_if<Refusal>(&read)) return std::move(*bad);
  const auto& input = std::get<OperationInput>(read);
  auto asked = asked_codes(input, "system");
  if (auto* bad = std::get_if<Refusal>(&asked)) return std::move(*bad);
  const auto& code = std::get<0>(asked).front();
  if (code.system.empty()) {
    return bad_parameter(input, "system", "the code system is not named",
                         "the URI of a code system");
  }
  const auto held = held_version(definitions, code.system);
  if (is_other_version(code.version, held)) {
    return refusal(404, other_version(code.place, held));
  }
  const auto row = fhir::find_code(definitions, code.system, code.code);
  if (row != kNone) return details(definitions, row);
  if (fhir::code_exists(definitions, code.system, code.code) ==
      Membership::no) {
    return refusal(404, unknown_code(definitions, code,
                                     "the code system has no such code"));
  }
  return refusal(404, not_checked(code));
}

Response answered(OrRefusal<std::string> made, const Site& site,
                  std::string_view source) {
  if (const auto* refused = std::get_if<Refusal>(&made)) {
    return refusal_answer(*refused, site, source);
  }
  return fhir_answer(200, std::get<std::string>(std::move(made)));
}

}  // namespace

Response validate_code_answer(const Interaction& interaction, std::string body,
                              const fhir::SharedDefinitions& definitions,
                              const Site& site) {
  const auto source = body;
  return answered(judged(interaction, std::move(body), definitions, site), site,
                  source);
}

Response lookup_answer(const Interaction& interaction, std::string body,
                       const fhir::Definitions& definitions, const Site& site) {
  const auto source = body;
  return answered(looked_up(interaction, std::move(body), definitions), site,
                  source);
}

}  // namespace gateway::exchange
