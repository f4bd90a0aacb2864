#include "validate/references.h"

#include <algorithm>
#include <string>
#include <vector>

#include "fhir/primitive.h"

namespace gateway::validate {

using fhir::IssueType;
using fhir::kNone;

namespace {

bool is_type_name(std::string_view text) {
  return !text.empty() && text.front() >= 'A' && text.front() <= 'Z' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

bool is_id(std::string_view text) {
  return fhir::format_defect(fhir::Primitive::id, text) ==
         fhir::FormatDefect::none;
}

bool is_absolute(std::string_view reference) {
  return reference.starts_with("urn:") ||
         reference.find("://") != std::string_view::npos;
}

bool has_scheme(std::string_view reference) {
  const auto colon = reference.find(':');
  return colon != std::string_view::npos &&
         reference.substr(0, colon).find('/') == std::string_view::npos;
}

std::string_view without_history(std::string_view reference) {
  return reference.substr(0, reference.find("/_history/"));
}

}  // namespace

std::string_view literal_type(std::string_view reference) {
  if (reference.starts_with("urn:")) return {};
  reference = without_history(reference.substr(0, reference.find('#')));
  const auto slash = reference.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return {};
  if (!is_id(reference.substr(slash + 1))) return {};
  auto type = reference.substr(0, slash);
  const auto before = type.rfind('/');
  if (before != std::string_view::npos) type.remove_prefix(before + 1);
  return is_type_name(type) ? type : std::string_view();
}

Json References::contained(std::string_view id, const Scope& scope) const {
  if (id.empty()) return scope.root;  // "#": the container itself
  const auto& names = definitions_.names;
  return links_.find(scope.root.get(names.contained), names.id, id);
}

Json References::bundled(std::string_view reference, const Scope& scope) const {
  const auto& names = definitions_.names;
  // A relative reference counts from the fullUrl of its own entry.
  // https://hl7.org/fhir/R4/bundle.html#references
  std::string absolute(without_history(reference));
  if (!is_absolute(reference)) {
    const auto own = scope.entry.get(names.full_url).text();
    const auto type = literal_type(own);
    const auto tail = type.empty() ? std::string_view::npos
                                   : own.rfind('/' + std::string(type) + '/');
    if (tail != std::string_view::npos) {
      absolute = std::string(own.substr(0, tail + 1)) + absolute;
    } else if (own.starts_with("urn:uuid:")) {
      // Senders that number entries by UUID refer to them as if by type.
      const auto id = absolute.rfind('/');
      if (id != std::string::npos)
        absolute = "urn:uuid:" + absolute.substr(id + 1);
    }
  }
  return links_.find(scope.bundle.get(names.entry), names.full_url, absolute)
      .get(names.resource);
}

Json References::resolve(std::string_view reference, const Scope& scope) const {
  if (reference.starts_with('#')) return contained(reference.substr(1), scope);
  for (const Scope* at = &scope; at != nullptr; at = at->outer) {
    if (!at->bundle.exists()) continue;
    const Json found = bundled(reference, *at);
    if (found.exists()) return found;
  }
  return {};
}

bool References::leads_to_each(Json contained) const {
  std::vector<std::string_view> ids;
  const auto visit = [&](const auto& self, Json node) -> void {
    for (const Json child : node) {
      if (child.size() > 0) {
        self(self, child);
      } else if (child.key() == definitions_.names.reference &&
                 child.text().starts_with('#')) {
        ids.push_back(child.text().substr(1));
      }
    }
  };
  visit(visit, contained.parent());
  std::sort(ids.begin(), ids.end());
  for (const Json item : contained) {
    const auto id = item.get(definitions_.names.id).text();
    if (id.empty() || !std::binary_search(ids.begin(), ids.end(), id)) {
      return false;
    }
  }
  return true;
}

void References::check(Json node, const fhir::ElementRow& element,
                       const fhir::TypeRow& type, const Scope& scope,
                       bool must_resolve) {
  const auto stated = node.size() > 1 ? stated_type(node) : kNone;
  const Json literal = node.get(definitions_.names.reference);
  if (!literal.is_string()) {
    if (stated != kNone) check_type(node, stated, element, type);
    return;
  }
  const auto reference = literal.text();
  const Json target = resolve(reference, scope);
  if (reference.starts_with('#') && !target.exists()) {
    findings_.add(node, {.rule = "reference/contained",
                         .type = IssueType::not_found,
                         .text = "nothing contained has this id",
                         .seen = "a reference to a contained resource",
                         .wanted = "a contained resource of that id",
                         .remedy = "add the contained resource, or correct "
                                   "the reference",
                         .source = "https://hl7.org/fhir/R4/"
                                   "references.html#contained"});
    return;
  }
  if (must_resolve && !target.exists()) {
    findings_.add(node, {.rule = "reference/unresolved",
                         .type = IssueType::not_found,
                         .text = "the reference leads to no resource here",
                         .wanted = "a resource of the same document"});
  }
  const auto named = literal_type(reference);
  auto shape = target.exists()
                   ? definitions_.type_named(
                         target.get(definitions_.names.resource_type).text())
                   : kNone;
  const auto claimed = named.empty() ? kNone : definitions_.type_named(named);
  if (claimed == kNone && !target.exists()) check_form(node, reference);
  if (!named.empty()) {
    if (claimed != kNone && shape != kNone && claimed != shape) {
      findings_.add(node, {.rule = "reference/type",
                           .text = "the reference names another type than the "
                                   "resource that it leads to",
                           .seen = std::string(named),
                           .wanted = std::string(definitions_.text(
                               definitions_.shapes[shape].name))});
    }
    if (shape == kNone) shape = claimed;
  }
  if (stated != kNone) check_stated(node, stated, shape);
  if (shape == kNone) shape = stated;
  if (shape != kNone) check_type(node, shape, element, type);
}

std::uint32_t References::stated_type(Json node) const {
  constexpr std::string_view kBase = "http://hl7.org/fhir/StructureDefinition/";
  auto type = node.get("type").text();
  if (type.empty()) return kNone;
  if (type.starts_with(kBase)) type.remove_prefix(kBase.size());
  const auto shape = definitions_.type_named(type);
  const bool is_resource = shape != kNone && definitions_.shapes[shape].kind ==
                                                 fhir::TypeKind::resource;
  return is_resource ? shape : kNone;
}

void References::check_stated(Json node, std::uint32_t stated,
                              std::uint32_t target) {
  if (target == kNone || definitions_.derives(target, stated)) return;
  findings_.add(
      node,
      {.rule = "reference/type",
       .text = "Reference.type is not the type of what is referred to",
       .seen = std::string(definitions_.text(definitions_.shapes[stated].name)),
       .wanted =
           std::string(definitions_.text(definitions_.shapes[target].name)),
       .remedy = "correct type, or the reference",
       .source = "https://hl7.org/fhir/R4/references.html#Reference"});
}

// https://hl7.org/fhir/R4/references.html#literal
void References::check_form(Json node, std::string_view reference) {
  if (reference.starts_with('#')) return;
  const bool is_doubtful = has_scheme(reference);
  if (is_doubtful && literal_type(reference).empty()) return;
  // "Patient?identifier=1", as transactions may refer.
  const auto query = reference.find('?');
  if (!is_doubtful && query != std::string_view::npos &&
      definitions_.type_named(reference.substr(0, query)) != kNone) {
    return;
  }
  const bool has_type = !literal_type(reference).empty();
  findings_.add(
      node,
      {.rule = "reference/literal",
       .type = IssueType::value,
       .text = has_type ? "the reference names a type that FHIR does not have"
                        : "the reference is not in the form of one",
       .seen = has_type ? "another type" : "another form",
       .wanted = "a type of resource and an id, as Patient/1, or an absolute "
                 "URL",
       .remedy = "correct the reference; what has no address here is referred "
                 "to by its identifier",
       .severity = is_doubtful ? doubtful_
                   : has_type  ? fhir::Severity::error
                               : fhir::Severity::warning,
       .source = "https://hl7.org/fhir/R4/references.html#literal"});
}

void References::check_type(Json node, std::uint32_t target,
                            const fhir::ElementRow& element,
                            const fhir::TypeRow& type) {
  const auto targets = definitions_.targets.of(type.targets);
  if (targets.empty()) return;
  std::string wanted;
  for (const auto& allowed : targets) {
    if (allowed.shape == kNone) return;  // of a package that is not loaded
    const auto& shape = definitions_.shapes[allowed.shape];
    const auto base =
        (shape.flags & fhir::kConstraint) != 0 ? shape.type : allowed.shape;
    if (definitions_.derives(target, base)) return;
    if (!wanted.empty()) wanted += ", ";
    wanted += definitions_.text(definitions_.shapes[base].name);
  }
  findings_.add(
      node,
      {.rule = "reference/type",
       .text = std::string(definitions_.text(element.path)) +
               " may not refer to a resource of this type",
       .seen = std::string(definitions_.text(definitions_.shapes[target].name)),
       .wanted = wanted,
       .remedy = "refer to one of the types wanted"});
}

void References::check_contained(Json resource, std::uint32_t, const Scope&) {
  const auto& names = definitions_.names;
  const Json contained = resource.get(names.contained);
  for (const Json item : contained) {
    const Json id = item.get(names.id);
    if (!id.exists()) {
      findings_.add(item, {.rule = "reference/contained-id",
                           .type = IssueType::required,
                           .text = "a contained resource needs an id",
                           .seen = "nothing",
                           .wanted = "an id",
                           .remedy = "add id, and refer to it as #id"});
      continue;
    }
    if (links_.find(contained, names.id, id.text()) != item) {
      findings_.add(id, {.rule = "reference/contained-id",
                         .type = IssueType::duplicate,
                         .text = "two contained resources have this id",
                         .seen = "the same id twice",
                         .wanted = "ids that differ"});
    }
  }
}

}  // namespace gateway::validate
