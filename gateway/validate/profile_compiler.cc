#include "validate/profile_compiler.h"

#include <algorithm>
#include <utility>

#include "fhir/definition_set.h"
#include "fhir/primitive.h"
#include "validate/defective.h"

namespace gateway::validate {

using fhir::ArtifactKind;
using fhir::ElementDefinition;
using fhir::ElementNode;
using fhir::ElementRow;
using fhir::kNone;
using fhir::Range;
using fhir::ShapeRow;
using fhir::TypeKind;
using fhir::TypeRow;

namespace {

// Nothing may be an element without a value and without members; the
// structural check sees that without an expression.
constexpr std::string_view kNativeConstraint = "ele-1";

TypeKind kind_named(std::string_view kind) {
  if (kind == "primitive-type") return TypeKind::primitive;
  if (kind == "resource") return TypeKind::resource;
  if (kind == "logical") return TypeKind::logical;
  return TypeKind::complex;
}

std::string constraint_name(std::string_view key, std::string_view expression) {
  return std::string(key) + '\n' + std::string(expression);
}

fhir::ContextType context_type(std::string_view type) {
  if (type == "extension") return fhir::ContextType::extension;
  if (type == "fhirpath") return fhir::ContextType::fhirpath;
  return fhir::ContextType::element;
}

std::string_view type_name_of(Json definition) {
  const auto type = definition.get("type").text();
  const auto slash = type.rfind('/');
  return slash == std::string_view::npos ? type : type.substr(slash + 1);
}

}  // namespace

ProfileCompiler::ProfileCompiler(fhir::DefinitionsWriter& writer)
    : writer_(writer) {
  const auto* base = writer.base();
  if (base == nullptr) return;
  for (std::uint32_t i = 0; i < base->constraints.size(); ++i) {
    const auto& row = base->constraints[i];
    if (row.of_type == 0) continue;
    type_constraints_.insert(
        constraint_name(base->text(row.key), base->text(row.expression)));
  }
}

void ProfileCompiler::declare(Json definition) {
  const auto url = definition.get("url").text();
  const auto shape = declare_shape(definition);
  writer_.publish(url, ArtifactKind::shape, shape, fhir::essence(definition));
  if (definition.get("derivation").text() == "constraint") return;
  const auto name = type_name_of(definition);
  if (url != name) writer_.publish(name, ArtifactKind::shape, shape);
}

std::uint32_t ProfileCompiler::declare_shape(Json definition) {
  const bool is_profile = definition.get("derivation").text() == "constraint";
  const auto type = type_name_of(definition);
  ShapeRow shape;
  shape.name = writer_.text(is_profile ? definition.get("name").text() : type);
  shape.url = writer_.text(definition.get("url").text());
  shape.version = writer_.text(definition.get("version").text());
  shape.kind = kind_named(definition.get("kind").text());
  if (shape.kind == TypeKind::primitive) {
    shape.primitive = fhir::primitive_named(type);
  }
  if (definition.get("abstract").text() == "true") {
    shape.flags |= fhir::kAbstract;
  }
  if (is_profile) shape.flags |= fhir::kConstraint;
  if (is_profile && type == "Extension") shape.flags |= fhir::kExtension;
  return writer_.shapes.add(shape);
}

void ProfileCompiler::compile(Json definition) {
  const auto elements = fhir::snapshot_elements(definition);
  const auto tree = fhir::element_tree(elements);
  if (!tree) return;
  Work work;
  work.url = definition.get("url").text();
  work.name = definition.get("name").text();
  work.is_profile = definition.get("derivation").text() == "constraint";
  const auto index = writer_.find(work.url, ArtifactKind::shape);
  if (index == kNone || !writer_.shapes.owns(index)) return;
  work.shapes[tree.get()] = index;
  work.by_id[std::string(tree->element->id)] = index;
  for (const auto& member : tree->members) allot(*member, work);

  auto& row = writer_.shapes[index];
  row.base = writer_.find(definition.get("baseDefinition").text(),
                          ArtifactKind::shape);
  row.type = work.is_profile
                 ? writer_.find(type_name_of(definition), ArtifactKind::shape)
                 : index;
  add_contexts(definition, row);
  fill(index, *tree, work);
  const auto root = row_of(*tree, work);
  const auto constraints = constraint_rows(*tree->element, work, true);
  const auto root_row = writer_.elements.add(root);
  auto& shape = writer_.shapes[index];
  shape.root = root_row;
  shape.constraints = constraints;
  if (tree->element->is_modifier) shape.flags |= fhir::kModifierOnly;
  if (constraints.count > 0 || has_rules(root)) shape.flags |= fhir::kActive;
}

void ProfileCompiler::allot(const ElementNode& node, Work& work) {
  if (!node.members.empty()) {
    const auto& element = *node.element;
    ShapeRow shape;
    shape.name = writer_.text(element.path);
    shape.kind = TypeKind::backbone;
    shape.base = writer_.find(
        element.types.empty() ? "BackboneElement" : element.types[0].code,
        ArtifactKind::shape);
    if (work.is_profile) shape.flags |= fhir::kConstraint;
    const auto index = writer_.shapes.add(shape);
    writer_.shapes[index].type = index;
    work.shapes[&node] = index;
    work.by_id[std::string(element.id)] = index;
    if (element.slice_name.empty()) {
      work.by_id.try_emplace(std::string(element.path), index);
    }
  }
  for (const auto& member : node.members) allot(*member, work);
  for (const auto& slice : node.slices) allot(*slice, work);
}

void ProfileCompiler::fill(std::uint32_t shape, const ElementNode& node,
                           Work& work) {
  std::vector<ElementRow> rows;
  for (const auto& member : node.members) {
    const auto inner = work.shapes.find(member.get());
    if (inner != work.shapes.end()) fill(inner->second, *member, work);
    rows.push_back(row_of(*member, work));
  }
  const auto range = writer_.elements.add_all(rows);
  auto& row = writer_.shapes[shape];
  row.elements = range;
  for (std::size_t i = 0; i < std::min<std::size_t>(rows.size(), 64); ++i) {
    if (rows[i].min > 0) row.required |= std::uint64_t{1} << i;
  }
  for (const auto& element : rows) {
    if ((element.flags & fhir::kElementActive) != 0) {
      row.flags |= fhir::kActive;
    }
  }
  if (!work.is_profile) writer_.index_elements(row);
}

ElementRow ProfileCompiler::row_of(const ElementNode& node, Work& work) {
  const auto& element = *node.element;
  ElementRow row;
  row.path = writer_.text(element.path);
  row.id = writer_.text(element.id);
  row.slice_name = writer_.text(element.slice_name);
  row.key = writer_.key(fhir::plain_name(element));
  row.min = element.min;
  row.max = element.max;
  row.max_length = element.max_length;
  if (element.is_choice() || element.base_path.ends_with("[x]")) {
    row.flags |= fhir::kChoice;
  }
  if (element.base_max > 1) row.flags |= fhir::kArray;
  if (element.is_modifier) row.flags |= fhir::kModifier;
  if (element.must_support) row.flags |= fhir::kMustSupport;
  const auto inner = work.shapes.find(&node);
  if (inner != work.shapes.end()) {
    row.shape = inner->second;
  } else if (!element.content_reference.empty()) {
    const auto named = work.by_id.find(std::string(element.content_reference));
    if (named != work.by_id.end()) row.shape = named->second;
  }
  add_types(element, work, row);
  row.constraints = constraint_rows(element, work, false);
  add_binding(element, row);
  add_values(element, row);
  if (work.is_profile) {
    keep_what_differs(node, row);
    add_slices(node, work, row);
    const bool refers = !element.content_reference.empty();
    if (has_rules(row) ||
        (row.shape != kNone && (refers || is_active(row.shape)))) {
      row.flags |= fhir::kElementActive;
    }
  }
  return row;
}

bool ProfileCompiler::is_active(std::uint32_t shape) const {
  return (writer_.shape(shape).flags & fhir::kActive) != 0;
}

void ProfileCompiler::add_slices(const ElementNode& node, Work& work,
                                 ElementRow& row) {
  const auto& slicing = node.element->slicing;
  row.slicing = slicing.rules;
  if (slicing.is_ordered) row.flags |= fhir::kSliceOrdered;
  std::vector<fhir::DiscriminatorRow> discriminators;
  for (const auto& discriminator : slicing.discriminators) {
    discriminators.push_back(
        {writer_.text(discriminator.path), discriminator.type});
  }
  row.discriminators = writer_.discriminators.add_all(discriminators);
  std::vector<ElementRow> rows;
  for (const auto& slice : node.slices) {
    const auto inner = work.shapes.find(slice.get());
    if (inner != work.shapes.end()) fill(inner->second, *slice, work);
    rows.push_back(row_of(*slice, work));
  }
  row.slices = writer_.elements.add_all(rows);
}

void ProfileCompiler::add_types(const ElementDefinition& element,
                                const Work& work, ElementRow& row) {
  std::vector<TypeRow> rows;
  for (const auto& type : element.types) {
    rows.push_back(type_row(element, type, work));
    if (!work.is_profile && row.shape != kNone) rows.back().shape = row.shape;
  }
  if (rows.empty() && row.shape != kNone) {
    // A content reference, or a backbone without a type.
    TypeRow type;
    type.shape = row.shape;
    type.key = writer_.key(fhir::plain_name(element));
    rows.push_back(type);
  }
  row.types = writer_.types.add_all(rows);
}

TypeRow ProfileCompiler::type_row(const ElementDefinition& element,
                                  const fhir::ElementType& type, const Work&) {
  TypeRow row;
  row.shape = writer_.find(type.code, ArtifactKind::shape);
  const auto plain = fhir::plain_name(element);
  const bool is_choice =
      element.is_choice() || element.base_path.ends_with("[x]");
  const auto name =
      is_choice ? fhir::choice_name(plain, type.code) : std::string(plain);
  row.key = writer_.key(name);
  if (row.shape != kNone &&
      writer_.shape(row.shape).kind == TypeKind::primitive) {
    row.sibling = writer_.key('_' + name);
  }
  row.profiles = target_rows(type.profiles);
  row.targets = target_rows(type.targets);
  row.flags = type.aggregation;
  return row;
}

Range ProfileCompiler::target_rows(const std::vector<std::string_view>& urls) {
  std::vector<fhir::TargetRow> rows;
  for (const auto url : urls) {
    rows.push_back({writer_.text(url), writer_.find(url, ArtifactKind::shape)});
  }
  return writer_.targets.add_all(rows);
}

Range ProfileCompiler::constraint_rows(const ElementDefinition& element,
                                       const Work& work, bool is_root) {
  std::vector<fhir::ConstraintRow> rows;
  if (element.path.find('.') == std::string_view::npos && !is_root) return {};
  for (const auto& constraint : element.constraints) {
    if (constraint.expression.empty() || constraint.key == kNativeConstraint) {
      continue;
    }
    // Elements repeat what the root of their type says.
    const bool inherited = !constraint.source.empty() &&
                           constraint.source != work.url &&
                           constraint.source != work.name;
    if (!work.is_profile && !is_root && inherited) continue;
    const auto name = constraint_name(constraint.key, constraint.expression);
    if (work.is_profile && type_constraints_.contains(name)) continue;
    if (!work.is_profile) type_constraints_.insert(name);
    const auto expression =
        corrected_expression(constraint.key, constraint.expression);
    fhir::ConstraintRow row;
    row.key = writer_.text(constraint.key);
    row.human = writer_.text(constraint.human);
    row.expression = writer_.text(expression);
    row.source =
        writer_.text(constraint.source.empty() ? work.url : constraint.source);
    row.program = writer_.program(expression);
    row.warning = constraint.is_warning ? 1 : 0;
    row.best_practice = constraint.is_best_practice ? 1 : 0;
    row.of_type = work.is_profile ? 0 : 1;
    rows.push_back(row);
  }
  return writer_.constraints.add_all(rows);
}

void ProfileCompiler::add_binding(const ElementDefinition& element,
                                  ElementRow& row) {
  const auto& binding = element.binding;
  if (binding.strength == fhir::BindingStrength::none) return;
  row.binding = binding.strength;
  row.value_set_url = writer_.text(binding.value_set);
  row.value_set = writer_.find(binding.value_set, ArtifactKind::value_set);
  if (!binding.max_value_set.empty()) {
    row.max_value_set =
        writer_.find(binding.max_value_set, ArtifactKind::value_set);
  }
}

void ProfileCompiler::add_values(const ElementDefinition& element,
                                 ElementRow& row) {
  if (element.fixed.exists()) {
    row.literal = literal(element.fixed);
    row.flags |= fhir::kFixedValue;
  } else if (element.pattern.exists()) {
    row.literal = literal(element.pattern);
    row.flags |= fhir::kPatternValue;
  }
  if (element.min_value.exists()) row.min_value = literal(element.min_value);
  if (element.max_value.exists()) row.max_value = literal(element.max_value);
}

void ProfileCompiler::keep_what_differs(const ElementNode& node,
                                        ElementRow& row) {
  const auto& element = *node.element;
  const auto* base = type_element(element.base_path);
  const bool is_slice = !element.slice_name.empty();
  if (base == nullptr) return;
  row.key = base->key;
  row.flags |= base->flags & (fhir::kArray | fhir::kChoice);
  if (!is_slice && row.min <= base->min) row.min = 0;
  if (!is_slice && row.max >= base->max) row.max = fhir::kUnbounded;
  if (row.binding == base->binding &&
      writer_.read(row.value_set_url) == writer_.read(base->value_set_url) &&
      row.max_value_set == base->max_value_set) {
    row.binding = fhir::BindingStrength::none;
    row.max_value_set = kNone;
  }
  if (row.max_length == base->max_length) row.max_length = kNone;
  bool narrowed = row.types.count != base->types.count;
  for (std::uint32_t i = 0; !narrowed && i < row.types.count; ++i) {
    const auto& own = writer_.type(row.types.first + i);
    const auto& other = writer_.type(base->types.first + i);
    narrowed = own.profiles.count != other.profiles.count ||
               own.targets.count != other.targets.count || own.flags != 0;
    for (std::uint32_t t = 0; !narrowed && t < own.targets.count; ++t) {
      narrowed = writer_.read(writer_.target(own.targets.first + t).url) !=
                 writer_.read(writer_.target(other.targets.first + t).url);
    }
    for (std::uint32_t t = 0; !narrowed && t < own.profiles.count; ++t) {
      narrowed = writer_.read(writer_.target(own.profiles.first + t).url) !=
                 writer_.read(writer_.target(other.profiles.first + t).url);
    }
  }
  if (narrowed && row.types.count > 0) row.flags |= fhir::kTypesNarrowed;
}

bool ProfileCompiler::has_rules(const ElementRow& row) const {
  return row.min > 0 || row.max != fhir::kUnbounded ||
         row.constraints.count > 0 || row.slices.count > 0 ||
         row.literal != kNone || row.min_value != kNone ||
         row.max_value != kNone || row.max_length != kNone ||
         row.binding != fhir::BindingStrength::none ||
         row.slicing == fhir::SlicingRules::closed ||
         (row.flags & fhir::kTypesNarrowed) != 0;
}

const ElementRow* ProfileCompiler::type_element(std::string_view path) const {
  auto dot = path.find('.');
  if (dot == std::string_view::npos) return nullptr;
  auto shape = writer_.find(path.substr(0, dot), ArtifactKind::shape);
  while (shape != kNone) {
    path.remove_prefix(dot + 1);
    dot = path.find('.');
    auto step = path.substr(0, dot);
    if (step.ends_with("[x]")) step.remove_suffix(3);
    const auto& owner = writer_.shape(shape);
    const ElementRow* found = nullptr;
    for (std::uint32_t i = 0; i < owner.elements.count && !found; ++i) {
      const auto& row = writer_.element(owner.elements.first + i);
      if (writer_.key_name(row.key) == step) found = &row;
    }
    if (found == nullptr || dot == std::string_view::npos) return found;
    shape = found->types.count == 0 ? kNone
                                    : writer_.type(found->types.first).shape;
  }
  return nullptr;
}

std::uint32_t ProfileCompiler::literal(Json value) {
  std::vector<fhir::LiteralRow> rows;
  append_literal(value, rows);
  return writer_.literals.add_all(rows).first;
}

void ProfileCompiler::append_literal(Json value,
                                     std::vector<fhir::LiteralRow>& rows) {
  const auto place = rows.size();
  fhir::LiteralRow row;
  row.kind = static_cast<std::uint32_t>(value.kind());
  row.key =
      value.name().empty() || place == 0 ? kNoKey : writer_.key(value.name());
  row.text = writer_.text(value.text());
  row.size = static_cast<std::uint32_t>(value.size());
  rows.push_back(row);
  for (const Json child : value) append_literal(child, rows);
  rows[place].next =
      writer_.literals.next() + static_cast<std::uint32_t>(rows.size());
}

void ProfileCompiler::add_contexts(Json definition, ShapeRow& shape) {
  std::vector<fhir::ContextRow> rows;
  for (const Json context : definition.get("context")) {
    rows.push_back({writer_.text(context.get("expression").text()),
                    context_type(context.get("type").text())});
  }
  const auto further = further_context(definition.get("url").text());
  if (!further.empty() && !rows.empty()) {
    rows.push_back({writer_.text(further), fhir::ContextType::element});
  }
  shape.contexts = writer_.contexts.add_all(rows);
  std::vector<fhir::ConstraintRow> constraints;
  for (const Json invariant : definition.get("contextInvariant")) {
    fhir::ConstraintRow row;
    row.key = writer_.text("context");
    row.human = writer_.text("the extension may not stand here");
    row.expression = writer_.text(invariant.text());
    row.source = shape.url;
    row.program = writer_.program(invariant.text());
    constraints.push_back(row);
  }
  shape.context_constraints = writer_.constraints.add_all(constraints);
}

}  // namespace gateway::validate
