#include "transport/http_answer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gateway::transport {
namespace {

using Progress = HttpAnswer::Progress;

struct Row {
  const char* why;
  std::string method;
  std::string bytes;
  int status;
  std::string body;
  bool keeps;
};

const std::string kOk = "HTTP/1.1 200 OK\r\n";

std::vector<Row> complete() {
  return {
      {"length", "GET", kOk + "Content-Length: 5\r\n\r\nhello", 200, "hello",
       true},
      {"nothing", "GET", kOk + "Content-Length: 0\r\n\r\n", 200, "", true},
      {"chunks", "GET",
       kOk + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 200,
       "hello", true},
      {"to HEAD", "HEAD", kOk + "Content-Length: 5\r\n\r\n", 200, "", true},
      {"no content", "GET", "HTTP/1.1 204 No Content\r\n\r\n", 204, "", true},
      {"closing", "GET",
       kOk + "Connection: close\r\nContent-Length: 1\r\n\r\nx", 200, "x",
       false},
      {"old", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, "x",
       false},
      {"behind an interim answer", "POST",
       "HTTP/1.1 100 Continue\r\n\r\n" + kOk + "Content-Length: 1\r\n\r\nx",
       200, "x", true},
  };
}

TEST(HttpAnswerTest, ReadsAnswersHoweverTheyAreCut) {
  for (const auto& row : complete()) {
    HttpAnswer whole(row.method);
    ASSERT_EQ(whole.feed(row.bytes), Progress::complete) << row.why;
    EXPECT_EQ(whole.keep_alive(), row.keeps) << row.why;
    const auto response = whole.take();
    EXPECT_EQ(response.status, row.status) << row.why;
    EXPECT_EQ(response.body, row.body) << row.why;

    HttpAnswer bytewise(row.method);
    for (std::size_t i = 0; i + 1 < row.bytes.size(); ++i) {
      ASSERT_EQ(bytewise.feed(row.bytes.substr(i, 1)), Progress::need_more)
          << row.why << ' ' << i;
    }
    EXPECT_EQ(bytewise.end(), Progress::malformed) << row.why;
    EXPECT_EQ(bytewise.feed(row.bytes.substr(row.bytes.size() - 1)),
              Progress::complete)
        << row.why;
    EXPECT_EQ(bytewise.take().body, row.body) << row.why;
  }
}

TEST(HttpAnswerTest, WithoutLengthTheEndIsTheEnd) {
  HttpAnswer answer("GET");
  EXPECT_EQ(answer.feed(kOk + "\r\nhel"), Progress::need_more);
  EXPECT_EQ(answer.feed("lo"), Progress::need_more);
  EXPECT_EQ(answer.end(), Progress::complete);
  EXPECT_FALSE(answer.keep_alive());
  EXPECT_EQ(answer.take().body, "hello");
}

TEST(HttpAnswerTest, RefusesWhatIsNotHttp) {
  const std::string te = "Transfer-Encoding: chunked\r\n";
  for (const std::string& bad : std::vector<std::string>{
           "220 mail\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", kOk + "nonsense\r\n\r\n",
           kOk + "A B: c\r\n\r\n", kOk + "Content-Length: x\r\n\r\n",
           kOk + te + "Content-Length: 1\r\n\r\n", kOk + te + "\r\nzz\r\n",
           kOk + te + "\r\n1\r\nxy\r\n"}) {
    HttpAnswer answer("GET");
    EXPECT_EQ(answer.feed(bad), Progress::malformed) << bad;
  }
}

}  // namespace
}  // namespace gateway::transport
