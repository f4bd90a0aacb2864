// The rules by which the edge refuses a request before a handler runs. After a
// refusal the connection closes: where one reader sees two requests and
// another sees one, nobody can say what the next byte belongs to.

#pragma once

#include <string_view>

#include "fhir/outcome.h"

namespace gateway::transport {

struct EdgeRule {
  std::string_view id;  // as "edge/bad-framing"
  int status;
  fhir::IssueType issue;
  std::string_view text;    // what is wrong
  std::string_view remedy;  // what the sender can do
};

// One broken rule; `seen` says in fixed words what broke it, and never holds
// bytes of the request.
struct Refusal {
  const EdgeRule* rule = nullptr;
  std::string_view seen{};
};

namespace edge {

using fhir::IssueType;

inline constexpr EdgeRule kBadRequestLine{
    "edge/bad-request-line", 400, IssueType::structure,
    "the request line is not HTTP/1.1",
    "send METHOD SP TARGET SP HTTP/1.1 CRLF; for TLS use the TLS port"};
inline constexpr EdgeRule kMethodUnknown{
    "edge/method-unknown", 501, IssueType::not_supported,
    "the method is not one that the gateway knows",
    "use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, in capitals"};
inline constexpr EdgeRule kMethodRefused{
    "edge/method-refused", 405, IssueType::not_supported,
    "the method is never served here",
    "use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS"};
inline constexpr EdgeRule kBadTarget{
    "edge/bad-target", 400, IssueType::structure,
    "the request target is malformed",
    "send an absolute path with reserved bytes escaped as %XX of UTF-8"};
inline constexpr EdgeRule kTargetTooLong{
    "edge/target-too-long", 414, IssueType::too_long,
    "the request line is too long", "send long searches by POST to _search"};
inline constexpr EdgeRule kVersion{
    "edge/version", 505, IssueType::not_supported,
    "the HTTP version is not served", "use HTTP/1.1"};
inline constexpr EdgeRule kBadHeader{
    "edge/bad-header", 400, IssueType::structure, "a header field is malformed",
    "send each field as NAME: VALUE CRLF, in ASCII, on one line"};
inline constexpr EdgeRule kBadHost{
    "edge/bad-host", 400, IssueType::structure,
    "Host is missing, repeated, malformed or contradicts the target",
    "send exactly one Host field with name and port only"};
inline constexpr EdgeRule kHeadTooLarge{
    "edge/head-too-large", 431, IssueType::too_long,
    "the header block is too large", "send fewer or shorter header fields"};
inline constexpr EdgeRule kBadFraming{
    "edge/bad-framing", 400, IssueType::structure,
    "the length of the body is ambiguous or malformed",
    "send either one Content-Length or Transfer-Encoding: chunked"};
inline constexpr EdgeRule kTruncated{
    "edge/truncated", 400, IssueType::incomplete,
    "the connection ended before the request was complete",
    "send the whole request again"};
inline constexpr EdgeRule kBodyTooLarge{
    "edge/body-too-large", 413, IssueType::too_long, "the body is too large",
    "split the content into smaller requests"};
inline constexpr EdgeRule kContentEncoding{
    "edge/content-encoding", 415, IssueType::not_supported,
    "the body is compressed", "send it without Content-Encoding"};
inline constexpr EdgeRule kExpectation{
    "edge/expectation", 417, IssueType::not_supported,
    "the expectation cannot be met", "expect 100-continue, or nothing"};
inline constexpr EdgeRule kHeadTimeout{
    "edge/head-timeout", 408, IssueType::transient,
    "the head of the request did not arrive in time",
    "send it again, and at once"};
inline constexpr EdgeRule kBodyTimeout{
    "edge/body-timeout", 408, IssueType::transient,
    "the body of the request arrived too slowly", "send it again, faster"};
inline constexpr EdgeRule kBusy{
    "edge/busy", 503, IssueType::throttled,
    "the gateway has as much work as it can hold",
    "send it again after the time that Retry-After gives"};
inline constexpr EdgeRule kTooManyConnections{
    "edge/too-many-connections", 503, IssueType::throttled,
    "there are too many connections",
    "use fewer connections and keep them alive"};
inline constexpr EdgeRule kNoAnswer{
    "edge/no-answer", 500, IssueType::exception,
    "the gateway did not answer this request",
    "send it again; if it fails again, tell the operator"};

}  // namespace edge
}  // namespace gateway::transport
