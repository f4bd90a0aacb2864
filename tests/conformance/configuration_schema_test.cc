// The schema that editors use says what the readers of the configuration read:
// the same knobs with the same words and limits, and nothing that the shipped
// configuration does not follow.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "base/json.h"
#include "base/text.h"
#include "base/yaml.h"
#include "folders.h"
#include "program/knobs.h"

namespace gateway::program {
namespace {

const std::string kConfig = std::string(GATEWAY_SOURCE_DIR) + "/config/";

class ConfigurationSchemaTest : public testing::Test {
 protected:
  void SetUp() override {
    std::ifstream in(kConfig + "gateway.schema.json", std::ios::binary);
    auto parsed = parse_shared({std::istreambuf_iterator<char>(in), {}});
    ASSERT_TRUE(parsed.ok()) << parsed.error().message;
    document_ = *std::move(parsed);
  }

  [[nodiscard]] Json schema() const { return document_->root(); }
  // What `node` stands for: itself, or the definition that it refers to.
  [[nodiscard]] Json meant(Json node) const {
    const std::string reference(node.get("$ref").text());
    const std::string prefix = "#/definitions/";
    if (!reference.starts_with(prefix)) return node;
    return schema().get("definitions").get(reference.substr(prefix.size()));
  }

  // Every member of `yaml` is described, all the way down.
  void follow(const Yaml& yaml, Json described) const {
    for (const auto& [name, value] : yaml.members()) {
      Json member = described.get("properties").get(name.scalar());
      if (!member.exists()) member = described.get("additionalProperties");
      EXPECT_TRUE(member.is_object()) << name.place() << ": not in the schema";
      follow(value, meant(member));
    }
  }

  SharedDocument document_;
};

TEST_F(ConfigurationSchemaTest, TheShippedConfigurationFollowsIt) {
  const auto yaml = Yaml::read(kConfig + "gateway.yaml");
  ASSERT_TRUE(yaml.ok()) << yaml.error().message;
  follow(*yaml, schema());
  for (const Json name : schema().get("required")) {
    EXPECT_TRUE(yaml->get(name.text()).exists()) << name.text();
  }
}

TEST_F(ConfigurationSchemaTest, KnobsAreThoseThatPacksHave) {
  const Json knobs = schema().get("definitions").get("knobs").get("properties");
  std::set<std::string> described;
  for (const Json knob : knobs) described.emplace(knob.name());
  std::set<std::string> read;
  for (const auto& entry : knob_table()) read.emplace(entry.name);
  EXPECT_EQ(described, read);
}

TEST_F(ConfigurationSchemaTest, KnobsHaveTheSameWordsAndLimits) {
  const Json knobs = schema().get("definitions").get("knobs").get("properties");
  for (const auto& entry : knob_table()) {
    const Json knob = knobs.get(entry.name);
    if (entry.kind == KnobKind::choice) {
      std::string words;
      for (const Json word : knob.get("enum")) {
        words += (words.empty() ? "" : " ") + std::string(word.text());
      }
      EXPECT_EQ(words, entry.choices) << entry.name;
    }
    if (entry.kind == KnobKind::number) {
      EXPECT_EQ(knob.get("minimum").text(), std::to_string(entry.least))
          << entry.name;
      EXPECT_EQ(knob.get("maximum").text(), std::to_string(entry.most))
          << entry.name;
    }
  }
}

// The schema of packs: each knob with its source, and the same words and
// limits.
TEST(PolicySchemaTest, SaysOfKnobsWhatTheirReaderDemands) {
  std::ifstream in(kConfig + "policies/schema.json", std::ios::binary);
  const auto parsed = parse_shared({std::istreambuf_iterator<char>(in), {}});
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  const Json knobs =
      (*parsed)->root().get("properties").get("knobs").get("properties");
  std::set<std::string> described;
  for (const Json knob : knobs) described.emplace(knob.name());
  std::set<std::string> read;
  for (const auto& entry : knob_table()) {
    read.emplace(entry.name);
    const Json knob = knobs.get(entry.name);
    std::string required;
    for (const Json name : knob.get("required")) {
      required += std::string(name.text()) + " ";
    }
    EXPECT_EQ(required, "value source ") << entry.name;
    const Json value = knob.get("properties").get("value");
    if (entry.kind == KnobKind::number) {
      EXPECT_EQ(value.get("minimum").text(), std::to_string(entry.least));
      EXPECT_EQ(value.get("maximum").text(), std::to_string(entry.most));
    }
    if (entry.kind == KnobKind::table && !entry.choices.empty()) {
      for (const auto key : split(entry.choices, ' ')) {
        EXPECT_TRUE(value.get("properties").get(key).exists()) << key;
      }
    }
  }
  EXPECT_EQ(described, read);
}

}  // namespace
}  // namespace gateway::program
