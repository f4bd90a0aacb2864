// V2Places leads from an element of what a map made of an HL7 v2 message back
// to the field that it came from, so that whatever is found in FHIR is told in
// the words of the message. Pure.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "fhir/outcome.h"
#include "map/map_engine.h"

namespace gateway::server {

class V2Places {
 public:
  // `tree`: of the message that `output` was made from.
  V2Places(map::MapOutput output, JsonDocument tree);

  // "PV1-44" for "Bundle.entry[3].resource.performedPeriod", or for an element
  // of the only resource of its type ("Procedure.performed"). A resource as a
  // whole stands for its identifier. Empty where no field says it.
  [[nodiscard]] std::string of(std::string_view expression) const;

  // The same findings, each with its field where there is one.
  [[nodiscard]] fhir::Outcome placed(const fhir::Outcome& outcome) const;

  [[nodiscard]] const map::MapOutput& output() const { return output_; }
  [[nodiscard]] Json bundle() const {
    return bundle_ ? bundle_->root() : Json();
  }

 private:
  [[nodiscard]] Json start_of(std::string_view& path) const;

  map::MapOutput output_;
  JsonDocument tree_;
  std::unique_ptr<JsonDocument> bundle_;  // null if there is none
};

}  // namespace gateway::server
