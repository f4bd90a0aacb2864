// OutwardProgram is an outward map as a flat list of steps: runs of constant
// text, fields that are read straight from a Document, and jumps around what
// is left out. It writes the same bytes as the map does (map_engine.h), without
// a tree, and without lineage: who asks for that runs the map.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "map/code_table.h"
#include "map/document.h"
#include "map/overlay.h"
#include "map/plain_expression.h"
#include "map/rule.h"

namespace gateway::map {

class OutwardProgram {
 public:
  // Null if the map says something that only the engine can do.
  static std::shared_ptr<const OutwardProgram> compile(const CheckedMap& map);

  // The resource; empty if the map leaves it out as a whole. `tables` are the
  // library's.
  [[nodiscard]] std::string run(const Document& document,
                                const Overlay& overlay,
                                const std::vector<CodeTable>& tables) const;

 private:
  friend class OutwardCompiler;
  friend class OutwardRun;
  enum class Op : std::uint8_t {
    text,        // constant
    value,       // a leaf
    each,        // the steps up to `jump` for each node of a list or object
    when,        // to `jump` if it does not hold
    open,        // something that may be taken back begins
    close,       // it ends: an object
    close_list,  // or a list
  };
  // What a leaf does without a value.
  enum class Without : std::uint8_t { nothing, other, skip };

  struct Step {
    Op op = Op::text;
    bool quoted = false;
    bool of_source = true;  // it counts as a value
    bool only_one = false;  // an element that does not repeat: the first
    Without missing = Without::nothing;
    Without unmapped = Without::nothing;
    std::uint16_t frame = 0;  // of open and close, by depth
    std::uint32_t begin = 0;  // of the text, in texts_
    std::uint32_t size = 0;
    std::uint32_t values = 0;  // that the text holds
    std::uint32_t jump = 0;
    std::uint32_t expression = kNone;  // in expressions_
    std::uint32_t other = kNone;       // likewise, for a missing value
    std::uint32_t unmapped_other = kNone;
    std::uint32_t table = kNoTable;
    DocumentPath path;  // instead of an expression
  };
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  std::vector<Step> steps_;
  std::string texts_;
  std::vector<PlainExpression> expressions_;
  std::uint32_t frames_ = 0;
};

}  // namespace gateway::map
