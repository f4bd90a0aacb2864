// Any document and any definition that comes with it: findings or none, and
// never a crash. The part up to a line of three dashes is the resource, what
// follows is a definition.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "validate/image_compiler.h"
#include "validate/request.h"

namespace {

// The image that the build made; without one, small definitions stand in.
const gateway::fhir::SharedDefinitions& definitions() {
  static const auto kDefinitions = [] {
    const char* file = std::getenv("WORKGATE_IMAGE");
    auto image = gateway::fhir::Definitions::open(
        file != nullptr ? file : "workgate.image");
    if (image.ok()) return *image;
    gateway::fhir::DefinitionSet set;
    (void)set.add_text(
        R"({"resourceType":"StructureDefinition","url":"http://x/Patient",)"
        R"("name":"Patient","type":"Patient","kind":"resource","snapshot":)"
        R"({"element":[{"id":"Patient","path":"Patient"}]}})",
        "small");
    return (*gateway::validate::compile(set, nullptr)).definitions;
  }();
  return kDefinitions;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto cut = text.find("\n---\n");
  gateway::validate::ValidationRequest request;
  request.resource = text.substr(0, cut);
  if (cut != std::string::npos) request.supporting = {text.substr(cut + 5)};
  request.options.rules.rigor = gateway::validate::Rigor::reference;
  request.options.rules.checks_security = true;
  request.options.profiles = {"http://x/p"};
  const auto answered = gateway::validate::answer(request, definitions());
  if (answered.outcome.findings().size() > 1100) std::abort();
  return 0;
}
