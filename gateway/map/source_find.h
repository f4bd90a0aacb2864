// What stands at a path of a message: its nodes, its texts, or whether a text
// is one of some.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "map/source_path.h"

namespace gateway::map {

// Appends the nodes at `path`, in order, also those without text. `scopes` are
// the nodes that stand for the Scopes of resolve().
void find_nodes(const SourcePath& path, const std::vector<Json>& scopes,
                std::vector<Json>& found);

// The texts at paths: how many were met, and the first.
struct Texts {
  std::size_t count = 0;
  Json first{};
};

// Adds those at `path`, until there are `most`.
void find_texts(const SourcePath& path, const std::vector<Json>& scopes,
                std::size_t most, Texts& texts);

// Whether a text at `path` is one of `texts`, or whether one is none of them.
enum class Chosen : std::uint8_t { among, others };
bool has_text(const SourcePath& path, const std::vector<Json>& scopes,
              Chosen chosen, const std::vector<std::string>& texts);

}  // namespace gateway::map
