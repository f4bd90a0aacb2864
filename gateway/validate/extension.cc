// Extensions: that they are known, stand where they may, and are what their
// definitions say. https://hl7.org/fhir/R4/extensibility.html

#include <algorithm>
#include <string>

#include "fhir/literal.h"
#include "validate/checker.h"

namespace gateway::validate {

using fhir::IssueType;
using fhir::kNone;
using fhir::Severity;

namespace {

bool is_absolute(std::string_view url) {
  return url.find(':') != std::string_view::npos;
}

// What nobody has to have loaded: extensions of examples, and those that HL7
// publishes apart from the version (extension packs, other versions).
bool may_be_unknown(std::string_view url, const RuleOptions& options) {
  const bool is_example = options.example_urls_allowed &&
                          (url.find("example.org/") != std::string_view::npos ||
                           url.find("acme.com/") != std::string_view::npos);
  return is_example || options.rigor == Rigor::intake ||
         url.starts_with("http://hl7.org/fhir/StructureDefinition/") ||
         url.starts_with("http://hl7.org/fhir/tools/StructureDefinition/") ||
         (url.starts_with("http://hl7.org/fhir/") && url.size() > 21 &&
          url[20] >= '1' && url[20] <= '9');
}

}  // namespace

void Checker::extension(const Item& item, bool is_modifier,
                        const Scope& scope) {
  const Json url = item.node.get(definitions_.names.url);
  if (!url.is_string()) return;  // its cardinality says so
  if (url.text().empty()) {
    findings_.add(item.node, {.rule = "extension/url",
                              .type = IssueType::required,
                              .text = "an extension is known by its url",
                              .seen = "an empty url",
                              .wanted = "the canonical URL of its definition"});
    return;
  }
  const auto around = fhir::placements(definitions_, item.node);
  const bool is_nested =
      around.size() > 1 &&
      definitions_.derives(around[around.size() - 2].shape, item.shape);
  if (!is_absolute(url.text())) {
    if (is_nested) {
      inner_extension(item, around[around.size() - 2].node);
      return;
    }
    findings_.add(item.node, {.rule = "extension/url",
                              .type = IssueType::value,
                              .text = "the url of an extension must be "
                                      "absolute",
                              .seen = "a relative url",
                              .wanted = "the canonical URL of its definition"});
    return;
  }
  const auto profile_row = definitions_.shape_of(url.text());
  if (profile_row == kNone) {
    findings_.add(
        item.node,
        {.rule = "extension/unknown",
         .type = IssueType::extension,
         .text = is_modifier
                     ? "a modifier extension that is not known cannot be "
                       "ignored"
                     : "the extension was not checked: its definition is not "
                       "loaded",
         .seen = "an extension that no loaded package defines",
         .remedy =
             is_modifier ? "leave it out, or have its package loaded" : "",
         // A gateway that passes it on does not ignore it.
         .severity = !may_be_unknown(url.text(), shared_.options)
                         ? Severity::error
                     : is_modifier ? Severity::warning
                                   : Severity::information});
    return;
  }
  const auto& definition = definitions_.shapes[profile_row];
  if ((definition.flags & fhir::kExtension) == 0) {
    findings_.add(item.node,
                  {.rule = "extension/url",
                   .type = IssueType::extension,
                   .text = "the url is that of a definition which "
                           "is no extension",
                   .seen = std::string(definitions_.text(definition.name))});
    return;
  }
  const bool modifies = (definition.flags & fhir::kModifierOnly) != 0;
  if (modifies != is_modifier && !is_nested) {
    findings_.add(item.node,
                  {.rule = "extension/modifier",
                   .type = IssueType::extension,
                   .text = modifies ? "this extension changes the meaning of "
                                      "its element"
                                    : "this extension does not change the "
                                      "meaning of its element",
                   .wanted = modifies ? "modifierExtension" : "extension"});
  }
  extension_context(around, definition, scope);
  profile(item, profile_row, scope);
}

// The parts of an extension are those that its definition names.
void Checker::inner_extension(const Item& item, Json outer) {
  const auto definition =
      definitions_.shape_of(outer.get(definitions_.names.url).text());
  if (definition == kNone) return;
  const auto url = item.node.get(definitions_.names.url);
  bool knows_parts = false;
  for (const auto& row :
       definitions_.elements.of(definitions_.shapes[definition].elements)) {
    if (row.key != definitions_.names.extension) continue;
    for (const auto& slice : definitions_.elements.of(row.slices)) {
      if (slice.shape == kNone) continue;
      for (const auto& part : definitions_.elements.of(
               definitions_.shapes[slice.shape].elements)) {
        if (part.key != definitions_.names.url || part.literal == kNone) {
          continue;
        }
        knows_parts = true;
        if (fhir::equals_literal(definitions_, url, part.literal)) return;
      }
    }
  }
  if (!knows_parts) return;
  findings_.add(item.node,
                {.rule = "extension/part",
                 .type = IssueType::extension,
                 .text = "the extension has no such part",
                 .seen = "another url",
                 .severity = shared_.options.rigor == Rigor::reference
                                 ? Severity::error
                                 : Severity::warning});
}

void Checker::extension_context(const Surroundings& around,
                                const fhir::ShapeRow& definition,
                                const Scope& scope) {
  // Placed by nothing that we know: no context is broken.
  if (around.size() < 2) return;
  const auto& place = around[around.size() - 2];
  if (definition.context_constraints.count > 0) {
    constraints(definition.context_constraints, {place.node, place.shape},
                scope);
  }
  const auto contexts = definitions_.contexts.of(definition.contexts);
  if (contexts.empty()) return;
  std::string wanted;
  for (const auto& context : contexts) {
    if (context_holds(context, around, scope)) return;
    if (!wanted.empty()) wanted += ", ";
    wanted += definitions_.text(context.expression);
  }
  findings_.add(place.node,
                {.rule = "extension/context",
                 .type = IssueType::extension,
                 .text = "the extension may not stand here",
                 .seen = std::string(definitions_.text(definition.name)),
                 .wanted = wanted});
}

bool Checker::context_holds(const fhir::ContextRow& context,
                            const Surroundings& around, const Scope& scope) {
  const auto& place = around[around.size() - 2];
  const auto wanted = definitions_.text(context.expression);
  switch (context.type) {
    case fhir::ContextType::extension: {
      // On the extension, or on its value.
      if (place.node.get(definitions_.names.url).text() == wanted) return true;
      return around.size() > 2 && around[around.size() - 3]
                                          .node.get(definitions_.names.url)
                                          .text() == wanted;
    }
    case fhir::ContextType::fhirpath: {
      const auto expression =
          fhirpath::compile(wanted, {.model = &shared_.programs.model()});
      if (!expression.ok()) return true;
      const auto found = fhirpath::evaluate(*expression, scope.resource);
      if (!found.ok()) return true;
      return std::any_of(found->begin(), found->end(),
                         [&](const fhirpath::Value& value) {
                           return value.is_node() && value.json() == place.node;
                         });
    }
    case fhir::ContextType::element:
      break;
  }
  if (wanted == "Element") return true;  // R4: any element or resource
  const auto type = definitions_.type_named(wanted);
  if (type != kNone && definitions_.derives(place.shape, type)) return true;
  if (place.element != nullptr &&
      definitions_.text(place.element->path) == wanted) {
    return true;
  }
  // A path into a type, where the element is inherited from it.
  const auto dot = wanted.find('.');
  if (dot == std::string_view::npos || place.element == nullptr) return false;
  for (std::size_t i = 0; i + 1 < around.size(); ++i) {
    const auto& owner = around[i];
    if (owner.shape == kNone) continue;
    std::string path;
    for (std::size_t j = i + 1; j + 1 < around.size(); ++j) {
      if (around[j].element == nullptr) return false;
      path += '.';
      path += definitions_.keys().name(around[j].element->key);
      if ((around[j].element->flags & fhir::kChoice) != 0) path += "[x]";
    }
    for (auto type_row = owner.shape; type_row != kNone;
         type_row = definitions_.shapes[type_row].base) {
      if (std::string(definitions_.text(definitions_.shapes[type_row].name)) +
              path ==
          wanted) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace gateway::validate
