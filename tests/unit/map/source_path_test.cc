#include "map/source_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "map/source_find.h"
#include "map/text_node.h"
#include "parse/hl7v2_tree.h"

namespace gateway::map {
namespace {

using testing::HasSubstr;

const std::string kMessage =
    "MSH|^~\\&|EHR|CLINIC|||||REF^I12\rAUT|||||||A0\rPRD|RP|Poe\r"
    "PID|||A^^^X&1.2&ISO~B|||\"\"\rIN1|1|^^^\rIN2|77\rIN1|2\rZIN|z^zz\r"
    "DG1|1||M54\rDG1|2||S33\rPR1|1\rAUT|||||||A1\r"
    "PV1||O|||||||||||||||||||||||||||||||||||22&Home\r";

Scopes message_scope() {
  return {{Scope::Kind::group, parse::structure_named("REF_I12")}};
}

// The texts at a path of the message, "-" where a node has none.
std::string texts(const std::string& path) {
  const auto tree = parse::tree_of(*parse::Hl7v2Message::parse(kMessage));
  const auto resolved = resolve(path, message_scope());
  if (!resolved) return "error: " + resolved.error().message;
  std::vector<Json> nodes;
  find_nodes(resolved->path, {tree.root()}, nodes);
  std::string all;
  for (const auto node : nodes) {
    if (!all.empty()) all += ' ';
    const auto bearer = text_node(node);
    all += bearer.exists() ? std::string(bearer.text()) : "-";
  }
  return all;
}

TEST(SourcePathTest, FindsASegmentOfACertainCodeFromItsGroup) {
  const auto tree = parse::tree_of(*parse::Hl7v2Message::parse(
      "MSH|^~\\&|||||||REF^I12\rPRD|RP\rPID|1\rORC|RE|1\rOBR|1\rOBX|1\r"
      "ORC|NW|2\rOBR|1\r"));
  const auto text = [&](const std::string& path) {
    std::vector<Json> nodes;
    find_nodes(resolve(path, message_scope())->path, {tree.root()}, nodes);
    return nodes.size() == 1 ? std::string(nodes[0].text()) : "";
  };
  EXPECT_EQ(text("ORC-2"), "2");
  EXPECT_EQ(text("OBSERVATION.ORC-2"), "1");
}

TEST(SourcePathTest, FindsNodes) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"PID-3", "A B"},
      {"PID-3[2]", "B"},
      {"PID-3[3]", ""},
      {"PID-3.1", "A B"},
      {"PID-3[1].4", "X"},
      {"PID-3.4.2", "1.2"},
      {"PID-3.4.3", "ISO"},
      {"PID-3.5.1", ""},
      {"PID-6", "-"},  // "" is no text
      {"PID-30", ""},
      {"MSH-9.2", "I12"},
      {"DG1-3", "M54 S33"},
      {"DG1[2]-3", "S33"},
      {"DG1[1..]-3", "M54 S33"},
      {"DG1[2..]-3", "S33"},
      {"DG1[3..]-3", ""},
      {"PID-3[2..]", "B"},
      {"INSURANCE[1].IN1-1", "1"},
      {"INSURANCE[2].IN1-1", "2"},
      {"INSURANCE[2..].IN1-1", "2"},
      {"IN2-1", "77"},
      {"AUT-7", "A0"},
      {"PROCEDURE.AUT-7", "A1"},
      {"PRD-2.1.1", "Poe"},
      {"PV1-37.1.2", "Home"},  // of a lone component
      {"PV1-37.2", ""},
      {"ZIN-1.2", "zz"},
      {"ZZZ-1", ""},
  };
  for (const auto& [path, text] : rows) EXPECT_EQ(texts(path), text) << path;
}

TEST(SourcePathTest, RefusesPartsThatNoVersionHas) {
  EXPECT_THAT(texts("PID-5.99"),
              HasSubstr("\"PID-5.99\" has no part 99: XPN has only parts 1 to "
                        "15"));
  EXPECT_THAT(texts("PID-3.4.9"), HasSubstr("HD has only parts 1 to 3"));
  EXPECT_THAT(texts("PID-1.2"), HasSubstr("SI has no parts"));
  EXPECT_EQ(texts("ZIN-1.99.99"), "");
  auto scopes = message_scope();
  scopes.push_back(resolve("PID-5", scopes)->scope);
  EXPECT_TRUE(resolve(".1.5", scopes).ok());
  EXPECT_THAT(resolve(".16", scopes).error().message, HasSubstr("XPN"));
  EXPECT_THAT(resolve(".1.6", scopes).error().message, HasSubstr("FN"));
}

TEST(SourcePathTest, NamesTheNameThatIsUnknown) {
  EXPECT_THAT(texts("FOO.PID-7"), HasSubstr("has no FOO here"));
}

TEST(SourcePathTest, StandsOnGroupsSegmentsAndFields) {
  const auto tree = parse::tree_of(*parse::Hl7v2Message::parse(kMessage));
  auto scopes = message_scope();
  const auto group = resolve("INSURANCE", scopes);
  ASSERT_TRUE(group.ok());
  std::vector<Json> insurances;
  find_nodes(group->path, {tree.root()}, insurances);
  ASSERT_EQ(insurances.size(), 2U);

  scopes.push_back(group->scope);
  const auto own = resolve("IN1-1", scopes);
  const auto outer = resolve("PID-3[2]", scopes);
  std::vector<Json> found;
  find_nodes(own->path, {tree.root(), insurances[1]}, found);
  find_nodes(outer->path, {tree.root(), insurances[1]}, found);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].text(), "2");
  EXPECT_EQ(found[1].text(), "B");

  const auto field = resolve("PID-3", scopes);
  scopes.push_back(field->scope);
  const auto part = resolve(".4.1", scopes);
  std::vector<Json> ids;
  find_nodes(field->path, {tree.root(), insurances[1]}, ids);
  found.clear();
  find_nodes(part->path, {tree.root(), insurances[1], ids[0]}, found);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].text(), "X");
}

TEST(SourcePathTest, NamesWhatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"XYZ-1", "REF_I12 has no XYZ here"},
      {"INZ-1", "did you mean"},
      {"PID-77", "PID has only 40 fields"},
      {"INSURANCE-3", "is a group and has no fields"},
      {".1", "needs a field"},
      {"PID-3[2.].1", "is no HL7 v2 path"},
      {"OBR-4.1", "write which of OBSERVATION.OBR-4.1, ORDER.OBR-4.1"},
      {"ORDER[2..].ORDER[1].OBR-4", "REF_I12 has no OBR here"},
      {"NTE-3", "NTE"},
  };
  for (const auto& [path, problem] : rows) {
    const auto resolved = resolve(path, message_scope());
    if (path == "NTE-3") {
      EXPECT_TRUE(resolved.ok());
      continue;
    }
    ASSERT_FALSE(resolved.ok()) << path;
    EXPECT_THAT(resolved.error().message, HasSubstr(problem));
    EXPECT_EQ(resolved.error().message.find("mean OBR?"), std::string::npos);
  }
}

TEST(SourcePathTest, TellsPathsFromOtherWords) {
  EXPECT_EQ(path_length("PID-5.1 = 'x'"), 7U);
  EXPECT_EQ(path_length("PID-5.exists()"), 5U);
  EXPECT_EQ(path_length(".1.exists()"), 2U);
  EXPECT_EQ(path_length(".1.2"), 4U);
  EXPECT_EQ(path_length("OBX[2]-5[1].2"), 13U);
  EXPECT_EQ(path_length("exists()"), 0U);
  EXPECT_EQ(path_length("Patient"), 0U);
  EXPECT_EQ(path_length("5.1"), 0U);
  EXPECT_EQ(path_length(".name"), 0U);
  EXPECT_EQ(path_length("AND"), 3U);  // a name; resolve() says of what
}

// Texts are counted as far as anybody wants to know; blanks are none.
TEST(FindTextsTest, StopsWhereItIsEnough) {
  const auto tree = parse::tree_of(*parse::Hl7v2Message::parse(
      "MSH|^~\\&|EHR|CLINIC|||||REF^I12\rPID|||^^^X~B~C\rDG1|1||\r"
      "DG1|2||S33\r"));
  const Scopes message{{Scope::Kind::group, parse::structure_named("REF_I12")}};
  const auto texts = [&](const std::string& path, std::size_t most) {
    Texts found;
    find_texts(resolve(path, message)->path, {tree.root()}, most, found);
    return found;
  };
  EXPECT_EQ(texts("PID-3", 9).count, 2U);
  EXPECT_EQ(texts("PID-3", 1).count, 1U);
  EXPECT_EQ(texts("PID-3", 1).first.text(), "B");
  EXPECT_EQ(texts("PID-3[3].1", 9).first.text(), "C");
  EXPECT_EQ(texts("DG1-3", 9).first.text(), "S33");
  EXPECT_EQ(texts("DG1[1]-3", 9).count, 0U);
  EXPECT_EQ(texts("PID-9", 9).count, 0U);
}

}  // namespace
}  // namespace gateway::map
