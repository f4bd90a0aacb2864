#include "validate/discriminator.h"

#include <gtest/gtest.h>

namespace gateway::validate {
namespace {

TEST(DiscriminatorTest, CutsPathsIntoSteps) {
  using Steps = std::vector<std::string_view>;
  EXPECT_EQ(discriminator_steps("$this"), Steps{});
  EXPECT_EQ(discriminator_steps("code.coding"), (Steps{"code", "coding"}));
  EXPECT_EQ(discriminator_steps("$this.resolve().code"),
            (Steps{"resolve()", "code"}));
  EXPECT_EQ(discriminator_steps("extension('http://a.b/c').value"),
            (Steps{"extension('http://a.b/c')", "value"}));
}

}  // namespace
}  // namespace gateway::validate
