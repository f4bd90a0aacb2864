#include "map/stray_word.h"

#include <algorithm>
#include <array>
#include <vector>

#include "map/source_path.h"
#include "map/suggestion.h"

namespace gateway::map {
namespace {

// FHIRPath N1: operators and literals that are words, and units of time.
constexpr std::array<std::string_view, 28> kWords{
    "and",    "or",      "xor",         "implies",     "in",     "contains",
    "div",    "mod",     "is",          "as",          "true",   "false",
    "year",   "years",   "month",       "months",      "week",   "weeks",
    "day",    "days",    "hour",        "hours",       "minute", "minutes",
    "second", "seconds", "millisecond", "milliseconds"};

// What maps say in words.
constexpr std::array<std::string_view, 8> kOurs{"omit",    "skip",    "reject",
                                                "correct", "post",    "create",
                                                "update",  "withdraw"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_word(char c) {
  return is_upper(c) || (c >= 'a' && c <= 'z') || is_digit(c) || c == '_';
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::string_view first() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\'' || c == '"' || c == '`') {
        skip_quoted(c);
      } else if (c == '@') {
        skip_while([](char one) {
          return is_word(one) || one == ':' || one == '-' || one == '+' ||
                 one == '.' || one == '@';
        });
      } else if (c == '%' || c == '$' || is_digit(c)) {
        ++at_;
        skip_while(is_word);
      } else if (is_word(c)) {
        const auto word = take_word();
        if (is_stray(word)) return word;
        last_ = word;
      } else {
        ++at_;
      }
    }
    return {};
  }

 private:
  void skip_quoted(char quote) {
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    ++at_;
  }
  template <typename Test>
  void skip_while(Test test) {
    while (at_ < text_.size() && test(text_[at_])) ++at_;
  }
  std::string_view take_word() {
    const auto begin = at_;
    skip_while(is_word);
    return text_.substr(begin, at_ - begin);
  }

  [[nodiscard]] bool is_stray(std::string_view word) const {
    auto next = at_;
    while (next < text_.size() && text_[next] == ' ') ++next;
    if (next < text_.size() && text_[next] == '(') return false;
    if (std::find(kWords.begin(), kWords.end(), word) != kWords.end()) {
      return false;
    }
    // The name of a type: x is Quantity, ofType(System.String).
    return last_ != "is" && last_ != "as" && last_ != "ofType" &&
           last_ != "System" && last_ != "FHIR";
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string_view last_;  // the word before
};

// MSH9, pid-7 and PID_7 for MSH-9 and PID-7.
std::string as_path(std::string_view word) {
  std::string path;
  for (const char c : word) {
    if (path.size() == 3 && is_digit(c)) path += '-';
    if (c == '_') {
      path += '-';
    } else {
      path += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  const bool whole =
      path.find('-') != std::string::npos && path_length(path) == path.size();
  return whole ? path : std::string();
}

}  // namespace

std::string_view stray_word(std::string_view program) {
  return Scanner(program).first();
}

std::string stray_word_problem(std::string_view word) {
  auto text = "\"" + std::string(word) +
              "\" is no path, function or word of a map; a text is written '" +
              std::string(word) + "', or =" + std::string(word) + " by itself";
  if (const auto path = as_path(word); !path.empty()) {
    return text + "; did you mean " + path + "?";
  }
  return text + suggestion(word, {kOurs.begin(), kOurs.end()});
}

bool is_bare_date(std::string_view text) {
  if (text.size() != 7 && text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 4 || i == 7;
    if (dash ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
  }
  return true;
}

}  // namespace gateway::map
