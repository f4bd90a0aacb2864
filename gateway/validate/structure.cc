#include "validate/structure.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "fhir/nearest.h"
#include "fhir/primitive.h"

namespace gateway::validate {

using fhir::FormatDefect;
using fhir::IssueType;
using fhir::kNone;
using fhir::ShapeRow;
using fhir::TypeKind;

namespace {

constexpr std::string_view kJson = "https://hl7.org/fhir/R4/json.html";

std::string count_text(std::uint32_t count) {
  return count == fhir::kUnbounded ? "*" : std::to_string(count);
}

}  // namespace

std::string_view kind_name(JsonKind kind) {
  switch (kind) {
    case JsonKind::absent:
      return "nothing";
    case JsonKind::null:
      return "null";
    case JsonKind::boolean:
      return "a boolean";
    case JsonKind::number:
      return "a number";
    case JsonKind::string:
      return "a string";
    case JsonKind::array:
      return "an array";
    case JsonKind::object:
      return "an object";
  }
  return {};
}

void Structure::wrong_kind(Json node, std::string_view seen,
                           std::string_view wanted) {
  findings_.add(node, {.rule = "structure/kind",
                       .text = "the element is not written in the way of its "
                               "type",
                       .seen = std::string(seen),
                       .wanted = std::string(wanted),
                       .remedy = "write " + std::string(wanted),
                       .source = std::string(kJson)});
}

void Structure::resource(Json node, std::uint32_t expected,
                         const Scope& outer) {
  if (!node.is_object()) {
    wrong_kind(node, kind_name(node.kind()), "a resource: an object");
    return;
  }
  const Json type = node.get(definitions_.names.resource_type);
  const auto shape =
      type.is_string() ? definitions_.type_named(type.text()) : kNone;
  if (shape == kNone ||
      (definitions_.shapes[shape].kind != TypeKind::resource &&
       definitions_.shapes[shape].kind != TypeKind::logical) ||
      (definitions_.shapes[shape].flags & fhir::kAbstract) != 0) {
    findings_.add(type.exists() ? type : node,
                  {.rule = "structure/resource-type",
                   .text = "resourceType does not name a type of resource",
                   .seen = type.exists() ? "an unknown type" : "nothing",
                   .wanted = "the name of a FHIR R4 resource, as a string",
                   .remedy = "correct resourceType",
                   .source = std::string(kJson)});
    return;
  }
  if (expected != kNone && !definitions_.derives(shape, expected)) {
    findings_.add(node, {.rule = "structure/resource-type",
                         .text = "another type of resource belongs here",
                         .seen = std::string(type.text()),
                         .wanted = std::string(definitions_.text(
                             definitions_.shapes[expected].name))});
  }
  Scope scope = outer;
  scope.resource = node;
  if (!scope.root.exists()) scope.root = node;
  object(node, shape, scope);
  visitor_.resource(node, shape, scope);
}

void Structure::object(Json node, std::uint32_t shape_row, const Scope& scope) {
  const ShapeRow& shape = definitions_.shapes[shape_row];
  if (node.size() == 0) {
    findings_.add(node, {.rule = "structure/empty",
                         .text = "an element may not be empty",
                         .seen = "an object without members",
                         .wanted = "at least one member",
                         .remedy = "leave the element out",
                         .source = std::string(kJson)});
  }
  if (node.size() == 1 && shape.primitive == fhir::Primitive::none &&
      shape.kind != TypeKind::resource) {
    only_id(node);
  }
  std::uint64_t present = 0;
  for (Json at = node.first(); at.exists(); at = at.next()) {
    const auto* slot = definitions_.slot(shape, at.key());
    if (slot == nullptr) {
      unknown_member(at, shape);
      continue;
    }
    const auto& element =
        definitions_.elements[shape.elements.first + slot->element];
    const auto bit = std::uint64_t{1} << (slot->element & 63U);
    if ((present & bit) != 0 && (element.flags & fhir::kChoice) != 0) {
      repeated_choice(at, shape, slot->element);
    }
    present |= bit;
    if (at.key() == definitions_.names.id && shape.kind != TypeKind::resource) {
      visitor_.element_id();
    }
    const Slot found{element,
                     definitions_.types[element.types.first + slot->type]};
    if (slot->sibling != 0) {
      siblings(at, found, scope);
    } else {
      member(at, found, scope);
    }
  }
  if ((shape.required & ~present) != 0) missing(node, shape, present);
}

// ele-1: an id names an element, and makes none.
void Structure::only_id(Json node) {
  if (node.first().key() != definitions_.names.id) return;
  findings_.add(node, {.rule = "invariant/ele-1",
                       .type = IssueType::invariant,
                       .text = "an element has a value or members",
                       .seen = "an id only",
                       .wanted = "a value or a member beside the id",
                       .remedy = "leave the element out, or say what it holds",
                       .source = "https://hl7.org/fhir/R4/element.html"});
}

void Structure::unknown_member(Json member, const ShapeRow& shape) {
  const auto& names = definitions_.names;
  if (member.key() == names.resource_type && shape.kind == TypeKind::resource) {
    return;
  }
  std::vector<std::string_view> candidates;
  for (std::uint32_t i = 0; i <= shape.slot_mask && shape.slot_mask > 0; ++i) {
    const auto& slot = definitions_.slots[shape.first_slot + i];
    if (slot.key == kNone || slot.sibling != 0) continue;
    candidates.push_back(definitions_.keys().name(slot.key));
  }
  const auto near = fhir::nearest(member.name(), candidates);
  std::string remedy = "remove the member, or send it as an extension";
  if (!near.empty()) remedy = "did you mean " + std::string(near) + "?";
  // The path leads to the object: there is none to what does not exist.
  findings_.add_at(
      member.parent(), member,
      {.rule = "structure/unknown-element",
       .text = "the type " + std::string(definitions_.text(shape.name)) +
               " has no such element",
       .seen = std::string(member.name()),
       .wanted = near.empty() ? std::string() : std::string(near),
       .remedy = std::move(remedy)});
}

void Structure::missing(Json node, const ShapeRow& shape,
                        std::uint64_t present) {
  const auto count = std::min<std::uint32_t>(shape.elements.count, 64);
  for (std::uint32_t i = 0; i < count; ++i) {
    if ((shape.required >> i & 1U) == 0 || (present >> i & 1U) != 0) continue;
    const auto& element = definitions_.elements[shape.elements.first + i];
    const auto path = std::string(definitions_.text(element.path));
    findings_.add(node, {.rule = "structure/min",
                         .type = IssueType::required,
                         .text = path + " is required",
                         .seen = "nothing",
                         .wanted = "at least " + count_text(element.min),
                         .remedy = "add " + path});
  }
}

void Structure::repeated_choice(Json member, const ShapeRow& shape,
                                std::uint16_t element) {
  for (const Json other : member.parent()) {
    if (other == member) return;
    const auto* slot = definitions_.slot(shape, other.key());
    if (slot == nullptr || slot->element != element) continue;
    const auto* own = definitions_.slot(shape, member.key());
    if (own->type == slot->type) continue;
    const auto& row = definitions_.elements[shape.elements.first + element];
    findings_.add(member, {.rule = "structure/choice",
                           .text = std::string(definitions_.text(row.path)) +
                                   " is given twice",
                           .seen = std::string(other.name()) + " and " +
                                   std::string(member.name()),
                           .wanted = "one of them",
                           .remedy = "remove one of the two"});
  }
}

void Structure::member(Json member, const Slot& slot, const Scope& scope) {
  const bool wants_array = (slot.element.flags & fhir::kArray) != 0;
  if (member.is_array()) {
    if (!wants_array) {
      wrong_kind(member, "an array", "a single value");
    }
    items(member, slot, scope);
    return;
  }
  if (wants_array) {
    wrong_kind(member, kind_name(member.kind()), "an array");
  }
  if (member.kind() == JsonKind::null) {
    wrong_kind(member, "null", "a value, or no such member");
    return;
  }
  value(member, slot, scope);
}

void Structure::items(Json array, const Slot& slot, const Scope& scope) {
  if (array.size() == 0) {
    findings_.add(array, {.rule = "structure/empty",
                          .text = "an array may not be empty",
                          .seen = "an array without items",
                          .wanted = "at least one item",
                          .remedy = "leave the element out",
                          .source = std::string(kJson)});
  }
  if (array.size() > slot.element.max) {
    findings_.add(array,
                  {.rule = "structure/max",
                   .text = std::string(definitions_.text(slot.element.path)) +
                           " is given too often",
                   .seen = std::to_string(array.size()),
                   .wanted = "at most " + count_text(slot.element.max)});
  }
  const Json besides = slot.type.sibling == kNoKey
                           ? Json()
                           : array.parent().get(slot.type.sibling);
  Json beside = besides.is_array() ? besides.first() : Json();
  for (Json item = array.first(); item.exists(); item = item.next()) {
    const Json other = beside;
    if (beside.exists()) beside = beside.next();
    if (item.kind() != JsonKind::null) {
      value(item, slot, scope);
      continue;
    }
    if (!other.is_object()) {
      wrong_kind(item, "null", "a value, or an object beside the null");
    }
  }
}

void Structure::value(Json node, const Slot& slot, const Scope& scope) {
  if (slot.type.shape == kNone) return;
  const ShapeRow& shape = definitions_.shapes[slot.type.shape];
  if (shape.primitive != fhir::Primitive::none) {
    primitive(node, slot, scope);
    return;
  }
  if (shape.kind == TypeKind::resource) {
    inner_resource(node, slot, scope);
    return;
  }
  if (!node.is_object()) {
    wrong_kind(
        node, kind_name(node.kind()),
        "an object of type " + std::string(definitions_.text(shape.name)));
    return;
  }
  object(node, slot.type.shape, scope);
  visitor_.value(node, slot.element, slot.type, scope);
}

void Structure::inner_resource(Json node, const Slot& slot,
                               const Scope& scope) {
  const bool is_contained = slot.element.key == definitions_.names.contained;
  if (is_contained && contained_ == Contained::ignored) return;
  Scope inner;
  inner.outer = &scope;
  if (is_contained) {
    inner.root = scope.root;
    inner.entry = scope.entry;
    inner.bundle = scope.bundle;
  } else {
    inner.entry = node.parent();
    inner.bundle = scope.resource;
  }
  resource(node, slot.type.shape, inner);
}

void Structure::primitive(Json node, const Slot& slot, const Scope& scope) {
  const auto type = definitions_.shapes[slot.type.shape].primitive;
  const auto defect = fhir::format_defect(type, node);
  if (defect != FormatDefect::none) {
    bad_format(node, type, static_cast<int>(defect));
    if (defect == FormatDefect::json_kind) return;
  }
  visitor_.value(node, slot.element, slot.type, scope);
}

void Structure::bad_format(Json node, fhir::Primitive type, int defect) {
  const auto name = std::string(fhir::primitive_name(type));
  const auto hint = std::string(fhir::format_hint(type));
  switch (static_cast<FormatDefect>(defect)) {
    case FormatDefect::none:
      return;
    case FormatDefect::json_kind:
      wrong_kind(node, kind_name(node.kind()), name + ": " + hint);
      return;
    case FormatDefect::no_offset:
      findings_.add(
          node, {.rule = "time/no-offset",
                 .type = IssueType::value,
                 .text = "a time must say its offset from UTC",
                 .seen = "a time without an offset",
                 .wanted = hint,
                 .remedy = "append the offset, as Z or -05:00",
                 .source = "https://hl7.org/fhir/R4/datatypes.html#" + name});
      return;
    case FormatDefect::empty:
    case FormatDefect::format:
    case FormatDefect::range:
      break;
  }
  findings_.add(
      node, {.rule = defect == static_cast<int>(FormatDefect::empty)
                         ? "structure/empty"
                         : "structure/format",
             .type = IssueType::value,
             .text = "the text is not a valid " + name,
             .seen = defect == static_cast<int>(FormatDefect::empty)
                         ? "an empty text"
                         : std::to_string(node.text().size()) + " characters",
             .wanted = hint,
             .remedy = "correct the value",
             .source = "https://hl7.org/fhir/R4/datatypes.html#" + name});
}

void Structure::siblings(Json member, const Slot& slot, const Scope& scope) {
  const bool wants_array = (slot.element.flags & fhir::kArray) != 0;
  if (member.is_array() != wants_array) {
    wrong_kind(member, kind_name(member.kind()),
               wants_array ? "an array" : "an object");
  }
  const Json values = member.parent().get(slot.type.key);
  if (!member.is_array()) {
    sibling(member, values, slot, scope);
    return;
  }
  if (values.is_array() && values.size() != member.size()) {
    findings_.add(member, {.rule = "structure/sibling",
                           .text = "the array of values and the array of their "
                                   "extensions differ in length",
                           .seen = std::to_string(member.size()),
                           .wanted = std::to_string(values.size()),
                           .remedy = "fill the shorter one with null",
                           .source = std::string(kJson)});
  }
  Json value = values.is_array() ? values.first() : Json();
  for (Json item = member.first(); item.exists(); item = item.next()) {
    const Json beside = value;
    if (value.exists()) value = value.next();
    if (item.kind() != JsonKind::null) {
      sibling(item, beside, slot, scope);
    } else if (!values.is_array()) {
      wrong_kind(item, "null", "an object, since there is no value");
    }
  }
}

void Structure::sibling(Json node, Json value, const Slot& slot,
                        const Scope& scope) {
  if (!node.is_object()) {
    wrong_kind(node, kind_name(node.kind()), "an object with id or extension");
    return;
  }
  object(node, slot.type.shape, scope);
  const bool has_value = value.exists() && value.kind() != JsonKind::null;
  if (!has_value && node.size() == 1) only_id(node);
  if (!node.parent().is_array() && !node.parent().get(slot.type.key).exists()) {
    visitor_.no_value(node, slot.element);
  }
  if (node.parent().is_array() &&
      !node.parent().parent().get(slot.type.key).exists()) {
    visitor_.no_value(node, slot.element);
  }
  const Json inner = node.get(definitions_.names.value);
  if (inner.exists()) {
    findings_.add(inner, {.rule = "structure/unknown-element",
                          .text = "the value itself stands beside its "
                                  "extensions, not among them",
                          .seen = "value",
                          .wanted = "id or extension",
                          .remedy = "move the value to the member without "
                                    "the underscore",
                          .source = std::string(kJson)});
  }
}

}  // namespace gateway::validate
