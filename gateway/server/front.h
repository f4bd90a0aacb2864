// Front answers HTTP requests: it finds out who asks and what for, and hands
// writes to the pipeline and reads to the exchange.

#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "exchange/fhir_api.h"
#include "server/claim_lineage.h"
#include "server/metrics.h"
#include "server/operator_desk.h"
#include "server/pipeline.h"
#include "transport/http.h"

namespace gateway::server {

class Front {
 public:
  // All arguments outlive the front.
  Front(const Parts& parts, Pipeline& pipeline, Metrics& metrics,
        OperatorDesk& desk);

  void handle(transport::Request request, transport::Responder responder);

 private:
  void answer(const exchange::Interaction& interaction,
              const exchange::Caller& caller, transport::Request request,
              const transport::Responder& responder);
  void read(const exchange::Interaction& interaction,
            const exchange::Caller& caller,
            const transport::Responder& responder);
  void write(const exchange::Interaction& interaction,
             const exchange::Caller& caller, transport::Request request,
             const transport::Responder& responder);
  void validate(const exchange::Interaction& interaction,
                const exchange::Caller& caller, transport::Request request,
                const transport::Responder& responder);
  // $expand, $validate-code and $lookup.
  [[nodiscard]] transport::Response terminology(
      const exchange::Interaction& interaction, std::string body) const;
  transport::Response page(exchange::Action action) const;
  // $explain and $checklist, in the lane of the case.
  void explain(const exchange::Interaction& interaction,
               const exchange::Caller& caller,
               const transport::Responder& responder);
  transport::Response explanation(const store::StoredResource& resource) const;
  transport::Response proof(const std::string& parameters,
                            const ExplainedClaim& claim,
                            const Defects& defects) const;
  transport::Response ready() const;
  void refuse(const exchange::Refusal& refusal, transport::Request request,
              const transport::Responder& responder);

  const Parts& parts_;
  Pipeline& pipeline_;
  Metrics& metrics_;
  OperatorDesk& desk_;
};

}  // namespace gateway::server
