#include "server/commands/map_changes.h"

#include <iostream>
#include <string_view>

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

// "2 of 14 messages", "3 of 7 documents", or both.
std::string share(const map::InputCount& in, const map::InputCount& all) {
  std::string text;
  const auto add = [&text](std::size_t some, std::size_t of,
                           std::string_view what) {
    if (some == 0) return;
    text += (text.empty() ? "" : " and ") + std::to_string(some) + " of " +
            std::to_string(of) + " " + std::string(what);
  };
  add(in.messages, all.messages, "messages");
  add(in.documents, all.documents, "documents");
  return text;
}

void print_cluster(const map::MapCluster& cluster, const map::InputCount& all) {
  std::cout << "cause  ";
  if (!cluster.cause.place.empty()) std::cout << cluster.cause.place << "  ";
  std::cout << cluster.cause.text << ", in " << share(cluster.in, all) << '\n';
  for (const auto& change : cluster.changes) {
    std::cout << "  " << map::name(change.kind) << "  " << change.path
              << "  in " << share(change.in, all) << ", first "
              << change.example << '\n';
  }
}

void write_count(JsonWriter& out, const map::InputCount& in) {
  out.key("messages").integer(static_cast<long long>(in.messages));
  out.key("documents").integer(static_cast<long long>(in.documents));
}

void write_cluster(JsonWriter& out, const map::MapCluster& cluster) {
  out.begin_object()
      .member("place", cluster.cause.place)
      .member("text", cluster.cause.text);
  write_count(out, cluster.in);
  out.key("changes").begin_array();
  for (const auto& change : cluster.changes) {
    out.begin_object()
        .member("kind", map::name(change.kind))
        .member("path", change.path);
    write_count(out, change.in);
    out.member("example", change.example).end_object();
  }
  out.end_array().end_object();
}

}  // namespace

void print_diff(const MapDiff& diff) {
  for (const auto& cluster : diff.clusters) print_cluster(cluster, diff.inputs);
  for (const auto& effect : diff.effects) {
    std::cout << "effect  behind " << effect.message << ": units "
              << effect.before.units << " -> " << effect.after.units
              << ", total " << effect.before.total << " -> "
              << effect.after.total << '\n';
    for (const auto& line : effect.gone) std::cout << "  - " << line << '\n';
    for (const auto& line : effect.come) std::cout << "  + " << line << '\n';
  }
  if (diff.clusters.empty() && diff.effects.empty()) {
    std::cout << share(diff.inputs, diff.inputs) << ": no change"
              << (diff.not_billed.empty() ? "" : ", not billed") << '\n';
  }
}

std::string diff_json(const MapDiff& diff) {
  JsonWriter out;
  out.begin_object();
  write_count(out, diff.inputs);
  out.key("causes").begin_array();
  for (const auto& cluster : diff.clusters) write_cluster(out, cluster);
  out.end_array().key("effects").begin_array();
  for (const auto& effect : diff.effects) {
    out.begin_object().member("message", effect.message);
    write_billed(out, "before", effect.before, effect.gone);
    write_billed(out, "after", effect.after, effect.come);
    out.end_object();
  }
  out.end_array().member_if("notBilled", diff.not_billed);
  return out.end_object().take();
}

}  // namespace gateway::server
