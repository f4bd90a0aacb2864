// OperatorDesk answers what operators ask beside FHIR: which edition of the
// configuration is in force, its reload and its rollback.

#pragma once

#include <functional>

#include "exchange/fhir_api.h"
#include "server/pipeline.h"
#include "transport/http.h"

namespace gateway::server {

// How the running gateway replaces its edition.
struct Reloading {
  std::function<LoadedEdition()> reload;
  std::function<LoadedEdition()> rollback;
};

class OperatorDesk {
 public:
  // `parts` outlive the desk.
  OperatorDesk(const Parts& parts, Reloading reloading)
      : parts_(parts), reloading_(std::move(reloading)) {}

  // 403 for whoever is no operator.
  transport::Response answer(const exchange::Interaction& asked,
                             const exchange::Caller& caller);

 private:
  [[nodiscard]] transport::Response configuration() const;
  // 200 with what is in force now; 409 if nothing changed, and why.
  transport::Response replaced(const LoadedEdition& loaded) const;

  const Parts& parts_;
  Reloading reloading_;
};

}  // namespace gateway::server
