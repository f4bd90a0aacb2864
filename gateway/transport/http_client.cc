#include "transport/http_client.h"

#include "transport/http_answer.h"
#include "transport/http_syntax.h"

namespace gateway::transport {
namespace {

void append_field(std::string& out, std::string_view name,
                  std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

bool is_well_formed(const ClientRequest& request) {
  for (const auto& [name, value] : request.headers) {
    if (!is_header_name(name) || !is_header_value(value)) return false;
  }
  return is_header_name(request.method) && is_path_and_query(request.target);
}

std::string host_field(const TcpTarget& target) {
  const bool is_ipv6 = target.host.find(':') != std::string::npos;
  const std::string name = is_ipv6 ? "[" + target.host + "]" : target.host;
  return name + ":" + std::to_string(target.port);
}

std::string request_text(const ClientRequest& request,
                         const TcpTarget& target) {
  std::string text = request.method + " " + request.target + " HTTP/1.1\r\n";
  text.reserve(text.size() + request.body.size() + 512);
  append_field(text, "Host", host_field(target));
  for (const auto& [name, value] : request.headers) {
    append_field(text, name, value);
  }
  const bool may_have_body = request.method != "GET" &&
                             request.method != "HEAD" &&
                             request.method != "DELETE";
  if (may_have_body || !request.body.empty()) {
    append_field(text, "Content-Length", std::to_string(request.body.size()));
  }
  text += "\r\n";
  text += request.body;
  return text;
}

}  // namespace

Status HttpClient::ensure_connection() {
  if (connection_ && !connection_->is_stale()) return Done{};
  connection_.reset();
  auto connected =
      TcpClient::connect(settings_.target, settings_.connect_patience);
  if (!connected) return connected.error();
  connection_.emplace(*std::move(connected));
  return Done{};
}

Result<Response> HttpClient::send(const ClientRequest& request) {
  if (!is_well_formed(request)) {
    return Error{ErrorCode::invalid,
                 "the request has a malformed method, target or header"};
  }
  if (const auto ready = ensure_connection(); !ready) return ready.error();
  const auto deadline = TcpClient::Clock::now() + settings_.answer_patience;
  // An early refusal may already be there when the rest cannot be written.
  const auto written =
      connection_->write(request_text(request, settings_.target), deadline);
  auto answer = read_answer(request.method);
  if (!answer) {
    connection_.reset();
    return written ? answer : Result<Response>(written.error());
  }
  if (!written) connection_.reset();
  return answer;
}

Result<Response> HttpClient::read_answer(const std::string& method) {
  const auto deadline = TcpClient::Clock::now() + settings_.answer_patience;
  HttpAnswer answer(method);
  std::size_t total = 0;
  auto progress = HttpAnswer::Progress::need_more;
  while (progress == HttpAnswer::Progress::need_more) {
    const auto bytes = connection_->read(deadline);
    if (!bytes) return bytes.error();
    total += bytes->size();
    if (total > settings_.most_body) {
      return Error{ErrorCode::too_large, "the answer is too large"};
    }
    progress = bytes->empty() ? answer.end() : answer.feed(*bytes);
  }
  if (progress == HttpAnswer::Progress::malformed) {
    return Error{ErrorCode::unavailable,
                 "the answer was cut or is not HTTP/1.1"};
  }
  if (!answer.keep_alive()) connection_.reset();
  return answer.take();
}

}  // namespace gateway::transport
