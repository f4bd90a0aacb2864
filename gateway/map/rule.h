// A checked map: a tree of rules shaped like its result.
//
// Rules are values that never change after loading; what a partner changes
// lies beside them, by Rule::id (see overlay.h).

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fhir/definition_rows.h"
#include "map/held_expression.h"
#include "map/lint_rule.h"

namespace gateway::map {

// A line of a map, "hl7v2/segments/PID.yaml:12".
struct MapPlace {
  std::uint32_t file = 0;  // index of MapLibrary::files
  std::uint32_t line = 0;
  std::uint32_t column = 1;
};

// What happens where there is no value, or none that can be written.
enum class Remedy : std::uint8_t {
  unsaid,   // for optional elements: they are left out
  omit,     // the element is left out
  skip,     // the object around it is left out
  reject,   // the message is refused
  correct,  // the message is held until somebody corrects it, or the table
  fallback  // another value is written
};

struct Otherwise {
  Remedy remedy = Remedy::unsaid;
  std::string text;         // for people, where the map gives one
  HeldExpression fallback;  // of `fallback`
};

constexpr std::uint32_t kNoTable = 0xFFFFFFFF;

struct Rule {
  enum class Kind : std::uint8_t { leaf, object, list, reference };

  Kind kind = Kind::leaf;
  fhir::Primitive primitive = fhir::Primitive::none;
  bool is_coding = false;   // a table row fills system, code and display
  bool has_values = false;  // not only texts of the map
  bool as_is = false;       // a field of a document whose kind fits
  // Of an element of several types, of which one is written: the same for
  // each way to write it.
  std::uint8_t arm = 0;
  // Of the first identifier of a resource, which may be its business key.
  enum class Part : std::uint8_t { none, system, value };
  Part key_part = Part::none;
  bool is_status = false;  // of the resource itself
  bool is_key = false;     // the identifier itself
  std::uint32_t id = 0;
  MapPlace place;
  std::string member;  // JSON member; empty for items of a list
  std::string path;    // "ServiceRequest.status", for people

  HeldExpression each;  // one result per node
  HeldExpression when;
  HeldExpression from;  // a value, or for objects what to stand on
  HeldExpression plus;  // minutes that are added to a time
  std::string choice;   // the name that `from` was given, for overlays

  std::uint32_t table = kNoTable;
  Otherwise missing;
  Otherwise unmapped;
  Otherwise invalid{Remedy::correct, {}, {}};

  std::vector<std::uint32_t> targets;  // of a reference: the first that is
  std::string match;  // type that a conditional reference finds by identifier
  std::vector<Rule> members;  // of an object, or items of a list
};

class OutwardProgram;

// `withdraw` updates, and takes back what was posted: of the two in one message
// the later counts.
enum class Method : std::uint8_t { post, create, update, withdraw };

constexpr std::array<std::pair<std::string_view, Method>, 4> kMethods{
    {{"post", Method::post},
     {"create", Method::create},
     {"update", Method::update},
     {"withdraw", Method::withdraw}}};

// A resource that a map gives, or a group of them per node of `each`.
struct Emission {
  std::string name;
  std::uint32_t id = 0;
  MapPlace place;
  HeldExpression each;
  HeldExpression when;
  HeldExpression from;
  HeldExpression method;  // gives a name of kMethods
  Method fixed_method = Method::post;
  std::string type;             // "Patient"; empty for a group
  Rule body;                    // of a resource
  std::vector<Emission> inner;  // of a group
};

struct CheckedMap {
  std::string name;
  std::string version;
  std::string source;  // "REF_I12", or a kind of document
  // Of a document whose fields are known: an outward map.
  const DocumentType* document = nullptr;
  // It as a flat program; null where it needs FHIRPath.
  std::shared_ptr<const OutwardProgram> program;
  std::string hash;  // of an outward map and all that it uses
  std::vector<std::string> events;
  MapPlace place;
  HeldExpression when;
  std::vector<Emission> emissions;
  std::uint32_t emission_count = 0;
  std::uint32_t rule_count = 0;

  [[nodiscard]] bool is_for(std::string_view event) const;
};

// What a leaf takes: enough to judge the texts that partners add.
struct LeafType {
  std::string path;
  fhir::Primitive primitive = fhir::Primitive::none;
  bool is_required = false;
  // Where it takes only the codes of a closed value set: they, and its name.
  std::string value_set{};
  std::vector<std::string> codes{};
};

// Where a map takes a choice: a partner may say something else there.
struct ChoiceSite {
  std::string choice;
  std::uint32_t rule;
  Scopes scopes;
  bool is_stood_on = false;  // by an object, else it is a leaf's value
  LeafType takes{};          // of a leaf without a table
};

// A leaf that gets its value from a table.
struct TableUse {
  std::uint32_t table;
  LeafType takes;
};

// A leaf whose value is a setting.
struct SettingUse {
  std::string setting;
  LeafType takes;
};

// What is wrong with a map, a table or a case.
struct MapProblem {
  LintRule rule;
  std::string place;  // file:line:column
  std::string text;
  bool warning = false;
};

}  // namespace gateway::map
