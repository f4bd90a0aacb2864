// Measures are the outcomes that show what the programs achieve: how many
// return to full duty, and how much of the job is matched. They are built in:
// readable as Measure resources, but nobody can write them.

#pragma once

#include <span>
#include <string>
#include <string_view>

#include "exchange/site.h"

namespace gateway::exchange {

struct MeasurePopulation {
  std::string_view code;  // of the system measure-population
  std::string_view description;
  std::string_view expression;  // FHIRPath, as far as it can say it
};

struct MeasureDefinition {
  std::string_view id;
  std::string_view name;
  std::string_view title;
  std::string_view description;
  std::string_view scoring;  // of the system measure-scoring
  std::span<const MeasurePopulation> populations;
};

std::span<const MeasureDefinition> measures();
const MeasureDefinition* find_measure(std::string_view id);

// "https://workgate.example/fhir/Measure/job-match"
std::string measure_url(const MeasureDefinition& measure, const Site& site);
std::string measure_json(const MeasureDefinition& measure, const Site& site);
// The searchset of all of them.
std::string measure_bundle(const Site& site);

}  // namespace gateway::exchange
