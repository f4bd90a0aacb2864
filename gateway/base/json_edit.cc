#include "base/json_edit.h"

#include <algorithm>

#include "base/json_writer.h"

namespace gateway {
namespace {

void append_canonical(std::string& out, Json value,
                      const std::vector<std::string_view>& except) {
  if (value.is_array()) {
    char before = '[';
    for (const Json item : value) {
      out += before;
      append_canonical(out, item, {});
      before = ',';
    }
    out += before == '[' ? "[]" : "]";
    return;
  }
  if (!value.is_object()) {
    out += value.is_string() ? json_quoted(value.text())
                             : std::string(value.text());
    return;
  }
  std::vector<Json> members;
  for (const Json member : value) {
    if (std::find(except.begin(), except.end(), member.name()) ==
        except.end()) {
      members.push_back(member);
    }
  }
  std::sort(members.begin(), members.end(),
            [](Json a, Json b) { return a.name() < b.name(); });
  char before = '{';
  for (const Json member : members) {
    out += before;
    out += json_quoted(member.name());
    out += ':';
    append_canonical(out, member, {});
    before = ',';
  }
  out += before == '{' ? "{}" : "}";
}

}  // namespace

std::string edited(std::string_view source, std::vector<TextEdit> edits) {
  std::stable_sort(edits.begin(), edits.end(),
                   [](const TextEdit& a, const TextEdit& b) {
                     return a.span.begin < b.span.begin;
                   });
  std::string out;
  out.reserve(source.size() + 128);
  std::size_t done = 0;
  for (const auto& [span, replacement] : edits) {
    out += source.substr(done, span.begin - done);
    out += replacement;
    done = span.end;
  }
  return out += source.substr(done);
}

TextEdit set_member(Json object, std::string_view name,
                    std::string_view value) {
  const Json member = object.get(name);
  if (member.exists()) return {member.span(), std::string(value)};
  const Json first = object.first();
  const auto text = json_quoted(name) + ":" + std::string(value);
  if (first.exists()) {
    return {{first.span().end, first.span().end}, "," + text};
  }
  const auto inside = object.span().begin + 1;
  return {{inside, inside}, text};
}

std::string canonical_json(Json value,
                           const std::vector<std::string_view>& except) {
  std::string out;
  append_canonical(out, value, except);
  return out;
}

}  // namespace gateway
