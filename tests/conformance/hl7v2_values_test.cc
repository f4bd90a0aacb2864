// The shipped maps against the bundles that lie beside the corpus' messages:
// at least 95 % of the expected patient, identifier, code, date and name values
// arrive, each counted once per message and resource type.
//
// What is compared: Identifier.value; Coding.code; dates and times, as
// instants; parts of a HumanName and the names of organizations and places; of
// a Patient every value. A value arrives as one of the same kind in whatever
// resource; the name or id of an organization or place also as the display of
// the reference that names it, since most of those are only named.
//
// Left out, by class and for every message alike:
// 1. Resource types that are not among those of the gateway (RelatedPerson,
//    Account, Device, MessageHeader, ...), and the parties to which only they
//    refer (sender and receiver of the message).
// 2. A ServiceRequest from ADT, SIU or DFT: those never make a referral.
// 3. Codes in code systems of the reference converter's own and displays, if
//    no component of the message is that text: it made them up.
// 4. What stands in extensions, ids, references and meta: each converter has
//    its own.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/date.h"
#include "conformance/shipped_maps.h"
#include "folders.h"
#include "map/map_case.h"
#include "parse/acknowledgment.h"

namespace gateway::map {
namespace {

namespace fs = std::filesystem;

const std::set<std::string_view> kKept{
    "Patient",           "Organization", "Practitioner",
    "PractitionerRole",  "CareTeam",     "Location",
    "Condition",         "Coverage",     "ServiceRequest",
    "ClaimResponse",     "Claim",        "CoverageEligibilityResponse",
    "Procedure",         "Encounter",    "Appointment",
    "DocumentReference", "Composition",  "QuestionnaireResponse",
    "Consent",           "Observation",  "Goal",
    "CarePlan",          "Flag",         "Communication",
    "EpisodeOfCare"};
const std::set<std::string_view> kParties{"Organization", "Practitioner",
                                          "PractitionerRole", "Location"};

// Why expected values of a class (type and kind) do not arrive. A class that
// stands here no more than it does in the report is a defect of the maps.
const std::map<std::string, std::string, std::less<>> kReasons{
    {"ClaimResponse code",
     "kind and category of a money limit (AUT-7), which grants no visits; an "
     "authorization of ours is professional"},
    {"Condition code", "the cause of death (PDA-1) is no reason for therapy"},
    {"Encounter identifier",
     "the visit of a prior result: a second PV1, which no order rests on"},
    {"Location code",
     "places of beds, floors and equipment are only named, by a display"},
    {"Location identifier",
     "the like: authorities of places that are only named"},
    {"Location name",
     "the places of an accident (ACC-3, a note) and of a death (PDA-2)"},
    {"Observation code",
     "ACC and PDA as observations: the accident lies in Condition and Claim"},
    {"Observation identifier",
     "the accident's number (ACC-13) is a claim number, where a sender has it "
     "there"},
    {"Organization code", "id types of organizations that are only named"},
    {"Organization identifier",
     "authorities of the message's sender, and of facilities of PD1-14"},
    {"Organization name",
     "a primary facility of PD1-14, and RF1-19 where it names a person"},
    {"Patient code", "the converter's own: no field of the message bears it"},
    {"Patient name", "IN2-7, another person's name (the Medicare card's)"},
    {"Patient patient", "IN2-34, the insured's language, who may be another"},
    {"Practitioner code", "OBX-25 and OBR-28, a degree as a code"},
    {"Practitioner identifier", "who entered a comment (NTE-5)"},
    {"Practitioner name", "OBR-33, an assistant interpreter of results"},
    {"PractitionerRole code",
     "the converter's own: no field of the message bears it"},
    {"PractitionerRole date", "OBR-33, likewise"},
    {"Procedure code",
     "charges and orders that are neither of our programs nor beside them"},
    {"Procedure date",
     "of such charges, and of procedures without an end that they name"},
    {"ServiceRequest code",
     "where a specimen is taken (the converter's own OF), and the services of "
     "further OBRs of one referral"},
    {"ServiceRequest date", "when something was observed (OBR-7), not ordered"},
    {"ServiceRequest identifier",
     "the number of a group of orders (ORC-4), which is the requisition of "
     "each and the key of none; OBR-2 where ORC-2 says another number"},
};

struct Value {
  std::string kind;
  std::string text;
  auto operator<=>(const Value&) const = default;
};

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return std::string(text);
}

// What a message says: its components and subcomponents.
std::set<std::string, std::less<>> components(const std::string& message) {
  std::set<std::string, std::less<>> all;
  for (std::size_t at = 0; at < message.size();) {
    const auto end =
        std::min(message.find_first_of("|^&~\r\n", at), message.size());
    all.insert(message.substr(at, end - at));
    at = end + 1;
  }
  return all;
}

bool looks_like_date(std::string_view text) {
  if (text.size() < 4) return false;
  for (std::size_t i = 0; i < text.size() && i < 10; ++i) {
    const bool dash = i == 4 || i == 7;
    if (dash ? text[i] != '-' : (text[i] < '0' || text[i] > '9')) return false;
  }
  return text.size() == 4 || text.size() == 7 || text.size() == 10 ||
         text[10] == 'T';
}

std::string as_instant(std::string_view text) {
  const auto instant = parse_instant(text);
  return instant ? std::to_string(instant->time_since_epoch().count())
                 : std::string(text);
}

// Collects the values of resources.
class Values {
 public:
  // Of our own result everything counts, of an expected one what `said` and
  // the classes above leave.
  explicit Values(const std::set<std::string, std::less<>>* said)
      : said_(said) {}

  void add(Json resource) {
    type_ = resource.get("resourceType").text();
    walk(resource, "", "");
  }
  // By type of resource; "" holds those of all.
  std::map<std::string, std::set<Value>> found;

 private:
  void walk(Json node, std::string_view member, std::string_view parent) {
    if (node.is_object()) {
      for (const auto child : node) {
        const auto name = child.name();
        if (is_left_out(name)) continue;
        walk(child, name, member);
      }
    } else if (node.is_array()) {
      for (const auto item : node) walk(item, member, parent);
    } else {
      leaf(node, member, parent);
    }
  }

  [[nodiscard]] bool is_left_out(std::string_view name) const {
    if (name == "id" || name == "meta" || name == "resourceType" ||
        name == "reference" || name.starts_with('_')) {
      return true;
    }
    return said_ != nullptr &&
           (name == "extension" || name == "modifierExtension");
  }

  void leaf(Json node, std::string_view member, std::string_view parent) {
    const auto kind = kind_of(node, member, parent);
    if (kind.empty()) return;
    const auto text = trimmed(node.text());
    if (said_ != nullptr && is_made_up(node, kind, member, text)) return;
    const Value value{kind, kind == "date" ? as_instant(text) : text};
    found[std::string(type_)].insert(value);
    found[""].insert(value);
    if (said_ == nullptr && member == "display") {
      found[""].insert({"name", text});
      found[""].insert({"identifier", text});
    }
  }

  [[nodiscard]] std::string kind_of(Json node, std::string_view member,
                                    std::string_view parent) const {
    const bool identifier =
        parent == "requisition" || parent.ends_with("dentifier");
    if (identifier && member == "value") return "identifier";
    const bool coding = parent.ends_with("oding");
    if (coding && member == "code") return "code";
    if (parent == "name" && (member == "family" || member == "given" ||
                             member == "prefix" || member == "suffix")) {
      return "name";
    }
    const bool named = type_ == "Organization" || type_ == "Location";
    if (named && (member == "name" || member == "alias")) return "name";
    const std::set<std::string_view> kTexts{"value",      "text", "line",
                                            "postalCode", "code", "display"};
    if (node.is_string() && looks_like_date(node.text()) &&
        !kTexts.contains(member)) {
      return "date";
    }
    if (type_ == "Patient" && member != "system") return "patient";
    return said_ == nullptr && member == "display" ? "display" : "";
  }

  [[nodiscard]] bool is_made_up(Json node, const std::string& kind,
                                std::string_view member,
                                const std::string& text) const {
    if (member == "display") return !said_->contains(text);
    if (kind != "code") return false;
    const auto system = node.parent().get("system").text();
    return system.starts_with("http://example.com") && !said_->contains(text);
  }

  const std::set<std::string, std::less<>>* said_;
  std::string_view type_;
};

void references_in(Json node, std::set<std::string>& found) {
  for (const auto child : node) {
    if (child.name() == "reference" && child.is_string()) {
      found.insert(std::string(child.text()));
    } else if (child.is_object() || child.is_array()) {
      references_in(child, found);
    }
  }
}

// The resources that count (class 1).
std::vector<Json> resources_that_count(Json bundle, bool makes_referrals) {
  std::map<std::string, Json> known;
  std::vector<std::string> open;
  for (const auto entry : bundle.get("entry")) {
    const auto resource = entry.get("resource");
    const auto type = resource.get("resourceType").text();
    if (!kKept.contains(type)) continue;
    const auto key =
        std::string(type) + "/" + std::string(resource.get("id").text());
    known.emplace(key, resource);
    if (!kParties.contains(type)) open.push_back(key);
  }
  std::set<std::string> reached(open.begin(), open.end());
  while (!open.empty()) {
    const auto key = open.back();
    open.pop_back();
    std::set<std::string> targets;
    references_in(known.at(key), targets);
    for (const auto& target : targets) {
      if (known.contains(target) && reached.insert(target).second) {
        open.push_back(target);
      }
    }
  }
  std::vector<Json> all;
  for (const auto& [key, resource] : known) {
    if (!reached.contains(key)) continue;
    if (!makes_referrals && key.starts_with("ServiceRequest/")) continue;
    all.push_back(resource);
  }
  return all;
}

class Hl7v2ValuesTest : public ShippedMapsTest {
 protected:
  struct Count {
    std::size_t expected = 0;
    std::size_t arrived = 0;
    std::size_t elsewhere = 0;  // in another type of resource
  };

  void SetUp() override {
    const char* shared = std::getenv("WORKGATE_SHARED");
    corpus_ =
        (shared != nullptr ? fs::path(shared)
                           : fs::path(GATEWAY_SOURCE_DIR) / ".." / "shared") /
        "conformance" / "hl7v2";
    if (!fs::exists(corpus_ / "index.json")) {
      GTEST_SKIP() << "no corpus at " << corpus_
                   << "; set WORKGATE_SHARED to the shared material";
    }
    ShippedMapsTest::SetUp();
    if (set_ == nullptr) return;
    overlay_ = set_->overlay("");
    overlay_.zone = Zone::utc();
  }

  // An empty text: no map is for it.
  std::string mapped(const std::string& message) const {
    const auto ready = mappable(*set_, message, true);
    if (!ready.ok()) return {};
    return run(*set_->library, *ready->map, ready->source->root(),
               {.overlay = &overlay_})
        .bundle;
  }

  void compare(const std::string& name, const std::string& message,
               Json expected, Json result) {
    const auto said = components(message);
    const auto event = parse::salvaged_header(message).event();
    const bool makes_referrals = event.starts_with("REF") ||
                                 event.starts_with("ORM") ||
                                 event.starts_with("OMG");
    Values wanted(&said);
    for (const auto one : resources_that_count(expected, makes_referrals)) {
      wanted.add(one);
    }
    Values given(nullptr);
    for (const auto entry : result.get("entry")) {
      given.add(entry.get("resource"));
    }
    for (const auto& [type, values] : wanted.found) {
      if (!type.empty()) count(name, type, values, given);
    }
  }

  void count(const std::string& name, const std::string& type,
             const std::set<Value>& values, Values& given) {
    for (const auto& value : values) {
      auto& counted = counts_[value.kind];
      ++counted.expected;
      if (given.found[type].contains(value)) {
        ++counted.arrived;
      } else if (given.found[""].contains(value)) {
        ++counted.arrived;
        ++counted.elsewhere;
      } else {
        auto& lost = lost_[type + " " + value.kind];
        ++lost.first;
        if (lost.second.size() < 60) {
          lost.second += " " + value.text + " (" + name + ")";
        }
      }
    }
  }

  fs::path corpus_;
  Overlay overlay_;
  std::map<std::string, Count> counts_;
  std::map<std::string, std::pair<std::size_t, std::string>> lost_;
};

TEST_F(Hl7v2ValuesTest, NinetyFivePercentOfTheExpectedValuesArrive) {
  const auto index = JsonDocument::parse(bytes_of(corpus_ / "index.json"));
  ASSERT_TRUE(index.ok());
  std::size_t messages = 0;
  for (const auto one : index->root()) {
    if (!one.get("expected").exists()) continue;
    const std::string name(one.get("message").text());
    const auto message = bytes_of(corpus_ / name);
    const auto bundle = mapped(message);
    if (bundle.empty()) continue;
    const auto expected = JsonDocument::parse(
        bytes_of(corpus_ / std::string(one.get("expected").text())));
    const auto result = JsonDocument::parse(bundle);
    ASSERT_TRUE(expected.ok() && result.ok()) << name;
    compare(fs::path(name).stem().string(), message, expected->root(),
            result->root());
    ++messages;
  }
  Count all;
  for (const auto& [kind, counted] : counts_) {
    std::cout << kind << ": " << counted.arrived << " of " << counted.expected
              << ", " << counted.elsewhere
              << " of them in another type of resource\n";
    all.expected += counted.expected;
    all.arrived += counted.arrived;
  }
  std::cout << "all: " << all.arrived << " of " << all.expected << " values of "
            << messages << " messages\nThe rest:\n";
  for (const auto& [place, lost] : lost_) {
    const auto reason = kReasons.find(place);
    std::cout << "  " << lost.first << " " << place << ":" << lost.second
              << "\n    "
              << (reason == kReasons.end() ? "no reason" : reason->second)
              << "\n";
    EXPECT_NE(reason, kReasons.end()) << place << " has no reason";
  }
  EXPECT_GE(messages, 19U);
  EXPECT_GE(all.arrived * 100, all.expected * 95);
}

}  // namespace
}  // namespace gateway::map
