// A gateway as its users have it: the binary `workgate serve` in a process of
// its own, on a free port, with a scratch directory.

#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "transport/http_client.h"

namespace gateway::integration {

struct Reply {
  int status = 0;
  transport::Headers headers;
  std::string body;
  SharedDocument document;  // null where the body is not JSON

  [[nodiscard]] Json root() const {
    return document ? document->root() : Json();
  }
  // "" or the id of what was created, as "Procedure/17".
  [[nodiscard]] std::string created() const;
  [[nodiscard]] std::vector<std::string> header_values(
      std::string_view name) const;
};

// All rule ids of an OperationOutcome.
std::vector<std::string> rules(Json outcome);
// expression[0] of its first issue.
std::string first_expression(Json outcome);

class RunningGateway {
 public:
  // Waits until /health/ready answers 200; fails the test otherwise.
  RunningGateway();
  // With this configuration file, on free ports all the same.
  explicit RunningGateway(std::string configuration);
  ~RunningGateway();  // SIGKILL, and the directory is removed
  RunningGateway(const RunningGateway&) = delete;
  RunningGateway& operator=(const RunningGateway&) = delete;

  Reply send(const std::string& method, const std::string& target,
             const std::string& body = {},
             const transport::Headers& headers = {});
  Reply get(const std::string& target, const std::string& partner = "demo-ehr");
  Reply post(const std::string& target, const std::string& body);
  Reply put(const std::string& target, const std::string& body);

  // Sends these bytes as they are, and gives what comes back until the end.
  std::string raw(const std::string& bytes);
  // The same, but with the end of the stream right behind them.
  std::string raw_and_close(const std::string& bytes);

  // The newest message of the log.
  Reply newest_message();

  void kill();      // SIGKILL
  void hang_up();   // SIGHUP
  int terminate();  // SIGTERM; the exit code
  void start();     // on the same directory and port
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::uint16_t mllp_port() const { return mllp_port_; }
  [[nodiscard]] const std::string& directory() const { return directory_; }
  [[nodiscard]] transport::TcpTarget target() const;
  // What it wrote to stderr so far.
  [[nodiscard]] std::string said() const;

 private:
  enum class End { open, closed };
  std::string exchange_bytes(const std::string& bytes, End end);

  std::string configuration_;
  std::string directory_;
  std::uint16_t port_ = 0;
  std::uint16_t mllp_port_ = 0;
  pid_t pid_ = -1;
  std::unique_ptr<transport::HttpClient> client_;
};

// The demonstration's configuration in a scratch folder of its own, with
// `from` replaced by `to` and `waivers` beside it.
class ScratchConfiguration {
 public:
  ScratchConfiguration(const std::string& from, const std::string& to,
                       const std::string& waivers);
  ~ScratchConfiguration();
  ScratchConfiguration(const ScratchConfiguration&) = delete;
  ScratchConfiguration& operator=(const ScratchConfiguration&) = delete;
  [[nodiscard]] std::string file() const { return folder_ + "/gateway.yaml"; }

 private:
  std::string folder_;
};

// config/demo/NAME of the source tree.
std::string demo(const std::string& name);
// mappings/hl7v2/messages/cases/NAME of the source tree.
std::string sample_message(const std::string& name);
// `text` with the first `from` replaced; fails the test if there is none.
std::string with(std::string text, const std::string& from,
                 const std::string& to);

}  // namespace gateway::integration
