#include "integration/running_gateway.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "folders.h"

namespace gateway::integration {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = GATEWAY_SOURCE_DIR;
const fs::path kBinary = fs::path(GATEWAY_BINARY_DIR) / "workgate";

// Bound to the port, or -1 if it is taken.
int bound(int kind, std::uint16_t port) {
  const int socket = ::socket(AF_INET, kind | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const bool free =
      bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  if (free) return socket;
  close(socket);
  return -1;
}

// The UDP port of that number, which nobody else wants, stays ours until the
// program ends: so no test that runs at the same time chooses the same one,
// even while no gateway listens there.
bool is_free(std::uint16_t port) {
  const int reserved = bound(SOCK_DGRAM, port);
  if (reserved < 0) return false;
  const int listener = bound(SOCK_STREAM, port);
  close(listener < 0 ? reserved : listener);
  return listener >= 0;
}

// Below the ports that the system gives to clients, so that none of them takes
// it before the gateway does; never the same twice in one program.
std::uint16_t free_port() {
  constexpr int kFirst = 12'000;
  constexpr int kCount = 20'000;
  static int next = getpid() * 97;
  for (int tries = 0; tries < kCount; ++tries) {
    const auto port = static_cast<std::uint16_t>(kFirst + next++ % kCount);
    if (is_free(port)) return port;
  }
  ADD_FAILURE() << "no port is free";
  return 0;
}

std::string scratch() {
  auto name = (fs::temp_directory_path() / "workgate-test-XXXXXX").string();
  return mkdtemp(name.data()) == nullptr ? std::string() : name;
}

}  // namespace

std::string Reply::created() const {
  const std::string location(transport::header(headers, "location"));
  const auto history = location.find("/_history");
  const auto id = location.rfind('/', history - 1);
  if (location.empty() || id == std::string::npos) return {};
  const auto type = location.rfind('/', id - 1);
  return location.substr(type + 1, history - type - 1);
}

std::vector<std::string> Reply::header_values(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : headers) {
    if (key == name) values.push_back(value);
  }
  return values;
}

std::vector<std::string> rules(Json outcome) {
  std::vector<std::string> all;
  for (const Json issue : outcome.get("issue")) {
    all.emplace_back(issue.find("details.coding.code").text());
  }
  return all;
}

std::string first_expression(Json outcome) {
  return std::string(outcome.find("issue.expression").text());
}

RunningGateway::RunningGateway()
    : RunningGateway((kSource / "config" / "gateway.yaml").string()) {}

RunningGateway::RunningGateway(std::string configuration)
    : configuration_(std::move(configuration)),
      directory_(scratch()),
      port_(free_port()),
      mllp_port_(free_port()) {
  start();
}

RunningGateway::~RunningGateway() {
  kill();
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

transport::TcpTarget RunningGateway::target() const {
  return {.host = "127.0.0.1", .port = port_};
}

void RunningGateway::start() {
  const auto http = "127.0.0.1:" + std::to_string(port_);
  const auto mllp = "127.0.0.1:" + std::to_string(mllp_port_);
  const auto log = directory_ + "/stderr.log";
  pid_ = fork();
  if (pid_ == 0) {
    const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(out, STDERR_FILENO);
    execl(kBinary.c_str(), kBinary.c_str(), "serve", "--config",
          configuration_.c_str(), "--data", (directory_ + "/data").c_str(),
          "--http", http.c_str(), "--mllp", mllp.c_str(), nullptr);
    _exit(127);
  }
  client_ = std::make_unique<transport::HttpClient>(
      transport::HttpClientSettings{.target = target()});
  for (int i = 0; i < 6'000; ++i) {
    const auto ready = client_->send({.target = "/health/ready"});
    if (ready && ready->status == 200) return;
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ADD_FAILURE() << "the gateway is not ready: " << said();
}

std::string RunningGateway::said() const {
  std::ifstream in(directory_ + "/stderr.log");
  return {std::istreambuf_iterator<char>(in), {}};
}

void RunningGateway::hang_up() {
  if (pid_ > 0) ::kill(pid_, SIGHUP);
}

void RunningGateway::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

int RunningGateway::terminate() {
  if (pid_ <= 0) return -1;
  ::kill(pid_, SIGTERM);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Reply RunningGateway::send(const std::string& method, const std::string& target,
                           const std::string& body,
                           const transport::Headers& headers) {
  auto response = client_->send(
      {.method = method, .target = target, .headers = headers, .body = body});
  Reply reply;
  if (!response) {
    ADD_FAILURE() << method << " " << target << ": "
                  << response.error().message;
    return reply;
  }
  reply.status = response->status;
  reply.headers = response->headers;
  reply.body = response->body;
  if (auto parsed = parse_shared(reply.body)) {
    reply.document = *std::move(parsed);
  }
  return reply;
}

Reply RunningGateway::get(const std::string& target,
                          const std::string& partner) {
  return send("GET", target, {}, {{"X-Workgate-Partner", partner}});
}

Reply RunningGateway::post(const std::string& target, const std::string& body) {
  return send("POST", target, body,
              {{"Content-Type", "application/fhir+json"}});
}

Reply RunningGateway::put(const std::string& target, const std::string& body) {
  return send("PUT", target, body, {{"Content-Type", "application/fhir+json"}});
}

Reply RunningGateway::newest_message() {
  const auto list = get("/log/messages?_count=1", "demo-operator");
  const auto id = std::string(list.root().find("messages.id").text());
  return get("/log/messages/" + id, "demo-operator");
}

std::string RunningGateway::raw(const std::string& bytes) {
  return exchange_bytes(bytes, End::open);
}

std::string RunningGateway::raw_and_close(const std::string& bytes) {
  return exchange_bytes(bytes, End::closed);
}

std::string RunningGateway::exchange_bytes(const std::string& bytes, End end) {
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port_);
  std::string answer;
  if (connect(connection, reinterpret_cast<sockaddr*>(&address),
              sizeof address) == 0) {
    EXPECT_EQ(::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
    if (end == End::closed) shutdown(connection, SHUT_WR);
    char buffer[4096];
    for (ssize_t got = 0;
         (got = recv(connection, buffer, sizeof buffer, 0)) > 0;) {
      answer.append(buffer, static_cast<std::size_t>(got));
    }
  }
  close(connection);
  return answer;
}

ScratchConfiguration::ScratchConfiguration(const std::string& from,
                                           const std::string& to,
                                           const std::string& waivers)
    : folder_(scratch()) {
  fs::copy(kSource / "config" / "policies", fs::path(folder_) / "policies");
  std::ifstream in(kSource / "config" / "gateway.yaml", std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  std::ofstream(file(), std::ios::binary)
      << with(text, from, to)
      << "\nmappings: " << (kSource / "mappings").string() << "\n";
  std::ofstream(folder_ + "/waivers.yaml", std::ios::binary) << waivers;
}

ScratchConfiguration::~ScratchConfiguration() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string demo(const std::string& name) {
  std::ifstream in(kSource / "config" / "demo" / name, std::ios::binary);
  EXPECT_TRUE(in) << name;
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string sample_message(const std::string& name) {
  std::ifstream in(kSource / "mappings" / "hl7v2" / "messages" / "cases" / name,
                   std::ios::binary);
  EXPECT_TRUE(in) << name;
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string with(std::string text, const std::string& from,
                 const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

}  // namespace gateway::integration
