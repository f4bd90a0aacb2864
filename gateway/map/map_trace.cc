#include "map/map_trace.h"

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "fhir/nearest.h"
#include "fhir/outcome.h"
#include "map/source_place.h"

namespace gateway::map {
namespace {

// "name[0].family" without "[0]".
std::string without_indexes(std::string_view path) {
  std::string out;
  bool inside = false;
  for (const char c : path) {
    if (c == '[') inside = true;
    if (!inside) out += c;
    if (c == ']') inside = false;
  }
  return out;
}

bool is_below(std::string_view path, std::string_view wanted) {
  if (wanted.empty()) return true;
  const bool exact = wanted.find('[') != std::string_view::npos;
  const auto found = exact ? std::string(path) : without_indexes(path);
  if (!found.starts_with(wanted)) return false;
  return found.size() == wanted.size() || found[wanted.size()] == '.' ||
         found[wanted.size()] == '[';
}

// The innermost node that begins at or behind `begin` and ends by `end`.
Json node_at(Json node, std::uint32_t begin, std::uint32_t end) {
  for (const auto child : node) {
    const auto span = child.span();
    if (span.begin >= begin && span.end <= end) return child;
    if (span.begin <= begin && span.end >= end) {
      return node_at(child, begin, end);
    }
  }
  return {};
}

// Path within its resource: "Patient.name[0].family".
std::string result_path(Json node, Json bundle) {
  for (const auto entry : bundle.get("entry")) {
    const auto resource = entry.get("resource");
    const auto span = resource.span();
    if (node.span().begin < span.begin || node.span().end > span.end) continue;
    const auto whole = fhir::fhirpath_of(node);
    const auto prefix = fhir::fhirpath_of(resource);
    return std::string(resource.get("resourceType").text()) +
           whole.substr(std::min(prefix.size(), whole.size()));
  }
  return {};
}

void collect_rules(const Rule& rule, std::vector<const Rule*>& rules) {
  rules.push_back(&rule);
  for (const auto& member : rule.members) collect_rules(member, rules);
}

void collect_rules(const Emission& emission, std::vector<const Rule*>& rules) {
  collect_rules(emission.body, rules);
  for (const auto& inner : emission.inner) collect_rules(inner, rules);
}

std::vector<TraceLine::Read> reads_of(const MapOutput& output,
                                      const Lineage& one, Json source) {
  std::vector<TraceLine::Read> reads;
  if (one.reading == 0) return reads;
  for (const auto span : output.readings[one.reading - 1]) {
    const bool known =
        span == one.source ||
        std::any_of(reads.begin(), reads.end(),
                    [&](const auto& read) { return read.bytes == span; });
    if (!known) reads.push_back({source_path_at(source, span), span});
  }
  return reads;
}

std::string reason(const Rule& rule, Silence why) {
  const auto& from = rule.from.exists() ? rule.from.text() : rule.each.text();
  switch (why) {
    case Silence::condition:
      return "its condition does not hold: " + rule.when.text();
    case Silence::missing:
      return from.empty() ? std::string("nothing below it has a value")
                          : from + " has no value";
    case Silence::unmapped:
      return "the code in " + from + " is not in the table";
    case Silence::invalid:
      return "the value in " + from + " cannot be read";
    case Silence::taken_back:
      return "a later part of the message takes it back";
  }
  return {};
}

bool concerns(const Rule& rule, const std::string& wanted) {
  return is_below(rule.path, wanted) || wanted.starts_with(rule.path + ".");
}

// Where no rule was silent: nobody was asked to write it.
SilentLine not_asked(const MapLibrary& library,
                     const std::vector<const Rule*>& rules,
                     const std::string& wanted) {
  std::vector<std::string_view> paths;
  for (const auto* rule : rules) {
    if (rule->has_values && is_below(rule->path, wanted)) {
      return {library.exact_text_of(rule->place), rule->path,
              "its rule did not run: the message has nothing that its resource "
              "is made from"};
    }
    paths.push_back(rule->path);
  }
  const auto near = fhir::nearest(wanted, paths);
  return {"", wanted,
          "no rule of the map writes it" +
              (near.empty() ? std::string()
                            : "; did you mean " + std::string(near) + "?")};
}

}  // namespace

std::vector<TraceLine> trace(const MapLibrary& library, const MapOutput& output,
                             Json source, std::string_view path) {
  std::vector<TraceLine> lines;
  const auto bundle = JsonDocument::parse(output.bundle);
  if (!bundle) return lines;
  for (const auto& one : output.lineage) {
    const auto node = node_at(bundle->root(), one.begin, one.end);
    if (!node.exists()) continue;
    const auto result = result_path(node, bundle->root());
    if (result.empty() || !is_below(result, path)) continue;
    if (node.name() == "resourceType") continue;
    TraceLine line{.result = result,
                   .value = std::string(node.raw()),
                   .source = {},
                   .bytes = one.source,
                   .reads = reads_of(output, one, source),
                   .rule = library.text_of(one.place)};
    if (one.source.end > one.source.begin) {
      line.source = source_path_at(source, one.source);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string text_of(const std::vector<TraceLine>& lines) {
  const auto bytes = [](const ByteSpan& span) {
    return " bytes " + std::to_string(span.begin) + "-" +
           std::to_string(span.end);
  };
  std::string text;
  for (const auto& line : lines) {
    text += line.result + " = " + line.value + "\n    ";
    text += !line.source.empty() ? line.source + bytes(line.bytes)
            : line.reads.empty() ? "(text of the map)"
                                 : "(computed)";
    text += ", " + line.rule + "\n";
    for (const auto& read : line.reads) {
      text += "    from " + read.source + bytes(read.bytes) + "\n";
    }
  }
  return text;
}

std::string json_of(const std::vector<TraceLine>& lines) {
  JsonWriter out;
  const auto span = [&out](const ByteSpan& bytes) {
    out.key("span").begin_array().integer(bytes.begin);
    out.integer(bytes.end).end_array();
  };
  out.begin_array();
  for (const auto& line : lines) {
    out.begin_object()
        .member("result", line.result)
        .key("value")
        .raw(line.value)
        .member_if("source", line.source);
    span(line.bytes);
    if (!line.reads.empty()) {
      out.key("reads").begin_array();
      for (const auto& read : line.reads) {
        out.begin_object().member("source", read.source);
        span(read.bytes);
        out.end_object();
      }
      out.end_array();
    }
    out.member("rule", line.rule).end_object();
  }
  return out.end_array().take() + "\n";
}

std::vector<SilentLine> why_not(const MapLibrary& library,
                                const CheckedMap& map, const MapOutput& output,
                                Json source, std::string_view path) {
  std::vector<const Rule*> rules;
  for (const auto& emission : map.emissions) collect_rules(emission, rules);
  // What was written comes first: of a list some items may be there, and
  // others not.
  std::vector<SilentLine> lines;
  for (const auto& line : trace(library, output, source, path)) {
    lines.push_back({line.rule, line.result, "it was written: " + line.value});
  }
  const auto wanted = without_indexes(path);
  for (const auto& silent : output.silences) {
    const auto it =
        std::find_if(rules.begin(), rules.end(),
                     [&](const Rule* rule) { return rule->id == silent.rule; });
    if (it == rules.end()) continue;
    const auto& rule = **it;
    if (!concerns(rule, wanted)) continue;
    SilentLine line{library.exact_text_of(rule.place), rule.path,
                    reason(rule, silent.why)};
    const bool told =
        std::any_of(lines.begin(), lines.end(), [&line](const SilentLine& one) {
          return one.rule == line.rule && one.text == line.text;
        });
    if (!told) lines.push_back(std::move(line));
  }
  if (lines.empty()) lines.push_back(not_asked(library, rules, wanted));
  return lines;
}

}  // namespace gateway::map
