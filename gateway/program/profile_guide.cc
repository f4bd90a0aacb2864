#include "program/profile_guide.h"

namespace gateway::program {
namespace {

void write_elements(std::string& out, const fhir::Definitions& definitions,
                    const fhir::ShapeRow& shape, std::string_view base) {
  out += "| element | at least | codes |\n|---|---|---|\n";
  for (std::uint32_t i = 0; i < shape.elements.count; ++i) {
    const auto& element = definitions.elements[shape.elements.first + i];
    const auto codes = definitions.text(element.value_set_url);
    const bool ours = codes.starts_with(base);
    if (element.min == 0 && !ours) continue;
    out += "| `" + std::string(definitions.text(element.path)) + "` | " +
           std::to_string(element.min) + " | " +
           (ours ? "`" + std::string(codes) + "`" : "") + " |\n";
  }
  out += "\n";
}

// What no cardinality says, at the root or further down.
void write_invariants(std::string& out, const fhir::Definitions& definitions,
                      const fhir::ShapeRow& shape, std::string_view base) {
  std::string rules;
  const auto add = [&](const fhir::Range& range, std::string_view path) {
    for (std::uint32_t i = 0; i < range.count; ++i) {
      const auto& row = definitions.constraints[range.first + i];
      if (!definitions.text(row.source).starts_with(base)) continue;
      rules += "- `" + std::string(definitions.text(row.key)) + "`";
      if (!path.empty()) rules += " at `" + std::string(path) + "`";
      rules += row.warning != 0 ? ", a warning: " : ": ";
      rules += std::string(definitions.text(row.human)) + "\n";
    }
  };
  add(shape.constraints, {});
  for (std::uint32_t i = 0; i < shape.elements.count; ++i) {
    const auto& element = definitions.elements[shape.elements.first + i];
    add(element.constraints, definitions.text(element.path));
    for (std::uint32_t j = 0; j < element.slices.count; ++j) {
      const auto& slice = definitions.elements[element.slices.first + j];
      add(slice.constraints, definitions.text(slice.id));
    }
  }
  if (!rules.empty()) out += rules + "\n";
}

bool is_of_pack(std::string_view code) {
  const auto name = code.substr(0, code.find('/'));
  return name.find('-') != std::string_view::npos && name != "life-cycle";
}

}  // namespace

std::string own_rules_markdown(const fhir::Definitions& definitions,
                               std::string_view base) {
  std::string out =
      "## What holds whichever pack applies\n\nThe gateway's own rules. Each "
      "finding says where, what was seen, what was wanted and what to do.\n\n"
      "| rule | says |\n|---|---|\n";
  const auto url = std::string(base) + "/CodeSystem/rule";
  for (std::uint32_t i = 0; i < definitions.systems.size(); ++i) {
    const auto& system = definitions.systems[i];
    if (definitions.text(system.url) != url) continue;
    for (std::uint32_t j = 0; j < system.codes.count; ++j) {
      const auto& row = definitions.codes[system.codes.first + j];
      const auto code = definitions.text(row.code);
      const bool is_reason =
          code.starts_with("life-cycle/") || code.starts_with("discharge/");
      if (is_of_pack(code) || is_reason) continue;
      out += "| `" + std::string(code) + "` | " +
             std::string(definitions.text(row.display)) + " |\n";
    }
  }
  return out + "\n";
}

std::string profiles_markdown(const fhir::Definitions& definitions,
                              std::string_view base) {
  const auto below = std::string(base) + "/StructureDefinition/";
  std::string out =
      "## Profiles\n\nA profile refuses only what claims it in `meta.profile`; "
      "what it would find in other resources is a hold.\n\n";
  for (std::uint32_t row = 0; row < definitions.shapes.size(); ++row) {
    const auto& shape = definitions.shapes[row];
    const auto url = definitions.text(shape.url);
    if (!url.starts_with(below) || shape.kind != fhir::TypeKind::resource) {
      continue;
    }
    out += "### " + std::string(definitions.text(shape.name)) + "\n`" +
           std::string(url) + "`\n\n";
    write_elements(out, definitions, shape, base);
    write_invariants(out, definitions, shape, base);
  }
  return out;
}

}  // namespace gateway::program
