#include "map/source_place.h"

#include <gtest/gtest.h>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

TEST(SourcePlaceTest, NamesPlacesInMessages) {
  const auto tree = referral("PID|||A~B^^^X&1\rIN1|1\rIN2|7\r");
  const auto root = tree.root();
  EXPECT_EQ(source_path_of(root.get("PID").get("f3").first()), "PID-3[1]");
  EXPECT_EQ(source_path_of(root.get("PID").get("f3").at(1).find("c4.s2")),
            "PID-3[2].4.2");
  EXPECT_EQ(source_path_of(root.find("INSURANCE.IN2.f1")), "IN2-1");
}

TEST(SourcePlaceTest, CountsRepetitionsAsTheyLieInTheMessage) {
  const auto tree = parse::tree_of(
      *parse::Hl7v2Message::parse("MSH|^~\\&\rPID|||A~B~C\r"), 2);
  const auto numbers = tree.root().get("PID").get("f3");
  EXPECT_EQ(numbers.first().text(), "C");
  EXPECT_EQ(source_path_of(numbers.first()), "PID-3[3]");
  EXPECT_EQ(source_path_of(numbers.at(1)), "PID-3[1]");
}

TEST(SourcePlaceTest, FindsPlacesByTheirBytes) {
  const auto tree = referral("PID|||A||Doe^Ann\r");
  const auto ann = tree.root().find("PID.f5.c2").span();
  EXPECT_EQ(source_path_at(tree.root(), ann), "PID-5.2");
  EXPECT_EQ(source_path_at(tree.root(), {0, 1}), "");
}

TEST(SourcePlaceTest, FindsPlacesInLaterSegmentsAndGroups) {
  const auto tree = referral(
      "PID|||A\rIN1|1|x\rIN1|2|y\rIN2|7\rDG1|1||M54.5\rDG1|2||S39\rDG1|3||S40\r"
      "ORC|NW|1\rOBR|1\rORC|NW|2\rOBR|2\r");
  const auto root = tree.root();
  const auto path_at = [&](Json node) {
    return source_path_at(root, node.span());
  };
  EXPECT_EQ(path_at(root.get("DG1").at(1).get("f3")), "DG1-3");
  EXPECT_EQ(path_at(root.get("DG1").at(2).get("f3")), "DG1-3");
  EXPECT_EQ(path_at(root.get("INSURANCE").at(1).find("IN1.f2")), "IN1-2");
  EXPECT_EQ(path_at(root.get("INSURANCE").at(1).find("IN2.f1")), "IN2-1");
  EXPECT_EQ(path_at(root.get("ORDER").at(1).find("ORC.f2")), "ORC-2");
}

}  // namespace
}  // namespace gateway::map
