#include "transport/http_parser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::transport {
namespace {

using Progress = HttpParser::Progress;

// What a stream of bytes came to: the requests, and the rule that ended it.
struct Verdict {
  std::vector<std::string> requests;
  std::string rule;
  int status = 0;
  bool operator==(const Verdict&) const = default;
};

std::string summary(const Request& request) {
  return request.method + " " + request.path + "?" + request.query + " " +
         request.body;
}

// Delivers `bytes` in pieces that end at the offsets in `cuts` and at the end.
Verdict read(std::string_view bytes, const std::vector<std::size_t>& cuts,
             const HttpLimits& limits = {}) {
  HttpParser parser(limits);
  Verdict verdict;
  std::string buffer;
  std::size_t begin = 0;
  const auto consume = [&] {
    while (!buffer.empty()) {
      const auto step = parser.feed(buffer);
      buffer.erase(0, step.consumed);
      if (step.progress == Progress::refused) return false;
      if (step.progress == Progress::need_more) return true;
      if (step.progress != Progress::complete) continue;
      verdict.requests.push_back(summary(parser.take_request()));
      parser.reset();
    }
    return true;
  };
  std::vector<std::size_t> ends = cuts;
  ends.push_back(bytes.size());
  for (const std::size_t end : ends) {
    buffer += bytes.substr(begin, end - begin);
    begin = end;
    if (consume()) continue;
    verdict.rule = parser.refusal().rule->id;
    verdict.status = parser.refusal().rule->status;
    return verdict;
  }
  return verdict;
}

std::vector<std::size_t> every_byte(std::string_view bytes) {
  std::vector<std::size_t> cuts;
  for (std::size_t i = 1; i < bytes.size(); ++i) cuts.push_back(i);
  return cuts;
}

void expect_same_however_cut(const std::string& bytes) {
  const Verdict whole = read(bytes, {});
  EXPECT_EQ(read(bytes, every_byte(bytes)), whole) << bytes.substr(0, 200);
  // Long texts are cut where something happens: at their ends.
  const std::size_t size = bytes.size();
  for (std::size_t cut = 1; cut < size; ++cut) {
    if (cut > 300 && cut + 300 < size) continue;
    ASSERT_EQ(read(bytes, {cut}), whole)
        << "cut at " << cut << " of " << bytes.substr(0, 200);
  }
}

std::string get(const std::string& target, const std::string& fields = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

std::string post(const std::string& fields, const std::string& body) {
  return "POST /a HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}

std::string chunked(const std::string& body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}

std::string bytes(std::string_view text) { return std::string(text); }

struct Refused {
  const char* why;
  std::string bytes;
  std::string rule;
};

std::vector<Refused> refused_heads() {
  using std::string;
  string fields;
  for (int i = 0; i < 120; ++i) fields += "X: 1\r\n";
  return {
      {"TLS on the plain port", bytes("\x16\x03\x01\x02\x00\x01"),
       "edge/bad-request-line"},
      {"empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
       "edge/bad-request-line"},
      {"method in small letters", "get / HTTP/1.1\r\nHost: a\r\n\r\n",
       "edge/bad-request-line"},
      {"bare LF behind the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n",
       "edge/bad-request-line"},
      {"HTTP/0.9", "GET /\r\n\r\n", "edge/bad-request-line"},
      {"no minor version", "GET / HTTP/1\r\nHost: a\r\n\r\n",
       "edge/bad-request-line"},
      {"leading zeros", "GET / HTTP/01.01\r\nHost: a\r\n\r\n",
       "edge/bad-request-line"},
      {"HTTP/9.9", "GET / HTTP/9.9\r\nHost: a\r\n\r\n", "edge/version"},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", "edge/version"},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "edge/version"},
      {"unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n",
       "edge/method-unknown"},
      {"mixed case", "Get / HTTP/1.1\r\nHost: a\r\n\r\n",
       "edge/method-unknown"},
      {"TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", "edge/method-refused"},
      {"CONNECT", "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
       "edge/method-refused"},
      {"* with GET", get("*"), "edge/bad-target"},
      {"relative target", get("a/b"), "edge/bad-target"},
      {"other scheme", get("ftp://a/"), "edge/bad-target"},
      {"user in authority", get("http://u@a/"), "edge/bad-target"},
      {"fragment", get("/a#b"), "edge/bad-target"},
      {"backslash", get("/a\\b"), "edge/bad-target"},
      {"bytes beyond ASCII", get("/caf\xC3\xA9"), "edge/bad-target"},
      {"escaped NUL", get("/a%00"), "edge/bad-target"},
      {"escaped CR LF", get("/a%0d%0aX"), "edge/bad-target"},
      {"broken escape", get("/a%zz"), "edge/bad-target"},
      {"cut escape", get("/a%4"), "edge/bad-target"},
      {"escapes that are not UTF-8", get("/a%FF"), "edge/bad-target"},
      {"overlong escapes", get("/%C0%AF"), "edge/bad-target"},
      {"long target", get("/" + string(9000, 'a')), "edge/target-too-long"},
      {"long target without end", "GET /" + string(9000, 'a'),
       "edge/target-too-long"},
      {"long method", string(9000, 'A'), "edge/target-too-long"},
      {"bare LF behind a field", "GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n",
       "edge/bad-header"},
      {"continued line", get("/", "X: a\r\n b\r\n"), "edge/bad-header"},
      {"blank before the first field", "GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n",
       "edge/bad-header"},
      {"blank before the colon", get("/", "X : a\r\n"), "edge/bad-header"},
      {"no colon", get("/", "nonsense\r\n"), "edge/bad-header"},
      {"no name", get("/", ": a\r\n"), "edge/bad-header"},
      {"bracket in a name", get("/", "A[b: a\r\n"), "edge/bad-header"},
      {"underscore in a name", get("/", "Content_Length: 3\r\n"),
       "edge/bad-header"},
      {"NUL in a value", get("/", bytes({"X: a\0b\r\n", 8})),
       "edge/bad-header"},
      {"bell in a value", get("/", "X: a\x07\r\n"), "edge/bad-header"},
      {"bare CR in a value", get("/", "X: a\rb\r\n"), "edge/bad-header"},
      {"byte beyond ASCII in a value", get("/", "X: \xE9\r\n"),
       "edge/bad-header"},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", "edge/bad-host"},
      {"two Hosts", get("/", "Host: a\r\n"), "edge/bad-host"},
      {"two different Hosts", get("/", "Host: b\r\n"), "edge/bad-host"},
      {"empty Host", "GET / HTTP/1.1\r\nHost: \r\n\r\n", "edge/bad-host"},
      {"Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
       "edge/bad-host"},
      {"Host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n",
       "edge/bad-host"},
      {"list of Hosts", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
       "edge/bad-host"},
      {"port in letters", "GET / HTTP/1.1\r\nHost: a:x\r\n\r\n",
       "edge/bad-host"},
      {"Host against target", get("http://b/"), "edge/bad-host"},
      {"120 fields", get("/", fields), "edge/head-too-large"},
      {"a field of 30 kB", get("/", "X: " + string(30000, 'a') + "\r\n"),
       "edge/head-too-large"},
      {"a head without end", get("/", string(20000, 'a')),
       "edge/head-too-large"},
      {"other expectation", get("/", "Expect: 200-ok\r\n"), "edge/expectation"},
      {"compressed body",
       post("Content-Encoding: gzip\r\nContent-Length: 1\r\n", "x"),
       "edge/content-encoding"},
  };
}

std::vector<Refused> refused_bodies() {
  using std::string;
  const std::string kFraming = "edge/bad-framing";
  const string te = "Transfer-Encoding: chunked\r\n";
  const string cl = "Content-Length: 5\r\n";
  return {
      {"length and chunks", post(cl + te, "0\r\n\r\n"), kFraming},
      {"chunks and length", post(te + cl, "0\r\n\r\n"), kFraming},
      {"two lengths", post(cl + "Content-Length: 10\r\n", "helloworld"),
       kFraming},
      {"two equal lengths", post(cl + cl, "hello"), kFraming},
      {"list of lengths", post("Content-Length: 5, 5\r\n", "hello"), kFraming},
      {"signed length", post("Content-Length: +5\r\n", "hello"), kFraming},
      {"negative length", post("Content-Length: -1\r\n", ""), kFraming},
      {"hexadecimal length", post("Content-Length: 0x5\r\n", "hello"),
       kFraming},
      {"length with zeros", post("Content-Length: 005\r\n", "hello"), kFraming},
      {"length in words", post("Content-Length: abc\r\n", ""), kFraming},
      {"empty length", post("Content-Length: \r\n", ""), kFraming},
      {"length with a blank", post("Content-Length: 1 0\r\n", ""), kFraming},
      {"length beyond 2^64",
       post("Content-Length: 99999999999999999999\r\n", ""), kFraming},
      {"chunked twice", post(te + te, "0\r\n\r\n"), kFraming},
      {"chunked in a list", post("Transfer-Encoding: gzip, chunked\r\n", ""),
       kFraming},
      {"chunked not last", post("Transfer-Encoding: chunked, gzip\r\n", ""),
       kFraming},
      {"unknown coding", post("Transfer-Encoding: xchunked\r\n", ""), kFraming},
      {"identity", post("Transfer-Encoding: identity\r\n", ""), kFraming},
      {"empty coding", post("Transfer-Encoding: \r\n", ""), kFraming},
      {"chunks in HTTP/1.0",
       "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       kFraming},
      {"chunk size in words", chunked("zz\r\nhello\r\n0\r\n\r\n"), kFraming},
      {"negative chunk", chunked("-1\r\nhello\r\n0\r\n\r\n"), kFraming},
      {"chunk with 0x", chunked("0x5\r\nhello\r\n0\r\n\r\n"), kFraming},
      {"chunk with underscore", chunked("1_0\r\nhello\r\n0\r\n\r\n"), kFraming},
      {"chunk beyond 2^64", chunked("FFFFFFFFFFFFFFFF0\r\nhello\r\n0\r\n\r\n"),
       kFraming},
      {"chunk longer than its size", chunked("5\r\nhello!!\r\n0\r\n\r\n"),
       kFraming},
      {"chunk without its end", chunked("5\r\nhello0\r\n\r\n"), kFraming},
      {"bare LF behind a chunk size", chunked("5\nhello\r\n0\r\n\r\n"),
       kFraming},
      {"bare LF behind a chunk", chunked("5\r\nhello\n0\r\n\r\n"), kFraming},
      {"bare LF in a trailer", chunked("0\r\n\n"), kFraming},
      {"bare CR in an extension", chunked("5;a\rX\r\nhello\r\n0\r\n\r\n"),
       kFraming},
      {"NUL in an extension",
       chunked(bytes({"5;\0a\r\nhello\r\n0\r\n\r\n", 17})), kFraming},
      {"LF in a quoted extension", chunked("5;a=\"\n\"\r\nhello\r\n0\r\n\r\n"),
       kFraming},
      {"long extension",
       chunked("5;a=" + string(20000, 'x') + "\r\nhello\r\n0\r\n\r\n"),
       kFraming},
      {"Host in a trailer", chunked("0\r\nHost: b\r\n\r\n"), kFraming},
      {"Authorization in a trailer",
       chunked("0\r\nAuthorization: Bearer x\r\n\r\n"), kFraming},
      {"length in a trailer", chunked("0\r\nContent-Length: 3\r\n\r\n"),
       kFraming},
      {"type in a trailer", chunked("0\r\nContent-Type: text/x\r\n\r\n"),
       kFraming},
      {"coding in a trailer",
       chunked("0\r\nTransfer-Encoding: chunked\r\n\r\n"), kFraming},
      {"continued line in a trailer", chunked("0\r\nX: a\r\n b\r\n\r\n"),
       kFraming},
      {"continued line later in a trailer",
       chunked("0\r\nX: a\r\nY: b\r\n\tc\r\n\r\n"), kFraming},
      {"long trailer", chunked("0\r\nX: " + string(5000, 'x') + "\r\n\r\n"),
       kFraming},
      {"announced body too large", post("Content-Length: 999999999\r\n", ""),
       "edge/body-too-large"},
      {"chunk too large", chunked("3B9AC9FF\r\n"), "edge/body-too-large"},
  };
}

TEST(HttpParserTest, RefusesHeadsThatTwoReadersCouldReadInTwoWays) {
  for (const auto& row : refused_heads()) {
    const auto verdict = read(row.bytes, {});
    EXPECT_EQ(verdict.rule, row.rule) << row.why;
    EXPECT_TRUE(verdict.requests.empty()) << row.why;
  }
}

TEST(HttpParserTest, RefusesBodiesWhoseEndIsInDoubt) {
  for (const auto& row : refused_bodies()) {
    const auto verdict = read(row.bytes, {});
    EXPECT_EQ(verdict.rule, row.rule) << row.why;
    EXPECT_TRUE(verdict.requests.empty()) << row.why;
  }
}

struct Accepted {
  const char* why;
  std::string bytes;
  std::vector<std::string> requests;
};

std::vector<Accepted> accepted() {
  return {
      {"plain", get("/"), {"GET /? "}},
      {"query",
       get("/fhir/Claim?status=active&x=%41"),
       {"GET /fhir/Claim?status=active&x=%41 "}},
      {"escaped path",
       get("/caf%C3%A9/%24explain"),
       {"GET /caf\xC3\xA9/$explain? "}},
      {"absolute target", get("http://a/x?y"), {"GET /x?y "}},
      {"absolute target, no path", get("http://a?y"), {"GET /?y "}},
      {"IPv6 host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", {"GET /? "}},
      {"OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", {"OPTIONS *? "}},
      {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", {"GET /? "}},
      {"length", post("Content-Length: 5\r\n", "hello"), {"POST /a? hello"}},
      {"length 0", post("Content-Length: 0\r\n", ""), {"POST /a? "}},
      {"no body", post("", ""), {"POST /a? "}},
      {"chunks",
       chunked("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"),
       {"POST /a? hello world"}},
      {"no chunks", chunked("0\r\n\r\n"), {"POST /a? "}},
      {"chunk size in capitals",
       chunked("A\r\nhelloworld\r\n0\r\n\r\n"),
       {"POST /a? helloworld"}},
      {"extension and trailer",
       chunked("5;a=b\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"),
       {"POST /a? hello"}},
      {"coding in other letters",
       post("Transfer-Encoding: Chunked\r\n", "0\r\n\r\n"),
       {"POST /a? "}},
      {"three sent ahead",
       get("/1") + get("/2") + get("/3"),
       {"GET /1? ", "GET /2? ", "GET /3? "}},
      {"sent ahead behind bodies",
       post("Content-Length: 2\r\n", "hi") + chunked("2\r\nho\r\n0\r\n\r\n") +
           get("/"),
       {"POST /a? hi", "POST /a? ho", "GET /? "}},
  };
}

TEST(HttpParserTest, ReadsWhatIsClear) {
  for (const auto& row : accepted()) {
    const auto verdict = read(row.bytes, {});
    EXPECT_EQ(verdict.rule, "") << row.why;
    EXPECT_EQ(verdict.requests, row.requests) << row.why;
  }
}

TEST(HttpParserTest, JudgesTheSameHoweverTheBytesAreCut) {
  for (const auto& row : refused_heads()) expect_same_however_cut(row.bytes);
  for (const auto& row : refused_bodies()) expect_same_however_cut(row.bytes);
  for (const auto& row : accepted()) expect_same_however_cut(row.bytes);
}

TEST(HttpParserTest, IncompleteRequestsAreNotRequests) {
  for (const auto& row : accepted()) {
    if (row.requests.size() != 1) continue;
    for (std::size_t size = 0; size < row.bytes.size(); ++size) {
      const auto verdict = read(row.bytes.substr(0, size), {});
      EXPECT_TRUE(verdict.requests.empty()) << row.why << ' ' << size;
      EXPECT_EQ(verdict.rule, "") << row.why << ' ' << size;
    }
  }
}

TEST(HttpParserTest, DeliversFieldsInOrderWithNamesInSmallLetters) {
  HttpParser parser(HttpLimits{});
  const auto step = parser.feed(get("/", "B: 1\r\na: 2\r\nB: 3\r\n"));
  ASSERT_EQ(step.progress, Progress::complete);
  const Headers expected = {{"host", "a"}, {"b", "1"}, {"a", "2"}, {"b", "3"}};
  EXPECT_EQ(parser.request().headers, expected);
}

TEST(HttpParserTest, TrailersAreNotFields) {
  HttpParser parser(HttpLimits{});
  const std::string bytes = chunked("0\r\nX-Role: operator\r\n\r\n");
  std::size_t offset = 0;
  Progress progress = Progress::need_more;
  while (progress != Progress::complete) {
    const auto step = parser.feed(std::string_view(bytes).substr(offset));
    offset += step.consumed;
    progress = step.progress;
    ASSERT_NE(progress, Progress::refused);
  }
  EXPECT_EQ(header(parser.request().headers, "x-role"), "");
}

struct KeepAlive {
  std::string version;
  std::string connection;
  bool keeps;
};

TEST(HttpParserTest, KnowsWhetherTheConnectionGoesOn) {
  const std::vector<KeepAlive> rows = {
      {"1.1", "", true},          {"1.1", "close", false},
      {"1.1", "Close", false},    {"1.1", "keep-alive", true},
      {"1.0", "", false},         {"1.0", "keep-alive", true},
      {"1.1", "x, close", false},
  };
  for (const auto& row : rows) {
    HttpParser parser(HttpLimits{});
    std::string bytes = "GET / HTTP/" + row.version + "\r\nHost: a\r\n";
    if (!row.connection.empty())
      bytes += "Connection: " + row.connection + "\r\n";
    ASSERT_EQ(parser.feed(bytes + "\r\n").progress, Progress::complete);
    EXPECT_EQ(parser.keep_alive(), row.keeps) << row.version << row.connection;
  }
}

TEST(HttpParserTest, ReportsTheHeadOnceSoThatAClientCanBeToldToContinue) {
  HttpParser parser(HttpLimits{});
  const std::string head =
      post("Content-Length: 5\r\nExpect: 100-continue\r\n", "");
  EXPECT_EQ(parser.feed(head).progress, Progress::head_complete);
  EXPECT_TRUE(parser.expects_continue());
  EXPECT_EQ(parser.feed("").progress, Progress::need_more);
  EXPECT_EQ(parser.feed("hel").progress, Progress::need_more);
  EXPECT_EQ(parser.feed("lo").progress, Progress::complete);
}

TEST(HttpParserTest, LimitsAreSettings) {
  HttpLimits limits;
  limits.body = 4;
  EXPECT_EQ(read(post("Content-Length: 4\r\n", "four"), {}, limits).rule, "");
  EXPECT_EQ(read(post("Content-Length: 5\r\n", "fiver"), {}, limits).status,
            413);
  EXPECT_EQ(
      read(chunked("2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"), {}, limits).status,
      413);
  limits = {};
  limits.fields = 2;
  EXPECT_EQ(read(get("/", "X: 1\r\n"), {}, limits).rule, "");
  EXPECT_EQ(read(get("/", "X: 1\r\nY: 1\r\n"), {}, limits).status, 431);
}

TEST(HttpParserTest, AnAnnouncedLengthAllocatesLittle) {
  HttpParser parser(HttpLimits{});
  ASSERT_EQ(parser.feed(post("Content-Length: 16000000\r\n", "")).progress,
            Progress::head_complete);
  EXPECT_LE(parser.request().body.capacity(), std::size_t{64} << 10U);
}

}  // namespace
}  // namespace gateway::transport
