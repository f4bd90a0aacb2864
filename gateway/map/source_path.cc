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
      const bool and_later = take('.');
      const bool complete = !and_later || take('.');  // [2.] is a slip
      if (first > 0 && complete && take(']')) return {first, and_later};
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

using Names = std::vector<std::string_view>;

// The shallowest way; members that stand in two places of one group (ROL in
// ADT, TIMING in REF) are one way. Of several the groups that they begin with.
std::optional<Way> shallowest(const Hl7v2Element& from, std::string_view name,
                              Names& groups) {
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
    if (first.size() != other.size() || same_group) continue;
    if (groups.empty()) groups.push_back(first.front()->name);
    groups.push_back(other.front()->name);
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
  // It may be there, and only not where it is looked for.
  names.erase(std::remove(names.begin(), names.end(), name), names.end());
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
      Names groups;
      const auto* target = descend(*scope.element, written, groups);
      if (target == nullptr) continue;
      if (!groups.empty()) return several(groups);
      return finish(*target);
    }
    // A Z segment, or one that senders put where their version has none.
    if (names.size() == 1 && names[0].size() == 3 &&
        (names[0][0] == 'Z' || parse::field_count(names[0]) > 0)) {
      return local_segment(names[0]);
    }
    return unknown_name(unknown_of(names), scopes_);
  }

  [[nodiscard]] Error several(const Names& groups) const {
    std::string all;
    for (const auto group : groups) {
      all += (all.empty() ? "" : ", ") + std::string(group) + "." + path_.text;
    }
    return {ErrorCode::invalid,
            "\"" + path_.text + "\" could mean several: write which of " + all};
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
                              Names& groups) {
    path_.groups.clear();
    path_.segment = kNoKey;
    const Hl7v2Element* at = &from;
    for (std::size_t i = 0; i < written.names.size(); ++i) {
      const auto way = shallowest(*at, written.names[i], groups);
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

}  // namespace gateway::map
