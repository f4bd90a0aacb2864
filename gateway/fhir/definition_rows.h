// The rows of the definitions image: what the compiler writes and what
// validation and FHIRPath read, without any step between.
//
// All rows are plain numbers that refer to each other by index, so that the
// file can be mapped at any address. Texts lie in one pool.

#pragma once

#include <cstdint>
#include <type_traits>

#include "base/key_table.h"

namespace gateway::fhir {

constexpr std::uint32_t kNone = 0xFFFFFFFF;
constexpr std::uint32_t kUnbounded = 0xFFFFFFFF;  // max "*"

// A place in the pool of texts.
struct Text {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

// Consecutive rows of another table.
struct Range {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

enum class TypeKind : std::uint8_t {
  primitive,
  complex,
  resource,
  backbone,  // an element with members of its own, as Patient.contact
  logical,
};

// The formats of https://hl7.org/fhir/R4/datatypes.html#primitive.
enum class Primitive : std::uint8_t {
  none,
  base64_binary,
  boolean,
  canonical,
  code,
  date,
  date_time,
  decimal,
  id,
  instant,
  integer,
  markdown,
  oid,
  positive_int,
  string,
  time,
  unsigned_int,
  uri,
  url,
  uuid,
  xhtml,
};

enum class BindingStrength : std::uint8_t {
  none,
  required,
  extensible,
  preferred,
  example
};

enum class SlicingRules : std::uint8_t { none, open, closed, open_at_end };

enum class DiscriminatorType : std::uint8_t {
  value,
  exists,
  pattern,
  type,
  profile
};

// Bits of ShapeRow::flags.
constexpr std::uint8_t kAbstract = 1;
constexpr std::uint8_t kConstraint = 2;  // a profile, not a type of its own
constexpr std::uint8_t kActive = 4;      // has a rule that its base lacks
constexpr std::uint8_t kExtension = 8;   // defines an extension
constexpr std::uint8_t kModifierOnly = 16;

// A type, an element with members, or a profile of either: a list of elements
// and a table that finds them by the name of their JSON member.
struct ShapeRow {
  Text name;  // "Patient", "Patient.contact"; a profile's own name
  Text url;   // canonical; empty for inner shapes
  Text version;
  std::uint32_t base = kNone;  // shape that it specializes or constrains
  std::uint32_t type = kNone;  // shape of the type that a profile constrains
  std::uint64_t required = 0;  // elements with min > 0; the first 64
  Range elements;
  std::uint32_t first_slot = 0;
  std::uint32_t slot_mask = 0;  // number of slots - 1; a power of two less one
  Range constraints;            // invariants of the root
  Range contexts;               // where an extension may stand
  Range context_constraints;    // what must hold there
  std::uint32_t root = kNone;   // the root's own element row (profiles)
  TypeKind kind = TypeKind::complex;
  Primitive primitive = Primitive::none;
  std::uint8_t flags = 0;
  std::uint8_t reserved = 0;
};

// Bits of ElementRow::flags.
constexpr std::uint16_t kChoice = 1;  // name ends with [x]
constexpr std::uint16_t kArray = 2;   // a JSON array, by the base's max
constexpr std::uint16_t kModifier = 4;
constexpr std::uint16_t kSliceOrdered = 8;
constexpr std::uint16_t kElementActive = 16;  // see kActive
constexpr std::uint16_t kFixedValue = 32;     // literal is fixed[x]
constexpr std::uint16_t kPatternValue = 64;   // literal is pattern[x]
constexpr std::uint16_t kMustSupport = 128;
constexpr std::uint16_t kTypesNarrowed = 256;

struct ElementRow {
  Text path;           // "Patient.contact.name"
  Text id;             // with slice names
  Text slice_name;     // empty for what is no slice
  KeyId key = kNoKey;  // of its plain name ("value" for value[x])
  std::uint32_t min = 0;
  std::uint32_t max = kUnbounded;
  std::uint32_t shape = kNone;  // of inline members (backbone or profiled)
  Range types;
  Range constraints;
  Range slices;  // rows in the table of elements
  Range discriminators;
  std::uint32_t literal = kNone;
  std::uint32_t min_value = kNone;  // literals
  std::uint32_t max_value = kNone;
  std::uint32_t max_length = kNone;
  std::uint32_t value_set = kNone;      // row of the value set
  Text value_set_url;                   // as the binding names it
  std::uint32_t max_value_set = kNone;  // extension elementdefinition-maxVS
  std::uint16_t flags = 0;
  BindingStrength binding = BindingStrength::none;
  SlicingRules slicing = SlicingRules::none;
};

// Bits of TypeRow::flags.
constexpr std::uint32_t kContained = 1;  // aggregation modes
constexpr std::uint32_t kReferenced = 2;
constexpr std::uint32_t kBundled = 4;

// One way to write an element: its type, and the JSON member for it.
struct TypeRow {
  std::uint32_t shape = kNone;
  KeyId key = kNoKey;      // "valueString", or the plain name
  KeyId sibling = kNoKey;  // "_valueString"; kNoKey for complex types
  Range profiles;          // targets that the value must conform to (one)
  Range targets;           // what a reference may point to
  std::uint32_t flags = 0;
};

struct TargetRow {
  Text url;
  std::uint32_t shape = kNone;  // kNone: not in this image
};

// One place of a shape's hash table: key modulo size, then the next free one.
struct SlotRow {
  KeyId key = kNone;          // kNone: free
  std::uint16_t element = 0;  // within the shape
  std::uint8_t type = 0;      // within the element
  std::uint8_t sibling = 0;   // 1: the member "_name"
};

struct ConstraintRow {
  Text key;
  Text human;
  Text expression;
  Text source;
  std::uint32_t program = kNone;  // equal expressions share a number
  std::uint8_t warning = 0;       // severity warning
  std::uint8_t best_practice = 0;
  std::uint8_t of_type = 0;
  std::uint8_t reserved = 0;
};

struct DiscriminatorRow {
  Text path;  // restricted FHIRPath, as written
  DiscriminatorType type = DiscriminatorType::value;
  std::uint8_t reserved[3] = {};
};

enum class ContextType : std::uint8_t { element, extension, fhirpath };

struct ContextRow {
  Text expression;
  ContextType type = ContextType::element;
  std::uint8_t reserved[3] = {};
};

// A node of a fixed or pattern value, in document order as on a JSON tape.
struct LiteralRow {
  Text text;
  KeyId key = kNoKey;
  std::uint32_t kind = 0;  // JsonKind
  std::uint32_t size = 0;  // children
  std::uint32_t next = 0;  // row after this subtree
};

enum class SystemContent : std::uint8_t {
  absent,    // known by name only: codes cannot be checked
  fragment,  // some codes are known
  complete,
  supplement,  // adds to another system, and is none itself
};

struct SystemRow {
  Text url;
  Text version;
  Range codes;
  SystemContent content = SystemContent::absent;
  std::uint8_t case_insensitive = 0;
  std::uint16_t reserved = 0;
};

struct CodeRow {
  std::uint32_t system = kNone;
  Text code;
  Text display;
  std::uint32_t parent = kNone;  // code row
  std::uint32_t abstract_ = 0;   // not selectable
};

// Bits of ValueSetRow::flags.
constexpr std::uint32_t kIncomplete = 1;  // some part of it cannot be listed

struct ValueSetRow {
  Text url;
  Text version;
  Text name;
  Range parts;
  std::uint32_t flags = 0;
};

enum class PartKind : std::uint8_t {
  listed,     // the members of `codes`, rows of the table of members
  whole,      // all codes of a system of which we know all
  unchecked,  // some or all codes of a system that we do not hold
};

struct PartRow {
  std::uint32_t system = kNone;
  Range members;
  PartKind kind = PartKind::listed;
  std::uint8_t reserved[3] = {};
};

// What lies under a canonical URL.
enum class ArtifactKind : std::uint32_t {
  shape,
  value_set,
  code_system,
  source_only
};

struct ArtifactRow {
  Text url;
  Text source;  // the definition's JSON, as far as the compiler needs it
  std::uint32_t row = kNone;
  ArtifactKind kind = ArtifactKind::source_only;
};

struct KeyRow {
  Text name;
};

// A cell of the two hash tables by text: of artifacts and of codes.
struct CellRow {
  std::uint32_t hash = 0;
  std::uint32_t row = kNone;
};

static_assert(std::is_trivially_copyable_v<ElementRow>);
static_assert(std::is_trivially_copyable_v<ShapeRow>);

}  // namespace gateway::fhir
