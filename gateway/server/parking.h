// The Task that stands for an HL7 v2 message which was taken but not mapped: it
// says what the message waits for. Nothing else of the message is stored until
// it is mapped anew. Pure.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/json.h"
#include "fhir/outcome.h"
#include "map/map_findings.h"
#include "program/programs.h"
#include "server/waiting_keys.h"

namespace gateway::server {

// Why a message waits.
struct Hold {
  fhir::Outcome findings{};
  // One for each finding but those that are only told, or none.
  std::vector<map::MissingRow> rows{};
  std::string behind{};      // "Task/1" of an earlier message about the same
  std::string bundle{};      // what the map made of it so far
  WaitingKeys keys{};        // what it is about
  bool of_patients = false;  // for somebody who says whose it is
};

// Which message it is.
struct Parked {
  std::string base{};     // of our own codes
  std::string partner{};  // whose message it is
  std::string digest{};   // of its bytes: one Task for each
  std::string event{};    // "REF^I12"
  std::string control_id{};
};

struct TaskVersion {
  std::string id;
  std::uint32_t version = 1;
  std::string authored;  // when the first version was written
  Instant now;
};

std::string parking_task(const Parked& parked, const Hold& hold,
                         const TaskVersion& version);
// The stored Task, with the site's lead, since nobody took it up in time.
std::string escalated_task(Json stored, const Parked& parked,
                           const program::Escalation& lead,
                           const TaskVersion& version);
bool is_escalated(Json task);
// A new text of a Task that keeps whose it is by now.
std::string with_owner_of(Json stored, const std::string& body);
// The stored Task, completed.
std::string completed_task(Json stored, std::uint32_t version, Instant now);
// Whether the Task says something else than it would of this hold.
bool says_otherwise(Json stored, const Parked& parked, const Hold& hold);
bool is_open(Json task);
// Whether it stands for a message that was parked.
bool is_parking(Json task);

}  // namespace gateway::server
