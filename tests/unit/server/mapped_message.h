// A sample message of the maps' cases, mapped by the demonstration's maps.

#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "folders.h"
#include "map/map_engine.h"
#include "parse/hl7v2_header.h"
#include "parse/hl7v2_tree.h"
#include "server/v2_places.h"
#include "unit/server/scratch_gateway.h"

namespace gateway::server {

// mappings/hl7v2/messages/cases/NAME, with the segment ends of the wire.
inline std::string sample(const std::string& name) {
  std::ifstream in(std::string(GATEWAY_SOURCE_DIR) +
                       "/mappings/hl7v2/messages/cases/" + name,
                   std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  EXPECT_FALSE(text.empty()) << name;
  for (auto& byte : text) {
    if (byte == '\n') byte = '\r';
  }
  return text;
}

inline std::unique_ptr<V2Places> mapped(const std::string& text) {
  const auto message = parse::Hl7v2Message::parse(text);
  EXPECT_TRUE(message);
  const auto& maps = *demo_edition()->maps;
  const auto& overlay = maps.overlay("demo-ehr");
  auto tree = parse::tree_of(*message);
  const auto* chosen = maps.library->for_message(
      parse::header_of(*message).event(), tree.root(), overlay);
  auto output =
      map::run(*maps.library, *chosen, tree.root(), {.overlay = &overlay});
  EXPECT_EQ(output.verdict, map::Verdict::mapped);
  return std::make_unique<V2Places>(std::move(output), std::move(tree));
}

}  // namespace gateway::server
