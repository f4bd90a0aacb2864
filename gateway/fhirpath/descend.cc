// descendants(): one pass over the part of the tape that a node covers, in
// document order. The type of each node follows from that of its parent.

#include <algorithm>

#include "fhirpath/evaluation.h"

namespace gateway::fhirpath {
namespace {

// `sibling` is the object of a "_name" member, or an item of one: whether the
// primitive that it belongs to has no value, so that only this stands for it.
bool stands_alone(Json sibling) {
  const auto parent = sibling.parent();
  const auto member = parent.is_array() ? parent : sibling;
  const auto primary = member.parent().get(member.name().substr(1));
  if (!parent.is_array()) return !primary.exists();
  std::size_t index = 0;
  for (const auto item : parent) {
    if (item == sibling) break;
    ++index;
  }
  const auto kind = primary.at(index).kind();
  return kind == JsonKind::null || kind == JsonKind::absent;
}

// The typed object whose members are being placed: its shape is looked up
// once, and not once for each of them.
class Owner {
 public:
  explicit Owner(const Types& types)
      : types_(types),
        definitions_(types.model() == nullptr ? nullptr
                                              : &types.model()->definitions()) {
  }

  // Whether `above`, the object at `index`, is of a type of the model.
  bool knows(std::uint32_t index, const Placed& above) {
    if (index == index_) return shape_ != nullptr;
    index_ = index;
    shape_ = definitions_ != nullptr && !above.sibling &&
                     types_.is_model_type(above.type)
                 ? &definitions_->shapes[above.type]
                 : nullptr;
    return shape_ != nullptr;
  }

  // False if the member is no element. REQUIRES: knows().
  bool place_member(KeyId key, Placed& place) const {
    const auto* slot = definitions_->slot(*shape_, key);
    if (slot == nullptr) return false;
    const auto& element =
        definitions_->elements[shape_->elements.first + slot->element];
    place.type = definitions_->types[element.types.first + slot->type].shape;
    place.sibling = slot->sibling != 0;
    if (place.type != kUntyped) {
      place.primitive = definitions_->shapes[place.type].primitive;
    }
    return true;
  }

 private:
  const Types& types_;
  const fhir::Definitions* definitions_;
  std::uint32_t index_ = 0xFFFFFFFF;
  const fhir::ShapeRow* shape_ = nullptr;
};

}  // namespace

// What member `at` is; false if it is no element. `above` is its object.
bool Evaluation::place_member(const JsonDocument& document, std::uint32_t at,
                              const Placed& above, Placed& place) const {
  const KeyId key = document.tape()[at].key & kNoKey;
  if (above.sibling) {
    const bool id = document.name_of(key) == "id";
    place.type = id ? types().string() : types().extension();
    if (id) place.primitive = fhir::Primitive::string;
    return true;
  }
  if (above.type == kUntyped) {
    place.type = kUntyped;
    return document.name_of(key) != "resourceType";
  }
  const auto found = member_type(types(), above.type, key);
  if (!found) return false;
  place = {found->type, found->primitive, found->sibling};
  return true;
}

bool Evaluation::push_placed(Json json, Placed& place) {
  if (place.sibling) {
    return !stands_alone(json) || push(Value::sibling(json, place.type));
  }
  if (types().stands_for_any(place.type) && json.is_object()) {
    const auto& names = types().model()->definitions().names;
    const auto own =
        types().model()->find(json.get(names.resource_type).text());
    if (own != kUntyped) place.type = own;
  }
  return push(Value::node(json, place.type, place.primitive));
}

bool Evaluation::descend(Json root, TypeId type) {
  const auto& document = *root.document();
  const auto* tape = document.tape();
  const auto begin = root.index();
  const auto end = tape[begin].next;
  if (!charge(end - begin)) return false;
  auto& places = scratch_.places;
  if (places.size() < end - begin) places.resize(end - begin);
  places[0] = {type, fhir::Primitive::none, false};
  Owner owner(types());
  for (auto at = begin + 1; at < end; ++at) {
    const auto& node = tape[at];
    const auto& above = places[node.parent - begin];
    auto& place = places[at - begin];
    if (tape[node.parent].kind == static_cast<std::uint32_t>(JsonKind::array)) {
      place = above;
    } else {
      place = {};
      const bool is_element = owner.knows(node.parent, above)
                                  ? owner.place_member(node.key & kNoKey, place)
                                  : place_member(document, at, above, place);
      if (!is_element) {
        at = node.next - 1;
        continue;
      }
    }
    const auto kind = static_cast<JsonKind>(node.kind);
    if (kind == JsonKind::array || kind == JsonKind::null) continue;
    const bool simple =
        place.primitive != fhir::Primitive::none && !place.sibling;
    if (simple ? !push(Value::node(Json(&document, at), place.type,
                                   place.primitive))
               : !push_placed(Json(&document, at), place)) {
      return false;
    }
  }
  return true;
}

bool Evaluation::push_descendants(const Value& from) {
  if (!from.is_node()) return true;
  if (!from.sibling_only() && from.json().is_object()) {
    return descend(from.json(), from.type());
  }
  // Below a primitive: its extensions, and what they hold.
  const auto begin = top();
  if (!push_children(from)) return false;
  const auto end = top();
  for (auto i = begin; i < end; ++i) {
    const Value child = at(i);
    if (child.json().is_object() && !descend(child.json(), child.type())) {
      return false;
    }
  }
  return true;
}

}  // namespace gateway::fhirpath
