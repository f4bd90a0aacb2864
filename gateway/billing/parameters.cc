#include "billing/parameters.h"

namespace gateway::billing {

ParametersWriter::ParametersWriter() {
  out_.begin_object()
      .member("resourceType", "Parameters")
      .key("parameter")
      .begin_array();
}

ParametersWriter& ParametersWriter::text(std::string_view name,
                                         std::string_view value) {
  if (value.empty()) return *this;
  out_.begin_object().member("name", name).member("valueString", value);
  out_.end_object();
  return *this;
}

ParametersWriter& ParametersWriter::number(std::string_view name,
                                           std::string_view decimal) {
  if (decimal.empty()) return *this;
  out_.begin_object().member("name", name).key("valueDecimal").raw(decimal);
  out_.end_object();
  return *this;
}

ParametersWriter& ParametersWriter::reference(std::string_view name,
                                              std::string_view target) {
  out_.begin_object().member("name", name).key("valueReference");
  out_.begin_object().member("reference", target).end_object();
  out_.end_object();
  return *this;
}

ParametersWriter& ParametersWriter::begin_group(std::string_view name) {
  out_.begin_object().member("name", name).key("part").begin_array();
  return *this;
}

ParametersWriter& ParametersWriter::end_group() {
  out_.end_array().end_object();
  return *this;
}

std::string ParametersWriter::take() {
  out_.end_array().end_object();
  return out_.take();
}

}  // namespace gateway::billing
