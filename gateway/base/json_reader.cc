// JsonDocument::parse: one pass over a copy of the bytes, without recursion,
// that lays the tape as it reads. Libraries' readers would lose numbers'
// digits, keep repeated members, recurse without bound or let control
// characters pass; and their events cost as much again as the reading.
//
// The grammar is RFC 8259. Strings are decoded in place: what they mean is
// never longer than how it is written.

#include <algorithm>
#include <optional>
#include <utility>

#include "base/json.h"
#include "base/json_scan.h"
#include "base/utf8.h"

namespace gateway {
namespace {

using Node = JsonDocument::Node;

Error refusal(ErrorCode code, const std::string& what, std::size_t offset,
              const std::string& remedy) {
  return {code, what + " at byte " + std::to_string(offset) + "; " + remedy,
          offset};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// -1 if it is no hexadecimal digit.
int hexadecimal(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

char* put_utf8(char* out, unsigned code_point) {
  const auto put = [&out](unsigned byte) { *out++ = static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | code_point >> 6U);
    put(0x80 | (code_point & 0x3FU));
  } else if (code_point < 0x10000) {
    put(0xE0 | code_point >> 12U);
    put(0x80 | (code_point >> 6U & 0x3FU));
    put(0x80 | (code_point & 0x3FU));
  } else {
    put(0xF0 | code_point >> 18U);
    put(0x80 | (code_point >> 12U & 0x3FU));
    put(0x80 | (code_point >> 6U & 0x3FU));
    put(0x80 | (code_point & 0x3FU));
  }
  return out;
}

// What a number may be, as a double: beyond that readers everywhere differ.
constexpr std::ptrdiff_t kMostDigits = 309;
constexpr long kGreatestExponent = 308;

// Members up to which each name is compared with those before it, if a filter
// of 64 bits does not tell it apart; beyond, names are sorted at the end.
constexpr std::uint32_t kFewMembers = 32;

}  // namespace

class JsonReader {
 public:
  // What the reader fills, and by which it numbers names.
  struct Target {
    std::string& text;  // with its padding
    std::vector<Node>& nodes;
    const KeyTable& keys;
    KeyTable& local;
  };
  JsonReader(const Target& target, const JsonLimits& limits)
      : target_(target),
        limits_(limits),
        begin_(target.text.data()),
        at_(target.text.data()) {}

  bool run();
  [[nodiscard]] const Error& error() const { return *error_; }

 private:
  struct Open {
    std::uint32_t node;
    std::uint32_t latest = 0;  // child
    std::uint32_t count = 0;
    bool is_object;
    std::uint64_t names = 0;  // a bit of each number
  };
  struct Text {
    std::uint32_t offset;
    std::uint32_t size;
  };

  bool refuse(ErrorCode code, const std::string& what, const char* place,
              const std::string& remedy) {
    error_ =
        refusal(code, what, static_cast<std::size_t>(place - begin_), remedy);
    return false;
  }
  bool malformed(const std::string& what, const char* place) {
    return refuse(ErrorCode::invalid, what, place,
                  "send one complete JSON value (RFC 8259)");
  }
  [[nodiscard]] std::uint32_t offset(const char* place) const {
    return static_cast<std::uint32_t>(place - begin_);
  }
  void skip() { at_ += space_end(at_) - at_; }

  bool step();
  bool member();
  bool value(KeyId key);
  bool open(JsonKind kind, KeyId key);
  bool close();
  bool literal(std::string_view word, JsonKind kind, KeyId key);
  bool number(KeyId key);
  bool digits(const char* what);
  bool string(Text& text);
  bool escaped(char* out, Text& text);
  bool escape(char*& out);
  bool unicode(const char* escape, char*& out);
  bool unit(unsigned& unit);
  bool append(JsonKind kind, KeyId key, ByteSpan span, Text text);
  bool note(Open& object, KeyId key);
  bool repeated_name();
  KeyId number_of(std::string_view name);

  Target target_;
  const JsonLimits& limits_;
  const char* begin_;
  char* at_;
  std::vector<Open> open_;
  std::vector<KeyId> scratch_;
  std::optional<Error> error_;
};

bool JsonReader::run() {
  skip();
  if (*at_ == '\0') return malformed("there is no JSON value", at_);
  if (!value(kNoKey)) return false;
  while (!open_.empty()) {
    if (!step()) return false;
  }
  target_.nodes.front().last = 1;
  skip();
  if (*at_ == '\0') return true;
  return malformed("bytes follow the end of the JSON value", at_);
}

// One member or item of the innermost container, or its end.
bool JsonReader::step() {
  skip();
  const auto& innermost = open_.back();
  const char closing = innermost.is_object ? '}' : ']';
  if (*at_ == closing) return close();
  if (innermost.count > 0) {
    if (*at_ != ',') {
      return malformed(innermost.is_object
                           ? "a comma or } is missing in an object"
                           : "a comma or ] is missing in an array",
                       at_);
    }
    ++at_;
    skip();
  }
  return innermost.is_object ? member() : value(kNoKey);
}

bool JsonReader::member() {
  if (*at_ != '"') {
    return malformed("a member name in quotes is missing", at_);
  }
  Text name{};
  if (!string(name)) return false;
  const auto key = number_of({begin_ + name.offset, name.size});
  if (!note(open_.back(), key)) return false;
  skip();
  if (*at_ != ':') {
    return malformed("a colon is missing behind a member name", at_);
  }
  ++at_;
  skip();
  return value(key);
}

bool JsonReader::value(KeyId key) {
  switch (*at_) {
    case '"': {
      const char* const begin = at_;
      Text text{};
      return string(text) &&
             append(JsonKind::string, key, {offset(begin), offset(at_)}, text);
    }
    case '{':
      return open(JsonKind::object, key);
    case '[':
      return open(JsonKind::array, key);
    case 't':
      return literal("true", JsonKind::boolean, key);
    case 'f':
      return literal("false", JsonKind::boolean, key);
    case 'n':
      return literal("null", JsonKind::null, key);
    default:
      return number(key);
  }
}

bool JsonReader::open(JsonKind kind, KeyId key) {
  if (open_.size() >= limits_.depth) {
    return refuse(
        ErrorCode::too_large,
        "nesting deeper than " + std::to_string(limits_.depth) + " levels", at_,
        "send a flatter structure");
  }
  const auto node = static_cast<std::uint32_t>(target_.nodes.size());
  if (!append(kind, key, {offset(at_), offset(at_)}, {0, 0})) return false;
  ++at_;
  open_.push_back({.node = node, .is_object = kind == JsonKind::object});
  return true;
}

bool JsonReader::close() {
  ++at_;
  const auto& closed = open_.back();
  if (closed.is_object && closed.count > kFewMembers && repeated_name()) {
    return false;
  }
  auto& nodes = target_.nodes;
  auto& node = nodes[closed.node];
  node.next = static_cast<std::uint32_t>(nodes.size());
  node.span.end = offset(at_);
  node.size = closed.count;
  if (closed.count > 0) nodes[closed.latest].last = 1;
  open_.pop_back();
  return true;
}

bool JsonReader::literal(std::string_view word, JsonKind kind, KeyId key) {
  // Behind the text there is nothing but NUL, which no word has.
  if (std::string_view(at_, word.size()) != word) {
    return malformed("a value is not valid JSON", at_);
  }
  const auto begin = offset(at_);
  const auto size = static_cast<std::uint32_t>(word.size());
  at_ += size;
  return append(kind, key, {begin, begin + size}, {begin, size});
}

// One digit or more.
bool JsonReader::digits(const char* what) {
  if (!is_digit(*at_)) return malformed(what, at_);
  while (is_digit(*at_)) ++at_;
  return true;
}

bool JsonReader::number(KeyId key) {
  const char* const begin = at_;
  if (*at_ == '-') ++at_;
  const char* const whole = at_;
  if (*at_ == '0') {
    ++at_;
  } else if (!digits("a value is not valid JSON")) {
    return false;
  }
  bool is_too_big = at_ - whole > kMostDigits;
  const char* const point = at_;
  if (*at_ == '.') {
    ++at_;
    if (!digits("a number has no digit behind its point")) return false;
  }
  const auto places = at_ == point ? 0 : at_ - point - 1;
  if (*at_ == 'e' || *at_ == 'E') {
    ++at_;
    const bool is_negative = *at_ == '-';
    if (*at_ == '-' || *at_ == '+') ++at_;
    const char* exponent = at_;
    if (!digits("a number has no digit in its exponent")) return false;
    long power = 0;
    for (; exponent != at_ && power < 1'000'000'000; ++exponent) {
      power = power * 10 + (*exponent - '0');
    }
    is_too_big |= !is_negative && power > kGreatestExponent + places;
  }
  if (is_too_big) return malformed("a number is too big", begin);
  const auto size = static_cast<std::uint32_t>(at_ - begin);
  return append(JsonKind::number, key, {offset(begin), offset(at_)},
                {offset(begin), size});
}

// REQUIRES: at a quote. Afterwards behind the closing one.
bool JsonReader::string(Text& text) {
  char* const content = at_ + 1;
  at_ = content + (plain_end(content) - content);
  if (*at_ != '"') {
    text.offset = offset(content);
    return escaped(at_, text);
  }
  text = {offset(content), static_cast<std::uint32_t>(at_ - content)};
  ++at_;
  return true;
}

// The rest of a string, at what is not plain; decoded to `out`.
bool JsonReader::escaped(char* out, Text& text) {
  while (*at_ != '"') {
    if (*at_ == '\0') return malformed("a string is not closed", at_);
    if (*at_ != '\\') {
      return malformed(
          "an escape or control character is not allowed in a string", at_);
    }
    if (!escape(out)) return false;
    const auto plain = plain_end(at_) - at_;
    out = std::copy(at_, at_ + plain, out);
    at_ += plain;
  }
  text.size = static_cast<std::uint32_t>(out - (begin_ + text.offset));
  ++at_;
  return true;
}

bool JsonReader::escape(char*& out) {
  const char* const begin = at_;
  at_ += 2;
  switch (begin[1]) {
    case '"':
    case '\\':
    case '/':
      *out++ = begin[1];
      return true;
    case 'b':
      *out++ = '\b';
      return true;
    case 'f':
      *out++ = '\f';
      return true;
    case 'n':
      *out++ = '\n';
      return true;
    case 'r':
      *out++ = '\r';
      return true;
    case 't':
      *out++ = '\t';
      return true;
    case 'u':
      return unicode(begin, out);
    default:
      return malformed(
          "an escape or control character is not allowed in a string", begin);
  }
}

// Four hexadecimal digits.
bool JsonReader::unit(unsigned& unit) {
  unit = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const int digit = hexadecimal(*at_);
    if (digit < 0) {
      return malformed("a \\u escape lacks its four hexadecimal digits", at_);
    }
    unit = unit * 16 + static_cast<unsigned>(digit);
  }
  return true;
}

bool JsonReader::unicode(const char* escape, char*& out) {
  unsigned high = 0;
  if (!unit(high)) return false;
  if (high < 0xD800 || high > 0xDFFF) {
    out = put_utf8(out, high);
    return true;
  }
  unsigned low = 0;
  const bool is_pair = high < 0xDC00 && at_[0] == '\\' && at_[1] == 'u';
  if (is_pair) {
    at_ += 2;
    if (!unit(low)) return false;
  }
  if (low < 0xDC00 || low > 0xDFFF) {
    return refuse(ErrorCode::invalid,
                  "a \\u escape is half of a surrogate pair", escape,
                  "escape both halves");
  }
  out = put_utf8(out, 0x10000 + ((high - 0xD800) << 10U) + (low - 0xDC00));
  return true;
}

bool JsonReader::append(JsonKind kind, KeyId key, ByteSpan span, Text text) {
  auto& nodes = target_.nodes;
  const auto index = static_cast<std::uint32_t>(nodes.size());
  if (index >= limits_.nodes) {
    return refuse(ErrorCode::too_large,
                  "more than " + std::to_string(limits_.nodes) + " values",
                  begin_ + span.begin, "send fewer in one message");
  }
  std::uint32_t parent = index;
  if (!open_.empty()) {
    auto& around = open_.back();
    parent = around.node;
    around.latest = index;
    ++around.count;
  }
  nodes.push_back({.kind = static_cast<std::uint32_t>(kind) & 7U,
                   .last = 0,
                   .key = key & 0xFFFFFFFU,
                   .next = index + 1,
                   .parent = parent,
                   .span = span,
                   .text = text.offset,
                   .size = text.size});
  return true;
}

// Refuses the name if the object has it already.
bool JsonReader::note(Open& object, KeyId key) {
  const auto bit = std::uint64_t{1} << (key & 63U);
  const bool is_new = (object.names & bit) == 0;
  object.names |= bit;
  if (is_new || object.count > kFewMembers) return true;
  const auto& nodes = target_.nodes;
  for (auto at = object.node + 1; at < nodes.size(); at = nodes[at].next) {
    if (nodes[at].key == key) return !repeated_name();
  }
  return true;
}

// Of the innermost object; refused at its beginning.
bool JsonReader::repeated_name() {
  const auto& nodes = target_.nodes;
  const auto& object = open_.back();
  if (object.count > kFewMembers) {
    scratch_.clear();
    for (auto at = object.node + 1; at < nodes.size(); at = nodes[at].next) {
      scratch_.push_back(nodes[at].key);
    }
    std::sort(scratch_.begin(), scratch_.end());
    if (std::adjacent_find(scratch_.begin(), scratch_.end()) ==
        scratch_.end()) {
      return false;
    }
  }
  return !refuse(ErrorCode::invalid, "an object repeats a member name",
                 begin_ + nodes[object.node].span.begin,
                 "name each member once");
}

KeyId JsonReader::number_of(std::string_view name) {
  const auto known = target_.keys.find(name);
  if (known != kNoKey) return known;
  return static_cast<KeyId>(target_.keys.size() + target_.local.intern(name));
}

Result<JsonDocument> JsonDocument::parse(std::string text, const KeyTable& keys,
                                         const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return refusal(ErrorCode::too_large,
                   "more than " + std::to_string(limits.bytes) + " bytes",
                   limits.bytes, "send a smaller message");
  }
  const auto ill_formed = first_invalid_utf8(text);
  if (ill_formed != std::string_view::npos) {
    return refusal(ErrorCode::invalid, "the text is not UTF-8", ill_formed,
                   "send UTF-8 without NUL bytes");
  }
  JsonDocument document;
  document.source_ = std::move(text);
  document.text_.reserve(document.source_.size() + kScanPadding);
  document.text_.append(document.source_).append(kScanPadding, '\0');
  document.keys_ = &keys;
  document.nodes_.reserve(document.source_.size() / 24 + 8);
  JsonReader reader({document.text_, document.nodes_, keys, document.local_},
                    limits);
  if (!reader.run()) return reader.error();
  return document;
}

}  // namespace gateway
