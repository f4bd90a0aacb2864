// Evaluations of everyday FHIRPath expressions per CPU second, on the official
// Patient example, expressions compiled before. One line per expression:
// evaluations per second, a tab, the expression.
// tests/clients/fhirpath_peer.mjs runs this program and fhirpath.js side by
// side.
//
//   fhirpath_bench [IMAGE [PATIENT [EXPRESSIONS]]]

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fhir/definitions.h"
#include "fhirpath/expression.h"
#include "folders.h"

namespace {

using gateway::fhirpath::evaluate_in;

std::string text_of_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string shared_folder() {
  const char* set = std::getenv("WORKGATE_SHARED");
  return set != nullptr ? set : GATEWAY_SOURCE_DIR "/../shared";
}

std::vector<std::string> lines_of(const std::string& file) {
  std::vector<std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

// The median of five runs of a fifth of a second.
double per_second(const gateway::fhirpath::Expression& expression,
                  const gateway::fhirpath::Value& input) {
  constexpr int kBatch = 1000;
  const gateway::fhirpath::Environment environment;
  gateway::fhirpath::Scratch scratch;
  std::vector<double> rates;
  for (int run = 0; run < 5; ++run) {
    const double begin = cpu_seconds();
    double elapsed = 0;
    long done = 0;
    while (elapsed < 0.2) {
      for (int i = 0; i < kBatch; ++i) {
        if (!evaluate_in(scratch, expression, input, environment).ok()) {
          return 0;
        }
      }
      done += kBatch;
      elapsed = cpu_seconds() - begin;
    }
    rates.push_back(static_cast<double>(done) / elapsed);
  }
  std::sort(rates.begin(), rates.end());
  return rates[rates.size() / 2];
}

}  // namespace

int main(int argc, char* argv[]) {
  const std::string image =
      argc > 1 ? argv[1] : GATEWAY_BINARY_DIR "/workgate.image";
  const std::string patient =
      argc > 2 ? argv[2]
               : shared_folder() +
                     "/conformance/fhirpath-r4/input/patient-example.json";
  const std::string expressions = argc > 3 ? argv[3]
                                           : GATEWAY_SOURCE_DIR
                                      "/tests/bench/fhirpath_expressions.txt";
  const auto definitions = gateway::fhir::Definitions::open(image);
  if (!definitions.ok()) {
    std::fprintf(stderr, "%s\n", definitions.error().message.c_str());
    return 3;
  }
  const gateway::fhir::TypeModel model(**definitions);
  const auto document =
      gateway::JsonDocument::parse(text_of_file(patient), model.keys());
  if (!document.ok()) {
    std::fprintf(stderr, "%s: %s\n", patient.c_str(),
                 document.error().message.c_str());
    return 3;
  }
  for (const auto& text : lines_of(expressions)) {
    const auto expression = gateway::fhirpath::compile(
        text, {.model = &model, .context = "Patient"});
    if (!expression.ok()) {
      std::fprintf(stderr, "%s: %s\n", text.c_str(),
                   expression.error().message.c_str());
      return 1;
    }
    const auto input = gateway::fhirpath::typed_node(
        document->root(), gateway::fhirpath::Types(&model));
    std::printf("%.0f\t%s\n", per_second(*expression, input), text.c_str());
  }
  return 0;
}
