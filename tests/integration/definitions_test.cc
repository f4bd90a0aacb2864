// Packages and images by the real program: what is bad is refused with its
// reason and its exit code, and nothing is left half done.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "folders.h"

namespace gateway::integration {
namespace {

namespace fs = std::filesystem;

struct Ended {
  int exit_code;
  std::string said;  // on both streams
};

class DefinitionsTest : public ::testing::Test {
 protected:
  DefinitionsTest()
      : folder_(fs::path(::testing::TempDir()) /
                ("definitions_test." + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~DefinitionsTest() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string file(const std::string& name) const {
    return folder_ / name;
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(file(name), std::ios::binary) << text;
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream in(file(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  [[nodiscard]] Ended run(const std::string& arguments) const {
    const auto command = std::string(GATEWAY_BINARY_DIR "/workgate ") +
                         arguments + " >" + file("said") + " 2>&1 </dev/null";
    const int status = std::system(command.c_str());  // NOLINT
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read("said")};
  }

 private:
  fs::path folder_;
};

TEST_F(DefinitionsTest, ABadPackageWritesNoImage) {
  write("a.json", R"({"resourceType":"StructureDefinition","url":"http://x/a",)"
                  R"("name":"A","type":"A","kind":"complex-type",)"
                  R"("derivation":"specialization","baseDefinition":)"
                  R"("http://x/nobody","differential":{"element":[]}})");
  write("old.image", "old");
  const auto ended =
      run("compile --package " + file("a.json") + " -o " + file("old.image"));
  EXPECT_EQ(ended.exit_code, 1) << ended.said;
  EXPECT_NE(ended.said.find("StructureDefinition.baseDefinition"),
            std::string::npos)
      << ended.said;
  EXPECT_EQ(read("old.image"), "old");
  write("patient.json", R"({"resourceType":"Patient"})");
  const auto loaded =
      run("validate --load " + file("a.json") + ' ' + file("patient.json"));
  EXPECT_EQ(loaded.exit_code, 3) << loaded.said;
  EXPECT_NE(loaded.said.find("StructureDefinition.baseDefinition: "),
            std::string::npos);
  EXPECT_EQ(loaded.said.find("OperationOutcome"), std::string::npos)
      << loaded.said;

  write("b.tgz", "no package");
  EXPECT_EQ(run("compile --package " + file("b.tgz") + " -o " + file("x.image"))
                .exit_code,
            1);
  EXPECT_FALSE(fs::exists(file("x.image")));
  EXPECT_EQ(
      run("compile --package " + file("nowhere.tgz") + " -o " + file("x.image"))
          .exit_code,
      3);
}

// What holds no definition is no package: an empty folder, a folder that is
// not the package's own, a resource that defines nothing.
TEST_F(DefinitionsTest, APackageWithoutDefinitionsWritesNoImage) {
  const auto code_system =
      R"({"resourceType":"CodeSystem","url":"http://x/cs",)"
      R"("content":"complete","concept":[{"code":"a"}]})";
  fs::create_directories(file("empty"));
  fs::create_directories(file("far/below"));
  fs::create_directories(file("above/package"));
  write("far/below/a.json", code_system);
  write("above/package/package.json", R"({"name":"x"})");
  write("above/package/a.json", code_system);
  write("patient.json", R"({"resourceType":"Patient"})");
  write("nameless.json", R"({"resourceType":"StructureDefinition"})");
  for (const auto* package :
       {"empty", "far", "patient.json", "nameless.json"}) {
    for (const auto* option : {"--package ", "--profiles "}) {
      const auto ended = run("compile --package " + file("above") + ' ' +
                             option + file(package) + " -o " + file("x.image"));
      EXPECT_EQ(ended.exit_code, 1) << ended.said;
      EXPECT_NE(ended.said.find(file(package)), std::string::npos)
          << ended.said;
      EXPECT_FALSE(fs::exists(file("x.image"))) << package;
    }
    EXPECT_EQ(
        run("validate --load " + file(package) + ' ' + file("patient.json"))
            .exit_code,
        3)
        << package;
  }
  EXPECT_EQ(run("compile --package " + file("above") + " -o " + file("x.image"))
                .exit_code,
            0);
  EXPECT_TRUE(fs::exists(file("x.image")));
}

// A package may define more than it names: what nobody can name is told of.
TEST_F(DefinitionsTest, ADefinitionWithoutUrlIsAFinding) {
  write("a.json",
        R"({"resourceType":"Bundle","type":"collection","entry":[)"
        R"({"resource":{"resourceType":"CodeSystem","url":"http://x/cs",)"
        R"("content":"complete","concept":[{"code":"a"}]}},)"
        R"({"resource":{"resourceType":"StructureDefinition","type":"X"}}]})");
  const auto ended = run("compile --json --package " + file("a.json") + " -o " +
                         file("x.image"));
  EXPECT_EQ(ended.exit_code, 1) << ended.said;
  EXPECT_NE(ended.said.find("StructureDefinition.url"), std::string::npos)
      << ended.said;
  EXPECT_FALSE(fs::exists(file("x.image")));
}

TEST_F(DefinitionsTest, AnImageThatIsNotWholeIsRefused) {
  write("a.json", R"({"resourceType":"CodeSystem","url":"http://x/cs",)"
                  R"("content":"complete","concept":[{"code":"a"}]})");
  write("patient.json", R"({"resourceType":"Patient"})");
  ASSERT_EQ(
      run("compile --package " + file("a.json") + " -o " + file("x.image"))
          .exit_code,
      0);
  const auto image = read("x.image");
  const auto refused = [&](std::string bytes, const std::string& reason) {
    write("x.image", bytes);
    const auto ended =
        run("validate --image " + file("x.image") + ' ' + file("patient.json"));
    EXPECT_EQ(ended.exit_code, 3) << ended.said;
    EXPECT_NE(ended.said.find(reason), std::string::npos) << ended.said;
  };
  refused(image.substr(0, image.size() / 2), "truncated");
  auto damaged = image;
  damaged[damaged.size() / 2] ^= 1;
  refused(damaged, "damaged");
  auto stale = image;
  stale[8] = 99;  // its format
  refused(stale, "stale: format 99");
  refused("", "refused");
  fs::remove(file("x.image"));
  const auto none =
      run("validate --image " + file("x.image") + ' ' + file("patient.json"));
  EXPECT_EQ(none.exit_code, 3) << none.said;
}

}  // namespace
}  // namespace gateway::integration
