#include "episode/evidence_words.h"

#include <algorithm>
#include <array>

#include "episode/elements.h"

namespace gateway::episode {
namespace {

template <std::size_t N>
bool names_any(std::string_view words,
               const std::array<std::string_view, N>& stems) {
  return std::any_of(stems.begin(), stems.end(), [&](const auto stem) {
    return words.find(stem) != std::string_view::npos;
  });
}

template <std::size_t N>
bool is_any(std::string_view words,
            const std::array<std::string_view, N>& whole) {
  return !words.empty() &&
         std::find(whole.begin(), whole.end(), words) != whole.end();
}

// By stems, so that both spellings and all endings count.
constexpr std::array<std::string_view, 9> kAreas = {"musculoskeletal",
                                                    "cardiovascular",
                                                    "vocation",
                                                    "attitud",
                                                    "behavio",
                                                    "cogniti",
                                                    "functional capacity",
                                                    "safety",
                                                    "accommodation"};

constexpr std::array<std::string_view, 5> kDemandLevels = {
    "sedentary", "light", "medium", "heavy", "very heavy"};

// Who takes part without treating.
constexpr std::array<std::string_view, 10> kOthers = {
    "patient",        "family",  "relative", "spouse",   "guardian",
    "injured worker", "employe", "adjuster", "attorney", "payer"};

struct Profession {
  std::string_view name;
  std::array<std::string_view, 3> stems;
  std::array<std::string_view, 4> whole;
};
constexpr std::array<Profession, 4> kProfessions = {{
    {"physical therapy",
     {"physical therap", "physiotherap", "2251"},
     {"pt", "pta", "dpt", "pt/pta"}},
    {"occupational therapy",
     {"occupational therap", "225x", "224z"},
     {"ot", "ota", "cota", "otr/l"}},
    {"psychology", {"psycholog", "psychiatr", "103t"}, {"psy", "", "", ""}},
    {"medicine", {"physician", "medical doctor", "2081"}, {"md", "do", "", ""}},
}};

constexpr std::array<std::string_view, 6> kLicensed = {
    "licen",         "registered nurse", "chiropract", "athletic trainer",
    "social worker", "counselor"};

}  // namespace

std::string plain_words(std::string_view text) {
  std::string words(text);
  for (auto& c : words) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-' || c == '_') c = ' ';
  }
  return words;
}

std::string words_of(Json concept_) {
  std::string all(concept_.get("text").text());
  for (const Json coding : concept_.get("coding")) {
    for (const auto* name : {"code", "display"}) {
      const auto word = coding.get(name).text();
      if (word.empty()) continue;
      if (!all.empty()) all += "; ";
      all += word;
    }
  }
  return plain_words(all);
}

std::string name_of(Json concept_) {
  auto name = concept_.get("text").text();
  if (name.empty()) name = concept_.find("coding.display").text();
  if (name.empty()) name = concept_.find("coding.code").text();
  return plain_words(name);
}

Areas evaluation_areas(std::string_view words) {
  Areas found;
  for (std::size_t i = 0; i < kAreas.size(); ++i) {
    if (words.find(kAreas.at(i)) != std::string_view::npos) found.set(i);
  }
  return found;
}

bool is_demand_level(std::string_view words) {
  if (words.ends_with(" work")) words.remove_suffix(5);
  return is_any(words, kDemandLevels);
}

bool says_not_working(std::string_view words) {
  constexpr std::array<std::string_view, 7> kWords = {
      "la17956 6",    "unemployed",         "not working",        "off work",
      "not employed", "not in labor force", "not in labour force"};
  return is_any(words, kWords);
}

PlanMatter plan_matter(std::string_view words) {
  constexpr std::array<std::string_view, 11> kStay = {
      "return to work", "work program",       "rehab",
      "physio",         "physical therap",    "occupational therap",
      "conditioning",   "hardening",          "length of stay",
      "smart",          "functional restorat"};
  constexpr std::array<std::string_view, 8> kPlain = {
      "plan",
      "care plan",
      "plan of care",
      "treatment plan",
      "plan of treatment",
      "assess plan",
      "assessment and plan",
      "assessment and plan of treatment"};
  if (names_any(words, kStay)) return PlanMatter::stay;
  const bool number =
      words.find_first_not_of("0123456789") == std::string_view::npos;
  return number || is_any(words, kPlain) ? PlanMatter::unsaid
                                         : PlanMatter::other;
}

bool denies_contraindication(std::string_view words) {
  constexpr std::array<std::string_view, 9> kNone = {
      " no ",   " not ",     " without ",  " none", " nil",
      " absen", " excluded", " ruled out", " denie"};
  while (!words.empty()) {
    const auto end = std::min(words.size(), words.find(';'));
    const auto part = " " + std::string(words.substr(0, end));
    words.remove_prefix(std::min(words.size(), end + 1));
    const bool of_it = part.find(kContraindication) != std::string::npos;
    if (of_it && names_any(part, kNone)) return true;
  }
  return false;
}

bool is_home_program(std::string_view words) {
  constexpr std::array<std::string_view, 3> kNames = {
      "home exercise", "home program", "exercise program at home"};
  return names_any(words, kNames);
}

bool is_director(std::string_view words) {
  return words.find("director") != std::string_view::npos;
}

std::string discipline_of(std::string_view words) {
  if (words.empty()) return {};
  for (const auto& one : kProfessions) {
    if (names_any(words, one.stems) || is_any(words, one.whole)) {
      return std::string(one.name);
    }
  }
  return names_any(words, kOthers) ? std::string() : std::string(words);
}

bool is_licence(Json qualification) {
  const auto code = qualification.get("code");
  const auto known = [&](std::string_view system) {
    return !code_in(code, system).empty();
  };
  if (known("http://nucc.org/provider-taxonomy") ||
      known("http://terminology.hl7.org/CodeSystem/v2-0360")) {
    return true;
  }
  const auto name = name_of(code);
  for (const auto& one : kProfessions) {
    if (names_any(name, one.stems) || is_any(name, one.whole)) return true;
  }
  if (names_any(name, kLicensed)) return true;
  // A course that was attended has a number too.
  const bool course = name.find("certificat") != std::string::npos;
  return !course && qualification.get("identifier").size() > 0;
}

}  // namespace gateway::episode
