// OperatorDesk answers what operators ask beside FHIR: which edition of the
// configuration is in force, its reload and its rollback; which messages of
// the log speak of a patient or a claim number; replays of messages, and the
// pruning of those that are kept no longer.

#pragma once

#include <functional>

#include "exchange/fhir_api.h"
#include "server/pipeline.h"
#include "server/prunings.h"
#include "server/replays.h"
#include "transport/http.h"

namespace gateway::server {

// How the running gateway replaces its edition.
struct Reloading {
  std::function<LoadedEdition()> reload;
  std::function<LoadedEdition()> rollback;
};

class OperatorDesk {
 public:
  // All but `reloading` outlive the desk.
  OperatorDesk(const Parts& parts, Replays& replays, Prunings& prunings,
               Reloading reloading)
      : parts_(parts),
        replays_(replays),
        prunings_(prunings),
        reloading_(std::move(reloading)) {}

  // 403 for whoever is no operator.
  void answer(const exchange::Interaction& asked,
              const exchange::Caller& caller,
              const transport::Responder& responder);

 private:
  using Response = transport::Response;

  Response answer_now(const exchange::Interaction& asked);
  [[nodiscard]] Response configuration() const;
  // 200 with what is in force now; 409 if nothing changed, and why.
  Response replaced(const LoadedEdition& loaded) const;
  Response refused(const exchange::Refusal& refusal) const;
  Response search(const exchange::Interaction& asked) const;
  void replay(const exchange::Interaction& asked,
              const transport::Responder& responder);
  Response absent(store::Sequence sequence) const;
  Response plan(const exchange::Interaction& asked);
  Response plan_page(std::int64_t id, int status) const;
  Response change_plan(const exchange::Interaction& asked);
  Response prune_page(std::int64_t id, int status) const;
  Response change_pruning(const exchange::Interaction& asked);
  Response wrong_state() const;

  const Parts& parts_;
  Replays& replays_;
  Prunings& prunings_;
  Reloading reloading_;
};

}  // namespace gateway::server
