#include "fhir/definitions_writer.h"

#include <algorithm>
#include <bit>

namespace gateway::fhir {
namespace {

template <typename Row>
std::span<const std::byte> bytes_of(const std::vector<Row>& rows) {
  return std::as_bytes(std::span(rows));
}

// An open-addressing table at most half full; its size is a power of two.
std::vector<CellRow> cells(
    const std::vector<std::pair<std::uint32_t, std::uint32_t>>& hashed) {
  const auto size = std::bit_ceil(std::max<std::size_t>(hashed.size() * 2, 2));
  std::vector<CellRow> table(size);
  for (const auto& [hash, row] : hashed) {
    auto at = hash & (size - 1);
    while (table[at].row != kNone) at = (at + 1) & (size - 1);
    table[at] = {hash, row};
  }
  return table;
}

std::string code_name(std::uint32_t system, std::string_view code) {
  return std::to_string(system) + '|' + std::string(code);
}

}  // namespace

DefinitionsWriter::DefinitionsWriter(const Definitions* base) : base_(base) {
  if (base == nullptr) {
    texts_ = " ";  // so that no text but the empty one starts at 0
    return;
  }
  shapes.first = base->shapes.size();
  elements.first = base->elements.size();
  types.first = base->types.size();
  targets.first = base->targets.size();
  slots.first = base->slots.size();
  constraints.first = base->constraints.size();
  discriminators.first = base->discriminators.size();
  contexts.first = base->contexts.size();
  literals.first = base->literals.size();
  systems.first = base->systems.size();
  codes.first = base->codes.size();
  value_sets.first = base->value_sets.size();
  parts.first = base->parts.size();
  members.first = base->members.size();
  artifacts.first = base->artifacts.size();
  texts_first_ = base->text_size();
  keys_first_ = static_cast<std::uint32_t>(base->keys().size());
  programs_first_ = base->program_count();
}

Text DefinitionsWriter::text(std::string_view value) {
  if (value.empty()) return {};
  const auto [known, fresh] = known_texts_.try_emplace(std::string(value));
  if (fresh) {
    known->second = {texts_first_ + static_cast<std::uint32_t>(texts_.size()),
                     static_cast<std::uint32_t>(value.size())};
    texts_.append(value);
  }
  return known->second;
}

std::string_view DefinitionsWriter::read(Text text) const {
  if (text.offset < texts_first_) return base_->text(text);
  return std::string_view(texts_).substr(text.offset - texts_first_,
                                         text.length);
}

KeyId DefinitionsWriter::key(std::string_view name) {
  if (base_ != nullptr) {
    const auto known = base_->keys().find(name);
    if (known != kNoKey) return known;
  }
  const auto [known, fresh] = known_keys_.try_emplace(
      std::string(name), keys_first_ + static_cast<KeyId>(keys_.size()));
  if (fresh) keys_.push_back({text(name)});
  return known->second;
}

std::string_view DefinitionsWriter::key_name(KeyId key) const {
  return key < keys_first_ ? base_->keys().name(key)
                           : read(keys_[key - keys_first_].name);
}

void DefinitionsWriter::index_elements(ShapeRow& shape) {
  struct Entry {
    KeyId key;
    std::uint16_t element;
    std::uint8_t type;
    std::uint8_t sibling;
  };
  std::vector<Entry> entries;
  for (std::uint32_t e = 0; e < shape.elements.count; ++e) {
    const auto& row = element(shape.elements.first + e);
    for (std::uint32_t t = 0; t < row.types.count; ++t) {
      const auto& type = types.own[row.types.first + t - types.first];
      const auto place = static_cast<std::uint16_t>(e);
      const auto choice = static_cast<std::uint8_t>(t);
      entries.push_back({type.key, place, choice, 0});
      if (type.sibling == kNoKey) continue;
      entries.push_back({type.sibling, place, choice, 1});
    }
  }
  const auto size = std::bit_ceil(std::max<std::size_t>(entries.size() * 2, 2));
  shape.first_slot = slots.next();
  shape.slot_mask = static_cast<std::uint32_t>(size - 1);
  std::vector<SlotRow> table(size);
  for (const auto& entry : entries) {
    auto at = entry.key & shape.slot_mask;
    while (table[at].key != kNone && table[at].key != entry.key) {
      at = (at + 1) & shape.slot_mask;
    }
    if (table[at].key == kNone) {
      table[at] = {entry.key, entry.element, entry.type, entry.sibling};
    }
  }
  slots.add_all(table);
}

void DefinitionsWriter::publish(std::string_view url, ArtifactKind kind,
                                std::uint32_t row, std::string_view source) {
  const auto [known, fresh] =
      artifact_by_url_.try_emplace(std::string(url), artifacts.next());
  ArtifactRow artifact{text(url), {}, row, kind};
  if (!source.empty()) {
    artifact.source = {texts_first_ + static_cast<std::uint32_t>(texts_.size()),
                       static_cast<std::uint32_t>(source.size())};
    texts_.append(source);
  }
  if (fresh) {
    artifacts.add(artifact);
  } else {
    artifacts[known->second] = artifact;
  }
}

std::uint32_t DefinitionsWriter::find(std::string_view url,
                                      ArtifactKind kind) const {
  const auto name = std::string(url.substr(0, url.find('|')));
  const auto own = artifact_by_url_.find(name);
  if (own != artifact_by_url_.end()) {
    const auto& row = artifacts.own[own->second - artifacts.first];
    return row.kind == kind ? row.row : kNone;
  }
  const auto* known = base_ == nullptr ? nullptr : base_->artifact(name);
  return known != nullptr && known->kind == kind ? known->row : kNone;
}

std::uint32_t DefinitionsWriter::add_code(std::uint32_t system,
                                          std::string_view name) {
  const auto known = find_code(system, name);
  if (known != kNone) return known;
  CodeRow row;
  row.system = system;
  row.code = text(name);
  code_by_name_.emplace(code_name(system, name), codes.next());
  return codes.add(row);
}

std::uint32_t DefinitionsWriter::find_code(std::uint32_t system,
                                           std::string_view name) const {
  const auto own = code_by_name_.find(code_name(system, name));
  if (own != code_by_name_.end()) return own->second;
  return base_ == nullptr ? kNone : base_->code_of(system, name);
}

std::uint32_t DefinitionsWriter::program(std::string_view expression) {
  return programs_
      .try_emplace(
          std::string(expression),
          programs_first_ + static_cast<std::uint32_t>(programs_.size()))
      .first->second;
}

void DefinitionsWriter::add_input(std::string_view line) {
  inputs_.append(line).append("\n");
}

const ShapeRow& DefinitionsWriter::shape(std::uint32_t row) const {
  return shapes.owns(row) ? shapes.own[row - shapes.first] : base_->shapes[row];
}

const ElementRow& DefinitionsWriter::element(std::uint32_t row) const {
  return elements.owns(row) ? elements.own[row - elements.first]
                            : base_->elements[row];
}

const TypeRow& DefinitionsWriter::type(std::uint32_t row) const {
  return types.owns(row) ? types.own[row - types.first] : base_->types[row];
}

const TargetRow& DefinitionsWriter::target(std::uint32_t row) const {
  return targets.owns(row) ? targets.own[row - targets.first]
                           : base_->targets[row];
}

const CodeRow& DefinitionsWriter::code(std::uint32_t row) const {
  return codes.owns(row) ? codes.own[row - codes.first] : base_->codes[row];
}

const SystemRow& DefinitionsWriter::system(std::uint32_t row) const {
  return systems.owns(row) ? systems.own[row - systems.first]
                           : base_->systems[row];
}

std::vector<std::byte> DefinitionsWriter::finish() {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> by_url;
  for (std::size_t i = 0; i < artifacts.own.size(); ++i) {
    by_url.emplace_back(text_hash(read(artifacts.own[i].url)),
                        artifacts.first + static_cast<std::uint32_t>(i));
  }
  std::vector<std::pair<std::uint32_t, std::uint32_t>> by_code;
  for (std::size_t i = 0; i < codes.own.size(); ++i) {
    by_code.emplace_back(
        text_hash(read(codes.own[i].code), codes.own[i].system),
        codes.first + static_cast<std::uint32_t>(i));
  }
  const auto artifact_cells = cells(by_url);
  const auto code_cells = cells(by_code);
  std::array<std::span<const std::byte>, kSectionCount> sections;
  const auto put = [&sections](Section section, const auto& rows) {
    sections[static_cast<std::size_t>(section)] = bytes_of(rows);
  };
  put(Section::keys, keys_);
  put(Section::shapes, shapes.own);
  put(Section::elements, elements.own);
  put(Section::types, types.own);
  put(Section::targets, targets.own);
  put(Section::slots, slots.own);
  put(Section::constraints, constraints.own);
  put(Section::discriminators, discriminators.own);
  put(Section::contexts, contexts.own);
  put(Section::literals, literals.own);
  put(Section::systems, systems.own);
  put(Section::codes, codes.own);
  put(Section::value_sets, value_sets.own);
  put(Section::parts, parts.own);
  put(Section::members, members.own);
  put(Section::artifacts, artifacts.own);
  put(Section::artifact_cells, artifact_cells);
  put(Section::code_cells, code_cells);
  const auto characters = [](const std::string& value) {
    return std::as_bytes(std::span(value.data(), value.size()));
  };
  sections[static_cast<std::size_t>(Section::texts)] = characters(texts_);
  sections[static_cast<std::size_t>(Section::inputs)] = characters(inputs_);
  return image_bytes(sections);
}

}  // namespace gateway::fhir
