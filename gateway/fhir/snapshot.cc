#include "fhir/snapshot.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>
#include <vector>

#include "base/json_edit.h"
#include "base/json_writer.h"
#include "fhir/element_definition.h"
#include "fhir/element_list.h"

namespace gateway::fhir {
namespace {

constexpr std::size_t kMostElements = 20'000;
constexpr std::ptrdiff_t kMostSteps = 40;
constexpr std::string_view kBase =
    "http://hl7.org/fhir/StructureDefinition/Base";
constexpr std::string_view kSystemTypes = "http://hl7.org/fhirpath/System.";

std::string last_step(std::string_view path) {
  return std::string(path.substr(path.rfind('.') + 1));
}

std::string parent_of(std::string_view id) {
  const auto dot = id.rfind('.');
  return dot == std::string_view::npos ? std::string()
                                       : std::string(id.substr(0, dot));
}

// "Observation.component:sys" without its slice: "Observation.component".
// "x:a/b" is a slice of "x:a".
std::string sliced_id(std::string_view id) {
  const auto step = id.rfind('.') + 1;
  const auto slash = id.rfind('/');
  const auto colon = id.find(':', step);
  if (colon == std::string_view::npos) return {};
  const bool is_resliced = slash != std::string_view::npos && slash > colon;
  return std::string(id.substr(0, is_resliced ? slash : colon));
}

bool is_extension(std::string_view path) {
  return path.ends_with(".extension") || path.ends_with(".modifierExtension");
}

class Maker {
 public:
  Maker(Json definition, Json base, const FindStructure& find)
      : definition_(definition),
        find_(find),
        list_(ElementList::of(base.get("snapshot").get("element"))),
        is_new_type_(definition.get("derivation").text() == "specialization"),
        root_(last_segment(definition.get("type").text())) {
    if (list_.size() == 0) return;
    const ListedElement old = list_[0];
    ListedElement fresh = old;
    fresh.id = fresh.path = root_;
    auto copies = moved(list_, 0, list_.size(), fresh, old);
    list_ = ElementList();
    list_.insert(0, std::move(copies));
  }

  Snapshot make() {
    for (const Json element : definition_.get("differential").get("element")) {
      if (list_.size() > kMostElements) {
        report(element, "the snapshot is beyond all measure");
        break;
      }
      apply(element);
    }
    return {text(), std::move(outcome_)};
  }

 private:
  // An element of the differential under which others may follow.
  struct Open {
    std::string path;
    std::string id;
  };

  static std::string last_segment(std::string_view url) {
    return std::string(url.substr(url.rfind('/') + 1));
  }

  void report(Json element, std::string text) {
    Finding finding;
    finding.rule = "snapshot/path";
    finding.type = IssueType::structure;
    finding.expression = fhirpath_of(element);
    finding.span = element.span();
    finding.text = std::move(text);
    finding.seen = std::string(element.get("path").text());
    finding.remedy = "correct the path or the slice of this element";
    outcome_.add(std::move(finding));
  }

  // The id that the element has, or must have by its path and its slice.
  std::string id_of(Json element) {
    const auto path = std::string(element.get("path").text());
    const auto slice = std::string(element.get("sliceName").text());
    const auto dots =
        static_cast<std::size_t>(std::count(path.begin(), path.end(), '.'));
    if (dots == 0) {
      open_ = {{path, root_}};
      return root_;
    }
    // Parents that the differential leaves out stand as in the path.
    std::size_t begin = 0;
    for (std::size_t i = 0; i < dots; ++i) {
      const auto end = path.find('.', begin);
      const auto step = path.substr(begin, end - begin);
      const auto prefix = path.substr(0, end);
      if (i < open_.size() && open_[i].path != prefix) open_.resize(i);
      if (i >= open_.size()) {
        open_.push_back(
            {prefix, i == 0 ? root_ : open_[i - 1].id + '.' + step});
      }
      begin = end + 1;
    }
    open_.resize(dots);
    auto id = open_.back().id + '.' + path.substr(begin);
    if (!slice.empty()) id += ':' + slice;
    const auto own = std::string(element.get("id").text());
    if (!own.empty() && own.find('.') != std::string::npos &&
        list_.find(own) != ElementList::kNowhere) {
      id = own;
    }
    open_.push_back({path, id});
    return id;
  }

  void apply(Json element) {
    auto id = id_of(element);
    if (id.find("..") != std::string::npos || id.ends_with('.')) {
      report(element, "the path is malformed");
      return;
    }
    if (std::count(id.begin(), id.end(), '.') > kMostSteps) {
      report(element, "the path is beyond all measure");
      return;
    }
    check_slicing(element);
    const auto at = ensure(id, &element);
    if (at == ElementList::kNowhere) {
      report(element, "the base has no such element");
      return;
    }
    open_.back().id = list_[at].id;
    const bool is_fresh = list_[at].members.empty();
    check_fixed(list_[at], element);
    if (!is_fresh) check_cardinality(list_[at], element);
    merge(list_[at], element);
    if (is_fresh) complete(at);
    if (!is_fresh) add_profile_rules(at, element.get("type"));
    require_choice(at);
    // A narrowed choice keeps its name; a slice has no slicing of its own
    // unless it says so.
    if (!element.get("slicing").exists() && element.get("sliceName").exists()) {
      list_[at].remove("slicing");
    }
  }

  // Slices can be told apart only in the ways that FHIR knows.
  void check_slicing(Json element) {
    for (const Json item : element.get("slicing").get("discriminator")) {
      const auto type = item.get("type").text();
      if (type == "value" || type == "pattern" || type == "type" ||
          type == "exists" || type == "profile") {
        continue;
      }
      report(element, "no discriminator has such a type");
    }
  }

  // What the base fixes cannot be fixed to something else.
  void check_fixed(const ListedElement& base, Json element) {
    const Json own = member_with_prefix(element, "fixed");
    if (!own.exists()) return;
    const auto known = base.get(own.name());
    if (known.empty()) return;
    const auto value = parse(known);
    if (canonical_json(value->root()) == canonical_json(own)) return;
    report(element, "the base fixes another value");
  }

  // https://hl7.org/fhir/R4/profiling.html#cardinality: it is narrowed only.
  void check_cardinality(const ListedElement& base, Json element) {
    const auto most = [](std::string_view max) {
      return max == "*" ? ~0UL
                        : std::strtoul(std::string(max).c_str(), nullptr, 10);
    };
    const Json max = element.get("max");
    const auto held = parse(base.get("max"));
    if (max.is_string() && held->root().is_string() &&
        most(max.text()) > most(held->root().text())) {
      report(element, "the base allows fewer of this element");
    }
    const auto least = element.get("min").text();
    if (!least.empty() && most(least) < most(base.get("min"))) {
      report(element, "the base wants more of this element");
    }
  }

  // The place of an id, made if it can be. `element` is the differential's
  // own element; its parents have none.
  std::size_t ensure(const std::string& id, const Json* element) {
    const auto known = list_.find(id);
    if (known != ElementList::kNowhere) return known;
    const auto parent_id = parent_of(id);
    if (parent_id.empty()) return ElementList::kNowhere;
    const auto parent = ensure(parent_id, nullptr);
    if (parent == ElementList::kNowhere) return parent;
    if (!list_.has_members(parent)) unfold(parent);
    const auto real_id = list_[parent].id + id.substr(parent_id.size());
    const auto unfolded = list_.find(real_id);
    if (unfolded != ElementList::kNowhere) return unfolded;
    const auto sliced = sliced_id(real_id);
    if (!sliced.empty()) return new_slice(real_id, sliced, element);
    const auto choice = choice_slice(real_id);
    if (choice != ElementList::kNowhere) return choice;
    if (is_new_type_ && element != nullptr) return new_element(real_id, parent);
    return ElementList::kNowhere;
  }

  // "Observation.valueQuantity" is short for the slice of value[x].
  std::size_t choice_slice(const std::string& id) {
    const auto parent = parent_of(id);
    const auto name = last_step(id);
    for (std::size_t split = 1; split < name.size(); ++split) {
      if (name[split] < 'A' || name[split] > 'Z') continue;
      const auto choice = parent + '.' + name.substr(0, split) + "[x]";
      const auto at = list_.find(choice);
      if (at == ElementList::kNowhere) continue;
      const auto type = type_allowed(at, name.substr(split));
      if (type.empty()) continue;
      const auto slice_id = choice + ':' + name;
      const auto known = list_.find(slice_id);
      if (known != ElementList::kNowhere) return known;
      const auto made = new_slice(slice_id, choice, nullptr);
      list_[made].set("sliceName", json_quoted(name));
      list_[made].set("type", "[{\"code\":" + json_quoted(type) + "}]");
      narrow_choice(at, choice, type);
      return made;
    }
    return ElementList::kNowhere;
  }

  // The short form names all the types that are left.
  void narrow_choice(std::size_t at, const std::string& choice,
                     const std::string& type) {
    auto& codes = narrowed_[choice];
    if (!codes.empty()) codes += ',';
    codes += "{\"code\":" + json_quoted(type) + '}';
    list_[at].set("type", '[' + codes + ']');
  }

  // An extension that may have values of one type only, by their short form,
  // has none other: what is required of them is required of its value.
  void require_choice(std::size_t at) {
    if (definition_.get("type").text() != "Extension") return;
    const auto choice = sliced_id(list_[at].id);
    const auto known = narrowed_.find(choice);
    const auto min = std::string(list_[at].get("min"));
    if (known == narrowed_.end() || min == "0" ||
        known->second.find(',') != std::string::npos) {
      return;
    }
    const auto whole = list_.find(choice);
    if (whole != ElementList::kNowhere) list_[whole].set("min", min);
  }

  // The code among an element's types that a capitalised name means.
  std::string type_allowed(std::size_t at, std::string_view name) {
    const auto types = parse(list_[at].get("type"));
    for (const Json type : types->root()) {
      const auto code = type.get("code").text();
      if (choice_name("", code) == name) return std::string(code);
    }
    return {};
  }

  std::size_t new_slice(const std::string& id, const std::string& sliced,
                        const Json* element) {
    auto at = list_.find(sliced);
    if (at == ElementList::kNowhere) at = ensure(sliced, nullptr);
    if (at == ElementList::kNowhere) return at;
    if (list_[at].get("slicing").empty()) {
      const auto& path = list_[at].path;
      if (is_extension(path)) {
        list_[at].set("slicing",
                      R"({"discriminator":[{"type":"value","path":"url"}],)"
                      R"("ordered":false,"rules":"open"})");
      } else if (path.ends_with("[x]")) {
        list_[at].set("slicing",
                      R"({"discriminator":[{"type":"type","path":"$this"}],)"
                      R"("ordered":false,"rules":"open"})");
      }
    }
    ListedElement slice = list_[at];
    slice.id = id;
    slice.remove("slicing");
    slice.remove("sliceName");
    if (element == nullptr) {
      const auto name = id.substr(id.rfind(':') + 1);
      slice.set("sliceName", json_quoted(name));
    }
    // What the list as a whole needs is not needed of each part of it.
    slice.set("min", "0");
    const auto place = list_.slices_end(at);
    list_.insert(place, {std::move(slice)});
    return place;
  }

  std::size_t new_element(const std::string& id, std::size_t parent) {
    ListedElement fresh;
    fresh.id = id;
    fresh.path = list_[parent].path + '.' + last_step(id);
    const auto place = list_.slices_end(parent);
    list_.insert(place, {std::move(fresh)});
    return place;
  }

  // A new element of a new type: the rule of all elements, and the members
  // that backbone elements inherit.
  void complete(std::size_t at) {
    const auto types = parse(list_[at].get("type"));
    const auto code = types->root().first().get("code").text();
    list_[at].set("base", "{\"path\":" + json_quoted(list_[at].path) +
                              ",\"min\":" + std::string(list_[at].get("min")) +
                              ",\"max\":" + std::string(list_[at].get("max")) +
                              '}');
    if (code == "Resource" || code.starts_with(kSystemTypes)) return;
    const Json root = find_(code == "Extension" ? code : "Element")
                          .get("snapshot")
                          .get("element")
                          .first();
    const auto own = parse(list_[at].get("constraint"));
    const auto inherited = std::string(root.get("constraint").raw());
    if (!inherited.empty()) {
      ListedElement rules;
      rules.set("constraint", inherited);
      if (own->root().is_array()) {
        merge(rules, parse("{\"constraint\":" +
                           std::string(list_[at].get("constraint")) + '}')
                         ->root());
      }
      list_[at].set("constraint", std::string(rules.get("constraint")));
    }
    if (code == "BackboneElement" || code == "Element") unfold(at);
  }

  // What the one profile of an element's type says of its root holds of the
  // element.
  void add_profile_rules(std::size_t at, Json types) {
    if (types.size() != 1 || types.first().get("profile").size() != 1) return;
    const Json root = find_(types.first().get("profile").first().text())
                          .get("snapshot")
                          .get("element")
                          .first();
    if (!root.get("constraint").exists()) return;
    ListedElement rules;
    rules.set("constraint", std::string(root.get("constraint").raw()));
    const auto own = std::string(list_[at].get("constraint"));
    if (!own.empty()) {
      merge(rules, parse("{\"constraint\":" + own + '}')->root());
    }
    list_[at].set("constraint", std::string(rules.get("constraint")));
  }

  // Puts the members of an element's type under it.
  void unfold(std::size_t at) {
    const auto id = list_[at].id;
    const auto sliced = sliced_id(id);
    const auto origin =
        sliced.empty() ? ElementList::kNowhere : list_.find(sliced);
    if (origin != ElementList::kNowhere && list_.has_members(origin)) {
      copy_members(at, list_, origin);
      return;
    }
    const auto reference = parse(list_[at].get("contentReference"));
    if (reference->root().is_string()) {
      const auto text = reference->root().text();
      const auto target = list_.find(text.substr(text.find('#') + 1));
      if (target != ElementList::kNowhere) copy_members(at, list_, target);
      return;
    }
    const auto types = parse(list_[at].get("type"));
    if (types->root().size() == 0) return;
    const Json type = types->root().first();
    Json structure;
    if (types->root().size() == 1) {
      structure = find_(type.get("profile").first().text());
    }
    if (structure.get("snapshot").size() == 0) {
      structure = find_(read_type_code(type));
    }
    const auto members =
        ElementList::of(structure.get("snapshot").get("element"));
    if (members.size() > 0) copy_members(at, members, 0);
  }

  static std::string read_type_code(Json type) {
    const auto code = type.get("code").text();
    if (code.starts_with(kSystemTypes)) return "string";
    return std::string(code);
  }

  void copy_members(std::size_t at, const ElementList& from,
                    std::size_t parent) {
    auto copies = moved(from, parent + 1, from.subtree_end(parent), list_[at],
                        from[parent]);
    list_.insert(at + 1, std::move(copies));
  }

  static SharedDocument parse(std::string_view json) {
    auto document = parse_shared(json.empty() ? "null" : std::string(json));
    if (document.ok()) return *std::move(document);
    return *parse_shared("null");
  }

  std::string text() {
    JsonWriter out;
    out.begin_object();
    for (const Json member : definition_) {
      if (member.name() == "snapshot") continue;
      out.key(member.name()).raw(member.raw());
    }
    out.key("snapshot").begin_object().key("element");
    list_.write(out);
    out.end_object().end_object();
    return out.take();
  }

  Json definition_;
  const FindStructure& find_;
  ElementList list_;
  bool is_new_type_;
  std::string root_;
  std::vector<Open> open_;
  std::map<std::string, std::string> narrowed_;  // types by choice element
  Outcome outcome_;
};

}  // namespace

Result<Snapshot> make_snapshot(Json definition, const FindStructure& find) {
  const auto base_url = definition.get("baseDefinition").text();
  Json base = find(base_url);
  // Logical models of later versions build on Base, which has no elements.
  const auto root = parse_shared(
      R"({"snapshot":{"element":[{"id":"Base","path":"Base","min":0,)"
      R"("max":"*"}]}})");
  if (!base.exists() && base_url == kBase) base = (*root)->root();
  if (base.get("snapshot").get("element").size() == 0) {
    return Error{
        ErrorCode::not_found,
        "the base of the definition is not known: " + std::string(base_url)};
  }
  if (!definition.get("differential").get("element").exists()) {
    return Error{ErrorCode::invalid, "the definition has no differential"};
  }
  return Maker(definition, base, find).make();
}

}  // namespace gateway::fhir
