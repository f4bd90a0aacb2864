#include "parse/hl7v2_group.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gateway::parse {
namespace {

// "PID INSURANCE(IN1 IN2)": the groups of a message.
std::string shape(const Hl7v2Groups& groups, std::uint32_t node = 0) {
  std::string out;
  const auto& nodes = groups.nodes;
  for (auto i = nodes[node].first_child; i != Hl7v2Node::kNone;
       i = nodes[i].next) {
    if (!out.empty()) out += ' ';
    out += nodes[i].name;
    if (nodes[i].is_group()) out += "(" + shape(groups, i) + ")";
  }
  return out;
}

std::string message_of(const std::string& segments) {
  std::string text = "MSH|^~\\&";
  for (const char c : segments) text += c == ' ' ? '\r' : c;
  return text;
}

TEST(Hl7v2GroupTest, BuildsGroups) {
  struct Row {
    std::string structure;
    std::string segments;
    std::string groups;
    std::size_t oddities;
  };
  const std::vector<Row> rows{
      {"REF_I12", " RF1 AUT PRD PRD CTD PID IN1 IN2 IN1 IN3 ACC DG1 DG1 PV1",
       "MSH RF1 AUTHORIZATION(AUT) PROVIDER(PRD) PROVIDER(PRD CTD) PID "
       "INSURANCE(IN1 IN2) INSURANCE(IN1 IN3) ACC DG1 DG1 VISIT(PV1)",
       0},
      {"REF_I12", " PRD PID PR1 AUT PR1 OBR OBX NTE OBX NTE",
       "MSH PROVIDER(PRD) PID PROCEDURE(PR1 AUTHORIZATION(AUT)) "
       "PROCEDURE(PR1) OBSERVATION(OBR RESULT(OBX NTE) RESULT(OBX NTE))",
       0},
      // An OBR is a result where its OBX follow, else an order, in any order.
      {"REF_I12",
       " PRD PID OBR OBX ORC TQ1 TQ1 OBR NTE OBR OBX OBR NTE OBR PV1",
       "MSH PROVIDER(PRD) PID OBSERVATION(OBR RESULT(OBX)) "
       "ORDER(ORC TIMING(TQ1) TIMING(TQ1) OBR NTE) "
       "OBSERVATION(OBR RESULT(OBX)) ORDER(OBR NTE) ORDER(OBR) VISIT(PV1)",
       0},
      // What has no place, and whom to ask, are no end of a result; a timing is
      // an order's.
      {"REF_I12", " PRD PID OBR ZXX OBX OBR SPM NTE OBX OBR CTD OBX",
       "MSH PROVIDER(PRD) PID OBSERVATION(OBR ZXX RESULT(OBX)) "
       "OBSERVATION(OBR SPM NTE RESULT(OBX)) OBSERVATION(OBR CTD RESULT(OBX))",
       2},
      {"REF_I12", " PRD PID OBR TQ1 OBX OBR CTD ZXX PV1",
       "MSH PROVIDER(PRD) PID ORDER(OBR TIMING(TQ1) RESULT(OBX)) "
       "ORDER(OBR CTD ZXX) VISIT(PV1)",
       1},
      // The observations to an order follow it.
      {"REF_I12",
       " PRD PID ORC|NW OBR OBX ORC|RE OBR NTE OBX ORC|RE OBR ORC|RE OBR OBR "
       "OBX",
       "MSH PROVIDER(PRD) PID ORDER(ORC OBR RESULT(OBX)) "
       "OBSERVATION(ORC OBR NTE RESULT(OBX)) ORDER(ORC OBR) ORDER(ORC OBR) "
       "OBSERVATION(OBR RESULT(OBX))",
       0},
      {"REF_I12", " PRD PID ORC OBR OBX ORC OBR",
       "MSH PROVIDER(PRD) PID ORDER(ORC OBR RESULT(OBX)) ORDER(ORC OBR)", 0},
      // PV1 before the orders, a timing behind its OBR
      {"REF_I12", " PRD PID PV1 OBR ORC TQ1 OBR ORC OBR TQ1",
       "MSH PROVIDER(PRD) PID VISIT(PV1) ORDER(OBR) "
       "ORDER(ORC TIMING(TQ1) OBR) ORDER(ORC OBR TIMING(TQ1))",
       3},
      // order broken: AUT after PID, DG1 after PV1, no PRD
      {"REF_I12", " PID AUT PV1 DG1",
       "MSH PID AUTHORIZATION(AUT) VISIT(PV1) DG1", 3},
      // Z segments stay with the group that is open
      {"REF_I12", " PRD PID IN1 ZIN IN2 DG1 ZZZ",
       "MSH PROVIDER(PRD) PID INSURANCE(IN1 ZIN IN2) DG1 ZZZ", 2},
      {"ORM_O01", " PID PV1 IN1 ORC OBR DG1 ORC OBR OBX",
       "MSH PATIENT(PID VISIT(PV1) INSURANCE(IN1)) ORDER(ORC DETAIL(OBR DG1)) "
       "ORDER(ORC DETAIL(OBR RESULT(OBX)))",
       0},
      // orders without ORC, insurance behind the order
      {"ORM_O01", " PID OBR OBR IN1 IN2 IN1",
       "MSH PATIENT(PID INSURANCE(IN1 IN2) INSURANCE(IN1)) "
       "ORDER(DETAIL(OBR)) ORDER(DETAIL(OBR))",
       4},
      {"OMG_O19", " PID ORC TQ1 OBR NTE",
       "MSH PATIENT(PID) ORDER(ORC TIMING(TQ1) DETAIL(OBR NTE))", 0},
      {"SIU_S12", " SCH TQ1 NTE PID PV1 RGS AIS NTE AIL AIP",
       "MSH SCH TQ1 NTE PATIENT(PID PV1) RESOURCES(RGS SERVICE(AIS NTE) "
       "LOCATION(AIL) PERSONNEL(AIP))",
       0},
      {"SIU_S12", " SCH PID AIS",
       "MSH SCH PATIENT(PID) RESOURCES(SERVICE(AIS))", 2},
      {"DFT_P03", " EVN PID PV1 FT1 PR1 FT1 IN1",
       "MSH EVN PID VISIT(PV1) FINANCIAL(FT1 PROCEDURE(PR1)) FINANCIAL(FT1) "
       "INSURANCE(IN1)",
       0},
      {"none", " PID OBX NTE OBX", "MSH PID OBX NTE OBX", 5},
  };
  const Hl7v2Element unknown;
  for (const auto& row : rows) {
    const auto message = Hl7v2Message::parse(message_of(row.segments));
    ASSERT_TRUE(message.ok());
    const auto* structure = structure_named(row.structure);
    const auto groups =
        grouped(*message, structure == nullptr ? unknown : *structure);
    EXPECT_EQ(shape(groups), row.groups) << row.segments;
    EXPECT_EQ(groups.oddities.size(), row.oddities) << row.segments;
  }
}

}  // namespace
}  // namespace gateway::parse
