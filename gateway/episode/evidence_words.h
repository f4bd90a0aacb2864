// The words by which documents say what they are about where nothing codes it:
// titles of sections, roles of a team, levels of demand. Comparisons are of
// plain words, so that "very-heavy", "Very heavy" and "VERY HEAVY" are one.

#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"

namespace gateway::episode {

// In lower case, with blanks for hyphens and underscores.
std::string plain_words(std::string_view text);
// All codes, displays and texts of a concept, as plain words.
std::string words_of(Json concept_);
// What a concept is called: its text, else a display, else a code.
std::string name_of(Json concept_);

// The areas of an evaluation (policy 481, O16) that the words name.
using Areas = std::bitset<9>;
Areas evaluation_areas(std::string_view words);

// One of the five levels of physical demand, from sedentary to very heavy.
bool is_demand_level(std::string_view words);
bool is_home_program(std::string_view words);
bool is_director(std::string_view words);

// Stem of the word, and whether words say that there is none.
constexpr std::string_view kContraindication = "contraindicat";
bool denies_contraindication(std::string_view words);

// That a patient does not work now; a LOINC answer is known by its code.
bool says_not_working(std::string_view words);

// What a plan of care is for, by one of its names: a stay in a program, or
// something else. Many names say nothing of it.
enum class PlanMatter : std::uint8_t { unsaid, stay, other };
PlanMatter plan_matter(std::string_view words);

// The profession that a role of a care team stands for, one word for therapists
// and their assistants; empty for those who do not treat.
std::string discipline_of(std::string_view words);

// Whether a qualification (Practitioner.qualification) is a licence to treat:
// a code of a profession, or a number that somebody issued.
bool is_licence(Json qualification);

}  // namespace gateway::episode
