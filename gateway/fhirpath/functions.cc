#include "fhirpath/functions.h"

#include <algorithm>
#include <array>
#include <vector>

#include "fhirpath/function_groups.h"

namespace gateway::fhirpath {
namespace {

std::vector<Function> all_functions() {
  std::vector<Function> all;
  for (const auto group :
       {subset_functions(), set_functions(), filter_functions(),
        text_functions(), pattern_functions(), code_functions(),
        number_functions(), convert_functions(), date_functions(),
        boundary_functions(), type_functions(), fhir_functions()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

}  // namespace

std::span<const Function> functions() {
  static const std::vector<Function> kAll = all_functions();
  return kAll;
}

std::uint32_t function_named(std::string_view name) {
  const auto all = functions();
  const auto found = std::find_if(
      all.begin(), all.end(),
      [&](const Function& function) { return function.name == name; });
  return static_cast<std::uint32_t>(found - all.begin());
}

}  // namespace gateway::fhirpath
