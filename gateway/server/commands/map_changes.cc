#include "server/commands/map_changes.h"

#include <iostream>

#include "base/json_writer.h"

namespace gateway::server {
namespace {

void write_lines(JsonWriter& out, std::string_view key,
                 const std::vector<std::string>& lines) {
  out.key(key).begin_array();
  for (const auto& line : lines) out.string(line);
  out.end_array();
}

void write_billed(JsonWriter& out, std::string_view key, const Billed& billed,
                  const std::vector<std::string>& lines) {
  out.key(key).begin_object();
  out.member("units", billed.units).member("total", billed.total);
  write_lines(out, "lines", lines);
  out.end_object();
}

void print_causes(const map::MapChange& change) {
  if (change.causes.empty()) {
    std::cout << "no line and no row that the messages met is another\n";
  }
  for (const auto& cause : change.causes) {
    std::cout << "cause  ";
    if (!cause.place.empty()) std::cout << cause.place << "  ";
    std::cout << cause.text << '\n';
  }
}

}  // namespace

void print_diff(const std::vector<map::MapChange>& changes,
                const std::vector<MapEffect>& effects, std::size_t messages) {
  const std::vector<map::MapCause>* causes = nullptr;
  for (const auto& change : changes) {
    if (causes == nullptr || *causes != change.causes) print_causes(change);
    causes = &change.causes;
    std::cout << "  " << map::name(change.kind) << "  " << change.path
              << "  in " << change.messages << " of " << messages << ", first "
              << change.example << '\n';
  }
  for (const auto& effect : effects) {
    std::cout << "effect  behind " << effect.message << ": units "
              << effect.before.units << " -> " << effect.after.units
              << ", total " << effect.before.total << " -> "
              << effect.after.total << '\n';
    for (const auto& line : effect.gone) std::cout << "  - " << line << '\n';
    for (const auto& line : effect.come) std::cout << "  + " << line << '\n';
  }
  if (changes.empty() && effects.empty()) {
    std::cout << messages << " messages: no change\n";
  }
}

std::string diff_json(const std::vector<map::MapChange>& changes,
                      const std::vector<MapEffect>& effects,
                      std::size_t messages, const std::string& not_billed) {
  JsonWriter out;
  out.begin_object().key("messages").integer(static_cast<long long>(messages));
  out.key("changes").begin_array();
  for (const auto& change : changes) {
    out.begin_object()
        .member("kind", map::name(change.kind))
        .member("path", change.path);
    out.key("messages").integer(static_cast<long long>(change.messages));
    out.member("example", change.example).key("causes").begin_array();
    for (const auto& cause : change.causes) {
      out.begin_object()
          .member("place", cause.place)
          .member("text", cause.text)
          .end_object();
    }
    out.end_array().end_object();
  }
  out.end_array().key("effects").begin_array();
  for (const auto& effect : effects) {
    out.begin_object().member("message", effect.message);
    write_billed(out, "before", effect.before, effect.gone);
    write_billed(out, "after", effect.after, effect.come);
    out.end_object();
  }
  out.end_array().member_if("notBilled", not_billed);
  return out.end_object().take();
}

}  // namespace gateway::server
