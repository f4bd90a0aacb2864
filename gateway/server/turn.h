// Turn is one message on its way through the pipeline. It lives as long as
// somebody holds it: the lane that it waits in, then the store's writer.

#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "server/belonging.h"
#include "server/decision.h"
#include "server/message_effect.h"
#include "server/pipeline.h"
#include "server/resolution.h"

namespace gateway::server {

class Turn : public std::enable_shared_from_this<Turn> {
 public:
  Turn(const Parts& parts, Incoming incoming, Answer answer)
      : parts_(parts),
        mark_(parts.under_way),
        incoming_(std::move(incoming)),
        answer_(std::move(answer)) {}

  void begin();

 private:
  using Refusal = exchange::Refusal;

  // The stages, in order. Each ends the turn or goes on to the next.
  void enter_conditions();
  void resolve();
  void enter_cases();
  void settle();
  void decide();
  void commit();
  void refuse_emission();
  void committed(const Result<store::Receipt>& receipt);

  [[nodiscard]] std::vector<Belonging> belongings() const;
  std::vector<std::string> condition_lanes();
  // Whether this entry creates nothing, since what it asks for is there.
  bool only_found(std::size_t position) const;
  Result<std::set<std::string>> cases_touched() const;
  std::string patient_key(std::size_t position) const;
  // What makes two messages the same; empty where nothing does.
  std::string digest() const;
  // True if the turn ended with the stored answer.
  bool replayed();
  // True if the original's objection ended it.
  bool objected();
  void answer_again(const store::Message& message);
  // True if it is about several patients, and waits; or if it is mapped anew.
  bool waits();
  void add_write(std::size_t position);
  void finish(store::MessageState state, const fhir::Outcome& outcome,
              transport::Response response);
  transport::Response answer();
  exchange::EntryAnswer entry_answer(std::size_t position);
  [[nodiscard]] MessageEffect effect() const {
    return {request_, resolved_, decision_, now_};
  }
  // The answer as the sender of the original message reads it.
  transport::Response in_its_language(const fhir::Outcome& outcome,
                                      transport::Response response) const;
  void refuse(Refusal refusal);
  void fail(const Error& error);
  void again();
  void forget();  // what was decided, but is not stored
  void let_go();

  const Parts& parts_;
  UnderWay::Mark mark_;
  Incoming incoming_;
  Answer answer_;
  exchange::WriteRequest request_;
  std::string owner_;
  std::string digest_;
  Instant now_;
  int tries_ = 0;
  std::set<std::size_t> found_;  // conditions that matched before any lane
  Lanes::Lease conditions_;
  Lanes::Lease cases_;
  Resolved resolved_;
  std::set<std::string> case_keys_;
  Decision decision_;
  std::vector<fhir::ResourceId> tasks_;  // that it writes itself
  store::Commit commit_;
  transport::Response response_;
};

}  // namespace gateway::server
