#include "map/element_name.h"

#include <algorithm>

#include "map/suggestion.h"

namespace gateway::map {
namespace {

constexpr std::size_t kLongest = 64;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_upper(c) || (c >= 'a' && c <= 'z'); }
bool is_part(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

// What of it could stand in a name.
std::string parts_of(std::string_view name) {
  std::string kept;
  for (const char c : name) {
    if (kept.empty() ? is_letter(c) : is_part(c)) kept += c;
  }
  return kept;
}

}  // namespace

bool is_element_name(std::string_view name) {
  if (name.starts_with('_')) name.remove_prefix(1);
  return !name.empty() && name.size() <= kLongest && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), is_part);
}

bool is_type_name(std::string_view name) {
  return is_element_name(name) && is_upper(name.front());
}

std::string element_name_problem(std::string_view name,
                                 std::string_view owner) {
  if (name.empty()) {
    return std::string(owner) +
           " has a key without a name: write the element's name before the "
           "\":\", or take the line out";
  }
  auto text = "\"" + std::string(name) + "\" is no name of an element of " +
              std::string(owner) + ": a letter, then letters and digits";
  const auto near = suggestion(name, {kValueKeys.begin(), kValueKeys.end()});
  if (!near.empty()) return text + near;
  const auto kept = parts_of(name);
  if (!is_element_name(kept)) return text;
  return text + "; did you mean " + kept + "?";
}

std::string type_name_problem(std::string_view name) {
  if (name.empty()) {
    return "resourceType names no type: write one, such as Patient";
  }
  auto text = "\"" + std::string(name) +
              "\" is no name of a resource: a capital, then letters";
  auto kept = parts_of(name);
  if (!is_element_name(kept)) return text;
  if (!is_upper(kept.front())) {
    kept.front() = static_cast<char>(kept.front() - 'a' + 'A');
  }
  return text + "; did you mean " + kept + "?";
}

}  // namespace gateway::map
