#include "map/source_find.h"

#include <algorithm>

#include "map/text_node.h"
#include "parse/hl7v2_tree.h"

namespace gateway::map {
namespace {

// An array stands for its items. `visit` says whether to stop.
template <typename Visit>
bool each_item(Json node, Visit visit) {
  if (!node.exists()) return false;
  if (!node.is_array()) return visit(node);
  for (const auto item : node) {
    if (visit(item)) return true;
  }
  return false;
}

Json part_of(Json node, KeyId key, std::uint32_t number) {
  if (number == 0) return node;
  if (node.is_object()) return node.get(key);
  return number == 1 ? node : Json();
}

// The parts of a lone component are subcomponents: it is the field.
bool is_lone_component(Json node) {
  return node.is_object() && node.first().name().starts_with('s');
}

Json part_at(const SourcePath& path, Json node) {
  if (path.component != 1 || !is_lone_component(node)) {
    node = part_of(node, parse::component_key(path.component), path.component);
  }
  return part_of(node, parse::subcomponent_key(path.subcomponent),
                 path.subcomponent);
}

// Goes down to the segments of a path, and visits the fields of those that it
// means, until a visit says that it is enough.
template <typename Visit>
class SegmentFinder {
 public:
  SegmentFinder(const SourcePath& path, Visit visit)
      : path_(path), visit_(visit) {}

  void run(const std::vector<Json>& scopes) {
    const Json start = scopes[path_.scope];
    if (path_.anywhere) {
      find_local(start);
    } else if (path_.segment != kNoKey || !path_.groups.empty()) {
      find(start, 0);
    } else if (path_.field > 0) {
      fields_of(start);
    } else if (const Json part = part_at(path_, start); part.exists()) {
      visit_(part);
    }
  }

 private:
  bool find(Json node, std::size_t depth) {
    if (depth < path_.groups.size()) {
      const auto& step = path_.groups[depth];
      std::uint32_t number = 0;
      return each_item(node.get(step.key), [&](Json group) {
        return step.index.takes(++number) && find(group, depth + 1);
      });
    }
    if (path_.segment == kNoKey) return take(node);
    return each_item(node.get(path_.segment),
                     [&](Json segment) { return take(segment); });
  }

  // Segments of a local name in this group and all below; groups are told
  // from segments by their names, which are longer.
  bool find_local(Json node) {
    for (const auto member : node) {
      const auto name = member.name();
      bool enough = false;
      if (name == path_.local_name) {
        enough = each_item(member, [&](Json one) { return take(one); });
      } else if (name.size() > 3) {
        enough = each_item(member, [&](Json one) { return find_local(one); });
      }
      if (enough) return true;
    }
    return false;
  }

  bool take(Json segment) {
    if (!path_.last_index.takes(++count_)) return false;
    return path_.field == 0 ? visit_(segment) : fields_of(segment);
  }

  bool fields_of(Json segment) {
    std::uint32_t repetition = 0;
    return each_item(segment.get(parse::field_key(path_.field)), [&](Json one) {
      if (!path_.repetition.takes(++repetition)) return false;
      const Json part = part_at(path_, one);
      return part.exists() && visit_(part);
    });
  }

  const SourcePath& path_;
  Visit visit_;
  std::uint32_t count_ = 0;
};

}  // namespace

void find_nodes(const SourcePath& path, const std::vector<Json>& scopes,
                std::vector<Json>& found) {
  SegmentFinder(path, [&found](Json node) {
    found.push_back(node);
    return false;
  }).run(scopes);
}

void find_texts(const SourcePath& path, const std::vector<Json>& scopes,
                std::size_t most, Texts& texts) {
  SegmentFinder(path, [&texts, most](Json node) {
    const Json bearer = text_node(node);
    if (!bearer.exists()) return false;
    if (texts.count++ == 0) texts.first = bearer;
    return texts.count >= most;
  }).run(scopes);
}

bool has_text(const SourcePath& path, const std::vector<Json>& scopes,
              Chosen chosen, const std::vector<std::string>& texts) {
  bool found = false;
  SegmentFinder(path, [&](Json node) {
    const Json bearer = text_node(node);
    if (!bearer.exists()) return false;
    const bool among =
        std::find(texts.begin(), texts.end(), bearer.text()) != texts.end();
    return found = among == (chosen == Chosen::among);
  }).run(scopes);
  return found;
}

}  // namespace gateway::map
