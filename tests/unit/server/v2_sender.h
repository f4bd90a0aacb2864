// A gateway without sockets that takes HL7 v2 messages.

#pragma once

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "server/v2_intake.h"
#include "unit/server/mapped_message.h"

namespace gateway::server {

class V2SenderTest : public testing::Test {
 protected:
  using Answer = std::future<std::string>;

  // The answers, joined; "nothing" where the connection is closed instead.
  Answer begin(const std::string& content) {
    auto end = std::make_shared<std::promise<std::string>>();
    intake_->handle({.content = content,
                     .peer = "127.0.0.1:9",
                     .received_at = gateway_.now},
                    transport::MllpResponder(
                        [end](const std::vector<std::string>& messages) {
                          std::string text;
                          for (const auto& one : messages) text += one;
                          end->set_value(text);
                        },
                        [end] { end->set_value("nothing"); }));
    return end->get_future();
  }
  // With another control id, which makes it another message.
  std::string send_as(const std::string& id, std::string message) {
    std::size_t from = 0;
    for (int i = 1; i < 10; ++i) from = message.find('|', from) + 1;
    message.replace(from, message.find('|', from) - from, id);
    return send(message);
  }
  std::string send(const std::string& content) { return begin(content).get(); }
  void fill_the_disk(int times) {
    gateway_.store().fail({.code = ErrorCode::unavailable,
                           .message = "no room",
                           .disk_full = true},
                          times);
  }

  ScratchGateway gateway_;
  std::unique_ptr<V2Intake> intake_ =
      std::make_unique<V2Intake>(gateway_.parts(), gateway_.pipeline());
};

}  // namespace gateway::server
