#include "map/lint_rule.h"

#include <array>

namespace gateway::map {
namespace {

constexpr std::array kRules{
    LintRuleRow{LintRule::syntax, "map/syntax",
                "A file cannot be read as what its name says.",
                "Write YAML without tabs and repeated keys; a table as CSV "
                "that begins with from,to, or as a ConceptMap; all of it as "
                "UTF-8."},
    LintRuleRow{LintRule::shape, "map/shape",
                "Something stands where another kind of thing is wanted.",
                "Write a text, a list or an object, whichever the place "
                "takes; leave one of two keys away that exclude each other."},
    LintRuleRow{LintRule::incomplete, "map/incomplete",
                "Something is not said without which it means nothing.",
                "Add the name, the version, the resourceType or the value "
                "that is missing."},
    LintRuleRow{LintRule::duplicate, "map/duplicate",
                "Two things claim the same name, event or document.",
                "Rename one of them, take it away, or let it say when."},
    LintRuleRow{LintRule::unknown_key, "map/unknown-key",
                "A key has no meaning here.",
                "Write one of the keys of mappings/README.md."},
    LintRuleRow{LintRule::unknown_name, "map/unknown-name",
                "A name of ours stands for nothing.",
                "Write the name of a part, table, choice, setting, partner or "
                "resource that is there, or add it."},
    LintRuleRow{LintRule::source, "map/unknown-source",
                "There is no such message, event or document.",
                "Write a message structure and events of it, or a document "
                "of mappings/README.md."},
    LintRuleRow{LintRule::expression, "map/expression",
                "An expression cannot be read, or asks for what its source "
                "does not have.",
                "Write a path of the message, a field of the document, =text "
                "or FHIRPath."},
    LintRuleRow{LintRule::element, "map/unknown-element",
                "A FHIR type or element does not exist.",
                "Write the name as FHIR R4 spells it."},
    LintRuleRow{LintRule::cardinality, "map/cardinality",
                "An element gets several values and takes one, or the other "
                "way about.",
                "Write a list where the element repeats, and say which value "
                "is meant where it does not."},
    LintRuleRow{LintRule::type, "map/type",
                "A value can never have the type of its element.",
                "Write a value in the form of that type, or the elements of "
                "an object."},
    LintRuleRow{LintRule::code, "map/unknown-code",
                "An element gets a code that it does not take.",
                "Write a code of the value set, or translate by a table whose "
                "rows give such codes."},
    LintRuleRow{LintRule::required, "map/required",
                "A required element may be left out.",
                "Write the element, and say in $onMissing what happens "
                "without a value."},
    LintRuleRow{LintRule::remedy, "map/no-remedy",
                "A table does not know every code, and nothing says what then "
                "happens.",
                "Say $onUnmapped, or give the table a row *."},
    LintRuleRow{LintRule::reference, "map/reference",
                "An element may not refer to that type of resource.",
                "Refer to a resource of a type that the element allows."},
    LintRuleRow{LintRule::setting, "map/setting-value",
                "A setting cannot have that value.",
                "Write one of its words, an IANA time zone or a state, as the "
                "setting wants."},
    LintRuleRow{LintRule::outward, "map/outward",
                "An outward map does what only inward maps can, or leaves "
                "away what the gateway looks for.",
                "See the outward maps in mappings/README.md."},
    LintRuleRow{LintRule::no_map, "map/no-map", "A folder has no map.",
                "Name a folder in which a .yaml file says map, source and "
                "emit."},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kRules.size(); ++i) {
    if (static_cast<std::size_t>(kRules[i].rule) != i) return false;
  }
  return static_cast<std::size_t>(LintRule::no_map) + 1 == kRules.size();
}
static_assert(in_order(), "id_of() looks rules up by their number");

}  // namespace

std::span<const LintRuleRow> lint_rules() { return kRules; }

std::string_view id_of(LintRule rule) {
  return kRules[static_cast<std::size_t>(rule)].id;
}

}  // namespace gateway::map
