#include "exchange/measures.h"

#include <algorithm>
#include <array>

#include "base/json_writer.h"

namespace gateway::exchange {
namespace {

constexpr std::string_view kPopulationSystem =
    "http://terminology.hl7.org/CodeSystem/measure-population";
constexpr std::string_view kScoringSystem =
    "http://terminology.hl7.org/CodeSystem/measure-scoring";
constexpr std::string_view kImprovementSystem =
    "http://terminology.hl7.org/CodeSystem/measure-improvement-notation";

constexpr std::string_view kFinished =
    "EpisodeOfCare.where(referralRequest.exists() and status = 'finished')";
constexpr std::string_view kBrokenOff =
    "EpisodeOfCare.extension.where(url.endsWith('discharge-reason')).value "
    "in ('medical-change' | 'non-compliance')";
constexpr std::string_view kMatch =
    "Observation.where(code.coding.code = 'job-match-percent')";

constexpr std::array kReturnPopulations = {
    MeasurePopulation{"initial-population",
                      "episodes of a program that ended within the period, one "
                      "for each referral",
                      kFinished},
    MeasurePopulation{"denominator", "all of these", kFinished},
    MeasurePopulation{"denominator-exclusion",
                      "the program was broken off: medical change or "
                      "non-compliance",
                      kBrokenOff},
    MeasurePopulation{
        "numerator",
        "completed and back at full duty by the last work status since the "
        "discharge that tells of duty; where there is none, discharged as "
        "return-to-work, or at full duty before that",
        "Observation.where(code.coding.code = 'work-status').value.coding.code "
        "= 'full-duty'"}};

constexpr std::array kMatchPopulations = {
    MeasurePopulation{"initial-population", "measures of the period", kMatch},
    MeasurePopulation{"measure-population",
                      "the last measure of each patient, of 0 to 100 per cent",
                      kMatch},
    MeasurePopulation{"measure-observation",
                      "its value; averaged for the score",
                      "Observation.value"}};

constexpr std::array kMeasures = {
    MeasureDefinition{
        "full-duty-return-to-work", "FullDutyReturnToWork",
        "Full-duty return to work",
        "Per cent of those who completed the program who returned to full "
        "duty",
        "proportion", kReturnPopulations},
    MeasureDefinition{
        "job-match", "JobMatch", "Job match",
        "Per cent of the demands of the job that workers meet, by the last "
        "measure of each",
        "continuous-variable", kMatchPopulations}};

std::string concept_text(std::string_view system, std::string_view code) {
  JsonWriter out;
  out.begin_object()
      .key("coding")
      .begin_array()
      .begin_object()
      .member("system", system)
      .member("code", code)
      .end_object()
      .end_array()
      .end_object();
  return out.take();
}

}  // namespace

std::span<const MeasureDefinition> measures() { return kMeasures; }

const MeasureDefinition* find_measure(std::string_view id) {
  const auto* const found =
      std::find_if(kMeasures.begin(), kMeasures.end(),
                   [id](const auto& measure) { return measure.id == id; });
  return found == kMeasures.end() ? nullptr : found;
}

std::string measure_url(const MeasureDefinition& measure, const Site& site) {
  return site.canonical + "/Measure/" + std::string(measure.id);
}

std::string measure_json(const MeasureDefinition& measure, const Site& site) {
  JsonWriter out;
  out.begin_object()
      .member("resourceType", "Measure")
      .member("id", measure.id)
      .member("url", measure_url(measure, site))
      .member("version", site.version)
      .member("name", measure.name)
      .member("title", measure.title)
      .member("status", "active")
      .member("description", measure.description)
      .key("scoring")
      .raw(concept_text(kScoringSystem, measure.scoring))
      .key("improvementNotation")
      .raw(concept_text(kImprovementSystem, "increase"))
      .key("group")
      .begin_array()
      .begin_object()
      .key("population")
      .begin_array();
  for (const auto& population : measure.populations) {
    out.begin_object()
        .key("code")
        .raw(concept_text(kPopulationSystem, population.code))
        .key("criteria")
        .begin_object()
        .member("description", population.description)
        .member("language", "text/fhirpath")
        .member("expression", population.expression)
        .end_object()
        .end_object();
  }
  out.end_array().end_object().end_array().end_object();
  return out.take();
}

std::string measure_bundle(const Site& site) {
  JsonWriter out;
  out.begin_object()
      .member("resourceType", "Bundle")
      .member("type", "searchset")
      .key("total")
      .integer(static_cast<long long>(kMeasures.size()))
      .key("link")
      .begin_array()
      .begin_object()
      .member("relation", "self")
      .member("url", site.base + "/Measure")
      .end_object()
      .end_array()
      .key("entry")
      .begin_array();
  for (const auto& measure : kMeasures) {
    out.begin_object()
        .member("fullUrl", site.base + "/Measure/" + std::string(measure.id))
        .key("resource")
        .raw(measure_json(measure, site))
        .key("search")
        .begin_object()
        .member("mode", "match")
        .end_object()
        .end_object();
  }
  out.end_array().end_object();
  return out.take();
}

}  // namespace gateway::exchange
