// What our own profiles find in resources that do not claim them holds what
// rests on those resources: a Task for the referral, authorization or session,
// and draft claims. It never refuses (DESIGN B5).

#pragma once

#include <map>
#include <string>
#include <vector>

#include "billing/plan.h"
#include "fhir/outcome.h"

namespace gateway::server {

// By the key of the resource, "Procedure/17".
using Defects = std::map<std::string, std::vector<fhir::Finding>, std::less<>>;

// Adds tasks for the defects, and holds the claims that rest on them.
void hold_defects(const Defects& defects, billing::Plan& plan);

// Whether the claim rests on the resource.
bool rests_on(const billing::ClaimPlan& claim, const std::string& key);

// `parameters`, an answer of $explain or $checklist, with one `finding` more
// for each defect.
std::string with_defects(std::string parameters, const Defects& defects);

}  // namespace gateway::server
