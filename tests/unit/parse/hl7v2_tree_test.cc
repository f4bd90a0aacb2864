#include "parse/hl7v2_tree.h"

#include <gtest/gtest.h>

#include <string>

namespace gateway::parse {
namespace {

// Compact JSON without spans, to compare shapes.
std::string text_of(Json node) {
  if (node.is_string()) return "'" + std::string(node.text()) + "'";
  std::string out(node.is_array() ? "[" : "{");
  for (const auto child : node) {
    if (out.size() > 1) out += ",";
    if (node.is_object()) out += std::string(child.name()) + ":";
    out += text_of(child);
  }
  return out + (node.is_array() ? "]" : "}");
}

JsonDocument tree(const std::string& text) {
  return tree_of(*Hl7v2Message::parse(text));
}

TEST(Hl7v2TreeTest, NamesGroupsSegmentsAndFields) {
  const auto document = tree(
      "MSH|^~\\&|||||||REF^I12\rPRD|RP\rPRD|RT\rPID|||A^^^X&1.2&ISO~B||Doe^Ann"
      "\rIN1|1\rIN2||2\r");
  EXPECT_EQ(text_of(document.root()),
            "{MSH:{f1:'|',f2:'^~\\&',f9:{c1:'REF',c2:'I12'}},"
            "PROVIDER:[{PRD:{f1:'RP'}},{PRD:{f1:'RT'}}],"
            "PID:{f3:[{c1:'A',c4:{s1:'X',s2:'1.2',s3:'ISO'}},'B'],"
            "f5:{c1:'Doe',c2:'Ann'}},"
            "INSURANCE:{IN1:{f1:'1'},IN2:{f2:'2'}}}");
}

TEST(Hl7v2TreeTest, ALoneComponentIsTheField) {
  const auto document = tree("MSH|^~\\&\rZZ1|a|b^|c&|^d|&e|f~|~|\"\"|^^\r");
  EXPECT_EQ(text_of(document.root().get("ZZ1")),
            "{f1:'a',f2:'b',f3:'c',f4:{c2:'d'},f5:{s2:'e'},f6:['f',''],"
            "f8:'\"\"'}");
}

TEST(Hl7v2TreeTest, StringsHaveTheirBytes) {
  const std::string text = "MSH|^~\\&\rNTE|1||a\\T\\b^x\r";
  const auto document = tree(text);
  const auto node = document.root().find("NTE.f3.c1");
  EXPECT_EQ(node.text(), "a&b");
  EXPECT_EQ(node.raw(), "a\\T\\b");
  EXPECT_EQ(document.root().get("NTE").raw(), "NTE|1||a\\T\\b^x");
}

// From the first to the last: whoever looks for bytes looks within.
TEST(Hl7v2TreeTest, GroupsAndArraysReachOverAllThatIsInThem) {
  const auto document = tree(
      "MSH|^~\\&|||||||ORM^O01\rPID|1\rPV1|2\rIN1|3\rIN2|4\rIN1|5\rORC|6\r"
      "OBR|7\rORC|8\rOBR|9\rPV2|10\r");
  const auto root = document.root();
  EXPECT_EQ(root.get("PATIENT").get("INSURANCE").raw(), "IN1|3\rIN2|4\rIN1|5");
  EXPECT_EQ(root.get("ORDER").raw(), "ORC|6\rOBR|7\rORC|8\rOBR|9");
  EXPECT_EQ(root.get("ORDER").at(1).raw(), "ORC|8\rOBR|9");
  // One out of order ends the groups that it is in.
  const auto patient = root.get("PATIENT");
  EXPECT_TRUE(patient.find("VISIT.PV2").exists());
  EXPECT_TRUE(patient.get("VISIT").raw().ends_with("\rPV2|10"));
  EXPECT_TRUE(patient.raw().ends_with("\rPV2|10"));
}

// Another number of the patient than the first may come first: its bytes lie
// where they are.
TEST(Hl7v2TreeTest, PutsANumberOfThePatientFirst) {
  const auto message =
      Hl7v2Message::parse("MSH|^~\\&|||||||ADT^A08\rPID||x~y|A~B^2~~C|D~E\r");
  EXPECT_EQ(patient_number_count(*message), 4U);
  const auto numbers = [&](std::uint32_t first) {
    return text_of(tree_of(*message, first).root().get("PID"));
  };
  const std::string rest = ",f4:['D','E']}";
  EXPECT_EQ(numbers(0), "{f2:['x','y'],f3:['A',{c1:'B',c2:'2'},'','C']" + rest);
  EXPECT_EQ(numbers(1), "{f2:['x','y'],f3:[{c1:'B',c2:'2'},'A','','C']" + rest);
  EXPECT_EQ(numbers(3), "{f2:['x','y'],f3:['C','A',{c1:'B',c2:'2'},'']" + rest);
  EXPECT_EQ(numbers(9), numbers(3));
  const auto tree = tree_of(*message, 3);
  EXPECT_EQ(tree.root().get("PID").get("f3").first().raw(), "C");
}

TEST(Hl7v2TreeTest, CountsTheNumbersOfThePatient) {
  const auto count = [](const std::string& text) {
    return patient_number_count(*Hl7v2Message::parse("MSH|^~\\&\r" + text));
  };
  EXPECT_EQ(count("PV1|1\r"), 0U);
  EXPECT_EQ(count("PID|1\r"), 0U);
  EXPECT_EQ(count("PID|1||A^1~B&C\r"), 2U);
}

TEST(Hl7v2TreeTest, NumbersItsKeys) {
  const auto document = tree("MSH|^~\\&\rPID|||1^2^3&4\r");
  const auto pid = document.root().get("PID");
  const auto field = pid.get(field_key(3));
  EXPECT_EQ(field.get(component_key(2)).text(), "2");
  EXPECT_EQ(field.get(component_key(3)).get(subcomponent_key(2)).text(), "4");
  EXPECT_EQ(hl7v2_keys().name(field_key(kMostFields)), "f200");
}

TEST(Hl7v2TreeTest, RepeatedSegmentsLieTogether) {
  const auto document = tree("MSH|^~\\&\rZZ1|1\rZZ2|2\rZZ1|3\r");
  EXPECT_EQ(text_of(document.root()),
            "{MSH:{f1:'|',f2:'^~\\&'},ZZ1:[{f1:'1'},{f1:'3'}],ZZ2:{f1:'2'}}");
}

TEST(Hl7v2TreeTest, LeavesOutWhatHasNoNumber) {
  std::string text = "MSH|^~\\&\rZZ1";
  for (int i = 1; i <= 250; ++i) text += "|" + std::to_string(i);
  const auto document = tree(text);
  EXPECT_EQ(document.root().get("ZZ1").size(), 200U);
}

}  // namespace
}  // namespace gateway::parse
