// Site is what answers must know about the place where the gateway runs.

#pragma once

#include <string>

#include "base/date.h"

namespace gateway::exchange {

struct Site {
  std::string base;  // of the service, as "http://127.0.0.1:8080/fhir"
  std::string canonical = "https://workgate.example/fhir";  // of our own codes
  std::string version = "0";                                // of the software
  Instant started{};  // when its configuration came into force
};

}  // namespace gateway::exchange
