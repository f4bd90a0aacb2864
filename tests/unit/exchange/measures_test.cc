#include "exchange/measures.h"

#include <gtest/gtest.h>

#include "unit/exchange/exchange_fixture.h"

namespace gateway::exchange {
namespace {

TEST(MeasuresTest, AreReadableByTheirId) {
  for (const auto& measure : measures()) {
    EXPECT_EQ(find_measure(measure.id), &measure);
    const auto document = json_of(measure_json(measure, test_site()));
    const Json root = document.root();
    EXPECT_EQ(root.get("resourceType").text(), "Measure");
    EXPECT_EQ(root.get("id").text(), measure.id);
    EXPECT_EQ(root.get("url").text(), "https://workgate.example/fhir/Measure/" +
                                          std::string(measure.id));
    const Json populations = root.get("group").first().get("population");
    EXPECT_EQ(populations.size(), measure.populations.size());
  }
  EXPECT_EQ(find_measure("no-such-measure"), nullptr);
}

TEST(MeasuresTest, TheBundleHoldsThemAll) {
  const auto document = json_of(measure_bundle(test_site()));
  const Json root = document.root();
  EXPECT_EQ(root.get("entry").size(), measures().size());
  EXPECT_EQ(root.get("total").text(), std::to_string(measures().size()));
  EXPECT_EQ(root.find("entry.fullUrl").text(),
            "http://gate.example/fhir/Measure/full-duty-return-to-work");
}

}  // namespace
}  // namespace gateway::exchange
