// Policy packs are written by people: whatever they write is a pack or an
// error, and a predicate never runs away.

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/yaml.h"
#include "program/policy_pack.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto yaml = gateway::Yaml::parse(text, "pack.yaml");
  if (!yaml) return 0;
  const auto pack = gateway::program::read_pack(*yaml);
  if (!pack) return 0;
  const gateway::program::Facts facts;
  for (const auto& row : pack->requirements) {
    if (row.require) (void)row.require->test(facts);
  }
  return 0;
}
