#include "validate/discriminator.h"

#include <algorithm>

namespace gateway::validate {

using fhir::ElementRow;
using fhir::kNone;

std::vector<std::string_view> discriminator_steps(std::string_view path) {
  std::vector<std::string_view> steps;
  std::size_t begin = 0;
  int open = 0;
  for (std::size_t at = 0; at <= path.size(); ++at) {
    const char c = at < path.size() ? path[at] : '.';
    if (c == '(') ++open;
    if (c == ')') --open;
    if (c != '.' || (open > 0 && at < path.size())) continue;
    const auto step = path.substr(begin, at - begin);
    if (!step.empty() && step != "$this") steps.push_back(step);
    begin = at + 1;
  }
  return steps;
}

void Way::start(const Item& item, const ElementRow& slice) {
  items_ = {item};
  places_ = {{&slice, slice.shape, false}};
}

void Way::step(std::string_view step) {
  const auto open = step.find('(');
  if (open == std::string_view::npos) {
    member_step(step.ends_with("[x]") ? step.substr(0, step.size() - 3) : step);
    return;
  }
  auto argument = step.substr(open + 1, step.size() - open - 2);
  const auto name = step.substr(0, open);
  if (name == "resolve") resolve_step();
  if (name == "ofType" || name == "as") type_step(argument);
  if (name == "extension" && argument.size() >= 2) {
    extension_step(argument.substr(1, argument.size() - 2));
  }
}

// The shapes in which the members of an element are defined: inline, or in the
// profiles of its types.
void Way::enter(const ElementRow& row, std::vector<Place>& next) const {
  next.push_back({&row, row.shape, false});
}

void Way::member_step(std::string_view name) {
  const auto key = definitions_.keys().find(name);
  std::vector<Item> items;
  for (const auto& item : items_) {
    auto found = checker_.members(item, key);
    items.insert(items.end(), found.begin(), found.end());
  }
  std::vector<Place> places;
  for (const auto& place : places_) {
    std::vector<std::uint32_t> shapes;
    if (place.shape != kNone) shapes.push_back(place.shape);
    if (place.row != nullptr && !place.is_profile) {
      for (const auto& type : definitions_.types.of(place.row->types)) {
        for (const auto& profile : definitions_.targets.of(type.profiles)) {
          if (profile.shape != kNone) shapes.push_back(profile.shape);
        }
      }
    }
    for (const auto shape : shapes) {
      for (const auto& row :
           definitions_.elements.of(definitions_.shapes[shape].elements)) {
        if (row.key == key) enter(row, places);
      }
    }
  }
  items_ = std::move(items);
  places_ = std::move(places);
}

void Way::extension_step(std::string_view url) {
  member_step("extension");
  std::erase_if(items_, [&](const Item& item) {
    return item.node.get(definitions_.names.url).text() != url;
  });
  std::vector<Place> places;
  for (const auto& place : places_) {
    if (place.row == nullptr) continue;
    for (const auto& slice : definitions_.elements.of(place.row->slices)) {
      for (const auto& type : definitions_.types.of(slice.types)) {
        const auto profiles = definitions_.targets.of(type.profiles);
        if (std::any_of(profiles.begin(), profiles.end(),
                        [&](const fhir::TargetRow& profile) {
                          return definitions_.text(profile.url) == url;
                        })) {
          enter(slice, places);
        }
      }
    }
  }
  if (places.empty()) {
    const auto shape = definitions_.shape_of(url);
    if (shape != kNone) places.push_back({nullptr, shape, true});
  }
  places_ = std::move(places);
}

void Way::resolve_step() {
  std::vector<Item> items;
  for (const auto& item : items_) {
    const Json reference = item.node.get(definitions_.names.reference);
    const Json target = checker_.references().resolve(reference.text(), scope_);
    if (target.exists()) {
      items.push_back({target, checker_.type_of(target)});
      continue;
    }
    // The type alone is known from the literal.
    const auto type = definitions_.type_named(literal_type(reference.text()));
    if (type != kNone) items.push_back({Json(), type});
  }
  std::vector<Place> places;
  for (const auto& place : places_) {
    if (place.row == nullptr) continue;
    for (const auto& type : definitions_.types.of(place.row->types)) {
      for (const auto& target : definitions_.targets.of(type.targets)) {
        if (target.shape != kNone) {
          places.push_back({nullptr, target.shape, true});
        }
      }
    }
  }
  items_ = std::move(items);
  places_ = std::move(places);
}

void Way::type_step(std::string_view type) {
  const auto wanted = definitions_.type_named(type);
  std::erase_if(items_, [&](const Item& item) {
    return item.shape == kNone || !definitions_.derives(item.shape, wanted);
  });
}

bool Way::exists_as_defined() const {
  const bool exists = !items_.empty();
  for (const auto& place : places_) {
    if (place.row == nullptr) continue;
    if (place.row->max == 0) return !exists;
    if (place.row->min > 0) return exists;
  }
  return exists;
}

bool Way::has_defined_type() const {
  for (const auto& item : items_) {
    if (item.shape == kNone) continue;
    for (const auto& place : places_) {
      if (place.is_profile) {
        const auto& shape = definitions_.shapes[place.shape];
        if (definitions_.derives(item.shape,
                                 (shape.flags & fhir::kConstraint) != 0
                                     ? shape.type
                                     : place.shape)) {
          return true;
        }
        continue;
      }
      for (const auto& type : definitions_.types.of(place.row->types)) {
        if (type.shape != kNone &&
            definitions_.derives(item.shape, type.shape)) {
          return true;
        }
      }
    }
  }
  return false;
}

bool Way::item_satisfies(const Item& item) {
  for (const auto& place : places_) {
    if (place.is_profile) {
      if (!item.node.exists()) return true;
      if (checker_.conforms(item, place.shape, scope_)) return true;
      continue;
    }
    if ((place.row->flags & fhir::kElementActive) != 0 &&
        checker_.satisfies(item, *place.row, scope_)) {
      return true;
    }
  }
  return false;
}

bool Way::rests_on_unknown_code() const {
  const auto is_code_alone = [](const Place& place) {
    return place.row != nullptr && !place.is_profile &&
           place.row->binding == fhir::BindingStrength::required &&
           place.row->literal == kNone && place.row->shape == kNone;
  };
  if (places_.empty() || items_.empty() ||
      !std::all_of(places_.begin(), places_.end(), is_code_alone)) {
    return false;
  }
  return std::none_of(items_.begin(), items_.end(), [this](const Item& item) {
    return std::any_of(places_.begin(), places_.end(), [&](const Place& place) {
      return checker_.bindings().has_code_of(item.node, *place.row);
    });
  });
}

bool Way::is_defined(fhir::DiscriminatorType type) const {
  return std::any_of(places_.begin(), places_.end(), [&](const Place& place) {
    return place.is_profile || place.row == nullptr ||
           type == fhir::DiscriminatorType::type ||
           (place.row->flags & fhir::kElementActive) != 0;
  });
}

bool Way::satisfies_definition() {
  if (items_.empty()) {
    return std::any_of(places_.begin(), places_.end(), [](const Place& place) {
      return place.row != nullptr && place.row->max == 0;
    });
  }
  return std::any_of(items_.begin(), items_.end(),
                     [this](const Item& item) { return item_satisfies(item); });
}

}  // namespace gateway::validate
