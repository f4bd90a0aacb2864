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
  const Json literal = node.get(definitions_.names.reference);
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
  if (!named.empty()) {
    const auto claimed = definitions_.type_named(named);
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
  if (shape != kNone) check_type(node, shape, element, type);
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
