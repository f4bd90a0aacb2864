// Why is that in the result, and why is this not: answers from the lineage of
// one run.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "map/map_engine.h"

namespace gateway::map {

struct TraceLine {
  std::string result;  // FHIRPath in the bundle, "Patient.name[0].family"
  std::string value;   // JSON
  std::string source;  // "PID-5.1", or empty for texts of the map
  ByteSpan bytes;      // of the message
  // Of a computed value: what else its expression looks at.
  struct Read {
    std::string source;
    ByteSpan bytes;
  };
  std::vector<Read> reads;
  std::string rule;  // "hl7v2/segments/patient.yaml:14"
};

// Every value of the result, or those below `path`: a FHIRPath as in
// TraceLine::result, where missing indexes stand for all.
std::vector<TraceLine> trace(const MapLibrary& library, const MapOutput& output,
                             Json source, std::string_view path = {});

// For people, and as a JSON array with a line break at its end.
std::string text_of(const std::vector<TraceLine>& lines);
std::string json_of(const std::vector<TraceLine>& lines);

struct SilentLine {
  std::string rule;
  std::string path;  // "Patient.birthDate"
  std::string text;  // "PID-7 is empty"
};

// The rules for `path` that wrote nothing; never empty: a path that was
// written, that no rule writes, or whose rules did not run has a line that says
// so. REQUIRES: RunOptions::explain.
std::vector<SilentLine> why_not(const MapLibrary& library,
                                const CheckedMap& map, const MapOutput& output,
                                Json source, std::string_view path);

}  // namespace gateway::map
