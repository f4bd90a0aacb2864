// JsonWriter writes compact JSON text, member by member.

#pragma once

#include <string>
#include <string_view>

namespace gateway {

class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& string(std::string_view text);  // escaped here
  JsonWriter& boolean(bool value);
  JsonWriter& integer(long long value);
  JsonWriter& raw(std::string_view json);  // a number's text, or any JSON

  // The usual member, in one call.
  JsonWriter& member(std::string_view name, std::string_view text) {
    return key(name).string(text);
  }
  // A member that is left out when it has nothing to say: FHIR forbids "".
  JsonWriter& member_if(std::string_view name, std::string_view text) {
    return text.empty() ? *this : member(name, text);
  }

  [[nodiscard]] const std::string& text() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  void separate();
  std::string out_;
  bool needs_comma_ = false;
};

// `text` as a JSON string with its quotes.
std::string json_quoted(std::string_view text);

}  // namespace gateway
