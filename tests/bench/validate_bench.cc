// Validation beside the least that reading JSON costs: RapidJSON's SAX reader
// with an empty handler on the same bytes (in place, numbers as texts, the
// copy included). Prints time per document and the ratio, median of 15 rounds.
//
//   validate_bench [IMAGE [FOLDER]]

#include <rapidjson/reader.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fhir/definitions.h"
#include "folders.h"
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

template <typename Work>
double microseconds(const std::vector<std::string>& texts, const Work& work) {
  std::vector<double> times;
  for (int round = 0; round < kRounds; ++round) {
    const auto begin = cpu_microseconds();
    for (int i = 0; i < kRepeats; ++i) {
      for (const auto& text : texts) work(text);
    }
    times.push_back((cpu_microseconds() - begin) / kRepeats /
                    static_cast<double>(texts.size()));
  }
  std::nth_element(times.begin(), times.begin() + kRounds / 2, times.end());
  return times[kRounds / 2];
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

}  // namespace

int main(int argc, char** argv) {
  const char* shared = std::getenv("WORKGATE_SHARED");
  const std::string image =
      argc > 1 ? argv[1] : GATEWAY_BINARY_DIR "/workgate.image";
  const fs::path folder =
      argc > 2 ? fs::path(argv[2])
               : fs::path(shared != nullptr ? shared
                                            : GATEWAY_SOURCE_DIR "/../shared") /
                     "conformance/examples";
  if (!fs::exists(folder)) {
    std::printf("no examples at %s: set WORKGATE_SHARED\n", folder.c_str());
    return 0;
  }
  const auto texts = documents(folder);
  const auto begin = std::chrono::steady_clock::now();
  const auto definitions = gateway::fhir::Definitions::open(image);
  if (!definitions.ok()) {
    std::printf("%s\n", definitions.error().message.c_str());
    return 1;
  }
  const gateway::validate::Validator validator(*definitions);
  const std::chrono::duration<double, std::milli> ready =
      std::chrono::steady_clock::now() - begin;
  const auto& keys = (*definitions)->keys();
  const double baseline = microseconds(texts, sax);
  const double tape = microseconds(texts, [&](const std::string& text) {
    if (!gateway::JsonDocument::parse(text, keys).ok()) std::abort();
  });
  const double full = microseconds(texts, [&](const std::string& text) {
    const auto document = gateway::JsonDocument::parse(text, keys);
    if (!document.ok() || !validator.validate(*document).acceptable()) {
      std::abort();
    }
  });
  std::printf("%zu documents, image ready in %.1f ms\n", texts.size(),
              ready.count());
  std::printf("SAX, empty handler   %7.2f us\n", baseline);
  std::printf("parse to tape        %7.2f us  %.2fx\n", tape, tape / baseline);
  std::printf("parse and validate   %7.2f us  %.2fx (at most 5, goal 3)\n",
              full, full / baseline);
  return 0;
}
