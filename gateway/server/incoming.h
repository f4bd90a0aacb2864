// Incoming is a request to write, as the front hands it to the pipeline; from
// it and what became of it is made the record in the message log.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/date.h"
#include "exchange/fhir_api.h"
#include "server/amendment.h"
#include "server/edition.h"
#include "server/message_keys.h"
#include "server/patient_numbers.h"
#include "store/store.h"
#include "transport/http.h"

namespace gateway::server {

// Why a message goes no further: it was answered before, or is refused for the
// sake of an earlier one.
using Objection =
    std::variant<std::monostate, store::Message, exchange::Refusal>;

// What a request was before it became FHIR: kept in its place, and answered
// in its own language.
struct Original {
  std::string channel;  // "mllp"
  std::string content;  // exact bytes
  std::string digest;   // of what makes two messages the same
  std::function<std::string(int status, const fhir::Outcome& outcome)> answer;
  // Messages of one name take turns; `objection` is asked in that turn, where
  // no other message of that name is under way.
  std::string name{};
  std::function<Result<Objection>()> objection{};
  // By what a refusal is found again; empty: by nothing.
  std::function<std::string(const exchange::Refusal&)> refusal{};
  // The numbers of its patient. Where they belong to different ones, nothing
  // is stored, and `wait` takes the message and answers it.
  std::vector<PatientNumber> numbers{};
  std::function<void(const fhir::Outcome&)> wait{};
  // Where another number than the first is the one under which the patient was
  // first known, nothing is stored either, and `anew` takes the message, that
  // repetition of PID-3 (counted from 0) first. None: it was taken so.
  std::function<void(std::uint32_t)> anew{};
  MessageKeys keys{};
  // Hears which message of the log it became, before the answer.
  std::function<void(store::Sequence)> kept{};
};

// What became of a message: for whoever replays it.
struct End {
  std::optional<store::MessageState> state{};  // nothing: it has no end
  std::string rule{};
  std::map<std::string, std::size_t> writes{};  // by type
  bool known = false;                           // its effect was there before
};

// trial: decided like any other, but nothing is stored.
enum class Purpose : std::uint8_t { commit, trial };

struct Incoming {
  exchange::Interaction interaction;
  exchange::Caller caller;
  std::string request;  // "POST /fhir/Procedure": no query, which may be PHI
  std::string peer;
  std::string control_id;  // X-Request-Id
  Instant received_at;
  std::string body;
  store::Stages stages{};   // passed before the pipeline
  SharedEdition edition{};  // that it began with; else the one in force
  std::optional<Original> original{};
  Purpose purpose = Purpose::commit;
  std::shared_ptr<End> end{};  // written before the answer, if there is one
  // Adds to the commit of a message that is taken; an Error ends the message.
  std::function<Status(store::Commit&)> beside{};
  std::vector<Amendment> amendments{};  // entries that change only in part
  fhir::Outcome told{};                 // by the map; stops nothing
  // As which message of the log it came first; 0: it comes now. Nothing that
  // came later is overwritten.
  store::Sequence said = 0;
  bool waited = false;  // since then: what is refused goes on waiting
  std::string once{};   // digest where the content has none: effect once
};

using Answer = std::function<void(transport::Response)>;

// The record without its end: state, rule and answer are added by ended().
store::Message received(const Incoming& incoming);

// How the message ended. `outcome` decides the rule that is recorded.
void ended(store::Message& message, store::MessageState state,
           const fhir::Outcome& outcome, const transport::Response& response);

// For whoever brings the message once more.
void note_end(const store::Commit& commit, store::MessageState state,
              const fhir::Outcome& outcome, End& end);

// The rule of the gravest finding, the first of equals; empty if none.
std::string gravest_rule(const fhir::Outcome& outcome);

}  // namespace gateway::server
