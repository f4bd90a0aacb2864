// Validation beside the least that reading JSON costs: RapidJSON's SAX reader
// with an empty handler on the same bytes (in place, numbers as texts, the
// copy included). Prints time per document and the ratio, median of 15 rounds.
//
// Then the same with 300 more profiles, the memory that the program holds, and
// the time to be ready. tests/bench/peers/validate_peer.mjs runs this program
// and
// @medplum/core side by side.
//
//   validate_bench [IMAGE [FOLDER]]
//   validate_bench --once [IMAGE [FOLDER]]   for valgrind: see instructions.txt

#include <rapidjson/reader.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/definition_set.h"
#include "fhir/definitions.h"
#include "folders.h"
#include "validate/image_compiler.h"
#include "validate/validator.h"

namespace {

namespace fs = std::filesystem;

constexpr int kRounds = 15;
constexpr int kRepeats = 20;

std::vector<std::string> documents(const fs::path& folder) {
  std::vector<std::string> texts;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    const bool wanted =
        name.starts_with("ServiceRequest-") || name.starts_with("Claim-") ||
        name.starts_with("Patient-") || name.starts_with("Coverage-");
    if (!wanted || entry.path().extension() != ".json") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(in),
                       std::istreambuf_iterator<char>());
  }
  return texts;
}

// Of this process: what others do on the machine counts for nothing.
double cpu_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 +
         static_cast<double>(now.tv_nsec) / 1e3;
}

// One round: per document.
template <typename Work>
double microseconds(const std::vector<std::string>& texts, const Work& work) {
  const auto begin = cpu_microseconds();
  for (int i = 0; i < kRepeats; ++i) {
    for (const auto& text : texts) work(text);
  }
  return (cpu_microseconds() - begin) / kRepeats /
         static_cast<double>(texts.size());
}

double median(std::vector<double> values) {
  const auto middle =
      values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void sax(const std::string& text) {
  std::string copy = text;
  rapidjson::InsituStringStream stream(copy.data());
  rapidjson::BaseReaderHandler<rapidjson::UTF8<>> handler;
  rapidjson::Reader reader;
  constexpr unsigned kFlags =
      rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag;
  if (reader.Parse<kFlags>(stream, handler).IsError()) std::abort();
}

using gateway::fhir::SharedDefinitions;
using gateway::validate::Validator;

// What the bench is about, and what callgrind counts.
__attribute__((noinline)) void parse_and_validate(const std::string& text,
                                                  const Validator& validator) {
  const auto document =
      gateway::JsonDocument::parse(text, validator.definitions().keys());
  if (!document.ok() || !validator.validate(*document).acceptable()) {
    std::abort();
  }
}

// The definitions with profiles that none of the documents claims.
SharedDefinitions with_more_profiles(const SharedDefinitions& core) {
  gateway::fhir::DefinitionSet set;
  for (int i = 0; i < 300; ++i) {
    const auto name = "more-" + std::to_string(i);
    const auto added = set.add_text(
        R"({"resourceType":"StructureDefinition","url":"http://x/)" + name +
            R"(","name":")" + name +
            R"(","status":"draft","kind":"resource","abstract":false,"type":)"
            R"("Patient","baseDefinition":)"
            R"("http://hl7.org/fhir/StructureDefinition/Patient","derivation":)"
            R"("constraint","differential":{"element":[{"path":)"
            R"("Patient.name","min":1}]}})",
        name);
    if (!added.ok()) std::abort();
  }
  auto compiled = gateway::validate::compile(set, core);
  if (!compiled.ok()) std::abort();
  return (*std::move(compiled)).definitions;
}

double resident_megabytes() {
  std::ifstream in("/proc/self/statm");
  double pages = 0;
  in >> pages >> pages;
  return pages * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

// Times of each round, so that what else the machine does at a time falls on
// all of them.
struct Rounds {
  std::vector<double> baseline, tape, full, more;

  // Medians: of the times, and of the ratios within a round.
  void print(const char* name, const std::vector<double>& times,
             const std::vector<double>& to, const char* wanted) const {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < times.size(); ++i) {
      ratios.push_back(times[i] / to[i]);
    }
    std::printf("%s %7.2f us  %.2fx%s\n", name, median(times), median(ratios),
                wanted);
  }
};

void print_ratios(const std::vector<std::string>& texts,
                  const SharedDefinitions& definitions) {
  const auto& keys = definitions->keys();
  const Validator validator(definitions);
  const Validator of_more(with_more_profiles(definitions));
  Rounds rounds;
  for (int round = 0; round < kRounds; ++round) {
    rounds.baseline.push_back(microseconds(texts, sax));
    rounds.tape.push_back(microseconds(texts, [&](const std::string& text) {
      if (!gateway::JsonDocument::parse(text, keys).ok()) std::abort();
    }));
    rounds.full.push_back(microseconds(texts, [&](const std::string& text) {
      parse_and_validate(text, validator);
    }));
    rounds.more.push_back(microseconds(texts, [&](const std::string& text) {
      parse_and_validate(text, of_more);
    }));
  }
  rounds.print("SAX, empty handler  ", rounds.baseline, rounds.baseline, "");
  rounds.print("parse to tape       ", rounds.tape, rounds.baseline, "");
  rounds.print("parse and validate  ", rounds.full, rounds.baseline,
               " (at most 5, goal 3)");
  rounds.print("with 300 profiles   ", rounds.more, rounds.full,
               " of that without");
  std::printf("per CPU second       %7.0f documents\n",
              1e6 / median(rounds.full));
}

}  // namespace

int main(int argc, char** argv) {
  const bool once = argc > 1 && std::string_view(argv[1]) == "--once";
  const int first = once ? 2 : 1;
  const char* shared = std::getenv("WORKGATE_SHARED");
  const std::string image =
      argc > first ? argv[first] : GATEWAY_BINARY_DIR "/workgate.image";
  const fs::path folder =
      argc > first + 1
          ? fs::path(argv[first + 1])
          : fs::path(shared != nullptr ? shared
                                       : GATEWAY_SOURCE_DIR "/../shared") /
                "conformance/examples";
  if (!fs::exists(folder)) {
    std::printf("no examples at %s: set WORKGATE_SHARED\n", folder.c_str());
    return 0;
  }
  const auto begin = cpu_microseconds();
  const auto definitions = gateway::fhir::Definitions::open(image);
  if (!definitions.ok()) {
    std::printf("%s\n", definitions.error().message.c_str());
    return 1;
  }
  const Validator validator(*definitions);
  const auto ready = cpu_microseconds() - begin;
  const auto texts = documents(folder);
  for (const auto& text : texts) parse_and_validate(text, validator);
  if (once) return 0;
  std::printf(
      "%zu documents, ready in %.1f ms of CPU, %.1f MB resident, "
      "image %.1f MB\n",
      texts.size(), ready / 1e3, resident_megabytes(),
      static_cast<double>(fs::file_size(image)) / 1e6);
  print_ratios(texts, *definitions);
  return 0;
}
