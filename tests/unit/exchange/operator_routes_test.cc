#include "exchange/operator_routes.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "exchange/interaction.h"
#include "unit/exchange/exchange_fixture.h"

namespace gateway::exchange {
namespace {

std::optional<OrRefusal<Interaction>> routed(const std::string& method,
                                             const std::string& path) {
  return operator_route(request_of(method, "/" + path), split(path, '/'), {});
}

TEST(OperatorRoutesTest, FindsWhatIsInTheTable) {
  const auto found = taken(*routed("POST", "configuration/$reload"));
  EXPECT_EQ(found.action, Action::operate);
  EXPECT_EQ(found.operation, Operation::reload);
}

TEST(OperatorRoutesTest, NamesTheMethodsThatArePossible) {
  const auto found = routed("GET", "configuration/$reload");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(refusal_text(*found), "405 rest/method");
  EXPECT_EQ(std::get<Refusal>(*found).headers.at(0).second, "POST");
}

TEST(OperatorRoutesTest, OtherPathsAreNotItsOwn) {
  EXPECT_FALSE(routed("GET", "configuration/other").has_value());
  EXPECT_FALSE(routed("GET", "health/ready").has_value());
}

}  // namespace
}  // namespace gateway::exchange
