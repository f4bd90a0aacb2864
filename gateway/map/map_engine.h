// Runs a checked map on a message: gives a FHIR transaction, where each of its
// values comes from, and what was wrong.
//
// Pure: the same message, map and overlay give the same bytes.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/zone.h"
#include "fhir/outcome.h"
#include "map/library.h"
#include "map/map_findings.h"
#include "map/overlay.h"
#include "map/rule.h"

namespace gateway::map {

// Every message ends in one of these: nothing is lost in silence.
enum class Verdict : std::uint8_t {
  mapped,
  correct,  // held: somebody corrects the message, or adds a row to a table
  reject,
};

// One value of the result: which bytes of it come from which of the message.
struct Lineage {
  std::uint32_t begin = 0;  // of MapOutput::bundle
  std::uint32_t end = 0;
  ByteSpan source{};  // empty for texts of the map
  MapPlace place{};
  std::uint32_t rule = 0;
  std::uint32_t row = CodeTable::kNoRow;  // of the rule's table
  // Of a computed value, where options.explain: one more than the index in
  // MapOutput::readings; else 0.
  std::uint32_t reading = 0;
};

// Why a rule wrote nothing; for "why not", and for coverage.
enum class Silence : std::uint8_t {
  condition,
  missing,
  unmapped,
  invalid,
  taken_back,  // by a later part of the message
};
struct Silent {
  std::uint32_t rule = 0;
  Silence why = Silence::missing;
  MapPlace place{};
};

// An entry that updates, and the elements that the message deletes: it says ""
// where they would come from. What it does not say stays as it is, also where
// the map has a text of its own for what is new (`defaulted`).
struct Update {
  std::size_t entry = 0;
  std::vector<std::string> deleted{};
  std::vector<std::string> defaulted{};
  bool posted = false;   // it is new, unless one of its key is kept
  bool is_anew = false;  // the message withdraws that one before it posts
};

struct MapOutput {
  std::string bundle;            // a transaction; empty if rejected
  std::vector<Lineage> lineage;  // in order of `begin`
  fhir::Outcome outcome;
  Verdict verdict = Verdict::mapped;
  std::vector<MissingRow> missing_rows;
  std::vector<Update> amendments;  // in order of entries
  std::vector<Silent> silences;    // where options.explain
  ReadMarks read;                  // likewise: nodes of the source
  // Likewise: all that an expression looks at.
  std::vector<std::vector<ByteSpan>> readings;

  // Findings that are more than told.
  [[nodiscard]] std::size_t stopping() const {
    std::size_t count = 0;
    for (const auto& finding : outcome.findings()) {
      if (finding.severity != fhir::Severity::information) ++count;
    }
    return count;
  }
  // Rows of tables are all that the message lacks.
  [[nodiscard]] bool waits_for_rows() const {
    return verdict == Verdict::correct && !missing_rows.empty() &&
           missing_rows.size() == stopping();
  }
};

struct RunOptions {
  const Overlay* overlay = nullptr;  // of the sender
  bool explain = false;
};

// `source` is the root of a message's tree, or of a document.
MapOutput run(const MapLibrary& library, const CheckedMap& map, Json source,
              const RunOptions& options = {});

}  // namespace gateway::map
