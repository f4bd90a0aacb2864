#include "validate/terminology_compiler.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "fhir/element_definition.h"

namespace gateway::validate {

using fhir::ArtifactKind;
using fhir::kNone;
using fhir::PartKind;
using fhir::SystemContent;

namespace {

// Of value sets that include each other, and of codes that are looked at in
// all includes and filters: R4 core needs 4 and about 200,000.
constexpr std::size_t kMostNested = 100;
constexpr std::size_t kMostCodes = 2'000'000;

// From the definition on, also where that is an entry of a Bundle.
std::string place_of(Json node) {
  constexpr std::string_view kEntry = ".resource";
  auto path = fhir::fhirpath_of(node);
  const auto entry = path.rfind(kEntry);
  if (entry == std::string::npos) return path;
  Json top = node;
  while (top.exists() && !top.get("resourceType").exists()) top = top.parent();
  return std::string(top.get("resourceType").text()) +
         path.substr(entry + kEntry.size());
}

// Deeper than any hierarchy of codes; what goes deeper runs in a circle.
constexpr int kDeepest = 64;

// The URL of the definition that `node` is a part of.
std::string_view definition_of(Json node) {
  for (; node.exists(); node = node.parent()) {
    if (node.get("resourceType").exists()) return node.get("url").text();
    if (node.parent() == node) break;
  }
  return {};
}

SystemContent content_named(std::string_view content) {
  if (content == "complete") return SystemContent::complete;
  if (content == "fragment" || content == "example") {
    return SystemContent::fragment;
  }
  return SystemContent::absent;
}

bool is_abstract(Json code) {
  for (const Json property : code.get("property")) {
    const auto name = property.get("code").text();
    if (name == "notSelectable" || name == "abstract") {
      return property.get("valueBoolean").text() == "true";
    }
  }
  return false;
}

void merge(Expansion& into, const Expansion& from) {
  for (const auto& [system, codes] : from) {
    auto& target = into[system];
    target.is_whole |= codes.is_whole;
    target.is_unchecked |= codes.is_unchecked;
    target.codes.insert(codes.codes.begin(), codes.codes.end());
  }
}

Expansion intersection(const Expansion& a, const Expansion& b) {
  Expansion both;
  for (const auto& [system, codes] : a) {
    const auto other = b.find(system);
    if (other == b.end()) continue;
    auto& target = both[system];
    target.is_whole = codes.is_whole && other->second.is_whole;
    target.is_unchecked = codes.is_unchecked || other->second.is_unchecked;
    // What only one side is sure of stays unchecked.
    for (const auto code : codes.codes) {
      if (other->second.codes.contains(code)) target.codes.insert(code);
    }
  }
  return both;
}

}  // namespace

void TerminologyCompiler::compile() {
  for (const Json system : definitions_.all("CodeSystem")) add_system(system);
  for (const Json value_set : definitions_.all("ValueSet")) {
    add_value_set(value_set);
  }
}

void TerminologyCompiler::report(std::string_view rule, Json place,
                                 std::string_view url, std::string text) {
  outcome_.add({.rule = std::string(rule),
                .severity = fhir::Severity::warning,
                .type = fhir::IssueType::not_supported,
                .expression = place_of(place),
                .span = place.span(),
                .text = "in " + std::string(definition_of(place)) + ": " +
                        std::move(text),
                .seen = std::string(url),
                .wanted = {},
                .remedy = {},
                .actor = fhir::Actor::operator_,
                .source = {}});
}

void TerminologyCompiler::report_too_large(Json place, std::string_view url) {
  report("terminology/too-large", place, url,
         "the value set was not expanded: the value sets together are "
         "beyond all measure");
}

void TerminologyCompiler::count(const Expansion& expansion) {
  for (const auto& [system, codes] : expansion) {
    expanded_ += codes.codes.size() + 1;
  }
}

std::uint32_t TerminologyCompiler::system_row(std::string_view url) {
  url = url.substr(0, url.find('|'));
  const auto known = writer_.find(url, ArtifactKind::code_system);
  if (known != kNone) return known;
  fhir::SystemRow row;
  row.url = writer_.text(url);
  const auto index = writer_.systems.add(row);
  writer_.publish(url, ArtifactKind::code_system, index);
  return index;
}

void TerminologyCompiler::add_system(Json code_system) {
  const auto url = code_system.get("url").text();
  const bool supplement = code_system.get("content").text() == "supplement" ||
                          code_system.get("supplements").exists();
  fhir::SystemRow row;
  row.url = writer_.text(url);
  row.version = writer_.text(code_system.get("version").text());
  row.content = supplement ? SystemContent::supplement
                           : content_named(code_system.get("content").text());
  row.case_insensitive =
      code_system.get("caseSensitive").text() == "false" ? 1 : 0;
  const auto system = writer_.systems.add(row);
  writer_.publish(url, ArtifactKind::code_system, system,
                  fhir::essence(code_system));
  const auto first = writer_.codes.next();
  add_concepts(code_system.get("concept"), system, kNone);
  writer_.systems[system].codes = {first, writer_.codes.next() - first};
  for (std::uint32_t code = first; code < writer_.codes.next(); ++code) {
    note_children(code, system);
  }
}

// A code under several others stands under one of them, and is named by the
// rest as a property.
void TerminologyCompiler::note_children(std::uint32_t code,
                                        std::uint32_t system) {
  for (const Json property : concepts_[code].get("property")) {
    if (property.get("code").text() != "child") continue;
    const auto child =
        writer_.find_code(system, property.get("valueCode").text());
    if (child != kNone) more_parents_.emplace(child, code);
  }
}

void TerminologyCompiler::add_concepts(Json concepts, std::uint32_t system,
                                       std::uint32_t parent) {
  for (const Json item : concepts) {
    const auto known = writer_.find_code(system, item.get("code").text());
    if (known != kNone && concepts_.contains(known)) {
      report("terminology/duplicate-code", item,
             writer_.read(writer_.system(system).url),
             "the code system has this code twice");
    }
    const auto code = writer_.add_code(system, item.get("code").text());
    auto& row = writer_.codes[code];
    row.display = writer_.text(item.get("display").text());
    row.parent = parent;
    row.abstract_ = is_abstract(item) ? 1 : 0;
    concepts_[code] = item;
    add_concepts(item.get("concept"), system, code);
  }
}

// The rows of a code system of the base say neither all parents of a code nor
// its properties: its definition does.
void TerminologyCompiler::recall(std::uint32_t system) {
  if (writer_.systems.owns(system) || !recalled_.insert(system).second) return;
  const auto& base = *writer_.base();
  const auto* const artifact =
      base.artifact(base.text(base.systems[system].url));
  if (artifact == nullptr) return;
  auto parsed = parse_shared(std::string(base.text(artifact->source)));
  if (!parsed) return;
  sources_.push_back(*std::move(parsed));
  recall_concepts(sources_.back()->root().get("concept"), system);
}

void TerminologyCompiler::recall_concepts(Json concepts, std::uint32_t system) {
  for (const Json item : concepts) {
    const auto code = writer_.find_code(system, item.get("code").text());
    if (code == kNone) continue;
    concepts_[code] = item;
    note_children(code, system);
    recall_concepts(item.get("concept"), system);
  }
}

void TerminologyCompiler::add_value_set(Json value_set) {
  write(value_set, expansion(value_set));
}

const Expansion& TerminologyCompiler::expansion(Json value_set) {
  const auto url = std::string(value_set.get("url").text());
  const auto known = done_.find(url);
  if (known != done_.end()) return known->second;
  if (open_.size() >= kMostNested || expanded_ > kMostCodes) {
    report_too_large(value_set, url);
    return done_[url] = Expansion();
  }
  open_.insert(url);
  auto made = value_set.get("compose").exists()
                  ? composed(value_set.get("compose"), url)
                  : listed(value_set.get("expansion").get("contains"));
  open_.erase(url);
  return done_[url] = std::move(made);
}

std::optional<Expansion> TerminologyCompiler::expansion_of(Json canonical) {
  const auto url = canonical.text();
  const auto name = url.substr(0, url.find('|'));
  const Json own = definitions_.find(name);
  if (own.get("resourceType").text() == "ValueSet") {
    if (open_.contains(std::string(name))) {
      report("terminology/cyclic", canonical, name,
             "a value set includes itself; the repeated part is left out");
      return Expansion{};
    }
    return expansion(own);
  }
  const auto row = writer_.find(name, ArtifactKind::value_set);
  if (row == kNone || writer_.value_sets.owns(row)) return std::nullopt;
  return base_expansion(row);
}

Expansion TerminologyCompiler::base_expansion(std::uint32_t value_set) const {
  Expansion expansion;
  const auto& base = *writer_.base();
  for (const auto& part : base.parts.of(base.value_sets[value_set].parts)) {
    auto& codes = expansion[part.system];
    if (part.kind == PartKind::unchecked) codes.is_unchecked = true;
    if (part.kind == PartKind::whole) codes = whole(part.system);
    for (const auto code : base.members.of(part.members)) {
      codes.codes.insert(code);
    }
  }
  return expansion;
}

Expansion TerminologyCompiler::composed(Json compose, std::string_view url) {
  Expansion expansion;
  for (const Json include : compose.get("include")) {
    merge(expansion, included(include, url));
  }
  for (const Json exclude : compose.get("exclude")) {
    for (const auto& [system, codes] : included(exclude, url)) {
      const auto from = expansion.find(system);
      if (from == expansion.end()) continue;
      from->second.is_whole = false;
      for (const auto code : codes.codes) from->second.codes.erase(code);
      if (!codes.is_unchecked) continue;
      // It may exclude any of those that are left: none is sure any more.
      from->second.is_unchecked = true;
      from->second.codes.clear();
    }
  }
  return expansion;
}

Expansion TerminologyCompiler::included(Json include, std::string_view url) {
  if (expanded_ > kMostCodes) return {};
  Expansion expansion;
  const auto system_url = include.get("system").text();
  if (!system_url.empty()) {
    const auto system = system_row(system_url);
    expansion[system] = system_codes(include, system);
  }
  bool is_first = system_url.empty();
  for (const Json value_set : include.get("valueSet")) {
    auto other = expansion_of(value_set);
    if (!other) {
      report("terminology/unknown-value-set", value_set, value_set.text(),
             "a value set includes another that no package defines");
      continue;
    }
    count(*other);
    expansion = is_first ? *std::move(other) : intersection(expansion, *other);
    is_first = false;
  }
  count(expansion);
  if (expanded_ > kMostCodes) report_too_large(include, url);
  return expansion;
}

Expansion TerminologyCompiler::listed(Json contains) {
  Expansion expansion;
  for (const Json item : contains) {
    if (item.get("abstract").text() != "true" && item.get("code").exists()) {
      const auto system = system_row(item.get("system").text());
      const auto code = writer_.add_code(system, item.get("code").text());
      expansion[system].codes.insert(code);
    }
    merge(expansion, listed(item.get("contains")));
  }
  return expansion;
}

SystemCodes TerminologyCompiler::whole(std::uint32_t system) const {
  SystemCodes codes;
  const auto& row = writer_.system(system);
  codes.is_whole = row.content == SystemContent::complete;
  codes.is_unchecked = !codes.is_whole;
  for (std::uint32_t i = 0; i < row.codes.count; ++i) {
    codes.codes.insert(row.codes.first + i);
  }
  return codes;
}

SystemCodes TerminologyCompiler::system_codes(Json include,
                                              std::uint32_t system) {
  const Json concepts = include.get("concept");
  if (concepts.exists()) {
    SystemCodes codes;
    for (const Json item : concepts) {
      const auto code = writer_.add_code(system, item.get("code").text());
      codes.codes.insert(code);
      if (!writer_.codes.owns(code)) continue;
      auto& row = writer_.codes[code];
      if (row.display.length == 0) {
        row.display = writer_.text(item.get("display").text());
      }
    }
    return codes;
  }
  auto codes = whole(system);
  const Json filters = include.get("filter");
  if (filters.exists()) recall(system);
  for (const Json condition : filters) {
    expanded_ += codes.codes.size() + 1;
    if (expanded_ > kMostCodes || codes.is_unchecked ||
        !filter(condition, system, codes)) {
      codes.is_whole = false;
      codes.is_unchecked = true;
      codes.codes.clear();
      return codes;
    }
    codes.is_whole = false;
  }
  return codes;
}

bool TerminologyCompiler::filter(Json condition, std::uint32_t system,
                                 SystemCodes& codes) {
  const auto operation = condition.get("op").text();
  const auto value = condition.get("value").text();
  const auto property = condition.get("property").text();
  const bool by_code = property == "concept" || property == "code";
  const auto ancestor = writer_.find_code(system, value);
  if (operation.find("is-") == 0 && ancestor == kNone) {
    report("terminology/unknown-code", condition.get("value"),
           writer_.read(writer_.system(system).url),
           "a value set filters by a code that its code system does not have");
    return false;
  }
  const auto keep = [&codes](const auto& holds) {
    std::erase_if(codes.codes,
                  [&holds](std::uint32_t code) { return !holds(code); });
    return true;
  };
  if (operation == "is-a") {
    return keep([&](std::uint32_t code) { return is_below(code, ancestor); });
  }
  if (operation == "descendent-of") {
    return keep([&](std::uint32_t code) {
      return code != ancestor && is_below(code, ancestor);
    });
  }
  if (operation == "is-not-a") {
    return keep([&](std::uint32_t code) { return !is_below(code, ancestor); });
  }
  if (operation == "generalizes") {
    return keep([&](std::uint32_t code) { return is_below(ancestor, code); });
  }
  if (operation == "=" && by_code) {
    return keep([&](std::uint32_t code) { return code == ancestor; });
  }
  if (operation == "=" || operation == "exists" || operation == "in") {
    return keep(
        [&](std::uint32_t code) { return has_property(code, condition); });
  }
  if (operation == "not-in") {
    return keep(
        [&](std::uint32_t code) { return !has_property(code, condition); });
  }
  return false;
}

bool TerminologyCompiler::is_below(std::uint32_t code, std::uint32_t ancestor,
                                   int depth) const {
  if (code == kNone || ancestor == kNone || depth > kDeepest) return false;
  if (code == ancestor) return true;
  if (is_below(writer_.code(code).parent, ancestor, depth + 1)) return true;
  const auto [first, last] = more_parents_.equal_range(code);
  return std::any_of(first, last, [&](const auto& parent) {
    return is_below(parent.second, ancestor, depth + 1);
  });
}

bool TerminologyCompiler::has_property(std::uint32_t code,
                                       Json condition) const {
  const auto found = concepts_.find(code);
  if (found == concepts_.end()) return false;
  const auto wanted = condition.get("value").text();
  const auto operation = condition.get("op").text();
  const auto name = condition.get("property").text();
  if (name == "parent" && operation == "=") {
    const auto parent = writer_.code(code).parent;
    return parent != kNone && writer_.read(writer_.code(parent).code) == wanted;
  }
  bool exists = false;
  for (const Json property : found->second.get("property")) {
    if (property.get("code").text() != name) continue;
    exists = true;
    const Json value = fhir::member_with_prefix(property, "value");
    const auto text =
        value.is_object() ? value.get("code").text() : value.text();
    if (operation == "=" && text == wanted) return true;
    if ((operation == "in" || operation == "not-in") &&
        (',' + std::string(wanted) + ',').find(',' + std::string(text) + ',') !=
            std::string::npos) {
      return true;
    }
  }
  return operation == "exists" && exists == (wanted == "true");
}

void TerminologyCompiler::write(Json value_set, const Expansion& expansion) {
  fhir::ValueSetRow row;
  const auto url = value_set.get("url").text();
  row.url = writer_.text(url);
  row.version = writer_.text(value_set.get("version").text());
  row.name = writer_.text(value_set.get("name").text());
  std::vector<fhir::PartRow> parts;
  for (const auto& [system, codes] : expansion) {
    const std::vector<std::uint32_t> members(codes.codes.begin(),
                                             codes.codes.end());
    if (codes.is_whole) {
      parts.push_back({system, {}, PartKind::whole});
    } else if (!members.empty()) {
      parts.push_back(
          {system, writer_.members.add_all(members), PartKind::listed});
    }
    if (codes.is_unchecked) {
      parts.push_back({system, {}, PartKind::unchecked});
      row.flags |= fhir::kIncomplete;
    }
  }
  if (parts.empty()) row.flags |= fhir::kIncomplete;
  row.parts = writer_.parts.add_all(parts);
  const auto index = writer_.value_sets.add(row);
  writer_.publish(url, ArtifactKind::value_set, index,
                  fhir::essence(value_set));
}

}  // namespace gateway::validate
