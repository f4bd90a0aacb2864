#include "validate/defective.h"

#include <array>

namespace gateway::validate {
namespace {

struct Correction {
  std::string_view key;
  std::string_view published;
  std::string_view read_as;
};

constexpr std::array<Correction, 6> kCorrections{{
    {"app-4",
     "Appointment.cancelationReason.exists() implies "
     "(Appointment.status='no-show' or Appointment.status='cancelled')",
     "Appointment.cancelationReason.exists() implies "
     "(Appointment.status='noshow' or Appointment.status='cancelled')"},
    {"tim-9",
     "offset.empty() or (when.exists() and ((when in ('C' | 'CM' | 'CD' | "
     "'CV')).not()))",
     "offset.empty() or (when.exists() and when.all(($this in ('C' | 'CM' | "
     "'CD' | 'CV')).not()))"},
    {"que-7", "operator = 'exists' implies (answer is Boolean)",
     "operator = 'exists' implies (answer is boolean)"},
    {"que-12", "enableWhen.count() > 2 implies enableBehavior.exists()",
     "enableWhen.count() > 1 implies enableBehavior.exists()"},
    {"bdl-8", "fullUrl.contains('/_history/').not()",
     "fullUrl.empty() or fullUrl.contains('/_history/').not()"},
    {"ref-1",
     "reference.startsWith('#').not() or (reference.substring(1).trace('url') "
     "in %rootResource.contained.id.trace('ids'))",
     "reference.empty() or reference.startsWith('#').not() or "
     "reference = '#' or (reference.substring(1) in "
     "%rootResource.contained.id)"},
}};

struct Place {
  std::string_view extension;  // behind the URL of FHIR's definitions
  std::string_view context;
};

constexpr std::string_view kDefinitions =
    "http://hl7.org/fhir/StructureDefinition/";
constexpr std::array<Place, 3> kPlaces{{
    {"structuredefinition-fhir-type", "ElementDefinition.type"},
    {"structuredefinition-normative-version", "Element"},
    {"regex", "ElementDefinition.type"},
}};

}  // namespace

std::string_view corrected_expression(std::string_view key,
                                      std::string_view expression) {
  for (const auto& correction : kCorrections) {
    if (correction.key == key && correction.published == expression) {
      return correction.read_as;
    }
  }
  return expression;
}

std::string_view further_context(std::string_view extension_url) {
  if (!extension_url.starts_with(kDefinitions)) return {};
  extension_url.remove_prefix(kDefinitions.size());
  for (const auto& place : kPlaces) {
    if (place.extension == extension_url) return place.context;
  }
  return {};
}

}  // namespace gateway::validate
