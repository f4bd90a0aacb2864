// Scope is the resource around a node: whose contained resources and whose
// Bundle its references are looked up in.

#pragma once

#include "base/json.h"
#include "fhir/definitions.h"

namespace gateway::validate {

struct Scope {
  Json resource;  // %resource
  Json root;      // %rootResource: the container of a contained resource
  Json entry;     // of the Bundle that it came in; absent outside of one
  Json bundle;
  const Scope* outer = nullptr;
};

// The scope of a resource that lies within another: contained, or an entry of
// a Bundle.
inline Scope entered(const Scope& outer, Json resource,
                     const fhir::Definitions& definitions) {
  Scope scope = outer;
  scope.resource = resource;
  const Json parent = resource.parent();
  if (parent.is_array()) {  // "contained" is the only array of resources
    scope.root = parent.parent();
  } else if (resource.key() == definitions.names.resource) {
    scope.root = resource;
    scope.entry = parent;
    scope.bundle = parent.parent().parent();
  } else {
    scope.root = resource;
  }
  return scope;
}

}  // namespace gateway::validate
