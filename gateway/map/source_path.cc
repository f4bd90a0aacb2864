#include "map/source_path.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "map/suggestion.h"
#include "parse/hl7v2_fields.h"
#include "parse/hl7v2_tree.h"
#include "parse/hl7v2_types.h"

namespace gateway::map {
namespace {

using parse::Hl7v2Element;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_upper(c) || is_digit(c) || (c >= 'a' && c <= 'z') || c == '_';
}

// Reads the parts of a path from left to right.
class PathReader {
 public:
  explicit PathReader(std::string_view text) : text_(text) {}

  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  // 0 if there is no number, or one that no place can have.
  std::uint32_t number() {
    std::uint32_t value = 0;
    constexpr std::uint32_t kMost = 99'999;
    const std::size_t start = at_;
    while (at_ < text_.size() && is_digit(text_[at_]) && value < kMost) {
      value = value * 10 + static_cast<std::uint32_t>(text_[at_] - '0');
      ++at_;
    }
    return at_ == start ? 0 : value;
  }
  // [2] or [2..]; all if there is none, and nothing is taken then.
  SourceIndex index() {
    const std::size_t start = at_;
    if (take('[')) {
      const auto first = number();
      const bool and_later = take('.') && take('.');
      if (first > 0 && take(']')) return {first, and_later};
    }
    at_ = start;
    return {};
  }
  // A name in capitals: PID, ZWC, INSURANCE.
  std::string_view name() {
    const std::size_t start = at_;
    while (at_ < text_.size() &&
           (is_upper(text_[at_]) || (at_ > start && is_digit(text_[at_])))) {
      ++at_;
    }
    return text_.substr(start, at_ - start);
  }
  // .3 before another digit than those; 0 if there is none.
  std::uint32_t part() {
    const std::size_t start = at_;
    if (take('.')) {
      if (const auto value = number(); value > 0) return value;
    }
    at_ = start;
    return 0;
  }
  [[nodiscard]] std::size_t at() const { return at_; }
  void go_to(std::size_t at) { at_ = at; }
  [[nodiscard]] char next() const {
    return at_ < text_.size() ? text_[at_] : '\0';
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// The parts as written, before they are looked up.
struct Written {
  std::vector<std::string_view> names;  // groups, then perhaps a segment
  std::vector<SourceIndex> indexes;     // of these
  SourcePath numbers;
};

bool read_path(PathReader& in, Written& written) {
  auto& path = written.numbers;
  if (in.next() == '.') {
    path.component = in.part();
    path.subcomponent = in.part();
    return path.component > 0;
  }
  while (true) {
    const auto name = in.name();
    if (name.size() < 3) return false;
    written.names.push_back(name);
    written.indexes.push_back(in.index());
    const std::size_t end = in.at();
    if (in.take('.') && is_upper(in.next())) continue;
    in.go_to(end);
    break;
  }
  path.last_index = std::exchange(written.indexes.back(), {});
  const std::size_t end = in.at();
  if (!in.take('-')) return true;
  path.field = in.number();
  if (path.field == 0) {
    in.go_to(end);
    return true;
  }
  path.repetition = in.index();
  path.component = in.part();
  if (path.component > 0) path.subcomponent = in.part();
  return true;
}

// Ways down from an element to members of a name, shallowest first. A segment
// of a certain code is found from its own group only: to all others the name
// means the segment whatever it says.
struct Way {
  std::vector<const Hl7v2Element*> steps;  // the last one is the target
};

void find_ways(const Hl7v2Element& from, std::string_view name,
               std::vector<const Hl7v2Element*>& steps,
               std::vector<Way>& ways) {
  for (const auto& member : from.members) {
    steps.push_back(&member);
    const bool is_near = member.code.empty() || steps.size() == 1;
    if (member.name == name && is_near) ways.push_back({steps});
    find_ways(member, name, steps, ways);
    steps.pop_back();
  }
}

// The shallowest way; members that stand in two places of one group (ROL in
// ADT, TIMING in REF) are one way.
std::optional<Way> shallowest(const Hl7v2Element& from, std::string_view name,
                              bool& ambiguous) {
  std::vector<const Hl7v2Element*> steps;
  std::vector<Way> ways;
  find_ways(from, name, steps, ways);
  std::stable_sort(ways.begin(), ways.end(), [](const auto& a, const auto& b) {
    return a.steps.size() < b.steps.size();
  });
  if (ways.empty()) return std::nullopt;
  for (std::size_t i = 1; i < ways.size(); ++i) {
    const auto& first = ways[0].steps;
    const auto& other = ways[i].steps;
    const bool same_group =
        std::equal(first.begin(), first.end() - 1, other.begin(),
                   other.end() - 1, [](const auto* one, const auto* another) {
                     return one->name == another->name;
                   });
    if (first.size() == other.size() && !same_group) ambiguous = true;
  }
  return ways.front();
}

void collect_names(const Hl7v2Element& element,
                   std::vector<std::string_view>& names) {
  for (const auto& member : element.members) {
    names.push_back(member.name);
    collect_names(member, names);
  }
}

Error unknown_name(std::string_view name, const Scopes& scopes) {
  std::vector<std::string_view> names;
  for (const auto& scope : scopes) {
    if (scope.kind == Scope::Kind::group) collect_names(*scope.element, names);
  }
  // Nothing within a document is a segment, whatever is wrong around it.
  const auto* whole = scopes.front().element;
  return {ErrorCode::invalid,
          (whole == nullptr ? std::string("a document") : whole->name) +
              " has no " + std::string(name) + " here" +
              suggestion(name, names)};
}

class Resolver {
 public:
  explicit Resolver(const Scopes& scopes) : scopes_(scopes) {}

  Result<ResolvedPath> resolve(std::string_view text) {
    PathReader in(text);
    Written written;
    if (!read_path(in, written) || in.at() != text.size()) {
      return Error{ErrorCode::invalid,
                   "\"" + std::string(text) + "\" is no HL7 v2 path"};
    }
    path_ = written.numbers;
    path_.text = text;
    if (written.names.empty()) return component_of_scope();
    return place(written);
  }

 private:
  Result<ResolvedPath> component_of_scope() {
    path_.scope = static_cast<std::uint32_t>(scopes_.size() - 1);
    const auto kind = scopes_.back().kind;
    const auto type = scopes_.back().type;
    if (kind == Scope::Kind::component && path_.subcomponent == 0) {
      if (auto error = beyond(type, path_.component)) return *std::move(error);
      std::swap(path_.component, path_.subcomponent);
      return ResolvedPath{path_, {kind, nullptr}};
    }
    if (kind != Scope::Kind::field) {
      return Error{ErrorCode::invalid,
                   "\"" + path_.text +
                       "\" needs a field to be a component of: write $from or "
                       "$each with a field around it"};
    }
    return part_of_field(type);
  }

  // The parts of a path behind a field of that type.
  Result<ResolvedPath> part_of_field(std::string_view type) {
    if (auto error = beyond(type, path_.component)) return *std::move(error);
    if (path_.component == 0) {
      return ResolvedPath{path_, {Scope::Kind::field, nullptr, nullptr, type}};
    }
    const auto part = parse::component_type(type, path_.component);
    if (auto error = beyond(part, path_.subcomponent)) {
      return *std::move(error);
    }
    const auto inner = path_.subcomponent == 0 ? part : std::string_view();
    return ResolvedPath{path_,
                        {Scope::Kind::component, nullptr, nullptr, inner}};
  }

  // No version has that part, so that nothing could ever be found there.
  [[nodiscard]] std::optional<Error> beyond(std::string_view type,
                                            std::uint32_t number) const {
    const auto most = parse::component_count(type);
    if (most == 0 || number <= most) return std::nullopt;
    const auto parts = most == 1 ? std::string("no parts")
                                 : "only parts 1 to " + std::to_string(most);
    return Error{ErrorCode::invalid, "\"" + path_.text + "\" has no part " +
                                         std::to_string(number) + ": " +
                                         std::string(type) + " has " + parts +
                                         " in any version up to 2.8"};
  }

  Result<ResolvedPath> place(const Written& written) {
    const auto& names = written.names;
    for (std::size_t i = scopes_.size(); i-- > 0;) {
      const auto& scope = scopes_[i];
      if (scope.element == nullptr) continue;
      path_.scope = static_cast<std::uint32_t>(i);
      if (names.size() == 1 && scope.element->name == names[0]) {
        return finish(*scope.element);
      }
      if (scope.kind != Scope::Kind::group) continue;
      bool ambiguous = false;
      const auto* target = descend(*scope.element, written, ambiguous);
      if (target == nullptr) continue;
      if (ambiguous) {
        return Error{ErrorCode::invalid,
                     "\"" + path_.text +
                         "\" could mean several groups: write the group "
                         "before it, as in GROUP." +
                         path_.text};
      }
      return finish(*target);
    }
    // A Z segment, or one that senders put where their version has none.
    if (names.size() == 1 && names[0].size() == 3 &&
        (names[0][0] == 'Z' || parse::field_count(names[0]) > 0)) {
      return local_segment(names[0]);
    }
    return unknown_name(unknown_of(names), scopes_);
  }

  // The first of the names that is nowhere, else the last.
  [[nodiscard]] std::string_view unknown_of(
      const std::vector<std::string_view>& names) const {
    std::vector<std::string_view> known;
    for (const auto& scope : scopes_) {
      if (scope.kind == Scope::Kind::group) {
        known.push_back(scope.element->name);
        collect_names(*scope.element, known);
      }
    }
    const auto it =
        std::find_if(names.begin(), names.end(), [&known](const auto& name) {
          return std::find(known.begin(), known.end(), name) == known.end();
        });
    return it == names.end() ? names.back() : *it;
  }

  const Hl7v2Element* descend(const Hl7v2Element& from, const Written& written,
                              bool& ambiguous) {
    path_.groups.clear();
    path_.segment = kNoKey;
    const Hl7v2Element* at = &from;
    for (std::size_t i = 0; i < written.names.size(); ++i) {
      const auto way = shallowest(*at, written.names[i], ambiguous);
      if (!way) return nullptr;
      for (const auto* step : way->steps) add_step(*step);
      at = way->steps.back();
      if (at->is_group()) path_.groups.back().index = written.indexes[i];
    }
    return at;
  }

  void add_step(const Hl7v2Element& step) {
    const auto key = parse::hl7v2_keys().find(step.name);
    if (step.is_group()) {
      path_.groups.push_back({key});
    } else {
      path_.segment = key;
    }
  }

  Result<ResolvedPath> local_segment(std::string_view name) {
    path_.scope = 0;
    path_.anywhere = true;
    path_.groups.clear();
    path_.local_name = name;
    if (path_.field == 0) {
      return ResolvedPath{path_, {Scope::Kind::segment, nullptr}};
    }
    return part_of_field(parse::widest_type(name, path_.field));
  }

  Result<ResolvedPath> finish(const Hl7v2Element& target) {
    if (target.is_group()) {
      if (path_.field > 0) {
        return Error{ErrorCode::invalid, target.name +
                                             " is a group and has no fields: "
                                             "write a segment behind it"};
      }
      return ResolvedPath{path_, {Scope::Kind::group, &target}};
    }
    if (path_.field == 0) {
      return ResolvedPath{path_, {Scope::Kind::segment, &target}};
    }
    if (const auto most = parse::field_count(target.name);
        most > 0 && path_.field > most) {
      return Error{ErrorCode::invalid, target.name + " has only " +
                                           std::to_string(most) +
                                           " fields in any version up to 2.8"};
    }
    return part_of_field(parse::widest_type(target.name, path_.field));
  }

  const Scopes& scopes_;
  SourcePath path_;
};

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

std::size_t path_length(std::string_view text) {
  PathReader in(text);
  Written written;
  if (!read_path(in, written)) return 0;
  return is_word(in.next()) || in.next() == '(' ? 0 : in.at();
}

Result<ResolvedPath> resolve(std::string_view text, const Scopes& scopes) {
  return Resolver(scopes).resolve(text);
}

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
