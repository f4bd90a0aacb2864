// JsonDocument::parse: RapidJSON's event reader over a copy of the bytes, and
// a handler that lays the tape. The library's own document would lose numbers'
// digits, keep repeated members and recurse without bound.

// Not with RAPIDJSON_SSE2: sixteen bytes at a time, release 1.1 lets control
// characters from 0x1A on pass in strings, at some places and not at others.
#include <rapidjson/error/error.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <cstring>

#include "base/json.h"
#include "base/tree_builder.h"
#include "base/utf8.h"

namespace gateway {
namespace {

constexpr unsigned kFlags =
    rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag;

std::string at_byte(std::size_t offset) {
  return " at byte " + std::to_string(offset);
}

Error refusal(ErrorCode code, const std::string& what, std::size_t offset,
              const std::string& remedy) {
  return {code, what + at_byte(offset) + "; " + remedy, offset};
}

std::string_view grammar_error(rapidjson::ParseErrorCode code) {
  switch (code) {
    case rapidjson::kParseErrorDocumentEmpty:
      return "there is no JSON value";
    case rapidjson::kParseErrorDocumentRootNotSingular:
      return "bytes follow the end of the JSON value";
    case rapidjson::kParseErrorObjectMissName:
      return "a member name in quotes is missing";
    case rapidjson::kParseErrorObjectMissColon:
      return "a colon is missing behind a member name";
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
      return "a comma or } is missing in an object";
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
      return "a comma or ] is missing in an array";
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
      return "a \\u escape lacks its four hexadecimal digits";
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
      return "a \\u escape is half of a surrogate pair";
    case rapidjson::kParseErrorStringEscapeInvalid:
      return "an escape or control character is not allowed in a string";
    case rapidjson::kParseErrorStringMissQuotationMark:
      return "a string is not closed";
    case rapidjson::kParseErrorNumberTooBig:
      return "a number is too big";
    case rapidjson::kParseErrorNumberMissFraction:
      return "a number has no digit behind its point";
    case rapidjson::kParseErrorNumberMissExponent:
      return "a number has no digit in its exponent";
    case rapidjson::kParseErrorNone:
    case rapidjson::kParseErrorValueInvalid:
    case rapidjson::kParseErrorStringInvalidEncoding:
    case rapidjson::kParseErrorTermination:
    case rapidjson::kParseErrorUnspecificSyntaxError:
      return "a value is not valid JSON";
  }
  return "a value is not valid JSON";
}

// The four hexadecimal digits of a \u escape, which the reader has checked.
unsigned escaped_unit(const char* digits) {
  unsigned unit = 0;
  for (int i = 0; i < 4; ++i) {
    const auto c = static_cast<unsigned char>(digits[i]);
    unit = unit * 16 + (c <= '9' ? c - '0' : (c | 0x20U) - 'a' + 10U);
  }
  return unit;
}

}  // namespace

// Called by the reader. While a string or number is announced, the stream
// still stands at its first byte; after brackets and literals it stands
// behind them.
class JsonReader {
 public:
  JsonReader(rapidjson::InsituStringStream& stream, TreeAppender& appender,
             std::string_view source, const JsonLimits& limits)
      : stream_(stream),
        appender_(appender),
        source_(source),
        limits_(limits) {}

  bool Null() { return literal(JsonKind::null, 4); }
  bool Bool(bool value) { return literal(JsonKind::boolean, value ? 4 : 5); }
  bool RawNumber(const char*, rapidjson::SizeType length, bool) {
    const auto begin = stream_.Tell();
    return leaf(JsonKind::number, begin, begin, length, length);
  }
  bool String(const char*, rapidjson::SizeType length, bool) {
    const auto begin = stream_.Tell();
    const auto raw = raw_length(begin, length);
    if (raw == 0) return false;
    return leaf(JsonKind::string, begin, begin + 1, length, raw);
  }
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    if (raw_length(stream_.Tell(), length) == 0) return false;
    key_ = appender_.intern({text, length});
    return true;
  }
  bool StartObject() { return open(JsonKind::object); }
  bool StartArray() { return open(JsonKind::array); }
  bool EndObject(rapidjson::SizeType count);
  bool EndArray(rapidjson::SizeType) {
    appender_.close(place());
    return true;
  }
  // The flags above make the reader announce numbers by RawNumber only.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  [[nodiscard]] const std::optional<Error>& refused() const { return refused_; }
  void watch(const JsonDocument& document) { document_ = &document; }

 private:
  bool refuse(ErrorCode code, const std::string& what, std::size_t offset,
              const std::string& remedy) {
    refused_ = refusal(code, what, offset, remedy);
    return false;
  }
  [[nodiscard]] std::uint32_t place() const {
    return static_cast<std::uint32_t>(stream_.Tell());
  }
  bool count_node(std::size_t offset) {
    if (++nodes_ <= limits_.nodes) return true;
    return refuse(ErrorCode::too_large,
                  "more than " + std::to_string(limits_.nodes) + " values",
                  offset, "send fewer in one message");
  }
  bool literal(JsonKind kind, std::size_t length) {
    const auto begin = stream_.Tell() - length;
    return leaf(kind, begin, begin, length, length);
  }
  bool leaf(JsonKind kind, std::size_t begin, std::size_t text,
            std::size_t length, std::size_t raw) {
    if (!count_node(begin)) return false;
    const auto node =
        appender_.append(kind, take_key(),
                         {.begin = static_cast<std::uint32_t>(begin),
                          .end = static_cast<std::uint32_t>(begin + raw)});
    appender_.set_text(node, text, length);
    return true;
  }
  bool open(JsonKind kind) {
    const auto begin = place() - 1;
    if (appender_.depth() >= limits_.depth) {
      return refuse(
          ErrorCode::too_large,
          "nesting deeper than " + std::to_string(limits_.depth) + " levels",
          begin, "send a flatter structure");
    }
    if (!count_node(begin)) return false;
    appender_.append(kind, take_key(), {.begin = begin, .end = begin});
    return true;
  }
  // Inside an array nothing has a name; Key() sets it anew for each member.
  KeyId take_key() { return std::exchange(key_, kNoKey); }

  // Bytes of the string with its quotes; 0 after refusing a lone surrogate.
  std::size_t raw_length(std::size_t begin, std::size_t decoded);

  rapidjson::InsituStringStream& stream_;
  TreeAppender& appender_;
  std::string_view source_;
  const JsonLimits& limits_;
  const JsonDocument* document_ = nullptr;
  KeyId key_ = kNoKey;
  std::size_t nodes_ = 0;
  std::vector<KeyId> scratch_;
  std::optional<Error> refused_;
};

std::size_t JsonReader::raw_length(std::size_t begin, std::size_t decoded) {
  const char* content = source_.data() + begin + 1;
  // Of what is still to be decoded, as much is written up to the next escape.
  std::size_t at = 0;
  std::size_t left = decoded;
  while (const auto* escape =
             static_cast<const char*>(std::memchr(content + at, '\\', left))) {
    const auto before = static_cast<std::size_t>(escape - (content + at));
    at += before;
    left -= before;
    if (content[at + 1] != 'u') {
      at += 2;
      --left;
      continue;
    }
    const auto unit = escaped_unit(content + at + 2);
    if (unit >= 0xDC00 && unit <= 0xDFFF) {
      // The reader pairs a high half with what follows, and checks that; a low
      // half that comes first would become ill-formed UTF-8.
      refuse(ErrorCode::invalid, "a \\u escape is half of a surrogate pair",
             begin + 1 + at, "escape both halves");
      return 0;
    }
    const bool is_pair = unit >= 0xD800 && unit <= 0xDBFF;
    at += is_pair ? 12 : 6;
    left -= unit < 0x80 ? 1U : unit < 0x800 ? 2U : is_pair ? 4U : 3U;
  }
  return at + left + 2;
}

bool JsonReader::EndObject(rapidjson::SizeType count) {
  const Json object(document_, appender_.innermost());
  appender_.close(place());
  if (count < 2) return true;
  scratch_.clear();
  for (const Json member : object) scratch_.push_back(member.key());
  bool repeated = false;
  if (count <= 12) {
    for (std::size_t i = 1; i < count && !repeated; ++i) {
      const auto end = scratch_.begin() + static_cast<std::ptrdiff_t>(i);
      repeated = std::find(scratch_.begin(), end, scratch_[i]) != end;
    }
  } else {
    std::sort(scratch_.begin(), scratch_.end());
    repeated =
        std::adjacent_find(scratch_.begin(), scratch_.end()) != scratch_.end();
  }
  if (!repeated) return true;
  return refuse(ErrorCode::invalid, "an object repeats a member name",
                object.span().begin, "name each member once");
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
  document.text_ = document.source_;
  document.keys_ = &keys;
  document.nodes_.reserve(document.source_.size() / 24 + 8);

  TreeAppender appender(document);
  rapidjson::InsituStringStream stream(document.text_.data());
  JsonReader handler(stream, appender, document.source_, limits);
  handler.watch(document);
  rapidjson::Reader reader;
  const auto end = reader.Parse<kFlags>(stream, handler);
  if (handler.refused()) return *handler.refused();
  if (end.IsError()) {
    return refusal(ErrorCode::invalid, std::string(grammar_error(end.Code())),
                   end.Offset(), "send one complete JSON value (RFC 8259)");
  }
  return document;
}

}  // namespace gateway
