// Syntax is an expression as it was written: a tree of nodes in one vector.
//
// The grammar is that of FHIRPath 2.0, appendix B. Depth is bounded, so that
// whoever walks the tree may do so by recursion.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fhirpath/problem.h"

namespace gateway::fhirpath {

enum class SyntaxKind : std::uint8_t {
  empty,     // {}
  literal,   // value
  name,      // text: an element or a type; focus
  call,      // text: the function; focus, args
  index,     // focus[args[0]]
  this_,     // $this
  position,  // $index
  total,     // $total
  variable,  // text
  negate,    // args[0]
  positive,  // args[0]
  binary,    // op, args[0], args[1]
  is,        // args[0], text: the type
  as,        // args[0], text: the type
};

enum class Operator : std::uint8_t {
  none,
  multiply,
  divide,
  div,
  mod,
  plus,
  minus,
  concatenate,
  unite,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  equal,
  not_equal,
  equivalent,
  not_equivalent,
  in,
  contains,
  and_,
  or_,
  xor_,
  implies,
};

enum class LiteralKind : std::uint8_t {
  boolean,
  integer,
  decimal,
  string,
  date,
  date_time,
  time,
  quantity,  // text: the number
};

struct Literal {
  LiteralKind kind = LiteralKind::boolean;
  bool calendar = false;  // `unit` is a word, as days
  std::string text;
  std::string unit;
};

using NodeIndex = std::uint32_t;
constexpr NodeIndex kNoNode = 0xFFFFFFFF;

struct SyntaxNode {
  SyntaxKind kind = SyntaxKind::empty;
  Operator op = Operator::none;
  bool delimited = false;   // the name stood in backticks
  bool descending = false;  // a key of sort()
  std::uint16_t depth = 1;
  std::uint32_t place = 0;
  NodeIndex focus = kNoNode;  // what stands before the dot
  std::string text{};
  Literal literal{};
  std::vector<NodeIndex> args{};
};

struct Syntax {
  std::vector<SyntaxNode> nodes;
  NodeIndex root = kNoNode;
};

// False, and `problem` filled, if `text` is not FHIRPath.
bool parse(std::string_view text, Syntax& syntax, Problem& problem);

}  // namespace gateway::fhirpath
