// The blanks within a line of YAML: which of them only part tokens, and may be
// written in one way, and which belong to a text.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway::map {

// Reads a file line by line. What one line leaves open (a quote, brackets, a
// text of many lines) the next one carries on.
class MapLine {
 public:
  // `content` without the blanks before it, and without the dashes of lists.
  // One blank behind a colon or a comma, none within [ ], one within { };
  // blanks of texts and those before a comment stay.
  std::string spaced(std::string_view content);

  [[nodiscard]] bool in_quotes() const { return quote_ != '\0'; }
  [[nodiscard]] bool in_brackets() const { return !open_.empty(); }
  // The line ended with "|" or ">": texts of many lines follow.
  [[nodiscard]] bool begins_block() const { return begins_block_; }
  // The line ended with a plain text, which deeper lines may carry on.
  [[nodiscard]] bool ends_plain() const { return plain_; }

 private:
  void quoted(std::string_view content);
  void token(std::string_view content);
  void bracket(char c);
  void separator(char c);
  [[nodiscard]] bool parts(std::string_view content, char c) const;
  void part();

  std::string out_;
  std::string open_;  // the brackets that are open
  std::size_t at_ = 0;
  char quote_ = '\0';
  char last_ = '\0';  // the last character that is no blank
  bool plain_ = false;
  bool begins_block_ = false;
  bool wants_blank_ = false;
};

}  // namespace gateway::map
