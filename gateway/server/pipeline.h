// Pipeline is the whole way of a message: read, validate, take the lanes of
// the patients it touches, resolve, decide, commit, answer. Everything that a
// message causes is one commit, and nothing is answered before that commit is
// durable.

#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/key_table.h"
#include "exchange/fhir_api.h"
#include "server/case_shelf.h"
#include "server/editions.h"
#include "server/ids.h"
#include "server/incoming.h"
#include "server/lanes.h"
#include "server/parked_messages.h"
#include "server/under_way.h"
#include "server/waking.h"
#include "store/store.h"
#include "validate/intake.h"
#include "validate/validator.h"

namespace gateway::server {

// What the pipeline works with. All of it outlives the pipeline.
struct Parts {
  store::Store& store;
  const validate::Validator& validator;
  const validate::Intake& intake;
  const KeyTable& keys;
  const Editions& editions;
  const exchange::Site& site;
  Lanes& lanes;
  CaseShelf& shelf;
  Waking& waking;
  Ids& ids;
  UnderWay& under_way;
  ParkedMessages& parked;  // taken, but waiting, of all partners
  std::function<Instant()> clock;
  // Runs work on a thread that may read the store.
  std::function<void(std::function<void()>)> run;
};

// Now, by the clock and in the zone that are in force.
exchange::Here here(const Parts& parts);

class Pipeline {
 public:
  explicit Pipeline(Parts parts) : parts_(std::move(parts)) {}

  // Calls `answer` once, from any thread, when the message has its end; not
  // where its original's `wait` takes it.
  void write(Incoming incoming, Answer answer);

  // Commits the pulls of a read answer, then sends it. A claim that changed in
  // the meantime is read again by `again`.
  void send_pulled(exchange::ReadAnswer read, std::function<void()> again,
                   Answer answer);

  // Keeps a message that was refused before it could be read as FHIR.
  void reject(Incoming incoming, const exchange::Refusal& refusal,
              Answer answer);

  // Keeps what the edge refused; of HTTP without a body.
  void record(const transport::EdgeRefusal& refusal, std::string content = {});

 private:
  struct PulledRead {
    std::shared_ptr<UnderWay::Mark> mark;
    exchange::ReadAnswer read;
    std::function<void()> again;
    Answer answer;
  };
  void commit_pulls(const std::shared_ptr<PulledRead>& pulled,
                    Lanes::Lease lease);
  void note_pulls(const PulledRead& pulled,
                  const Result<store::Receipt>& receipt);

  Parts parts_;
};

// The lane in which all messages of one case are decided.
std::string case_lane(const std::string& owner, const std::string& case_key);

// The answer for what the store could not do.
transport::Response unavailable(const Error& error, const exchange::Site& site);

}  // namespace gateway::server
