#include "fhir/definitions.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

namespace gateway::fhir {
namespace {

std::string_view without_version(std::string_view url) {
  return url.substr(0, url.find('|'));
}

// Calls `matches(row)` for each cell of the hash until it says true.
template <typename Matches>
std::uint32_t probe(std::span<const CellRow> cells, std::uint32_t hash,
                    const Matches& matches) {
  if (cells.empty()) return kNone;
  const auto mask = static_cast<std::uint32_t>(cells.size() - 1);
  for (std::uint32_t at = hash & mask;; at = (at + 1) & mask) {
    const CellRow& cell = cells[at];
    if (cell.row == kNone) return kNone;
    if (cell.hash == hash && matches(cell.row)) return cell.row;
  }
}

}  // namespace

// Eight bytes a step: URLs are long, and looked up all the time.
std::uint32_t text_hash(std::string_view text, std::uint32_t seed) {
  constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15U;
  const auto mixed = [](std::uint64_t hash, std::uint64_t word) {
    hash = (hash ^ word) * kFactor;
    return hash ^ hash >> 32U;
  };
  std::uint64_t hash = mixed(text.size(), seed);
  std::uint64_t word = 0;
  for (; text.size() > sizeof word; text.remove_prefix(sizeof word)) {
    std::memcpy(&word, text.data(), sizeof word);
    hash = mixed(hash, word);
  }
  word = 0;
  if (!text.empty()) std::memcpy(&word, text.data(), text.size());
  return static_cast<std::uint32_t>(mixed(hash, word));
}

Result<SharedDefinitions> Definitions::open(const std::string& file) {
  auto image = DefinitionsImage::open(file);
  if (!image.ok()) return image.error();
  return from(std::move(*std::move(image)));
}

SharedDefinitions Definitions::from(DefinitionsImage image) {
  std::shared_ptr<Definitions> made(new Definitions());
  made->image_ = std::move(image);
  made->attach();
  return made;
}

SharedDefinitions Definitions::over(SharedDefinitions base,
                                    DefinitionsImage overlay) {
  std::shared_ptr<Definitions> made(new Definitions());
  made->base_ = std::move(base);
  made->image_ = std::move(overlay);
  made->attach();
  return made;
}

void Definitions::attach() {
  const DefinitionsImage none;
  const DefinitionsImage& first = base_ ? base_->image_ : image_;
  const DefinitionsImage& second = base_ ? image_ : none;
  base_texts_ = first.text(Section::texts);
  overlay_texts_ = second.text(Section::texts);
  const auto join = [&](auto& table, Section section) {
    using Row = std::remove_cvref_t<decltype(table[0])>;
    table = Table<Row>(first.rows<Row>(section), second.rows<Row>(section));
  };
  join(shapes, Section::shapes);
  join(elements, Section::elements);
  join(types, Section::types);
  join(targets, Section::targets);
  join(slots, Section::slots);
  join(constraints, Section::constraints);
  join(discriminators, Section::discriminators);
  join(contexts, Section::contexts);
  join(literals, Section::literals);
  join(systems, Section::systems);
  join(codes, Section::codes);
  join(value_sets, Section::value_sets);
  join(parts, Section::parts);
  join(members, Section::members);
  join(artifacts, Section::artifacts);
  std::vector<std::string> key_names;
  for (const auto* image : {&first, &second}) {
    for (const auto& row : image->rows<KeyRow>(Section::keys)) {
      key_names.emplace_back(text(row.name));
    }
  }
  keys_ = KeyTable(key_names);
  for (std::uint32_t i = 0; i < constraints.size(); ++i) {
    if (constraints[i].program == kNone) continue;
    program_count_ = std::max(program_count_, constraints[i].program + 1);
  }
  names = {.resource_type = keys_.find("resourceType"),
           .id = keys_.find("id"),
           .extension = keys_.find("extension"),
           .url = keys_.find("url"),
           .reference = keys_.find("reference"),
           .contained = keys_.find("contained"),
           .full_url = keys_.find("fullUrl"),
           .resource = keys_.find("resource"),
           .entry = keys_.find("entry"),
           .meta = keys_.find("meta"),
           .profile = keys_.find("profile"),
           .system = keys_.find("system"),
           .code = keys_.find("code"),
           .coding = keys_.find("coding"),
           .value = keys_.find("value"),
           .text = keys_.find("text"),
           .fhir_comments = keys_.find("fhir_comments")};
}

const ArtifactRow* Definitions::artifact(std::string_view url) const {
  const auto name = without_version(url);
  const auto hash = text_hash(name);
  const auto matches = [&](std::uint32_t row) {
    return text(artifacts[row].url) == name;
  };
  auto row =
      probe(image_.rows<CellRow>(Section::artifact_cells), hash, matches);
  if (row == kNone && base_) {
    row = probe(base_->image_.rows<CellRow>(Section::artifact_cells), hash,
                matches);
  }
  return row == kNone ? nullptr : &artifacts[row];
}

std::uint32_t Definitions::shape_of(std::string_view url) const {
  const auto* found = artifact(url);
  return found != nullptr && found->kind == ArtifactKind::shape ? found->row
                                                                : kNone;
}

std::uint32_t Definitions::type_named(std::string_view name) const {
  const auto shape = shape_of(name);
  return shape != kNone && (shapes[shape].flags & kConstraint) == 0 ? shape
                                                                    : kNone;
}

std::uint32_t Definitions::value_set_of(std::string_view url) const {
  const auto* found = artifact(url);
  return found != nullptr && found->kind == ArtifactKind::value_set ? found->row
                                                                    : kNone;
}

std::uint32_t Definitions::system_of(std::string_view url) const {
  const auto* found = artifact(url);
  return found != nullptr && found->kind == ArtifactKind::code_system
             ? found->row
             : kNone;
}

std::uint32_t Definitions::code_of(std::uint32_t system,
                                   std::string_view code) const {
  const auto hash = text_hash(code, system);
  const auto matches = [&](std::uint32_t row) {
    return codes[row].system == system && text(codes[row].code) == code;
  };
  const auto row =
      probe(image_.rows<CellRow>(Section::code_cells), hash, matches);
  if (row != kNone || !base_) return row;
  return probe(base_->image_.rows<CellRow>(Section::code_cells), hash, matches);
}

bool Definitions::derives(std::uint32_t shape, std::uint32_t ancestor) const {
  // A chain of base types is short; the bound stops a circle of profiles.
  for (int steps = 0; shape != kNone && steps < 64; ++steps) {
    if (shape == ancestor) return true;
    shape = shapes[shape].base;
  }
  return false;
}

std::string_view Definitions::inputs() const {
  return image_.text(Section::inputs);
}

}  // namespace gateway::fhir
