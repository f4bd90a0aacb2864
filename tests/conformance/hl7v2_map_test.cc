// The shipped maps on messages of the conformance corpus and on our own cases:
// what they give is valid FHIR or ends in a named finding, nothing that a map
// reads is lost in silence, and every message has its answer.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/shipped_maps.h"
#include "folders.h"
#include "map/map_case.h"
#include "map/map_coverage.h"
#include "map/map_set.h"
#include "map/source_place.h"
#include "parse/acknowledgment.h"
#include "parse/hl7v2.h"
#include "parse/hl7v2_header.h"
#include "validate/validator.h"

namespace gateway::map {
namespace {

namespace fs = std::filesystem;

fs::path corpus() {
  const char* shared = std::getenv("WORKGATE_SHARED");
  const fs::path base = shared != nullptr
                            ? fs::path(shared)
                            : fs::path(GATEWAY_SOURCE_DIR) / ".." / "shared";
  return base / "conformance" / "hl7v2";
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Every *.hl7 below a folder, with its name.
std::vector<MapCase> messages_below(const fs::path& folder) {
  std::vector<MapCase> messages;
  std::error_code absent;
  for (const auto& entry : fs::recursive_directory_iterator(folder, absent)) {
    if (entry.path().extension() != ".hl7") continue;
    auto& one = messages.emplace_back();
    one.name = entry.path().filename().string();
    one.input = bytes_of(entry.path());
  }
  return messages;
}

class Hl7v2MapTest : public ShippedMapsTest {
 protected:
  void SetUp() override {
    ShippedMapsTest::SetUp();
    if (definitions_ == nullptr) return;
    validator_ = std::make_unique<validate::Validator>(definitions_);
  }

  // What is wrong with a result as FHIR; empty if nothing is.
  std::string invalid(const MapOutput& output) const {
    const auto document =
        JsonDocument::parse(output.bundle, definitions_->keys());
    if (!document) return document.error().message;
    std::string all;
    const auto outcome = validator_->validate(*document);
    for (const auto& finding : outcome.findings()) {
      if (finding.severity > fhir::Severity::error) continue;
      all += finding.rule + " " + finding.expression + "\n";
    }
    return all;
  }

  std::unique_ptr<validate::Validator> validator_;
};

TEST_F(Hl7v2MapTest, WhatIsMappedIsValidOrHasAFinding) {
  const auto messages = messages_below(corpus());
  if (messages.empty()) {
    GTEST_SKIP() << "no corpus at " << corpus()
                 << "; set WORKGATE_SHARED to the shared material";
  }
  std::size_t mapped = 0;
  std::size_t held = 0;
  MapCoverage coverage(*set_->library, MapSide::inward);
  for (const auto& one : messages) {
    const auto ready = mappable(*set_, one.input, true);
    if (!ready.ok()) {
      EXPECT_EQ(ready.error().code, ErrorCode::unsupported) << one.name;
      continue;
    }
    const auto output = run(*set_->library, *ready->map, ready->source->root(),
                            {.overlay = &set_->overlay(""), .explain = true});
    if (output.verdict == Verdict::mapped) {
      ++mapped;
    } else {
      ++held;
      EXPECT_FALSE(output.outcome.empty()) << one.name;
    }
    if (output.verdict != Verdict::reject) {
      EXPECT_EQ(invalid(output), "") << one.name;
    }
    coverage.add(*ready->map, ready->source->root(), output);
  }
  std::cout << "hl7v2 maps: " << mapped << " mapped, " << held
            << " held with a finding, of " << mapped + held
            << " messages of our events; " << coverage.unread().size()
            << " components of the messages are not read\n";
  EXPECT_GE(mapped, 18U);
}

// One field dropped, blanked or garbled.
std::string mutated(const std::string& message, ByteSpan field,
                    std::string_view with) {
  return message.substr(0, field.begin) + std::string(with) +
         message.substr(field.end);
}

TEST_F(Hl7v2MapTest, EveryMutationHasATypedOutcome) {
  const auto cases = read_cases(maps());
  ASSERT_TRUE(cases.ok());
  std::size_t outcomes = 0;
  std::size_t refused = 0;
  for (const auto& one : *cases) {
    if (!one.is_hl7) continue;
    const auto message = parse::Hl7v2Message::parse(one.input);
    ASSERT_TRUE(message.ok()) << one.name;
    for (const auto& piece : message->pieces()) {
      if (piece.begin == piece.end) continue;
      for (const auto* with : {"", "\"\"", "#~!?", "99999999"}) {
        const auto text = mutated(one.input, {piece.begin, piece.end}, with);
        const auto parsed = parse::Hl7v2Message::parse(text);
        if (!parsed.ok()) {
          ++refused;
          EXPECT_TRUE(parse::Hl7v2Message::parse(
                          parse::acknowledgment(parse::salvaged_header(text),
                                                parse::refusal(parsed.error()),
                                                {"1", {}}))
                          .ok());
          continue;
        }
        const auto ready = mappable(*set_, text, true);
        if (!ready.ok()) {
          ++refused;
          EXPECT_EQ(ready.error().code, ErrorCode::unsupported);
          continue;
        }
        const auto output =
            run(*set_->library, *ready->map, ready->source->root(),
                {.overlay = &set_->overlay(one.partner), .explain = true});
        ++outcomes;
        const bool said = output.stopping() > 0;
        EXPECT_EQ(output.verdict != Verdict::mapped, said) << one.name;
        if (output.verdict == Verdict::mapped) {
          // What breaks a rule of our own profiles is refused with it.
          const auto broken = invalid(output);
          EXPECT_TRUE(broken.empty() || broken.starts_with("invariant/wc-"))
              << broken << one.name << " with \"" << with << "\" at "
              << piece.begin;
        }
      }
    }
  }
  std::cout << "mutations: " << outcomes << " mapped, held or rejected, "
            << refused << " refused, all typed\n";
  EXPECT_GT(outcomes, 1000U);
}

// The leaf of the tree at those bytes, or absent.
Json leaf_at(Json node, ByteSpan span) {
  if (!node.is_object() && !node.is_array()) {
    return node.span() == span ? node : Json();
  }
  for (const auto child : node) {
    if (const auto found = leaf_at(child, span); found.exists()) return found;
  }
  return {};
}

// How many resources there are of each type.
std::map<std::string, int> counted(const MapOutput& output) {
  std::map<std::string, int> counts;
  const auto bundle = JsonDocument::parse(output.bundle);
  if (!bundle) return counts;
  for (const Json entry : bundle->root().get("entry")) {
    ++counts[std::string(entry.find("resource.resourceType").text())];
  }
  return counts;
}

// A type of resources of which there are fewer than before; empty if none.
std::string vanished(const std::map<std::string, int>& before,
                     std::map<std::string, int> now) {
  for (const auto& [type, count] : before) {
    if (now[type] < count) return type;
  }
  return {};
}

// Where another field says more: the event cancels, SCH-11 says when, and AIS-7
// and AIS-8 how long. Of a charge whose code is none of ours nothing else is
// asked.
bool is_overruled(const std::string& place, const std::string& event) {
  if (event == "REF^I14") return place == "RF1-1.1";
  if (event == "DFT^P03") return place == "FT1-6";
  if (!event.starts_with("SIU")) return false;
  const bool ends = event == "SIU^S15" || event == "SIU^S26";
  return place == "SCH-9" || place == "SCH-10" || place == "AIS-4" ||
         (ends && place == "SCH-25");
}

bool arrived(const MapOutput& output, std::string_view text, ByteSpan span) {
  if (output.bundle.find(text) != std::string::npos) return true;
  return std::any_of(output.lineage.begin(), output.lineage.end(),
                     [span](const Lineage& line) {
                       return line.source.begin <= span.begin &&
                              span.end <= line.source.end;
                     });
}

// "AIS-4" of "AIS[2]-4": a field is told once, however often it stands there.
std::string without_counts(std::string path) {
  for (auto at = path.find('['); at != std::string::npos; at = path.find('[')) {
    path.erase(at, path.find(']', at) - at + 1);
  }
  return path;
}

// What the sender is told of that value or its field, or of the whole segment
// in which it stands.
bool is_told(const MapOutput& output, const std::string& message, Json leaf) {
  const auto segment = [&](ByteSpan span) {
    return message.rfind('\r', span.begin);
  };
  const auto place = without_counts(source_path_of(leaf));
  // A further segment that is left out is told by one of its fields.
  const auto line = segment(leaf.span());
  const bool repeats =
      message.rfind("\r" + place.substr(0, 3), line - 1) != std::string::npos;
  const auto& findings = output.outcome.findings();
  return std::any_of(findings.begin(), findings.end(), [&](const auto& one) {
    if (one.severity != fhir::Severity::information) return false;
    const bool whole = one.expression.find('-') == std::string::npos ||
                       (repeats && one.rule == "map/first-only");
    const bool same = one.span && segment(*one.span) == segment(leaf.span());
    const auto told = without_counts(one.expression);
    return (whole && same) || place.starts_with(told + ".") || place == told;
  });
}

// A garbled value that the map reads arrives, or is found fault with, or is
// said to be left out; no whole part of the result goes with it in silence.
TEST_F(Hl7v2MapTest, NoValueThatIsReadIsLostInSilence) {
  constexpr std::string_view kGarbled = "Qzx7";
  const auto cases = read_cases(maps());
  ASSERT_TRUE(cases.ok());
  std::size_t read = 0;
  std::size_t lost = 0;
  for (const auto& one : *cases) {
    if (!one.is_hl7) continue;
    const auto message = parse::Hl7v2Message::parse(one.input);
    ASSERT_TRUE(message.ok()) << one.name;
    const RunOptions options{.overlay = &set_->overlay(one.partner),
                             .explain = true};
    const auto whole = mappable(*set_, one.input, true);
    if (!whole.ok()) continue;
    const auto unchanged =
        run(*set_->library, *whole->map, whole->source->root(), options);
    const auto resources = counted(unchanged);
    for (const auto& piece : message->pieces()) {
      if (piece.begin == piece.end) continue;
      const auto text = mutated(one.input, {piece.begin, piece.end}, kGarbled);
      const auto ready = mappable(*set_, text, true);
      if (!ready.ok()) continue;  // refused with a reason
      const auto output =
          run(*set_->library, *ready->map, ready->source->root(), options);
      const ByteSpan span{piece.begin, piece.begin + static_cast<std::uint32_t>(
                                                         kGarbled.size())};
      const auto leaf = leaf_at(ready->source->root(), span);
      if (!leaf.exists() || !output.read[leaf.index()]) continue;
      ++read;
      if (output.verdict != Verdict::mapped) continue;
      const auto place = source_path_at(ready->source->root(), span);
      // ORC-1 says RE of a result, and without that it is an order.
      const bool regroups = place == "ORC-1";
      if (unchanged.verdict == Verdict::mapped && !regroups) {
        EXPECT_EQ(vanished(resources, counted(output)), "")
            << one.name << " without " << place;
      }
      if (arrived(output, kGarbled, span)) continue;
      if (is_told(output, text, leaf)) continue;
      if (is_overruled(place, parse::header_of(*message).event())) continue;
      ++lost;
      ADD_FAILURE() << one.name << " loses " << source_path_of(leaf)
                    << " at byte " << piece.begin;
    }
  }
  std::cout << "garbled: " << read << " values that maps read, " << lost
            << " lost in silence\n";
  EXPECT_GT(read, 500U);
}

TEST_F(Hl7v2MapTest, TheCasesHold) {
  const auto cases = read_cases(maps());
  ASSERT_TRUE(cases.ok());
  EXPECT_FALSE(cases->empty());
  for (const auto& one : *cases) {
    const auto result = check(*set_, one);
    ASSERT_TRUE(result.ok()) << one.name << ": " << result.error().message;
    EXPECT_EQ(result->difference, "") << one.name;
  }
}

// The chain from the result to bytes and map resolves for every value.
TEST_F(Hl7v2MapTest, EveryValueHasItsLineage) {
  const auto cases = read_cases(maps());
  ASSERT_TRUE(cases.ok());
  for (const auto& one : *cases) {
    const auto ready = mappable(*set_, one.input, one.is_hl7);
    if (!ready.ok()) continue;
    const auto output = run(*set_->library, *ready->map, ready->source->root(),
                            {.overlay = &set_->overlay(one.partner)});
    for (const auto& line : output.lineage) {
      EXPECT_LT(line.begin, line.end) << one.name;
      EXPECT_LE(line.end, output.bundle.size()) << one.name;
      EXPECT_LE(line.source.end, one.input.size()) << one.name;
      EXPECT_FALSE(set_->library->text_of(line.place).empty()) << one.name;
    }
  }
}

}  // namespace
}  // namespace gateway::map
