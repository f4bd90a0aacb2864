#include <gtest/gtest.h>

#include "base/text.h"
#include "parse/hl7v2_fields.h"

namespace gateway::parse {
namespace {

TEST(Hl7v2Names251Test, EveryEntryHasANameAndAType) {
  for (const auto& [segment, fields] : field_names_251()) {
    EXPECT_EQ(segment.size(), 3U);
    for (const auto entry : split(fields, '|')) {
      if (entry.empty()) continue;  // withdrawn
      EXPECT_NE(entry.find(':'), std::string_view::npos)
          << segment << " " << entry;
    }
  }
}

}  // namespace
}  // namespace gateway::parse
