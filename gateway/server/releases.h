// Releases takes parked messages up again when what they wait for is there:
// all are mapped anew after each change of the maps, one after the other in
// order of arrival, and those that nothing holds any more have their effect,
// once, together with the end of their Task. What others wait for stays; Tasks
// that nobody takes up go to the site's lead.

#pragma once

#include <atomic>
#include <chrono>
#include <set>
#include <string>
#include <thread>

#include "server/pipeline.h"
#include "server/v2_intake.h"

namespace gateway::server {

class Releases {
 public:
  // Both outlive the releases. What waits for neither a row nor another message
  // is tried each time that `look` has gone by.
  Releases(const Parts& parts, V2Intake& intake,
           std::chrono::milliseconds look = std::chrono::minutes(10))
      : parts_(parts), intake_(intake), look_(look), parked_(parts.parked) {}
  ~Releases() { stop(); }
  Releases(const Releases&) = delete;
  Releases& operator=(const Releases&) = delete;

  // Reads what waited when the last process ended, and begins. What waits for
  // a partner that the configuration lacks is read when a reload brings it.
  Status begin();
  void stop();

 private:
  void work();
  Status read_partners();
  void escalate();
  void try_again(const ParkedMessage& message);
  // Whether it waits on, for what its Task says from now on.
  bool goes_on_waiting(const ParkedMessage& message,
                       const store::StoredMessage& stored, const Release& end);

  const Parts& parts_;
  V2Intake& intake_;
  const std::chrono::milliseconds look_;
  ParkedMessages& parked_;
  std::set<std::string> read_;  // partners; by one thread at a time
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace gateway::server
