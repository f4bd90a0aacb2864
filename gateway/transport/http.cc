#include "transport/http.h"

#include <atomic>

namespace gateway::transport {

std::string_view header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

struct Responder::Once {
  explicit Once(Send how) : send(std::move(how)) {}
  Once(const Once&) = delete;
  Once& operator=(const Once&) = delete;
  // Nobody is left who could answer, and the sender still waits.
  ~Once() {
    if (!used.exchange(true)) send(Response{.status = 500});
  }

  Send send;
  std::atomic<bool> used = false;
};

Responder::Responder(Send send)
    : once_(std::make_shared<Once>(std::move(send))) {}

void Responder::send(Response response) const {
  if (!once_->used.exchange(true)) once_->send(std::move(response));
}

}  // namespace gateway::transport
