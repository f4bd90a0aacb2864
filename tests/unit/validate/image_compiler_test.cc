#include "validate/image_compiler.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "folders.h"
#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

TEST(ImageCompilerTest, WritesAnImageThatOpens) {
  const auto folder =
      ::testing::TempDir() + "image_compiler_test." + std::to_string(getpid());
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/a.json")
      << R"({"resourceType":"CodeSystem","url":"http://example.org/cs",)"
         R"("content":"complete","concept":[{"code":"a"}]})";
  const auto report =
      compile_image({.packages = {folder}, .output = folder + "/out.image"});
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->code_systems, 1U);
  const auto opened = fhir::Definitions::open(folder + "/out.image");
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ((*opened)->codes.size(), 1U);
  EXPECT_FALSE((*opened)->inputs().empty());
  std::filesystem::remove_all(folder);
}

// A folder of its own that goes with the test.
class Folder {
 public:
  explicit Folder(const std::string& name)
      : path_(::testing::TempDir() + name + '.' + std::to_string(getpid())) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string file(const std::string& name) const {
    return path_ + '/' + name;
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(file(name), std::ios::binary) << text;
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string read(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(ImageCompilerTest, LeavesNothingHalfDone) {
  EXPECT_FALSE(compile_image({.packages = {"/nowhere"}, .output = "x"}).ok());
  EXPECT_FALSE(compile_image({.packages = {}, .output = "x"}).ok());
  const Folder folder("image_compiler_bad");
  folder.write("a.json", "{");
  const auto report = compile_image(
      {.packages = {folder.path()}, .output = folder.file("x.image")});
  ASSERT_TRUE(report.ok());
  EXPECT_FALSE(report->outcome.acceptable());
  EXPECT_EQ(report->bytes, 0U);
  EXPECT_FALSE(std::filesystem::exists(folder.file("x.image")));
}

std::string type_text(const std::string& name, const std::string& base,
                      const std::string& rest) {
  return R"({"resourceType":"StructureDefinition","url":"http://x/)" + name +
         R"(","name":")" + name + R"(","type":")" + name +
         R"(","kind":"complex-type","derivation":"specialization",)"
         R"("baseDefinition":"http://x/)" +
         base + R"(",)" + rest + "}";
}

std::string value_set_text(const std::string& name, const std::string& other) {
  return R"({"resourceType":"ValueSet","url":"http://x/)" + name +
         R"(","compose":{"include":[{"valueSet":["http://x/)" + other +
         "\"]}]}}";
}

std::string bundle_text(const std::vector<std::string>& resources) {
  std::string text;
  for (const auto& resource : resources) {
    text += (text.empty() ? R"({"resource":)" : R"(,{"resource":)") + resource +
            '}';
  }
  return R"({"resourceType":"Bundle","type":"collection","entry":[)" + text +
         "]}";
}

// Each of a chain names the next; the last one is named and not there.
template <typename Text>
std::string chain(std::size_t length, const Text& text) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < length; ++i) {
    all.push_back(text("c" + std::to_string(i), "c" + std::to_string(i + 1)));
  }
  return bundle_text(all);
}

std::string deep_path(std::size_t steps) {
  std::string path = "D";
  for (std::size_t i = 0; i < steps; ++i) path += ".a";
  return path;
}

const std::string kRoot = R"({"id":"D","path":"D"})";

struct BadPackage {
  std::string file;
  std::string content;
  std::string rule;
  std::string place;  // expression, or part of the text
};

std::vector<BadPackage> bad_packages() {
  const std::string kDifferential = R"("differential":{"element":[]})";
  return {
      {"a.json", "{\"resourceType\":", "package/malformed", "a.json"},
      {"a.tgz", "no gzip", "package/malformed", "a.tgz"},
      {"a.json", type_text("D", "nobody", kDifferential), "snapshot/not-made",
       "StructureDefinition.baseDefinition"},
      {"a.json", type_text("D", "D", kDifferential), "snapshot/not-made",
       "StructureDefinition.baseDefinition"},
      {"a.json",
       bundle_text({type_text("D", "E", kDifferential),
                    type_text("E", "D", kDifferential)}),
       "snapshot/not-made", "StructureDefinition.baseDefinition"},
      {"a.json",
       chain(500,
             [&](const std::string& name, const std::string& next) {
               return type_text(name, next, kDifferential);
             }),
       "snapshot/not-made", "StructureDefinition.baseDefinition"},
      {"a.json",
       type_text("D", "E",
                 R"("snapshot":{"element":[)" + kRoot +
                     R"(,{"id":"x","path":")" + deep_path(50'000) + "\"}]}"),
       "snapshot/not-made", "StructureDefinition.snapshot"},
      {"a.json",
       type_text("D", "E",
                 R"("snapshot":{"element":[{"id":"D","path":"D","constraint":)"
                 R"([{"key":"k","severity":"error","human":"k","expression":)"
                 R"("a..b"}]}]})"),
       "invariant/malformed", "D.constraint.where(key='k').expression"},
      {"a.json",
       type_text(
           "D", "E",
           R"("snapshot":{"element":[{"id":"D","path":"D","constraint":)"
           R"([{"key":"k","severity":"error","human":"k","expression":")" +
               std::string(100'000, '(') + R"("}]}]})"),
       "invariant/malformed", "D.constraint.where(key='k').expression"},
  };
}

// What is wrong with a package is a finding with its place; what was at the
// output stays as it was.
TEST(ImageCompilerTest, BadPackagesAreFindingsAndWriteNothing) {
  for (const auto& bad : bad_packages()) {
    const Folder folder("image_compiler_packages");
    folder.write(bad.file, bad.content);
    folder.write("old.image", "old");
    const auto report = compile_image({.packages = {folder.file(bad.file)},
                                       .output = folder.file("old.image")});
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_EQ(report->bytes, 0U) << bad.rule;
    ASSERT_FALSE(report->outcome.findings().empty()) << bad.rule;
    const auto& finding = report->outcome.findings().front();
    EXPECT_EQ(finding.rule, bad.rule);
    EXPECT_NE((finding.expression + finding.text).find(bad.place),
              std::string::npos)
        << finding.expression << ": " << finding.text;
    EXPECT_EQ(read(folder.file("old.image")), "old");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()),
                            std::filesystem::directory_iterator()),
              2)
        << "a draft was left";
  }
}

struct BadValueSet {
  std::string text;
  std::string rule;
};

// Value sets that cannot be expanded in full harm no other: a warning with its
// place, and an image.
TEST(ImageCompilerTest, ValueSetsWithoutEndAreFindings) {
  const BadValueSet cases[] = {
      {value_set_text("v", "v"), "terminology/cyclic"},
      {bundle_text({value_set_text("v", "w"), value_set_text("w", "v")}),
       "terminology/cyclic"},
      {chain(5'000, value_set_text), "terminology/too-large"},
      {value_set_text("v", "nobody"), "terminology/unknown-value-set"},
  };
  for (const auto& bad : cases) {
    const Folder folder("image_compiler_value_sets");
    folder.write("a.json", bad.text);
    const auto report = compile_image({.packages = {folder.file("a.json")},
                                       .output = folder.file("x.image")});
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_TRUE(report->outcome.acceptable());
    ASSERT_FALSE(report->outcome.findings().empty()) << bad.rule;
    const auto& finding = report->outcome.findings().front();
    EXPECT_EQ(finding.rule, bad.rule);
    EXPECT_EQ(finding.expression.substr(0, 8), "ValueSet");
    EXPECT_TRUE(fhir::Definitions::open(folder.file("x.image")).ok());
  }
}

TEST(ImageCompilerTest, TheCoreImageIsSmall) {
  const auto size =
      std::filesystem::file_size(GATEWAY_BINARY_DIR "/workgate.image");
  EXPECT_LE(size, 40U << 20U);
}

}  // namespace
}  // namespace gateway::validate
