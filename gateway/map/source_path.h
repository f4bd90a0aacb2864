// Places in an HL7 v2 message as engineers write them: PID-5.1, OBX[2]-5,
// PID-3[1].4.2, PROCEDURE.AUT-6, .1 (a component of the field at hand).
//
// A path is resolved once, against the groups around it: IN2-61 inside an
// INSURANCE group is that group's own IN2, PID-3 there is the message's. A
// path without repetition means all of them.

#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "map/document_model.h"
#include "parse/hl7v2_structure.h"

namespace gateway::map {

// What a map stands on while it writes one part of the result.
struct Scope {
  enum class Kind : std::uint8_t {
    group,  // a message or a group: `element` says which
    segment,
    field,
    component,  // of a field: its parts are subcomponents
    document,   // of another kind than HL7 v2: FHIRPath only
  };
  Kind kind = Kind::group;
  const parse::Hl7v2Element* element = nullptr;
  const DocumentType* document = nullptr;  // of one whose fields are known
  std::string_view type{};  // of a field or component: "CX"; empty: any

  auto operator<=>(const Scope&) const = default;
};
using Scopes = std::vector<Scope>;  // outermost first

// Which of several: [2] the second, [2..] that and all behind it; else all.
struct SourceIndex {
  std::uint32_t first = 0;
  bool and_later = false;

  [[nodiscard]] bool takes(std::uint32_t number) const {
    return number == first || first == 0 || (and_later && number > first);
  }
  [[nodiscard]] bool is_one() const { return first != 0 && !and_later; }
};

struct SourcePath {
  std::string text;         // as written
  std::uint32_t scope = 0;  // where it starts: index in Scopes
  struct Group {
    KeyId key = kNoKey;
    SourceIndex index{};  // within the group around it
  };
  std::vector<Group> groups;  // down from there
  KeyId segment = kNoKey;     // kNoKey: the scope is the segment or field
  bool anywhere = false;      // a Z segment: in whatever group it stands
  std::string local_name;     // of that Z segment
  SourceIndex last_index{};   // of the segments or groups at its end
  std::uint32_t field = 0;    // 0: the segment, group or field itself
  SourceIndex repetition{};
  std::uint32_t component = 0;
  std::uint32_t subcomponent = 0;
};

// Length of the path that `text` begins with; 0 if it begins with none.
std::size_t path_length(std::string_view text);

// The scope that nodes of `path` are, to stand on them.
struct ResolvedPath {
  SourcePath path;
  Scope scope;
};

// REQUIRES: path_length(text) == text.size(). Errors name the nearest segment
// or group that would do.
Result<ResolvedPath> resolve(std::string_view text, const Scopes& scopes);

}  // namespace gateway::map
