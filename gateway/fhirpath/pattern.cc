#include "fhirpath/pattern.h"

#include <re2/re2.h>

#include <algorithm>
#include <vector>

namespace gateway::fhirpath {
namespace {

// RE2 writes (?P<name>...) for (?<name>...).
std::string in_re2_syntax(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const auto rest = pattern.substr(i);
    if (rest.front() == '\\' && rest.size() > 1) {
      // Escaped characters that RE2 knows only plain.
      const char c = rest[1];
      if (c == '/' || c == '\'' || c == '"' || c == '`') {
        out += c;
      } else {
        out += rest.substr(0, 2);
      }
      ++i;
    } else if (rest.starts_with("(?<") && rest.size() > 3 && rest[3] != '=' &&
               rest[3] != '!') {
      out += "(?P<";
      i += 2;
    } else {
      out += rest.front();
    }
  }
  return out;
}

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Appends group `name`, a number or a name.
void append_group(const re2::RE2& pattern,
                  const std::vector<re2::StringPiece>& groups,
                  std::string_view name, std::string& out) {
  std::size_t number = groups.size();
  if (!name.empty() && std::all_of(name.begin(), name.end(), is_digit)) {
    number = name.size() < 4
                 ? static_cast<std::size_t>(std::stoi(std::string(name)))
                 : groups.size();
  } else {
    const auto& named = pattern.NamedCapturingGroups();
    const auto found = named.find(std::string(name));
    if (found != named.end()) number = static_cast<std::size_t>(found->second);
  }
  if (number < groups.size() && groups[number].data() != nullptr) {
    out.append(groups[number].data(), groups[number].size());
  }
}

void append_replacement(const re2::RE2& pattern,
                        const std::vector<re2::StringPiece>& groups,
                        std::string_view by, std::string& out) {
  for (std::size_t i = 0; i < by.size(); ++i) {
    if (by[i] != '$' || i + 1 == by.size()) {
      out += by[i];
      continue;
    }
    if (by[i + 1] == '{') {
      const auto end = by.find('}', i);
      if (end == std::string_view::npos) {
        out += by[i];
        continue;
      }
      append_group(pattern, groups, by.substr(i + 2, end - i - 2), out);
      i = end;
    } else if (is_digit(by[i + 1])) {
      append_group(pattern, groups, by.substr(i + 1, 1), out);
      ++i;
    } else {
      out += by[i];
    }
  }
}

}  // namespace

std::unique_ptr<re2::RE2> compiled_pattern(std::string_view pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  options.set_max_mem(4 << 20);
  auto made = std::make_unique<re2::RE2>(in_re2_syntax(pattern), options);
  if (!made->ok()) return nullptr;
  return made;
}

bool found_in(const re2::RE2& pattern, std::string_view text) {
  return re2::RE2::PartialMatch(piece(text), pattern);
}

bool matches_all_of(const re2::RE2& pattern, std::string_view text) {
  return re2::RE2::FullMatch(piece(text), pattern);
}

std::optional<std::string> replaced(const re2::RE2& pattern,
                                    std::string_view text, std::string_view by,
                                    std::size_t most) {
  std::vector<re2::StringPiece> groups(
      static_cast<std::size_t>(pattern.NumberOfCapturingGroups()) + 1);
  std::string out;
  std::size_t at = 0;
  while (at <= text.size() &&
         pattern.Match(piece(text), at, text.size(), re2::RE2::UNANCHORED,
                       groups.data(), static_cast<int>(groups.size()))) {
    const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
    out.append(text.substr(at, begin - at));
    append_replacement(pattern, groups, by, out);
    at = begin + groups[0].size();
    if (groups[0].empty()) {
      if (at == text.size()) return out;
      out += text[at++];
    }
    if (out.size() > most) return std::nullopt;
  }
  out.append(text.substr(std::min(at, text.size())));
  return out;
}

}  // namespace gateway::fhirpath
