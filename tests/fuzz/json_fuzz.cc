// Any bytes are a JSON document or an error with a place; what is a document
// is read back byte by byte, and says what RapidJSON reads from it.

#include <rapidjson/reader.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

std::size_t walk(gateway::Json node) {
  require(node.span().begin <= node.span().end);
  require(node.span().end <= node.document()->source().size());
  std::size_t count = 1;
  for (const gateway::Json child : node) {
    require(child.parent() == node);
    require(child.span().begin >= node.span().begin);
    count += walk(child);
  }
  return count;
}

// What a reader met, in order: each text with its length before it.
class Events {
 public:
  bool Null() { return put('n', ""); }
  bool Bool(bool value) { return put(value ? 't' : 'f', ""); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    return put('#', {text, size});
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    return put('"', {text, size});
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    return put(':', {text, size});
  }
  bool StartObject() { return put('{', ""); }
  bool StartArray() { return put('[', ""); }
  bool EndObject(rapidjson::SizeType) { return put('}', ""); }
  bool EndArray(rapidjson::SizeType) { return put(']', ""); }
  // Numbers come as texts.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  bool put(char kind, std::string_view text) {
    seen_ += kind + std::to_string(text.size()) + ' ';
    seen_ += text;
    return true;
  }
  [[nodiscard]] const std::string& seen() const { return seen_; }

 private:
  std::string seen_;
};

void note(gateway::Json node, Events& events) {
  switch (node.kind()) {
    case gateway::JsonKind::absent:
      return;
    case gateway::JsonKind::null:
      events.put('n', "");
      return;
    case gateway::JsonKind::boolean:
      events.put(node.text() == "true" ? 't' : 'f', "");
      return;
    case gateway::JsonKind::number:
      events.put('#', node.text());
      return;
    case gateway::JsonKind::string:
      events.put('"', node.text());
      return;
    case gateway::JsonKind::object:
    case gateway::JsonKind::array:
      break;
  }
  const bool is_object = node.kind() == gateway::JsonKind::object;
  events.put(is_object ? '{' : '[', "");
  for (const gateway::Json child : node) {
    if (is_object) events.put(':', child.name());
    note(child, events);
  }
  events.put(is_object ? '}' : ']', "");
}

void expect_as_rapidjson_reads(const gateway::JsonDocument& document) {
  // In place: its stack, which is not needed then, adds offsets to null.
  constexpr unsigned kFlags = rapidjson::kParseInsituFlag |
                              rapidjson::kParseNumbersAsStringsFlag |
                              rapidjson::kParseValidateEncodingFlag;
  Events theirs;
  rapidjson::Reader reader;
  auto text = document.source();
  rapidjson::InsituStringStream stream(text.data());
  require(!reader.Parse<kFlags>(stream, theirs).IsError());
  Events ours;
  note(document.root(), ours);
  require(ours.seen() == theirs.seen());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto document = gateway::JsonDocument::parse(text);
  if (!document.ok()) {
    require(!document.error().message.empty());
    return 0;
  }
  require(document->source() == text);
  expect_as_rapidjson_reads(*document);
  require(walk(document->root()) == document->node_count());
  const auto again =
      gateway::JsonDocument::parse(std::string(document->root().raw()));
  require(again.ok() && again->node_count() == document->node_count());
  return 0;
}
