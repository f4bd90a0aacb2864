#include "fhir/element_list.h"

#include <algorithm>
#include <array>

namespace gateway::fhir {
namespace {

ListedElement listed(Json element) {
  ListedElement made;
  made.id = element.get("id").text();
  made.path = element.get("path").text();
  for (const Json member : element) {
    if (member.name() == "id" || member.name() == "path") continue;
    made.members.emplace_back(std::string(member.name()),
                              std::string(member.raw()));
  }
  return made;
}

// "a.b" lies under "a", and so do "a.b:x" and "a.b.c"; "a:x" does not.
bool is_under(std::string_view id, std::string_view parent) {
  return id.size() > parent.size() && id.starts_with(parent) &&
         id[parent.size()] == '.';
}

// "a:x", "a:x.b" and "a/y" are slices of "a", or under them.
bool is_slice_of(std::string_view id, std::string_view sliced) {
  return id.size() > sliced.size() && id.starts_with(sliced) &&
         (id[sliced.size()] == ':' || id[sliced.size()] == '/');
}

Json parsed(const std::string& text, SharedDocument& keep) {
  auto document = parse_shared(text);
  if (!document.ok()) return {};
  keep = *std::move(document);
  return keep->root();
}

// Constraints of both; one with a known key takes its place.
std::string joined_constraints(std::string_view base, Json added) {
  SharedDocument keep;
  const Json known = parsed(std::string(base), keep);
  JsonWriter out;
  out.begin_array();
  for (const Json constraint : known) {
    bool replaced = false;
    for (const Json other : added) {
      replaced |= other.get("key").text() == constraint.get("key").text();
    }
    if (!replaced) out.raw(constraint.raw());
  }
  for (const Json constraint : added) out.raw(constraint.raw());
  out.end_array();
  return out.take();
}

// Members of both objects; the later one's count.
std::string joined_members(std::string_view base, Json later) {
  SharedDocument keep;
  const Json known = parsed(std::string(base), keep);
  JsonWriter out;
  out.begin_object();
  for (const Json member : known) {
    if (!later.get(member.name()).exists()) {
      out.key(member.name()).raw(member.raw());
    }
  }
  for (const Json member : later) out.key(member.name()).raw(member.raw());
  out.end_object();
  return out.take();
}

}  // namespace

std::string_view ListedElement::get(std::string_view name) const {
  for (const auto& [key, value] : members) {
    if (key == name) return value;
  }
  return {};
}

void ListedElement::set(std::string_view name, std::string json) {
  for (auto& [key, value] : members) {
    if (key != name) continue;
    value = std::move(json);
    return;
  }
  members.emplace_back(std::string(name), std::move(json));
}

void ListedElement::remove(std::string_view name) {
  std::erase_if(members,
                [name](const auto& member) { return member.first == name; });
}

ElementList ElementList::of(Json elements) {
  ElementList list;
  for (const Json element : elements) list.elements_.push_back(listed(element));
  return list;
}

std::size_t ElementList::find(std::string_view id) const {
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    if (elements_[i].id == id) return i;
  }
  return kNowhere;
}

std::size_t ElementList::subtree_end(std::size_t at) const {
  auto end = at + 1;
  while (end < elements_.size() &&
         is_under(elements_[end].id, elements_[at].id)) {
    ++end;
  }
  return end;
}

std::size_t ElementList::slices_end(std::size_t at) const {
  auto end = at + 1;
  while (end < elements_.size() &&
         (is_under(elements_[end].id, elements_[at].id) ||
          is_slice_of(elements_[end].id, elements_[at].id))) {
    ++end;
  }
  return end;
}

void ElementList::insert(std::size_t at, std::vector<ListedElement> elements) {
  elements_.insert(elements_.begin() + static_cast<std::ptrdiff_t>(at),
                   std::make_move_iterator(elements.begin()),
                   std::make_move_iterator(elements.end()));
}

void ElementList::write(JsonWriter& out) const {
  out.begin_array();
  for (const auto& element : elements_) {
    out.begin_object().member("id", element.id).member("path", element.path);
    for (const auto& [name, json] : element.members) out.key(name).raw(json);
    out.end_object();
  }
  out.end_array();
}

std::vector<ListedElement> moved(const ElementList& list, std::size_t from,
                                 std::size_t to, const ListedElement& parent,
                                 const ListedElement& old_parent) {
  std::vector<ListedElement> copies;
  for (auto i = from; i < to; ++i) {
    auto copy = list[i];
    copy.id = parent.id + copy.id.substr(old_parent.id.size());
    copy.path = parent.path + copy.path.substr(old_parent.path.size());
    copies.push_back(std::move(copy));
  }
  return copies;
}

void merge(ListedElement& element, Json differential) {
  for (const Json member : differential) {
    const auto name = member.name();
    if (name == "id" || name == "path") continue;
    const auto known = element.get(name);
    if (name == "constraint" && !known.empty()) {
      element.set(name, joined_constraints(known, member));
    } else if (name == "binding" && !known.empty()) {
      element.set(name, joined_members(known, member));
    } else {
      // A type that is fixed twice would have two values.
      for (const std::string_view value :
           {"fixed", "pattern", "minValue", "maxValue"}) {
        if (!name.starts_with(value)) continue;
        std::erase_if(element.members, [value](const auto& old) {
          return old.first.starts_with(value);
        });
      }
      element.set(name, std::string(member.raw()));
    }
  }
}

}  // namespace gateway::fhir
