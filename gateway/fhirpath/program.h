// Program is a compiled expression: operations in one vector that refer to
// each other by number. It never changes, and threads share it.

#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "fhirpath/types.h"
#include "fhirpath/value.h"

namespace re2 {
class RE2;
}

namespace gateway::fhirpath {

using OpIndex = std::uint32_t;
constexpr OpIndex kNoOp = 0xFFFFFFFF;

enum class OpCode : std::uint8_t {
  empty,
  literal,   // data: constant
  this_,     // $this
  position,  // $index
  total,     // $total
  variable,  // data: name
  path,      // data: first step, count: steps; of focus, or of $this
  call,      // data: row of the table of functions
  index,     // focus[first argument]
  negate,
  arithmetic,  // data: Operator; so are those below
  compare,
  equality,
  membership,
  logic,
  unite,
  is,  // data: type
  as,
};

struct Op {
  OpCode code = OpCode::empty;
  std::uint8_t count = 0;   // arguments, or steps of a path
  bool descending = false;  // a key of sort()
  std::uint8_t reserved = 0;
  std::uint32_t place = 0;      // byte of the expression
  OpIndex focus = kNoOp;        // kNoOp: $this
  std::uint32_t first_arg = 0;  // in Program::args
  std::uint32_t data = 0;
};

// One way in which a step's element is written in JSON.
struct Choice {
  KeyId key = kNoKey;
  KeyId sibling = kNoKey;  // "_birthDate"
  TypeId type = kUntyped;
  fhir::Primitive primitive = fhir::Primitive::none;
  bool any_resource = false;  // the type stands in the node
};
// With what the model knows of the type.
Choice choice_of(const Types& types, KeyId key, KeyId sibling, TypeId type);

// One name of a path. `owner` is the type for which `choices` hold; for other
// types they are looked up while walking.
struct Step {
  std::uint32_t name = 0;  // in Program::names
  TypeId owner = kUntyped;
  std::uint32_t first_choice = 0;
  std::uint32_t choice_count = 0;
  TypeId self = kUntyped;    // the name is this type: the node itself
  bool may_be_root = false;  // first name of a path, in capitals
  bool direct = false;       // one choice, and no resource of any type
  bool follows = false;      // the step before is direct, and leads to `owner`
  std::uint64_t key_bits = 0;  // of its choices: bit (key modulo 64)
};

struct Name {
  std::string text;
  std::string sibling;  // "_" and the text
  KeyId key = kNoKey;   // in the table of keys of the program
  KeyId sibling_key = kNoKey;
};

struct Program {
  Program();
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  std::string source;
  Types types;
  const KeyTable* keys = nullptr;  // for which the numbers of names hold
  bool as_filters = false;         // as() picks from several items
  TypeId context = kUntyped;       // of the input, where it was given
  std::vector<Op> ops;
  std::vector<OpIndex> args;
  std::vector<Step> steps;
  std::vector<Choice> choices;
  std::vector<Name> names;
  std::vector<Value> constants;
  std::deque<std::string> texts;    // that constants view
  std::deque<Quantity> quantities;  // that constants point to
  std::vector<std::unique_ptr<re2::RE2>> patterns;
  std::vector<std::uint32_t> pattern_of;  // by op; kNoOp: none
  OpIndex root = kNoOp;
};

}  // namespace gateway::fhirpath
