// Checker holds the parts of one validation together: what they share, and
// the ways in which they call each other.

#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "fhir/definitions.h"
#include "fhir/placement.h"
#include "validate/binding.h"
#include "validate/findings.h"
#include "validate/programs.h"
#include "validate/references.h"
#include "validate/rules.h"
#include "validate/scope.h"

namespace gateway::validate {

// A value of an element, with the type that it has.
struct Item {
  Json node;
  std::uint32_t shape = fhir::kNone;
  bool sibling_only = false;  // only "_birthDate" is there
};

class Way;

// Whether an item belongs to a slice. Maybe: it would, if a value set that is
// not held here has its code.
enum class Match : std::uint8_t { no, maybe, yes };

// What one validation shares.
// Of FHIRPath, in one validation: about a second. The invariants of a Bundle of
// 50,000 entries need a tenth of it.
inline constexpr std::uint64_t kMostSteps = 100'000'000;

struct Shared {
  const fhir::Definitions& definitions;
  const Programs& programs;
  const RuleOptions& options;
  // The narrative that was looked at last: two rules ask for the same.
  Json narrative = {};
  bool narrative_is_safe = true;
  // Whether a resource is valid as what its type says, profiles apart.
  std::function<bool(Json resource, const Scope& scope)> is_valid = {};
  LinkIndex links = {};
  // What all invariants of one validation may cost together.
  std::uint64_t steps = kMostSteps;
  // Profiles that are being checked, by node: a repeat is a circle.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> open = {};
};

class Checker {
 public:
  Checker(Shared& shared, Findings& findings)
      : shared_(shared),
        definitions_(shared.definitions),
        findings_(findings),
        bindings_(shared.definitions, findings,
                  shared.options.rigor == Rigor::reference
                      ? fhir::Severity::error
                      : fhir::Severity::warning),
        references_(shared.definitions, findings, shared.links,
                    shared.options.rigor == Rigor::reference
                        ? fhir::Severity::error
                        : fhir::Severity::warning) {}

  // profile_check.cc: `item` against a profile of its type.
  void profile(const Item& item, std::uint32_t profile, const Scope& scope);
  [[nodiscard]] bool conforms(const Item& item, std::uint32_t profile,
                              const Scope& scope);
  // An element of a profile: all that its row and its members say of `item`.
  void element(const Item& item, const fhir::ElementRow& row,
               const Scope& scope);
  [[nodiscard]] bool satisfies(const Item& item, const fhir::ElementRow& row,
                               const Scope& scope);

  // slicing.cc
  void slices(const std::vector<Item>& items, const fhir::ElementRow& row,
              Json parent, const Scope& scope);

  // invariant.cc
  void constraints(fhir::Range range, const Item& item, const Scope& scope);
  void too_costly(Json place);

  // extension.cc: `item` is an Extension.
  void extension(const Item& item, bool is_modifier, const Scope& scope);

  // Members of `item` that are the element `key` of its type.
  [[nodiscard]] std::vector<Item> members(const Item& item, KeyId key) const;
  // The type of a resource; kNone if it names none.
  [[nodiscard]] std::uint32_t type_of(Json resource) const;

  [[nodiscard]] Bindings& bindings() { return bindings_; }
  [[nodiscard]] References& references() { return references_; }
  [[nodiscard]] bool is_safe(Json narrative);

 private:
  // invariant.cc
  [[nodiscard]] bool holds_anyway(Shortcut shortcut, const Item& item,
                                  const Scope& scope);
  [[nodiscard]] bool is_left_out(const fhir::ConstraintRow& constraint,
                                 const Item& item, const Scope& scope) const;
  [[nodiscard]] bool leads_somewhere(const Item& item,
                                     const Scope& scope) const;
  [[nodiscard]] bool has_value_or_parts(const Item& item) const;

  // profile_check.cc
  void profile_members(const Item& item, std::uint32_t shape,
                       const Scope& scope);
  // `possible`: further items that may be of it, or not.
  void cardinality(const std::vector<Item>& items, const fhir::ElementRow& row,
                   Json parent, std::string_view what,
                   std::size_t possible = 0);
  void types(const Item& item, const fhir::ElementRow& row, const Scope& scope);
  bool type_fits(const Item& item, const fhir::TypeRow& type,
                 const Scope& scope);
  bool target_fits(const Item& item, const fhir::TypeRow& type,
                   const Scope& scope, bool& known);
  void aggregation(const Item& item, const fhir::TypeRow& type,
                   const Scope& scope);
  [[nodiscard]] bool has_target_profile(const fhir::TypeRow& type) const;
  void profile_not_loaded(const Item& item, const fhir::TargetRow& profile);
  void values(const Item& item, const fhir::ElementRow& row);
  void literal(const Item& item, const fhir::ElementRow& row);

  // slicing.cc
  struct Place {
    std::size_t slice;
    Match match;
  };
  Place place_of(const Item& item, const fhir::ElementRow& row,
                 const Scope& scope);
  [[nodiscard]] Match matches(const Item& item, const fhir::ElementRow& slice,
                              std::span<const fhir::DiscriminatorRow> by,
                              const Scope& scope);
  static bool matches_one(Way& way, fhir::DiscriminatorType type);
  void unmatched(const Item& item, const fhir::ElementRow& row);

  // extension.cc
  void inner_extension(const Item& item, Json outer);
  // From the resource to the extension, both included.
  using Surroundings = std::vector<fhir::Placement>;
  void extension_context(const Surroundings& around,
                         const fhir::ShapeRow& definition, const Scope& scope);
  [[nodiscard]] bool context_holds(const fhir::ContextRow& context,
                                   const Surroundings& around,
                                   const Scope& scope);

  Shared& shared_;
  const fhir::Definitions& definitions_;
  Findings& findings_;
  Bindings bindings_;
  References references_;
};

}  // namespace gateway::validate
