// Slices: which items of a list belong to which part of a profile.
// https://hl7.org/fhir/R4/profiling.html#slicing

#include <algorithm>
#include <string>

#include "validate/checker.h"
#include "validate/discriminator.h"

namespace gateway::validate {

using fhir::ElementRow;
using fhir::SlicingRules;

void Checker::slices(const std::vector<Item>& items, const ElementRow& row,
                     Json parent, const Scope& scope) {
  const auto slices_of = definitions_.elements.of(row.slices);
  std::vector<std::vector<Item>> found(slices_of.size());
  std::vector<std::size_t> possible(slices_of.size());
  std::size_t last = 0;
  bool rest_began = false;
  for (const auto& item : items) {
    const auto [place, match] = place_of(item, row, scope);
    if (match == Match::maybe) {
      ++possible[place];
      continue;
    }
    if (match == Match::no) {
      rest_began = true;
      if (row.slicing == SlicingRules::closed) unmatched(item, row);
      continue;
    }
    if (rest_began && row.slicing == SlicingRules::open_at_end) {
      unmatched(item, row);
    }
    if ((row.flags & fhir::kSliceOrdered) != 0 && place < last) {
      findings_.add(
          item.node,
          {.rule = "profile/slice-order",
           .text = "a profile wants these items in an order",
           .seen = std::string(definitions_.text(slices_of[place].slice_name)),
           .wanted = "before " + std::string(definitions_.text(
                                     slices_of[last].slice_name))});
    }
    last = std::max(last, place);
    found[place].push_back(item);
  }
  for (std::size_t i = 0; i < slices_of.size(); ++i) {
    const auto& slice = slices_of[i];
    cardinality(found[i], slice, parent, definitions_.text(slice.id),
                possible[i]);
    for (const auto& item : found[i]) element(item, slice, scope);
    if (slice.slices.count > 0) slices(found[i], slice, parent, scope);
  }
}

Checker::Place Checker::place_of(const Item& item, const ElementRow& row,
                                 const Scope& scope) {
  const auto by = definitions_.discriminators.of(row.discriminators);
  Place best{0, Match::no};
  for (std::uint32_t i = 0; i < row.slices.count; ++i) {
    const auto& slice = definitions_.elements[row.slices.first + i];
    const auto match = matches(item, slice, by, scope);
    if (match > best.match) best = {i, match};
    if (match == Match::yes) break;
  }
  return best;
}

void Checker::unmatched(const Item& item, const ElementRow& row) {
  std::string wanted;
  for (const auto& slice : definitions_.elements.of(row.slices)) {
    if (!wanted.empty()) wanted += ", ";
    wanted += definitions_.text(slice.slice_name);
  }
  findings_.add(item.node,
                {.rule = "profile/slice",
                 .text = "the item belongs to no slice of a profile, and the "
                         "profile allows no others",
                 .seen = std::string(definitions_.text(row.path)),
                 .wanted = wanted});
}

Match Checker::matches(const Item& item, const ElementRow& slice,
                       std::span<const fhir::DiscriminatorRow> by,
                       const Scope& scope) {
  if (by.empty()) {
    // Without discriminators, the type of a choice tells, or all of the slice.
    return satisfies(item, slice, scope) ? Match::yes : Match::no;
  }
  // What a slice does not say of a discriminator, it leaves open.
  bool says_anything = false;
  bool is_known = true;
  for (const auto& discriminator : by) {
    Way way(*this, definitions_, scope);
    way.start(item, slice);
    for (const auto& step :
         discriminator_steps(definitions_.text(discriminator.path))) {
      way.step(step);
    }
    if (!way.is_defined(discriminator.type)) continue;
    says_anything = true;
    if (!matches_one(way, discriminator.type)) return Match::no;
    is_known &= !way.rests_on_unknown_code();
  }
  if (!says_anything) return Match::no;
  return is_known ? Match::yes : Match::maybe;
}

bool Checker::matches_one(Way& way, fhir::DiscriminatorType type) {
  switch (type) {
    case fhir::DiscriminatorType::exists:
      return way.exists_as_defined();
    case fhir::DiscriminatorType::type:
      return way.has_defined_type();
    case fhir::DiscriminatorType::profile:
    case fhir::DiscriminatorType::value:
    case fhir::DiscriminatorType::pattern:
      break;
  }
  return way.satisfies_definition();
}

}  // namespace gateway::validate
