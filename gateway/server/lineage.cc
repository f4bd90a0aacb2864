#include "server/lineage.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "map/map_case.h"
#include "map/map_trace.h"

namespace gateway::server {
namespace {

// "…/map/REF_I12|hash" of meta.source.
struct MadeBy {
  std::string map;   // name
  std::string hash;  // of the maps
};

std::optional<MadeBy> made_by(Json resource) {
  const auto source = resource.find("meta.source").text();
  const auto name = source.find("/map/");
  const auto hash = source.rfind('|');
  if (name == std::string_view::npos || hash == std::string_view::npos ||
      hash < name) {
    return std::nullopt;
  }
  constexpr std::size_t kBefore = 5;  // "/map/"
  return MadeBy{
      std::string(source.substr(name + kBefore, hash - name - kBefore)),
      std::string(source.substr(hash + 1))};
}

map::SharedMapSet maps_of(const std::string& hash, const Editions& editions) {
  const auto state = editions.state();
  if (state.current->maps->hash == hash) return state.current->maps;
  for (const auto& edition : state.earlier) {
    if (edition->maps->hash == hash) return edition->maps;
  }
  return nullptr;
}

// How many members of two resources have the same text.
std::size_t likeness(Json mapped, Json stored) {
  std::size_t same = 0;
  for (const Json member : mapped) {
    if (stored.get(member.name()).raw() == member.raw()) ++same;
  }
  return same;
}

// What became `stored`.
struct Mapped {
  SharedDocument source;
  map::MapOutput output{};
  SharedDocument bundle{};
  Json resource{};
  std::size_t likeness = 0;
};

// Takes the entry of the bundle that is of its type and more like it than what
// `mapped` has, since only references were rewritten.
void take_likest(const map::Mappable& ready, map::MapOutput output, Json stored,
                 Mapped& mapped) {
  const auto bundle = parse_shared(output.bundle);
  if (!bundle) return;
  Json best;
  for (const Json entry : (*bundle)->root().get("entry")) {
    const Json resource = entry.get("resource");
    if (resource.get("resourceType").text() !=
        stored.get("resourceType").text()) {
      continue;
    }
    const auto same = likeness(resource, stored);
    if (same <= mapped.likeness) continue;
    mapped.likeness = same;
    best = resource;
  }
  if (!best.exists()) return;
  mapped.resource = best;
  mapped.source = ready.source;
  mapped.output = std::move(output);
  mapped.bundle = *bundle;
}

// Whichever number of the patient came first then.
Mapped mapped_as(const store::StoredMessage& message, const MadeBy& made,
                 Json stored, const map::MapSet& maps) {
  Mapped mapped;
  std::uint32_t count = 1;
  for (std::uint32_t first = 0; first < count; ++first) {
    const auto ready =
        map::mappable(maps, message.message.content, true, made.map, first);
    if (!ready) break;
    constexpr std::uint32_t kMostNumbers = 8;
    count = std::min(ready->patient_numbers, kMostNumbers);
    auto output = map::run(*maps.library, *ready->map, ready->source->root(),
                           {.overlay = &maps.overlay(message.message.owner)});
    take_likest(*ready, std::move(output), stored, mapped);
  }
  return mapped;
}

// "name" of "Patient.name[0].family".
std::string_view element_of(std::string_view path) {
  path.remove_prefix(std::min(path.find('.') + 1, path.size()));
  return path.substr(0, path.find_first_of(".["));
}

// Where `maps` are not those that made it, only what they say as it is stored.
std::vector<map::TraceLine> values_of(const store::StoredMessage& message,
                                      const MadeBy& made, Json stored,
                                      const map::MapSet& maps) {
  auto mapped = mapped_as(message, made, stored, maps);
  const Json resource = mapped.resource;
  if (!resource.exists()) return {};
  const auto span = resource.span();
  std::erase_if(mapped.output.lineage, [&](const map::Lineage& one) {
    return one.begin < span.begin || one.end > span.end;
  });
  auto lines = map::trace(*maps.library, mapped.output, mapped.source->root());
  if (maps.hash != made.hash) {
    std::erase_if(lines, [&](const map::TraceLine& line) {
      const auto element = element_of(line.result);
      return stored.get(element).raw() != resource.get(element).raw();
    });
  }
  return lines;
}

void write_number(JsonWriter& out, std::string_view name, long long value) {
  out.begin_object().member("name", name).key("valueInteger").integer(value);
  out.end_object();
}

void write_value(JsonWriter& out, const map::TraceLine& value) {
  out.begin_object().member("name", "value").key("part").begin_array();
  write_text(out, "element", value.result);
  write_text(out, "field", value.source);
  write_number(out, "begin", value.bytes.begin);
  write_number(out, "end", value.bytes.end);
  write_text(out, "line", value.rule);
  out.end_array().end_object();
}

// Collects parameters, as the members of an array.
class LineageWriter {
 public:
  LineageWriter(const std::string& owner, const Parts& parts)
      : owner_(owner), parts_(parts) {
    out_.begin_array();
  }

  // Nothing if the resource did not come as HL7 v2.
  void add(std::string_view reference);
  // The bytes are there no more: which message it was, and since when.
  void add_pruned(std::string_view reference, store::Sequence message,
                  const MadeBy& made);
  // "[...]"
  std::string take() { return out_.end_array().take(); }

 private:
  struct Explained {
    std::string_view reference;
    Json resource;                     // as it is asked for
    std::set<std::string> elements{};  // that a message explains already
    bool has_begun = false;
  };
  // What the message of that version says of it as it is asked for.
  void add_version(const store::StoredResource& stored, Explained& explained);
  void begin(std::string_view reference, const store::StoredMessage& message,
             const MadeBy& made);
  // Whether it is what we emitted: no message says it.
  [[nodiscard]] bool is_outward(const std::string& map) const {
    const auto edition = parts_.editions.current();
    const auto* known = edition->maps->library->find(map);
    return known != nullptr && known->document != nullptr;
  }

  const std::string& owner_;
  const Parts& parts_;
  JsonWriter out_;
};

void LineageWriter::add(std::string_view reference) {
  const auto input = fhir::parse_reference(reference);
  if (!input) return;
  const auto stored = parts_.store.read(store::Scope::of(owner_), input->target,
                                        input->version);
  if (!stored || !*stored) return;
  const auto document = JsonDocument::parse((*stored)->body);
  if (!document) return;
  Explained explained{.reference = reference, .resource = document->root()};
  add_version(**stored, explained);
  // What a change left as it was, an earlier message said.
  constexpr std::uint32_t kMostVersions = 20;
  const auto last = (*stored)->version;
  const auto oldest = last > kMostVersions ? last - kMostVersions : 0;
  for (auto version = last - 1; version > oldest; --version) {
    if (explained.elements.size() >= document->root().size()) return;
    const auto earlier =
        parts_.store.read(store::Scope::of(owner_), input->target, version);
    if (earlier && *earlier) add_version(**earlier, explained);
  }
}

void LineageWriter::add_version(const store::StoredResource& stored,
                                Explained& explained) {
  const auto document = JsonDocument::parse(stored.body);
  if (!document) return;
  const Json resource = document->root();
  const auto made = made_by(resource);
  if (!made || is_outward(made->map)) return;
  const bool is_first = !std::exchange(explained.has_begun, true);
  const auto message =
      parts_.store.message(store::Scope::all(), stored.sequence);
  if (!message) return;
  if (!*message) {
    if (is_first) add_pruned(explained.reference, stored.sequence, *made);
    return;
  }
  auto maps = maps_of(made->hash, parts_.editions);
  const bool are_gone = maps == nullptr;
  if (are_gone) maps = parts_.editions.current()->maps;
  auto values = values_of(**message, *made, resource, *maps);
  std::erase_if(values, [&](const map::TraceLine& value) {
    const std::string element(element_of(value.result));
    return value.source.empty() || explained.elements.contains(element) ||
           explained.resource.get(element).raw() != resource.get(element).raw();
  });
  if (values.empty() && !is_first) return;
  begin(explained.reference, **message, *made);
  if (are_gone) write_text(out_, "mapNow", made->map + "|" + maps->hash);
  for (const auto& value : values) {
    write_value(out_, value);
    explained.elements.emplace(element_of(value.result));
  }
  out_.end_array().end_object();
}

void LineageWriter::begin(std::string_view reference,
                          const store::StoredMessage& message,
                          const MadeBy& made) {
  out_.begin_object().member("name", "lineage").key("part").begin_array();
  out_.begin_object().member("name", "input").key("valueReference");
  out_.begin_object().member("reference", reference).end_object();
  out_.end_object();
  write_number(out_, "message", message.sequence);
  write_text(out_, "controlId", message.message.control_id);
  write_text(out_, "map", made.map + "|" + made.hash);
}

void LineageWriter::add_pruned(std::string_view reference,
                               store::Sequence message, const MadeBy& made) {
  const auto at = parts_.store.pruned_at(store::Scope::all(), message);
  if (!at || !*at) return;
  begin(reference, {.sequence = message}, made);
  out_.begin_object().member("name", "pruned");
  out_.member("valueInstant", utc_text(**at)).end_object();
  out_.end_array().end_object();
}

}  // namespace

void write_text(JsonWriter& out, std::string_view name,
                std::string_view value) {
  if (value.empty()) return;
  out.begin_object().member("name", name).member("valueString", value);
  out.end_object();
}

std::string with_lineage(const std::string& parameters,
                         const std::string& owner, const Parts& parts) {
  const auto document = JsonDocument::parse(parameters);
  if (!document) return parameters;
  LineageWriter lineage(owner, parts);
  const Json array = document->root().get("parameter");
  for (const Json parameter : array) {
    if (parameter.get("name").text() != "input") continue;
    lineage.add(parameter.find("valueReference.reference").text());
  }
  return with_parameters(parameters, lineage.take());
}

std::string with_parameters(const std::string& parameters,
                            std::string_view added) {
  const auto document = JsonDocument::parse(parameters);
  const std::string members(added.substr(1, added.size() - 2));
  if (!document || members.empty()) return parameters;
  const Json array = document->root().get("parameter");
  auto text = parameters;
  text.insert(array.span().end - 1, (array.size() > 0 ? "," : "") + members);
  return text;
}

}  // namespace gateway::server
