#include "unit/billing/complete_case.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace gateway::billing {
namespace {

constexpr const char* kFile = "/config/demo/complete-case.json";

// A transaction that creates it all, with the references that examples use.
std::string bundle_of(const CompleteCase& complete) {
  std::string entries;
  for (const auto& [name, text] : complete.items()) {
    if (name == "Procedure other") continue;
    const auto document = parse_shared(text);
    const auto root = (*document)->root();
    const std::string type(root.get("resourceType").text());
    const auto url = "https://workgate.example/fhir/" + type + "/" +
                     std::string(root.get("id").text());
    entries += (entries.empty() ? "" : ",\n") + std::string("{\"fullUrl\":\"") +
               url + "\",\"request\":{\"method\":\"POST\",\"url\":\"" + type +
               "\"},\n\"resource\":" + text + "}";
  }
  return "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[\n" +
         entries + "]}\n";
}

// Whoever reads the file likes it indented.
std::string without_blanks(const std::string& json) {
  std::string plain;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '"' && (i == 0 || json[i - 1] != '\\')) quoted = !quoted;
    if (quoted || (json[i] != ' ' && json[i] != '\n')) plain += json[i];
  }
  return plain;
}

// What the guide's examples change is there for every partner.
TEST(CompleteCaseTest, TheFileIsTheCase) {
  std::ifstream in(std::string(GATEWAY_SOURCE_DIR) + kFile);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const auto wanted = bundle_of(CompleteCase(Program::work_conditioning));
  if (without_blanks(text) == without_blanks(wanted)) return;
  const auto written = testing::TempDir() + "complete-case.json";
  std::ofstream(written) << wanted;
  FAIL() << "config/demo/complete-case.json is another; see " << written;
}

}  // namespace
}  // namespace gateway::billing
