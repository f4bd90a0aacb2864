#include "fhir/type_model.h"

namespace gateway::fhir {

std::string_view TypeModel::Element::name() const {
  return definitions_->keys().name(row_->key);
}

std::string_view TypeModel::Element::path() const {
  return definitions_->text(row_->path);
}

TypeChoice TypeModel::Element::type(std::uint32_t index) const {
  const auto& row = definitions_->types[row_->types.first + index];
  return {row.shape, row.key, row.sibling};
}

TypeId TypeModel::find(std::string_view name) const {
  return definitions_->type_named(name);
}

std::string_view TypeModel::name(TypeId type) const {
  if (type == kNoType) return {};
  return definitions_->text(definitions_->shapes[type].name);
}

TypeId TypeModel::base(TypeId type) const {
  return type == kNoType ? kNoType : definitions_->shapes[type].base;
}

TypeKind TypeModel::kind(TypeId type) const {
  return definitions_->shapes[type].kind;
}

Primitive TypeModel::primitive(TypeId type) const {
  return definitions_->shapes[type].primitive;
}

bool TypeModel::is_abstract(TypeId type) const {
  return (definitions_->shapes[type].flags & kAbstract) != 0;
}

std::uint32_t TypeModel::element_count(TypeId owner) const {
  return owner == kNoType ? 0 : definitions_->shapes[owner].elements.count;
}

TypeModel::Element TypeModel::element_at(TypeId owner,
                                         std::uint32_t index) const {
  const auto& shape = definitions_->shapes[owner];
  return {*definitions_, definitions_->elements[shape.elements.first + index]};
}

std::optional<TypeModel::Element> TypeModel::element(
    TypeId owner, std::string_view name) const {
  const auto key = definitions_->keys().find(name);
  if (key == kNoKey) return std::nullopt;
  for (std::uint32_t i = 0; i < element_count(owner); ++i) {
    const auto found = element_at(owner, i);
    if (found.row().key == key) return found;
  }
  return std::nullopt;
}

std::optional<TypeModel::Member> TypeModel::member(TypeId owner,
                                                   KeyId key) const {
  if (owner == kNoType) return std::nullopt;
  const auto* slot = definitions_->slot(definitions_->shapes[owner], key);
  if (slot == nullptr) return std::nullopt;
  const auto found = element_at(owner, slot->element);
  return Member{found, found.type(slot->type), slot->sibling != 0};
}

}  // namespace gateway::fhir
