// What a row of a pack says that can never be true of anything, although each
// word of it is known: it would load, and be silent for ever.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/type_model.h"
#include "program/policy_pack.h"

namespace gateway::program {

// What is wrong with it, for an error at its place; empty: nothing.

// The row's expressions ask for a fact that is not known where the row is
// judged: of a session in a row about the referral.
std::string fact_fault(const Requirement& row);
// What holds asks somebody to act, and says to whom by its task: without one
// nothing would be held. Only a line of other treatment is dropped without.
std::string task_fault(const Requirement& row);
// "ServiceRequest.occurrence": an element that FHIR does not have.
std::string path_fault(const fhir::TypeModel& model, std::string_view path);
// An example that stands in for a resource is JSON: an object, or a list of
// them; so is what is added; the other changes (`set`, `week`, ...) are words.
std::string example_fault(std::string_view name, const std::string& value);

// Rows whose `contradicts` names a row that no pack has.
Status check_contradicts(
    const std::vector<std::shared_ptr<const PolicyPack>>& packs);

}  // namespace gateway::program
