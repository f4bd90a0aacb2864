#include "validate/defective.h"

#include <array>

namespace gateway::validate {
namespace {

struct Correction {
  std::string_view key;
  std::string_view published;
  std::string_view read_as;
};

constexpr std::array<Correction, 2> kCorrections{{
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

}  // namespace gateway::validate
