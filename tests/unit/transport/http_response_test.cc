#include "transport/http_response.h"

#include <gtest/gtest.h>

#include <string>

namespace gateway::transport {
namespace {

std::string text(const Response& response, const AnswerFraming& framing = {}) {
  std::string out;
  append_response(out, response, framing, "D");
  return out;
}

TEST(HttpResponseTest, WritesStatusFieldsAndBody) {
  EXPECT_EQ(
      text({.status = 201, .headers = {{"ETag", "W/\"1\""}}, .body = "b"}),
      "HTTP/1.1 201 Created\r\nDate: D\r\nETag: W/\"1\"\r\n"
      "Content-Length: 1\r\n\r\nb");
}

TEST(HttpResponseTest, FramesByTheRequest) {
  EXPECT_EQ(text({.body = "b"}, {.body = BodyOf::head_answer}),
            "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 1\r\n\r\n");
  EXPECT_EQ(text({.body = "b"}, {.after = AfterAnswer::close}),
            "HTTP/1.1 200 OK\r\nDate: D\r\nConnection: close\r\n"
            "Content-Length: 1\r\n\r\nb");
  EXPECT_EQ(text({.status = 204, .body = "ignored"}),
            "HTTP/1.1 204 No Content\r\nDate: D\r\n\r\n");
  EXPECT_EQ(text({.body = "b"}, {.minor_version = 0}),
            "HTTP/1.1 200 OK\r\nDate: D\r\nConnection: keep-alive\r\n"
            "Content-Length: 1\r\n\r\nb");
}

TEST(HttpResponseTest, NoHeaderCanInjectALineOrContradictTheFraming) {
  const std::string plain = text({.body = "b"});
  const Headers attacks = {{"Location", "/a\r\nSet-Cookie: x"},
                           {"X\r\nY", "z"},
                           {"X Y", "z"},
                           {"", "z"},
                           {"X", "a\nb"},
                           {"X", std::string("a\0b", 3)},
                           {"Content-Length", "99"},
                           {"transfer-encoding", "chunked"},
                           {"Connection", "upgrade"},
                           {"DATE", "now"}};
  for (const auto& attack : attacks) {
    EXPECT_EQ(text({.headers = {attack}, .body = "b"}), plain) << attack.first;
  }
}

TEST(DateHeaderTest, WritesRfc9110Dates) {
  using std::chrono::sys_days;
  using std::chrono::system_clock;
  using namespace std::chrono_literals;
  DateHeader date;
  const system_clock::time_point then =
      sys_days(std::chrono::year(1994) / 11 / 6) + 8h + 49min + 37s + 500ms;
  EXPECT_EQ(date.at(then), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(date.at(then + 1s), "Sun, 06 Nov 1994 08:49:38 GMT");
  EXPECT_EQ(date.at(sys_days(std::chrono::year(2028) / 2 / 29)),
            "Tue, 29 Feb 2028 00:00:00 GMT");
}

}  // namespace
}  // namespace gateway::transport
