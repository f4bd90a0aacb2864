// Way follows the path of a discriminator at once through an item and through
// the definition of a slice, so that the two can be compared at its end.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "fhir/definitions.h"
#include "validate/checker.h"

namespace gateway::validate {

// Steps of the restricted FHIRPath: "code", "resolve()", "ofType(Quantity)",
// "extension('http://...')". "$this" has none.
std::vector<std::string_view> discriminator_steps(std::string_view path);

class Way {
 public:
  Way(Checker& checker, const fhir::Definitions& definitions,
      const Scope& scope)
      : checker_(checker), definitions_(definitions), scope_(scope) {}

  void start(const Item& item, const fhir::ElementRow& slice);
  void step(std::string_view step);

  // Whether the slice says anything there.
  [[nodiscard]] bool is_defined(fhir::DiscriminatorType type) const;
  // At the end of the path:
  [[nodiscard]] bool exists_as_defined() const;
  [[nodiscard]] bool has_defined_type() const;
  [[nodiscard]] bool satisfies_definition();
  // Whether nothing but a value set that is not held here could tell.
  [[nodiscard]] bool rests_on_unknown_code() const;

 private:
  // What the definition says at one place: an element, or a whole shape.
  struct Place {
    const fhir::ElementRow* row = nullptr;
    std::uint32_t shape = fhir::kNone;  // inline members or a profile
    bool is_profile = false;
  };

  void member_step(std::string_view name);
  void extension_step(std::string_view url);
  void resolve_step();
  void type_step(std::string_view type);
  void enter(const fhir::ElementRow& row, std::vector<Place>& next) const;
  [[nodiscard]] bool item_satisfies(const Item& item);

  Checker& checker_;
  const fhir::Definitions& definitions_;
  const Scope& scope_;
  std::vector<Item> items_;
  std::vector<Place> places_;
};

}  // namespace gateway::validate
