#include "map/map_line.h"

namespace gateway::map {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

}  // namespace

std::string MapLine::spaced(std::string_view content) {
  out_.clear();
  at_ = 0;
  begins_block_ = false;
  wants_blank_ = false;
  if (!in_brackets() && !in_quotes()) {
    last_ = '\0';
    plain_ = false;
  }
  while (at_ < content.size()) {
    if (in_quotes()) {
      quoted(content);
      continue;
    }
    const auto blanks = at_;
    while (at_ < content.size() && is_blank(content[at_])) ++at_;
    if (at_ == content.size()) break;
    const auto gap = content.substr(blanks, at_ - blanks);
    if (content[at_] == '#' && (!gap.empty() || out_.empty())) {
      out_ += gap;
      out_ += content.substr(at_);
      return std::move(out_);
    }
    if (plain_ && !parts(content, content[at_])) {
      out_ += gap;
      out_ += content[at_++];
      continue;
    }
    token(content);
  }
  const bool indicator = last_ == '|' || last_ == '>' || last_ == '-' ||
                         last_ == '+' || (last_ >= '1' && last_ <= '9');
  const auto word = out_.rfind(' ') == std::string::npos
                        ? std::string_view(out_)
                        : std::string_view(out_).substr(out_.rfind(' ') + 1);
  begins_block_ = indicator && !in_brackets() && !word.empty() &&
                  (word[0] == '|' || word[0] == '>');
  return std::move(out_);
}

// Up to the end of the quote, or of the line.
void MapLine::quoted(std::string_view content) {
  const char c = content[at_++];
  out_ += c;
  if (quote_ == '"' && c == '\\' && at_ < content.size()) {
    out_ += content[at_++];
  } else if (c == quote_) {
    if (quote_ == '\'' && at_ < content.size() && content[at_] == '\'') {
      out_ += content[at_++];
      return;
    }
    last_ = quote_;
    quote_ = '\0';
  }
}

// Ends a plain text here: a colon before a blank, or what only brackets know.
bool MapLine::parts(std::string_view content, char c) const {
  if (c == ':') {
    return at_ + 1 == content.size() || is_blank(content[at_ + 1]) ||
           (in_brackets() && std::string_view(",[]{}").find(content[at_ + 1]) !=
                                 std::string_view::npos);
  }
  return in_brackets() &&
         std::string_view(",[]{}").find(c) != std::string_view::npos;
}

void MapLine::part() {
  if (wants_blank_ && !out_.empty() && out_.back() != ' ') out_ += ' ';
  wants_blank_ = false;
}

void MapLine::token(std::string_view content) {
  const char c = content[at_];
  const bool colon = c == ':' && (parts(content, c) || last_ == '"' ||
                                  (last_ == '\'' && in_brackets()));
  if (colon || (c == ',' && in_brackets())) return separator(c);
  if (c == '[' || c == '{' || c == ']' || c == '}') return bracket(c);
  part();
  out_ += c;
  last_ = c;
  ++at_;
  if (c == '"' || c == '\'') {
    quote_ = c;
  } else {
    plain_ = true;
  }
}

void MapLine::separator(char c) {
  out_ += c;
  ++at_;
  last_ = c;
  plain_ = false;
  wants_blank_ = true;
}

void MapLine::bracket(char c) {
  ++at_;
  if (c == '[' || c == '{') {
    part();
    open_ += c;
    wants_blank_ = c == '{';
  } else {
    const bool is_empty = last_ == '[' || last_ == '{';
    wants_blank_ = c == '}' && !is_empty;
    part();
    if (!open_.empty()) open_.pop_back();
    wants_blank_ = false;
  }
  out_ += c;
  last_ = c;
  plain_ = false;
}

}  // namespace gateway::map
