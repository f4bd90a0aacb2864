// Sample cases: the demonstration referral under other names, with a long
// authorization and as many sessions as a test wants.

#pragma once

#include <string>

#include "integration/running_gateway.h"

namespace gateway::integration {

class SampleCase {
 public:
  struct Session {
    std::string key;   // value of its identifier
    std::string body;  // a Procedure
  };

  // Sends the referral of worker `name`, with 100,000 visits from 2010 to
  // 2025. Fails the test if it is not taken.
  static SampleCase refer(RunningGateway& gateway, const std::string& name);
  // The transaction Bundle that refer() sends.
  static std::string referral(const std::string& name);

  // Two hours on the `number`-th day since 2010-01-04.
  [[nodiscard]] Session session(int number) const;

 private:
  std::string name_;
  std::string patient_;
  std::string order_;
  std::string therapist_;
  std::string location_;
};

}  // namespace gateway::integration
