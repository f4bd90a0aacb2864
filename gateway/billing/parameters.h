// ParametersWriter writes a FHIR Parameters resource, part by part.

#pragma once

#include <string>
#include <string_view>

#include "base/json_writer.h"

namespace gateway::billing {

class ParametersWriter {
 public:
  ParametersWriter();

  // A parameter, or within begin_group a part of it.
  ParametersWriter& text(std::string_view name, std::string_view value);
  ParametersWriter& number(std::string_view name, std::string_view decimal);
  ParametersWriter& reference(std::string_view name, std::string_view target);
  ParametersWriter& begin_group(std::string_view name);
  ParametersWriter& end_group();

  std::string take();

 private:
  JsonWriter out_;
};

}  // namespace gateway::billing
