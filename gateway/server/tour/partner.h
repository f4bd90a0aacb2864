// A partner of the tour: asks the gateway in its own name, and insists on the
// status that it expects.

#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "transport/http_client.h"

namespace gateway::server {

struct Spoken {
  transport::Response response;
  SharedDocument document;

  [[nodiscard]] Json root() const { return document->root(); }
};

class Partner {
 public:
  Partner(std::string name, transport::TcpTarget gateway);

  Result<Spoken> get(const std::string& target);
  Result<Spoken> post(const std::string& target, std::string body);

 private:
  Result<Spoken> ask(transport::ClientRequest request);

  std::string name_;
  transport::HttpClient client_;
};

// The parts of a Parameters resource named `name`, one after the other.
// Absent behind the last.
Json next_parameter(Json parameters, std::string_view name, Json after = {});
// value[x] of the part `name` of a parameter, as text.
std::string_view part(Json parameter, std::string_view name);

}  // namespace gateway::server
