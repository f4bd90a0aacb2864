#include "fhir/terminology.h"

#include <algorithm>
#include <array>
#include <string>

#include "fhir/nearest.h"
#include "fhir/unit_format.h"

namespace gateway::fhir {
namespace {

// So many codes are compared with a misspelt one at most.
constexpr std::uint32_t kMostCandidates = 5000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_alpha(char c) { return is_upper(c) || (c >= 'a' && c <= 'z'); }
bool is_alnum(char c) { return is_alpha(c) || is_digit(c); }

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// A letter, a digit, a letter or digit, and up to four behind a point.
bool is_icd10(std::string_view code) {
  if (code.size() < 3 || !is_upper(code[0]) || !is_digit(code[1]) ||
      !is_alnum(code[2])) {
    return false;
  }
  if (code.size() == 3) return true;
  const auto rest = code.substr(4);
  return code[3] == '.' && !rest.empty() && rest.size() <= 4 &&
         std::all_of(rest.begin(), rest.end(), is_alnum);
}

bool is_loinc(std::string_view code) {
  const auto dash = code.rfind('-');
  if (dash == std::string_view::npos) return false;
  auto number = code.substr(0, dash);
  if (number.starts_with("LA") || number.starts_with("LL") ||
      number.starts_with("LP") || number.starts_with("LG")) {
    number.remove_prefix(2);
  }
  return all_digits(number) && code.size() == dash + 2 && is_digit(code.back());
}

bool is_snomed(std::string_view code) {
  return code.size() >= 6 && code.size() <= 18 && all_digits(code);
}

// Five characters, or a modifier's two.
bool is_cpt(std::string_view code) {
  if (code.size() == 2) {
    return std::all_of(code.begin(), code.end(),
                       [](char c) { return is_upper(c) || is_digit(c); });
  }
  return code.size() == 5 && std::all_of(code.begin(), code.end(), is_alnum) &&
         all_digits(code.substr(0, 4));
}

// Subtags of one to eight letters or digits (BCP 47), the first of letters.
bool is_language(std::string_view code) {
  std::size_t length = 0;
  bool is_first = true;
  for (const char c : code) {
    if (c == '-') {
      if (length == 0) return false;
      length = 0;
      is_first = false;
    } else if (++length > 8 || !(is_first ? is_alpha(c) : is_alnum(c))) {
      return false;
    }
  }
  return length > 0 && (!is_first || (length >= 2 && length <= 3));
}

// type/subtype (BCP 13), perhaps with parameters.
bool is_media_type(std::string_view code) {
  const auto slash = code.find('/');
  return slash != std::string_view::npos && slash > 0 &&
         slash + 1 < code.size() && code.find(' ') != 0;
}

struct Format {
  std::string_view system;
  bool (*matches)(std::string_view code);
  Membership good;  // what a code of that format is
};

constexpr std::array<Format, 8> kFormats{{
    {"http://snomed.info/sct", is_snomed, Membership::unknown},
    {"http://loinc.org", is_loinc, Membership::unknown},
    {"http://unitsofmeasure.org", is_unit_code, Membership::unknown},
    {"http://hl7.org/fhir/sid/icd-10-cm", is_icd10, Membership::unknown},
    {"http://hl7.org/fhir/sid/icd-10", is_icd10, Membership::unknown},
    {"http://www.ama-assn.org/go/cpt", is_cpt, Membership::unknown},
    {"urn:ietf:bcp:47", is_language, Membership::yes},
    {"urn:ietf:bcp:13", is_media_type, Membership::yes},
}};

// Of a code that the part's system lists under `row`.
bool lists(const Definitions& definitions, const PartRow& part,
           std::uint32_t row) {
  const auto members = definitions.members.of(part.members);
  return std::binary_search(members.begin(), members.end(), row);
}

Membership in_part(const Definitions& definitions, const PartRow& part,
                   std::string_view code) {
  const auto row = definitions.code_of(part.system, code);
  const bool known = row != kNone;
  switch (part.kind) {
    case PartKind::listed:
      return known && lists(definitions, part, row) ? Membership::yes
                                                    : Membership::no;
    case PartKind::whole:
      return known && definitions.codes[row].abstract_ == 0 ? Membership::yes
                                                            : Membership::no;
    case PartKind::unchecked:
      break;
  }
  return code_format(definitions.text(definitions.systems[part.system].url),
                     code);
}

// The better of two answers: yes before unknown before no.
Membership better(Membership a, Membership b) {
  if (a == Membership::yes || b == Membership::yes) return Membership::yes;
  return a == Membership::unknown ? a : b;
}

}  // namespace

Membership code_format(std::string_view system, std::string_view code) {
  for (const auto& format : kFormats) {
    if (format.system != system) continue;
    if (format.matches(code)) return format.good;
    // FHIR's own examples write "xml" and "json" for media types.
    return format.matches == is_media_type ? Membership::unknown
                                           : Membership::no;
  }
  return Membership::unknown;
}

Membership code_in(const Definitions& definitions, std::uint32_t value_set,
                   std::string_view code) {
  const auto& row = definitions.value_sets[value_set];
  auto found = Membership::no;
  for (const auto& part : definitions.parts.of(row.parts)) {
    found = better(found, in_part(definitions, part, code));
    if (found == Membership::yes) return found;
  }
  return row.parts.count == 0 ? Membership::unknown : found;
}

Membership coding_in(const Definitions& definitions, std::uint32_t value_set,
                     std::string_view system, std::string_view code) {
  const auto& row = definitions.value_sets[value_set];
  auto found = Membership::no;
  for (const auto& part : definitions.parts.of(row.parts)) {
    if (definitions.text(definitions.systems[part.system].url) != system) {
      continue;
    }
    found = better(found, in_part(definitions, part, code));
    if (found == Membership::yes) return found;
  }
  return row.parts.count == 0 ? Membership::unknown : found;
}

std::uint32_t find_code(const Definitions& definitions, std::string_view system,
                        std::string_view code) {
  const auto row = definitions.system_of(system);
  return row == kNone ? kNone : definitions.code_of(row, code);
}

Membership code_exists(const Definitions& definitions, std::string_view system,
                       std::string_view code) {
  const auto row = definitions.system_of(system);
  if (row == kNone) return code_format(system, code);
  if (definitions.code_of(row, code) != kNone) return Membership::yes;
  return definitions.systems[row].content == SystemContent::complete
             ? Membership::no
             : code_format(system, code);
}

ValueSetExpansion expand(const Definitions& definitions,
                         std::uint32_t value_set, std::size_t limit) {
  ValueSetExpansion expansion;
  const auto add = [&](std::uint32_t code) {
    const auto& row = definitions.codes[code];
    if (expansion.codes.size() >= limit) {
      expansion.is_complete = false;
    } else {
      expansion.codes.push_back(
          {definitions.text(definitions.systems[row.system].url),
           definitions.text(row.code), definitions.text(row.display),
           row.abstract_ != 0});
    }
  };
  for (const auto& part :
       definitions.parts.of(definitions.value_sets[value_set].parts)) {
    if (part.kind == PartKind::unchecked) expansion.is_complete = false;
    for (const auto code : definitions.members.of(part.members)) add(code);
    if (part.kind != PartKind::whole) continue;
    const auto codes = definitions.systems[part.system].codes;
    for (std::uint32_t i = 0; i < codes.count; ++i) add(codes.first + i);
  }
  return expansion;
}

std::vector<std::string_view> unlisted_systems(const Definitions& definitions,
                                               std::uint32_t value_set) {
  std::vector<std::string_view> systems;
  for (const auto& part :
       definitions.parts.of(definitions.value_sets[value_set].parts)) {
    if (part.kind != PartKind::unchecked) continue;
    systems.push_back(definitions.text(definitions.systems[part.system].url));
  }
  return systems;
}

bool same_display(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view nearest_code(const Definitions& definitions,
                              std::uint32_t system, std::string_view code) {
  std::vector<std::string_view> candidates;
  const auto codes = definitions.systems[system].codes;
  for (std::uint32_t i = 0; i < codes.count && i < kMostCandidates; ++i) {
    candidates.push_back(
        definitions.text(definitions.codes[codes.first + i].code));
  }
  return nearest(code, candidates);
}

}  // namespace gateway::fhir
