// How requests are answered: http_answering.cc, through a real connection.

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "unit/transport/test_server.h"

namespace gateway::transport {
namespace {

using std::chrono::milliseconds;

TEST(HttpAnsweringTest, AnAnswerMayComeLaterFromAnyThread) {
  std::vector<std::thread> threads;
  TestServer server([&](const Request& request, const Responder& responder) {
    threads.emplace_back([path = request.path, responder] {
      responder.send({.status = 200, .body = path});
    });
  });
  RawSocket socket(server.port());
  socket.send(get_text("/1") + get_text("/2") + get_text("/3"));
  const std::string answers = socket.receive_until("/3");
  EXPECT_LT(answers.find("\r\n\r\n/1"), answers.find("\r\n\r\n/2"));
  EXPECT_LT(answers.find("\r\n\r\n/2"), answers.find("\r\n\r\n/3"));
  server.destroy();
  for (auto& thread : threads) thread.join();
}

TEST(HttpAnsweringTest, AForgottenRequestIsAnswered500) {
  TestServer server([](const Request&, const Responder&) {});
  const std::string answer = server.exchange(post_text("x", kLast));
  EXPECT_EQ(answer.rfind("HTTP/1.1 500 ", 0), 0U);
  EXPECT_NE(answer.find("edge/no-answer"), std::string::npos);
}

TEST(HttpAnsweringTest, ADefectOfTheHandlerCostsOneRequest) {
  TestServer server([](const Request& request, const Responder& responder) {
    if (request.path == "/bad") throw std::runtime_error("a defect");
    responder.send({.status = 200});
  });
  RawSocket socket(server.port());
  socket.send(get_text("/bad") + get_text("/good"));
  const std::string answers = socket.receive_until("HTTP/1.1 200 OK");
  EXPECT_EQ(answers.rfind("HTTP/1.1 500 ", 0), 0U);
}

TEST(HttpAnsweringTest, AHandlerThatNeverAnswersIsGivenUp) {
  HttpSettings settings;
  settings.deadlines.handler = milliseconds(150);
  std::vector<Responder> held;
  TestServer server(
      [&](const Request&, const Responder& r) { held.push_back(r); }, settings);
  const std::string answer = server.exchange(post_text("x"));
  EXPECT_EQ(answer.rfind("HTTP/1.1 500 ", 0), 0U);
  held[0].send({.status = 200});  // too late, and for nobody
}

TEST(HttpAnsweringTest, LargeAnswersArriveWhole) {
  const std::string large(20'000'000, 'L');
  TestServer server([&](const Request&, const Responder& responder) {
    responder.send({.status = 200, .body = large});
  });
  const std::string answer = server.exchange(post_text("x", kLast));
  EXPECT_EQ(answer.substr(answer.size() - large.size()), large);
}

TEST(HttpAnsweringTest, AClientThatDoesNotReadIsCut) {
  HttpSettings settings;
  settings.deadlines.answer_grace = milliseconds(150);
  settings.deadlines.least_rate = 1U << 30U;
  TestServer server(
      [](const Request&, const Responder& responder) {
        responder.send({.status = 200, .body = std::string(50'000'000, 'L')});
      },
      settings);
  RawSocket socket(server.port());
  socket.send(post_text("x"));
  while (server->counters().requests == 0) std::this_thread::yield();
  while (server->open_connections() > 0) std::this_thread::yield();
  EXPECT_LT(socket.receive_all().size(), 50'000'000U);
}

}  // namespace
}  // namespace gateway::transport
