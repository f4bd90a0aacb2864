// Any text is a library of maps, or has problems with a place; what loads maps
// any message without a defect of its own making.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "map/map_engine.h"
#include "map/map_set.h"
#include "parse/hl7v2_tree.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace gateway::map;
  const std::string text(reinterpret_cast<const char*>(data), size);
  // Up to "---": a file of maps; behind it, a partner's file.
  const auto cut = text.find("\n---\n");
  const auto file = text.substr(0, cut);
  const auto partner =
      cut == std::string::npos ? std::string() : text.substr(cut + 5);
  const auto loaded =
      load_map_set({{"m.yaml", file}, {"tables/t.csv", "from,to\nA,b\n"}},
                   {{"partners/p.yaml", partner}}, nullptr);
  require(loaded.set != nullptr || !loaded.problems.empty());
  for (const auto& problem : loaded.problems) require(!problem.place.empty());
  if (loaded.set == nullptr) return 0;
  const auto message = gateway::parse::Hl7v2Message::parse(
      "MSH|^~\\&|||||||REF^I12\rPID|||A^^^X~B||Doe^Ann\rIN1|1\rIN2|2\r");
  const auto tree = gateway::parse::tree_of(*message);
  for (const auto& map : loaded.set->library->maps) {
    const auto output = run(*loaded.set->library, map, tree.root());
    require(output.bundle.empty() ||
            gateway::JsonDocument::parse(output.bundle).ok());
  }
  return 0;
}
