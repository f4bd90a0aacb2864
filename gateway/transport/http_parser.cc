// A peer can trip BOOST_ASSERT(n >= 5) in Beast 1.74's parse_chunk_header by
// the way it cuts the bytes; without the assertion the path is right.
#define BOOST_DISABLE_ASSERTS 1

#include "transport/http_parser.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <charconv>
#include <limits>
#include <optional>

#include "transport/http_syntax.h"

namespace gateway::transport {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using Chars = boost::beast::string_view;

std::string_view view(Chars text) { return {text.data(), text.size()}; }

constexpr std::string_view kMethods[] = {"GET",   "HEAD",   "POST",   "PUT",
                                         "PATCH", "DELETE", "OPTIONS"};

// The largest allocation that a mere announcement of a length can cause.
constexpr std::uint64_t kMostReserved = 64U << 10U;

Refusal method_refusal(std::string_view method) {
  if (std::find(std::begin(kMethods), std::end(kMethods), method) !=
      std::end(kMethods)) {
    return {};
  }
  if (method == "TRACE" || method == "CONNECT") return {&edge::kMethodRefused};
  return {&edge::kMethodUnknown};
}

bool is_plain_text(Chars value) {
  return std::none_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte >= 0x7F;
  });
}

// Fields of a trailer that would change what the request means.
bool is_dangerous_in_trailer(http::field field, std::string_view name) {
  return field == http::field::host || field == http::field::authorization ||
         field == http::field::content_length ||
         field == http::field::transfer_encoding ||
         equal_ignoring_case(name.substr(0, 8), "content-");
}

std::size_t scheme_size(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (equal_ignoring_case(target.substr(0, scheme.size()), scheme)) {
      return scheme.size();
    }
  }
  return 0;
}

// "HTTP/9.9" deserves 505, "HTTP/1" is nonsense.
bool ends_with_a_version(std::string_view line) {
  const auto space = line.rfind(' ');
  if (space == std::string_view::npos) return false;
  const auto version = line.substr(space + 1);
  return version.size() == 8 && version.substr(0, 5) == "HTTP/" &&
         is_digit(version[5]) && version[6] == '.' && is_digit(version[7]);
}

std::string_view first_line(std::string_view bytes) {
  return bytes.substr(0, bytes.find("\r\n"));
}

}  // namespace

// Beast's state machine with the checks that it leaves to its user.
class HttpParser::Machine final : public http::basic_parser<true> {
 public:
  explicit Machine(const HttpLimits& limits) : limits_(limits) {
    header_limit(static_cast<std::uint32_t>(limits.head + 1));
    // The body's limit is checked here, behind what makes a line a line; none
    // at all would make Beast 1.74 refuse every length.
    body_limit(std::numeric_limits<std::uint64_t>::max());
    eager(true);
  }

  Request request;
  Refusal refusal;
  const char* input_end = nullptr;  // of what put() was given
  bool head_complete = false;
  bool expects_continue = false;
  int minor_version = 1;

 private:
  void refuse(error_code& error, const EdgeRule& rule, std::string_view seen) {
    refusal = {&rule, seen};
    error = http::error::bad_value;
  }

  void on_request_impl(http::verb /*verb*/, Chars method, Chars target,
                       int version, error_code& error) override {
    minor_version = version % 10;
    request.method = view(method);
    if (const auto broken = method_refusal(request.method); broken.rule) {
      return refuse(error, *broken.rule, "");
    }
    take_target(view(target), error);
  }

  // RFC 9112, 3.2: origin-form, absolute-form, or * for OPTIONS.
  void take_target(std::string_view target, error_code& error) {
    if (target == "*") {
      if (request.method != "OPTIONS") {
        return refuse(error, edge::kBadTarget, "* without OPTIONS");
      }
      request.path = "*";
      return;
    }
    if (target.empty()) return refuse(error, edge::kBadTarget, "no target");
    if (target[0] == '/') return take_path(target, error);
    const std::size_t scheme = scheme_size(target);
    if (scheme == 0) {
      return refuse(error, edge::kBadTarget, "neither a path nor http(s)://");
    }
    const auto rest = target.substr(scheme);
    const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    authority_ = rest.substr(0, end);
    if (!is_host(authority_)) {
      return refuse(error, edge::kBadTarget, "no valid host after ://");
    }
    const auto path = rest.substr(end);
    if (!path.empty() && path[0] == '/') return take_path(path, error);
    take_path("/" + std::string(path), error);
  }

  void take_path(std::string_view target, error_code& error) {
    if (!is_path_and_query(target)) {
      return refuse(error, edge::kBadTarget, "a byte that must be escaped");
    }
    const std::size_t question = std::min(target.find('?'), target.size());
    auto path = percent_decoded(target.substr(0, question));
    if (!path) return refuse(error, edge::kBadTarget, "escapes not in UTF-8");
    request.path = *std::move(path);
    if (question < target.size()) request.query = target.substr(question + 1);
  }

  void on_field_impl(http::field field, Chars name, Chars value,
                     error_code& error) override {
    if (head_complete) return check_trailer(field, name, value, error);
    if (request.headers.size() == limits_.fields) {
      return refuse(error, edge::kHeadTooLarge, "too many fields");
    }
    // Gateways of the CGI family read _ as -, others do not.
    if (name.find('_') != Chars::npos) {
      return refuse(error, edge::kBadHeader, "an underscore in a field name");
    }
    if (!is_plain_text(value)) {
      return refuse(error, edge::kBadHeader, "a byte that is not ASCII text");
    }
    check_field(field, view(value), error);
    if (error) return;
    std::string key(name.data(), name.size());
    std::transform(key.begin(), key.end(), key.begin(), lower);
    request.headers.emplace_back(std::move(key), std::string(view(value)));
  }

  void check_field(http::field kind, std::string_view value,
                   error_code& error) {
    using http::field;
    if (kind == field::host) return check_host(value, error);
    if (kind == field::transfer_encoding) return check_coding(value, error);
    if (kind == field::content_length) return check_length(value, error);
    if (kind == field::content_encoding &&
        !equal_ignoring_case(value, "identity")) {
      return refuse(error, edge::kContentEncoding, "");
    }
    if (kind != field::expect) return;
    if (!equal_ignoring_case(value, "100-continue")) {
      return refuse(error, edge::kExpectation, "");
    }
    expects_continue = minor_version == 1;
  }

  // RFC 9112, 3.2: exactly one in 1.1; equal to an absolute target's.
  void check_host(std::string_view value, error_code& error) {
    if (has_host_) return refuse(error, edge::kBadHost, "a second Host");
    has_host_ = true;
    if (!is_host(value)) {
      return refuse(error, edge::kBadHost, "not a name and port");
    }
    if (!authority_.empty() && !equal_ignoring_case(authority_, value)) {
      refuse(error, edge::kBadHost, "not the host of the target");
    }
  }

  void check_coding(std::string_view value, error_code& error) {
    if (has_coding_) {
      return refuse(error, edge::kBadFraming, "a second Transfer-Encoding");
    }
    has_coding_ = true;
    if (minor_version == 0) {
      return refuse(error, edge::kBadFraming, "Transfer-Encoding in HTTP/1.0");
    }
    if (!equal_ignoring_case(value, "chunked")) {
      refuse(error, edge::kBadFraming, "a Transfer-Encoding but chunked");
    }
  }

  void check_length(std::string_view value, error_code& error) {
    if (has_length_) {
      return refuse(error, edge::kBadFraming, "a second Content-Length");
    }
    has_length_ = true;
    if (!is_content_length(value)) {
      return refuse(error, edge::kBadFraming,
                    "a Content-Length that is no number");
    }
    std::from_chars(value.data(), value.data() + value.size(), body_bytes_);
  }

  // Trailers are read for safety and dropped.
  void check_trailer(http::field field, Chars name, Chars value,
                     error_code& error) {
    trailer_bytes_ += name.size() + value.size();
    if (trailer_bytes_ > limits_.trailer) {
      return refuse(error, edge::kBadFraming, "a trailer that is too long");
    }
    // Beast has unfolded the value, but the name still lies in what came, and
    // the whole trailer behind it.
    const char* const line_end = std::find(name.end(), input_end, '\n');
    if (input_end - line_end > 1 &&
        (line_end[1] == ' ' || line_end[1] == '\t')) {
      return refuse(error, edge::kBadFraming, "a trailer on two lines");
    }
    if (is_dangerous_in_trailer(field, view(name))) {
      refuse(error, edge::kBadFraming, "a trailer that changes the request");
    }
  }

  void on_header_impl(error_code& error) override {
    if (minor_version == 1 && !has_host_) {
      return refuse(error, edge::kBadHost, "no Host");
    }
    if (has_coding_ && has_length_) {
      return refuse(error, edge::kBadFraming,
                    "Content-Length beside Transfer-Encoding");
    }
    if (body_bytes_ > limits_.body) {
      return refuse(error, edge::kBodyTooLarge, "");
    }
    head_complete = true;
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length,
                         error_code& /*error*/) override {
    request.body.reserve(std::min(length.value_or(0), kMostReserved));
  }

  std::size_t on_body_impl(Chars bytes, error_code& /*error*/) override {
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }

  void on_chunk_header_impl(std::uint64_t size, Chars extension,
                            error_code& error) override {
    if (extension.size() > limits_.chunk_extension) {
      return refuse(error, edge::kBadFraming, "a chunk extension too long");
    }
    if (!is_plain_text(extension)) {
      return refuse(error, edge::kBadFraming,
                    "a chunk extension that is not text");
    }
    if (size > limits_.body - body_bytes_) {
      return refuse(error, edge::kBodyTooLarge, "");
    }
    body_bytes_ += size;
  }

  std::size_t on_chunk_body_impl(std::uint64_t /*left*/, Chars bytes,
                                 error_code& error) override {
    return on_body_impl(bytes, error);
  }

  void on_finish_impl(error_code& /*error*/) override {}
  void on_response_impl(int /*status*/, Chars /*reason*/, int /*version*/,
                        error_code& /*error*/) override {}

  const HttpLimits& limits_;
  std::string authority_;
  std::uint64_t body_bytes_ = 0;  // announced so far
  std::size_t trailer_bytes_ = 0;
  bool has_host_ = false;
  bool has_coding_ = false;
  bool has_length_ = false;
};

namespace {

// What Beast itself refuses.
struct BeastRefusal {
  http::error error;
  Refusal refusal;
};

constexpr BeastRefusal kBeastRefusals[] = {
    {http::error::header_limit, {&edge::kHeadTooLarge}},
    {http::error::bad_method, {&edge::kBadRequestLine, "no method"}},
    {http::error::bad_target, {&edge::kBadRequestLine, "no target"}},
    {http::error::bad_field, {&edge::kBadHeader, "a malformed name"}},
    {http::error::bad_value, {&edge::kBadHeader, "a malformed value"}},
    {http::error::bad_line_ending, {&edge::kBadHeader, "a CR without LF"}},
    {http::error::bad_content_length,
     {&edge::kBadFraming, "a Content-Length that is repeated or no number"}},
    {http::error::bad_transfer_encoding,
     {&edge::kBadFraming, "a Transfer-Encoding beside another length"}},
    {http::error::bad_chunk, {&edge::kBadFraming, "a malformed chunk"}},
    {http::error::bad_chunk_extension,
     {&edge::kBadFraming, "a malformed chunk extension"}},
};

Refusal refusal_of_head(const error_code& error, std::string_view bytes) {
  if (error == http::error::bad_version) {
    if (ends_with_a_version(first_line(bytes))) return {&edge::kVersion};
    return {&edge::kBadRequestLine, "no HTTP version"};
  }
  for (const auto& row : kBeastRefusals) {
    if (error == row.error) return row.refusal;
  }
  return {&edge::kBadFraming};
}

// In a body every defect is one of its framing, also a trailer's.
Refusal refusal_of_body(const error_code& error) {
  for (const auto& row : kBeastRefusals) {
    if (error == row.error && row.refusal.rule == &edge::kBadFraming) {
      return row.refusal;
    }
  }
  return {&edge::kBadFraming, "a malformed trailer"};
}

}  // namespace

HttpParser::HttpParser(const HttpLimits& limits)
    : limits_(limits), machine_(std::make_unique<Machine>(limits_)) {}
HttpParser::~HttpParser() = default;

void HttpParser::reset() {
  machine_ = std::make_unique<Machine>(limits_);
  refusal_ = {};
  line_start_ = 0;
  head_scanned_ = head_reported_ = false;
}

bool HttpParser::keep_alive() const { return machine_->keep_alive(); }
bool HttpParser::expects_continue() const { return machine_->expects_continue; }
int HttpParser::minor_version() const { return machine_->minor_version; }
const Request& HttpParser::request() const { return machine_->request; }
Request HttpParser::take_request() { return std::move(machine_->request); }

HttpParser::Progress HttpParser::refuse(Refusal refusal) {
  refusal_ = refusal;
  return Progress::refused;
}

HttpParser::Step HttpParser::feed(std::string_view bytes) {
  if (refusal_.rule != nullptr) return {Progress::refused, 0};
  if (!head_scanned_) {
    const auto scanned = scan_head(bytes);
    if (!head_scanned_) return {scanned, 0};
  }
  std::size_t consumed = 0;
  const auto progress = parse(bytes, consumed);
  return {progress, consumed};
}

// Beast unfolds continued lines and takes a bare LF without a word, so the
// lines are looked at first; each once, however the bytes arrive.
HttpParser::Progress HttpParser::scan_head(std::string_view bytes) {
  while (line_start_ < bytes.size()) {
    const std::size_t end = bytes.find('\n', line_start_);
    const bool whole = end != std::string_view::npos;
    const std::size_t next = whole ? end + 1 : bytes.size();
    const auto line = bytes.substr(line_start_, next - line_start_);
    if (!scan_line(line)) return Progress::refused;
    if (next > limits_.head) return refuse({&edge::kHeadTooLarge});
    if (!whole) return Progress::need_more;
    if (line.size() < 2 || line[line.size() - 2] != '\r') {
      return refuse(
          {line_start_ == 0 ? &edge::kBadRequestLine : &edge::kBadHeader,
           "a line that ends without CR"});
    }
    line_start_ = next;
    if (line.size() == 2) {
      head_scanned_ = true;
      break;
    }
  }
  return Progress::need_more;
}

// `line` may still lack its end.
bool HttpParser::scan_line(std::string_view line) {
  if (line_start_ == 0) {
    if (line[0] < 'A' || line[0] > 'Z') {
      refuse({&edge::kBadRequestLine, "no method at its beginning"});
      return false;
    }
    if (line.size() > limits_.request_line) {
      refuse({&edge::kTargetTooLong});
      return false;
    }
    return true;
  }
  if (line[0] == ' ' || line[0] == '\t') {
    refuse({&edge::kBadHeader, "a field continued on the next line"});
    return false;
  }
  return true;
}

// The head goes to Beast alone: what follows it must not change what Beast
// makes of a line that is too short.
HttpParser::Progress HttpParser::parse(std::string_view bytes,
                                       std::size_t& consumed) {
  if (!machine_->head_complete) {
    const auto broken = put(bytes.substr(0, line_start_), consumed);
    if (broken.rule != nullptr) return refuse(broken);
    if (!machine_->head_complete) {
      return refuse({&edge::kBadRequestLine, "a line that is too short"});
    }
  }
  if (!machine_->is_done() && consumed < bytes.size()) {
    std::size_t more = 0;
    const auto broken = put(bytes.substr(consumed), more);
    consumed += more;
    if (broken.rule != nullptr) return refuse(broken);
  }
  if (machine_->is_done()) return Progress::complete;
  return after_body_bytes(bytes.substr(consumed));
}

Refusal HttpParser::put(std::string_view bytes, std::size_t& consumed) {
  error_code error;
  machine_->input_end = bytes.data() + bytes.size();
  consumed = machine_->put(
      boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (!error || error == http::error::need_more) return {};
  if (machine_->refusal.rule != nullptr) return machine_->refusal;
  return machine_->head_complete ? refusal_of_body(error)
                                 : refusal_of_head(error, bytes);
}

// Beast bounds neither chunk lines nor trailers, and waits for CRLF behind a
// bare LF until the deadline.
HttpParser::Progress HttpParser::after_body_bytes(std::string_view rest) {
  if (rest.size() > limits_.chunk_extension + limits_.trailer) {
    return refuse({&edge::kBadFraming, "a chunk line or trailer too long"});
  }
  for (std::size_t at = rest.find('\n'); at != std::string_view::npos;
       at = rest.find('\n', at + 1)) {
    if (at == 0 || rest[at - 1] != '\r') {
      return refuse({&edge::kBadFraming, "a chunk line that ends without CR"});
    }
  }
  if (head_reported_) return Progress::need_more;
  head_reported_ = true;
  return Progress::head_complete;
}

}  // namespace gateway::transport
