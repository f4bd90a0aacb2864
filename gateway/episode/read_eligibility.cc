#include "episode/read.h"

namespace gateway::episode {
namespace {

bool is_for_program(Json item, std::string_view base) {
  const auto service = item.get("productOrService");
  return service.get("coding").size() == 0 ||
         program_in(service, base) != Program::none ||
         has_code(service, kCpt, kFirstHours) ||
         has_code(service, kCpt, kFurtherHours);
}

}  // namespace

// Where several items speak of the program, one that wants an authorization
// decides.
Eligibility read_eligibility(const Reading& reading) {
  const Json root = reading.root;
  Eligibility read;
  read.source = reading.source;
  read.valid = root.get("status").text() == "active" &&
               root.get("outcome").text() != "error";
  read.patient = reference_in(root.get("patient"), reading.base);
  read.insurer = reference_in(root.get("insurer"), reading.base);
  read.created = date_in(root.get("created"), reading.zone);
  read.number = root.get("preAuthRef").text();
  read.from = date_in(root.get("servicedDate"), reading.zone);
  read.to = read.from;
  const auto period = root.get("servicedPeriod");
  if (period.exists()) {
    read.from = date_in(period.get("start"), reading.zone);
    read.to = date_in(period.get("end"), reading.zone);
  }
  for (const Json insurance : root.get("insurance")) {
    auto coverage = reference_in(insurance.get("coverage"), reading.base);
    if (!coverage.empty()) read.coverages.push_back(std::move(coverage));
    for (const Json item : insurance.get("item")) {
      const auto wanted = item.get("authorizationRequired").text();
      if (wanted.empty() || !is_for_program(item, reading.base)) continue;
      read.authorization_required =
          wanted == "true" || read.authorization_required.value_or(false);
    }
  }
  return read;
}

}  // namespace gateway::episode
