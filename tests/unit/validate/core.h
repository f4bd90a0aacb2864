// The definitions image that the build makes, for tests that need real types.

#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/definition_set.h"
#include "fhir/definitions.h"
#include "folders.h"
#include "validate/image_compiler.h"
#include "validate/validator.h"

namespace gateway::validate {

inline fhir::SharedDefinitions core() {
  static const auto kCore =
      fhir::Definitions::open(GATEWAY_BINARY_DIR "/workgate.image");
  if (!kCore.ok()) ADD_FAILURE() << kCore.error().message;
  return kCore.ok() ? *kCore : nullptr;
}

// The core definitions and those of the texts on top.
inline fhir::SharedDefinitions with(const std::vector<std::string>& texts) {
  fhir::DefinitionSet set;
  for (const auto& text : texts) {
    EXPECT_TRUE(set.add_text(text, "test").ok()) << text;
  }
  auto compiled = compile(set, core());
  EXPECT_TRUE(compiled.ok());
  return (*std::move(compiled)).definitions;
}

// "rule at expression" of each finding that is an error, in order.
inline std::vector<std::string> errors(
    const std::string& resource,
    const fhir::SharedDefinitions& definitions = core(),
    const ValidateOptions& options = {}) {
  const auto document = parse_shared(resource, definitions->keys());
  EXPECT_TRUE(document.ok()) << resource;
  std::vector<std::string> found;
  const auto outcome = Validator(definitions).validate(**document, options);
  for (const auto& finding : outcome.findings()) {
    if (finding.severity > fhir::Severity::error) continue;
    found.push_back(finding.rule + " at " + finding.expression);
  }
  return found;
}

inline ValidateOptions strict() {
  ValidateOptions options;
  options.rules.rigor = Rigor::reference;
  return options;
}

using Texts = std::vector<std::string>;

// A profile of `type` with this differential.
inline std::string profile_text(const std::string& name,
                                const std::string& type,
                                const std::string& elements) {
  return R"({"resourceType":"StructureDefinition","url":"http://example.org/)" +
         name + R"(","name":")" + name + R"(","status":"draft","kind":)" +
         R"("resource","abstract":false,"type":")" + type +
         R"(","baseDefinition":"http://hl7.org/fhir/StructureDefinition/)" +
         type + R"(","derivation":"constraint","differential":{"element":)" +
         elements + "}}";
}

inline std::string claims(const std::string& profile) {
  return R"("meta":{"profile":["http://example.org/)" + profile + "\"]}";
}

}  // namespace gateway::validate
