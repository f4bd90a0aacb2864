#include "transport/http_connection.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "unit/transport/test_server.h"

namespace gateway::transport {
namespace {

using std::chrono::milliseconds;

struct Cut {
  const char* why;
  std::string bytes;
};

std::vector<Cut> truncated() {
  const std::string head = "POST /p HTTP/1.1\r\nHost: a\r\n";
  const std::string te = "Transfer-Encoding: chunked\r\n";
  return {
      {"short of Content-Length", head + "Content-Length: 10\r\n\r\nhello"},
      {"no last chunk", head + te + "\r\n5\r\nhello\r\n"},
      {"cut in a chunk", head + te + "\r\n5\r\nhel"},
      {"cut in a chunk size", head + te + "\r\n5"},
      {"cut before the final line", head + te + "\r\n5\r\nhello\r\n0\r\n"},
      {"cut in a trailer", head + te + "\r\n0\r\nX-A: 1\r\n"},
      {"cut in the head", head + "Content-Le"},
      {"bad chunk size", head + te + "\r\nzz\r\nhello\r\n0\r\n\r\n"},
      {"length and chunks",
       head + te + "Content-Length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n"},
      {"two lengths",
       head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"},
  };
}

TEST(HttpConnectionTest, TruncatedRequestsNeverReachTheHandler) {
  const Echo echo;
  TestServer server(echo);
  for (const auto& row : truncated()) {
    RawSocket socket(server.port());
    socket.send(row.bytes);
    socket.end_sending();
    const std::string answer = socket.receive_all();
    EXPECT_EQ(answer.rfind("HTTP/1.1 400 ", 0), 0U) << row.why << answer;
    EXPECT_NE(answer.find("Connection: close"), std::string::npos) << row.why;
    EXPECT_TRUE(socket.closed_by_peer()) << row.why;
  }
  EXPECT_EQ(*echo.calls, 0);
  EXPECT_EQ(server.refusals().size(), truncated().size());
}

TEST(HttpConnectionTest, RefusalsSayWhatToDoAndNeverRepeatTheBody) {
  TestServer server{Echo()};
  const std::string answer = server.exchange(
      "POST /fhir/Claim?name=SECRET HTTP/1.1\r\nHost: a\r\n"
      "Content-Length: 5\r\nContent-Length: 6\r\n\r\nSECRET");
  EXPECT_NE(answer.find("\"resourceType\":\"OperationOutcome\""),
            std::string::npos);
  EXPECT_NE(answer.find("https://workgate.example/fhir/CodeSystem/rule"),
            std::string::npos);
  EXPECT_NE(answer.find("edge/bad-framing"), std::string::npos);
  EXPECT_NE(answer.find("a Content-Length that is repeated"),
            std::string::npos);
  EXPECT_EQ(answer.find("SECRET"), std::string::npos);
  const auto refusals = server.refusals();
  ASSERT_EQ(refusals.size(), 1U);
  EXPECT_EQ(refusals[0].head, "POST /fhir/Claim");
  EXPECT_EQ(refusals[0].status, 400);
  EXPECT_EQ(refusals[0].reason.find("SECRET"), std::string::npos);
  EXPECT_GT(refusals[0].bytes_seen, 60U);
  EXPECT_EQ(refusals[0].peer.rfind("127.0.0.1:", 0), 0U);
}

TEST(HttpConnectionTest, AnswersEveryRequestThatWasSentAheadInOrder) {
  TestServer server{Echo()};
  std::string ahead;
  std::string expected;
  for (int i = 0; i < 100; ++i) {
    ahead += post_text("n" + std::to_string(i) + ".");
    expected += "/p:n" + std::to_string(i) + ".";
  }
  RawSocket socket(server.port());
  socket.send(ahead);
  const std::string answers = socket.receive_until("/p:", 100);
  std::string bodies;
  for (auto at = answers.find("/p:"); at != std::string::npos;
       at = answers.find("/p:", at + 1)) {
    bodies += answers.substr(at, answers.find('.', at) + 1 - at);
  }
  EXPECT_EQ(bodies, expected);
  EXPECT_EQ(RawSocket::count(answers, "HTTP/1.1 200 OK"), 100);
}

TEST(HttpConnectionTest, AClientThatHasEndedSendingStillGetsItsAnswer) {
  TestServer server{Echo()};
  RawSocket socket(server.port());
  socket.send(post_text("a") + post_text("b"));
  socket.end_sending();
  const std::string answers = socket.receive_all();
  EXPECT_EQ(RawSocket::count(answers, "HTTP/1.1 200 OK"), 2);
}

TEST(HttpConnectionTest, HeadHasTheLengthAndNoBody) {
  TestServer server{Echo()};
  const std::string answer =
      server.exchange("HEAD /h HTTP/1.1\r\nHost: a\r\n" + kLast + "\r\n");
  EXPECT_NE(answer.find("Content-Length: 3\r\n"), std::string::npos);
  EXPECT_EQ(answer.substr(answer.size() - 4), "\r\n\r\n");
}

TEST(HttpConnectionTest, ClosesWhenAskedTo) {
  TestServer server{Echo()};
  EXPECT_NE(server.exchange(post_text("x", kLast)).find("Connection: close"),
            std::string::npos);
  EXPECT_NE(server.exchange("GET / HTTP/1.0\r\n\r\n").find(" 200 "),
            std::string::npos);
}

TEST(HttpConnectionTest, Http10MayKeepTheConnection) {
  TestServer server{Echo()};
  RawSocket socket(server.port());
  const std::string request =
      "GET /o HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
  socket.send(request);
  EXPECT_NE(socket.receive_until("/o:").find("Connection: keep-alive"),
            std::string::npos);
  socket.send(request);
  EXPECT_NE(socket.receive_until("/o:").find(" 200 "), std::string::npos);
}

TEST(HttpConnectionTest, TellsAClientThatWaitsToContinue) {
  TestServer server{Echo()};
  RawSocket socket(server.port());
  socket.send(
      "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
      "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(socket.receive_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  socket.send("hello");
  EXPECT_NE(socket.receive_until("/p:hello").find(" 200 "), std::string::npos);
}

TEST(HttpConnectionTest, AHeadCanBeRefusedBeforeItsBodyComes) {
  const Echo echo;
  HttpSettings settings;
  settings.head_check = [](const Request& head) -> std::optional<Response> {
    if (header(head.headers, "authorization") == "good") return std::nullopt;
    return Response{.status = 401, .body = head.path + " " + head.peer};
  };
  TestServer server(echo, settings);
  const std::string begin = "POST /p HTTP/1.1\r\nHost: a\r\n";
  const std::string end = "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n";
  const std::string refused = server.exchange(begin + end);
  EXPECT_EQ(refused.rfind("HTTP/1.1 401 ", 0), 0U) << refused;
  EXPECT_NE(refused.find("/p 127.0.0.1:"), std::string::npos);
  EXPECT_EQ(*echo.calls, 0);
  RawSocket good(server.port());
  good.send(begin + "Authorization: good\r\n" + end);
  EXPECT_EQ(good.receive_until("\r\n\r\n").rfind("HTTP/1.1 100 ", 0), 0U);
  good.send("hi");
  EXPECT_NE(good.receive_until("/p:hi").find(" 200 "), std::string::npos);
}

TEST(HttpConnectionTest, ABodyThatIsTooLargeIsRefusedBeforeItComes) {
  HttpSettings settings;
  settings.limits.body = 10;
  TestServer server(Echo(), settings);
  const std::string answer = server.exchange(
      "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n"
      "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(answer.rfind("HTTP/1.1 413 ", 0), 0U) << answer;
}

// Without lingering, the reset that unread bytes cause would often destroy the
// answer on its way.
TEST(HttpConnectionTest, ARefusalArrivesThoughTheClientIsStillSending) {
  HttpSettings settings;
  settings.limits.body = 10;
  TestServer server(Echo(), settings);
  for (int i = 0; i < 20; ++i) {
    RawSocket socket(server.port());
    socket.send(
        "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
    socket.send(std::string(1000000, 'x'));
    EXPECT_EQ(socket.receive_all().rfind("HTTP/1.1 413 ", 0), 0U);
  }
}

TEST(HttpConnectionTest, TheBytesInFlightHaveABudget) {
  HttpSettings settings;
  settings.most_bytes_in_flight = 100'000;
  TestServer server(Echo(), settings);
  RawSocket first(server.port());
  const std::string head =
      "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 80000\r\n\r\n";
  first.send(head + std::string(70'000, 'x'));
  while (server->counters().bytes_in_flight < 70'000) {
    std::this_thread::yield();
  }
  EXPECT_EQ(server.exchange(post_text(std::string(50'000, 'y')))
                .rfind("HTTP/1.1 503 ", 0),
            0U);
  first.send(std::string(10'000, 'x'));
  EXPECT_NE(first.receive_until("xxx").find(" 200 "), std::string::npos);
  while (server.refusals().empty()) std::this_thread::yield();
  EXPECT_EQ(server.refusals().size(), 1U);
}

HttpSettings impatient() {
  HttpSettings settings;
  settings.deadlines.head = milliseconds(150);
  settings.deadlines.idle = milliseconds(150);
  settings.deadlines.body_grace = milliseconds(150);
  settings.deadlines.handler = milliseconds(150);
  return settings;
}

struct Slow {
  const char* why;
  std::string bytes;
  std::string answer;  // its beginning; empty: none
};

TEST(HttpConnectionTest, SlowClientsAreCut) {
  const std::vector<Slow> rows = {
      {"says nothing", "", ""},
      {"half a head", "GET / HTTP/1.1\r\nHos", "HTTP/1.1 408 "},
      {"half a body",
       "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
       "HTTP/1.1 408 "},
      {"half a chunk",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
       "chunked\r\n\r\n5\r\nab",
       "HTTP/1.1 408 "},
  };
  TestServer server(Echo(), impatient());
  for (const auto& row : rows) {
    RawSocket socket(server.port());
    socket.send(row.bytes);
    const std::string answer = socket.receive_all();
    EXPECT_TRUE(socket.closed_by_peer()) << row.why;
    EXPECT_EQ(answer.substr(0, row.answer.size()), row.answer) << row.why;
    EXPECT_EQ(answer.empty(), row.answer.empty()) << row.why;
  }
}

TEST(HttpConnectionTest, AnIdleConnectionIsClosed) {
  TestServer server(Echo(), impatient());
  RawSocket socket(server.port());
  socket.send(get_text("/i"));
  EXPECT_EQ(RawSocket::count(socket.receive_all(), "HTTP/1.1"), 1);
  EXPECT_TRUE(socket.closed_by_peer());
  EXPECT_TRUE(server.refusals().empty());
}

TEST(HttpConnectionTest, ASlowButSteadyBodyIsNotCut) {
  HttpSettings settings = impatient();
  settings.deadlines.least_rate = 1;
  TestServer server(Echo(), settings);
  RawSocket socket(server.port());
  socket.send("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 400\r\n\r\n");
  for (int i = 0; i < 4; ++i) {
    // Silence for longer than the grace, in which nothing may come back.
    EXPECT_EQ(socket.receive_all(milliseconds(100)), "");
    socket.send(std::string(100, 'z'));
  }
  EXPECT_NE(socket.receive_until("zzz").find(" 200 "), std::string::npos);
}

}  // namespace
}  // namespace gateway::transport
