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

}  // namespace

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
  }
  return out;
}

}  // namespace gateway::program
