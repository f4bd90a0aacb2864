// What a REF^I12 of 20 segments costs: parse, tree, map, and the validation of
// the result, beside a plain copy of the message; and how long overlays of
// partners take to load. The image of definitions may be named.
//
//   map_bench [IMAGE]
//   map_bench --once [IMAGE]   for valgrind: see instructions.txt

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "fhir/type_model.h"
#include "folders.h"
#include "map/map_engine.h"
#include "map/map_set.h"
#include "parse/hl7v2_tree.h"
#include "validate/validator.h"

namespace {

using namespace gateway;

std::string message() {
  std::string text =
      "MSH|^~\\&|EHR|CLINIC|WG|SITE|20260401090000-0500||REF^I12^REF_I12|R1|P|"
      "2.5.1\r"
      "RF1|A^Accepted^HL70283|R^Routine^HL70280|WC^Work conditioning^L||"
      "O^Outpatient^HL70284|R-77^EHR|20260401|20260901|20260401|"
      "M54^Back pain^I10\r"
      "AUT|WC|INS01^Gulf Casualty^L|Gulf Casualty|20260405|20260705|A-5521^GULF"
      "||12|12|20260403\r"
      "PRD|RP^Referring provider^HL70286|Poe^Edith^^^Dr^MD|1 Main St^^Houston"
      "^TX^77002||^WPN^PH^^1^713^5550100||1234567893^NPI\r"
      "PRD|RT^Referred to provider^HL70286|Roe^Sam^^^^PT|||||1679576722^NPI\r"
      "PID|1||P-100^^^EHR^MR||Doe^Janet^Q^^^^L||19840217|F|||2 Oak St^^Houston"
      "^TX^77003^USA^H||^PRN^PH^^1^713^5550101\r"
      "NK1|1|Doe^John|SPO|2 Oak St^^Houston^TX^77003|^PRN^PH^^1^713^5550102\r"
      "IN1|1|WC1^Gulf WC|INS01^^^GULF^NIIP|Gulf Casualty|PO Box 9^^Houston^TX"
      "^77001||^WPN^PH^^^800^5550102||||Bayou Works|20250101|||WC|||||||||||||"
      "||||||||WC-2026-0042\r"
      "IN2|1||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||W7\r"
      "ACC|20260310080000-0600|||TX|Y\r";
  for (int i = 1; i <= 4; ++i) {
    text += "DG1|" + std::to_string(i) +
            "||S39.012A^Strain of lower back^I10|Strain of lower back|20260311|"
            "W\r";
  }
  text += "PR1|1||97545^Work conditioning^C4\r";
  text += "OBR|1|||WC^Work conditioning^L\r";
  text += "NTE|1||Lifts up to 50 pounds at work.\r";
  text += "PV1|1|O|||||1234567893^Poe^Edith\r";
  text += "NTE|1||Call before the first visit.\rZWC|1|x\r";
  return text;
}

// Of this thread's own time: what else the machine does is not counted.
double thread_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 +
         static_cast<double>(now.tv_nsec) / 1e3;
}

double microseconds(const std::function<std::size_t()>& work) {
  double best = 1e9;
  std::size_t sink = 0;
  constexpr int kTimes = 200;
  for (int run = 0; run < 10; ++run) {
    const auto start = thread_microseconds();
    for (int i = 0; i < kTimes; ++i) sink += work();
    best = std::min(best, (thread_microseconds() - start) / kTimes);
  }
  if (sink == 0) std::puts("nothing was done");
  return best;
}

std::size_t resident_kilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::size_t kilobytes = 0;
    if (word == "VmRSS:" && status >> kilobytes) return kilobytes;
  }
  return 0;
}

// The overlays of so many partners; with none, the library that all share.
// `shared`: its kilobytes and seconds, which are no overlay's. Each set stays,
// so that the next one finds no memory that was freed.
struct Load {
  map::SharedMapSet set{};
  double kilobytes = 0;
  double seconds = 0;
};
Load load_partners(const std::vector<map::MapFile>& files,
                   const fhir::TypeModel& model, int count,
                   const Load& shared) {
  std::vector<map::MapFile> partners;
  for (int i = 0; i < count; ++i) {
    const auto name = "p" + std::to_string(i);
    partners.push_back(
        {"partners/" + name + ".yaml",
         "partner: " + name +
             "\nsettings: { zone: America/Chicago }\nchoices: { claim-number: "
             "IN2-61 }\ntables: { service: { WCPT: work-conditioning } }\n"});
  }
  const auto before = resident_kilobytes();
  const auto start = thread_microseconds();
  const auto loaded = map::load_map_set(files, partners, &model);
  Load load{
      loaded.set,
      static_cast<double>(resident_kilobytes()) - static_cast<double>(before),
      (thread_microseconds() - start) / 1e6};
  std::printf("%5d partners load in %.3f s, %.0f KB%s\n", count, load.seconds,
              load.kilobytes, loaded.set == nullptr ? " (FAILED)" : "");
  if (count == 0) return load;
  std::printf("      without the library: %.3f s, %.1f KB each\n",
              load.seconds - shared.seconds,
              (load.kilobytes - shared.kilobytes) / count);
  return load;
}

struct Stages {
  const map::MapLibrary& library;
  const map::CheckedMap& referral;
  const validate::Validator& validator;
  const KeyTable& keys;
};

// The whole way of a message, but for the store.
[[gnu::noinline]] std::size_t parse_map_and_validate(const Stages& stages,
                                                     const std::string& bytes) {
  const auto made = parse::tree_of(*parse::Hl7v2Message::parse(bytes));
  const auto output = map::run(stages.library, stages.referral, made.root());
  const auto bundle = JsonDocument::parse(output.bundle, stages.keys);
  return stages.validator.validate(*bundle).findings().size() + 1;
}

}  // namespace

int main(int argc, char* argv[]) {
  const bool once = argc > 1 && std::string(argv[1]) == "--once";
  const int named = once ? 2 : 1;
  const std::string image =
      argc > named ? argv[named]
                   : std::string(GATEWAY_BINARY_DIR) + "/workgate.image";
  const auto definitions = fhir::Definitions::open(image);
  if (!definitions.ok()) {
    std::fprintf(stderr, "%s\n", definitions.error().message.c_str());
    return 3;
  }
  const fhir::TypeModel model(**definitions);
  const validate::Validator validator(*definitions);
  const auto folder = std::string(GATEWAY_SOURCE_DIR) + "/mappings";
  const auto files = map::read_map_folder(folder);
  const auto loaded = map::load_map_set(*files, {}, &model);
  if (loaded.set == nullptr) return 3;
  const auto& library = *loaded.set->library;
  const auto& referral = *library.for_event("REF^I12");
  const auto bytes = message();

  const Stages stages{library, referral, validator, (*definitions)->keys()};
  if (once) {
    // A hundred: what is made at the first use is hardly any message's.
    std::size_t sink = 0;
    constexpr int kTimes = 100;
    for (int i = 0; i < kTimes; ++i) {
      sink += parse_map_and_validate(stages, bytes);
    }
    return sink > 0 ? 0 : 1;
  }
  const double copy = microseconds([&] {
    std::string copied;
    for (const char c : bytes) copied.push_back(c);
    return copied.size();
  });
  const double parse = microseconds(
      [&] { return parse::Hl7v2Message::parse(bytes)->pieces().size(); });
  const double tree = microseconds([&] {
    return parse::tree_of(*parse::Hl7v2Message::parse(bytes)).node_count();
  });
  const double mapped = microseconds([&] {
    const auto made = parse::tree_of(*parse::Hl7v2Message::parse(bytes));
    return map::run(library, referral, made.root()).bundle.size();
  });
  const double all =
      microseconds([&] { return parse_map_and_validate(stages, bytes); });
  std::printf("REF^I12 of %zu bytes\n", bytes.size());
  std::printf("copy              %8.1f us\n", copy);
  std::printf("parse             %8.1f us  %.0f copies, %.0f MB/s\n", parse,
              parse / copy, static_cast<double>(bytes.size()) / parse);
  std::printf("+ tree            %8.1f us\n", tree);
  std::printf("+ map             %8.1f us\n", mapped);
  std::printf("+ validate        %8.1f us  %.0f copies\n", all, all / copy);
  const auto shared = load_partners(*files, model, 0, {});
  const auto some = load_partners(*files, model, 1000, shared);
  const auto many = load_partners(*files, model, 10000, shared);
  return shared.set && some.set && many.set ? 0 : 1;
}
