#include "server/operator_desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class OperatorDeskTest : public testing::Test {
 protected:
  Reply ask(const std::string& method, const std::string& target,
            const std::string& partner = "demo-operator") {
    return Reply(
        desk_.answer(gateway_.interaction({.method = method, .target = target}),
                     ScratchGateway::caller(partner)));
  }

  ScratchGateway gateway_;
  LoadedEdition next_ = demo_edition();
  OperatorDesk desk_{
      gateway_.parts(),
      {[this] {
         return gateway_.editions().reload([this] { return next_; },
                                           gateway_.now);
       },
       [this] { return gateway_.editions().rollback(gateway_.now); }}};
};

TEST_F(OperatorDeskTest, ShowsTheEditionInForce) {
  const auto reply = ask("GET", "/configuration");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.root().find("current.hash").text(), demo_edition()->hash);
}

TEST_F(OperatorDeskTest, ReloadsAndRollsBack) {
  auto next = std::make_shared<Edition>(*demo_edition());
  next->hash = "next";
  next_ = next;
  EXPECT_EQ(
      ask("POST", "/configuration/$reload").root().find("current.hash").text(),
      "next");
  EXPECT_EQ(ask("POST", "/configuration/$rollback")
                .root()
                .find("current.hash")
                .text(),
            demo_edition()->hash);
  EXPECT_EQ(ask("POST", "/configuration/$rollback").status, 409);
}

TEST_F(OperatorDeskTest, SaysWhyNothingChanged) {
  next_ = LoadFailure{"packs", "a.yaml:1:2: no id"};
  const auto reply = ask("POST", "/configuration/$reload");
  EXPECT_EQ(reply.status, 409);
  EXPECT_THAT(rules(reply.root()), ElementsAre("configuration/packs"));
  EXPECT_THAT(reply.body, HasSubstr("a.yaml:1:2: no id"));
}

TEST_F(OperatorDeskTest, IsForOperators) {
  EXPECT_EQ(ask("GET", "/configuration", "demo-ehr").status, 403);
  EXPECT_EQ(ask("POST", "/configuration/$reload", "demo-clearinghouse").status,
            403);
}

}  // namespace
}  // namespace gateway::server
