// Scope is the resource around a node: whose contained resources and whose
// Bundle its references are looked up in.

#pragma once

#include "base/json.h"

namespace gateway::validate {

struct Scope {
  Json resource;  // %resource
  Json root;      // %rootResource: the container of a contained resource
  Json entry;     // of the Bundle that it came in; absent outside of one
  Json bundle;
  const Scope* outer = nullptr;
};

}  // namespace gateway::validate
