#include "map/map_layout.h"

#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/yaml.h"
#include "map/map_line.h"

namespace gateway::map {
namespace {

constexpr std::size_t kIndent = 2;

// One level of the structure: where it was, and where it goes.
struct Level {
  std::size_t before;
  std::size_t after;
  bool is_list;
};

class Layout {
 public:
  std::string of(std::string_view text) {
    for (auto line : split(text, '\n')) {
      if (line.ends_with('\r')) line.remove_suffix(1);
      add(line);
    }
    place_comments(0);
    flush(0);
    while (out_.ends_with("\n\n")) out_.pop_back();
    return std::move(out_);
  }

 private:
  void add(std::string_view line) {
    const auto indent = line.find_first_not_of(' ');
    const bool is_empty = line.find_first_not_of(" \t") == line.npos;
    if (in_block_ && (is_empty || indent > block_indent_)) {
      return is_empty ? void(++block_empty_) : block(line);
    }
    in_block_ = false;
    empty_ += std::exchange(block_empty_, 0);
    if (line_.in_quotes()) return carried(line, is_empty);
    if (is_empty) {
      ++empty_;
    } else if (line_.in_brackets() ||
               (line_.ends_plain() && indent > levels_.back().before)) {
      carried(line, false);
    } else if (line[indent] == '#') {
      comments_.push_back({.text = std::string(trimmed(line)),
                           .column = indent,
                           .after_empty = empty_ > 0});
      empty_ = 0;
    } else {
      structure(line, indent);
    }
  }

  static std::string_view trimmed(std::string_view line) {
    const auto first = line.find_first_not_of(" \t");
    const auto last = line.find_last_not_of(" \t");
    return first == line.npos ? std::string_view()
                              : line.substr(first, last - first + 1);
  }

  // A line of a text of many lines: it keeps its blanks.
  void block(std::string_view line) {
    out_.append(std::exchange(block_empty_, 0), '\n');
    const auto indent = line.find_first_not_of(' ');
    if (block_first_ == 0) block_first_ = indent;
    // What lies deeper than the first line is part of the text.
    const auto deeper = indent > block_first_ ? indent - block_first_ : 0;
    out_.append(levels_.back().after + kIndent + deeper, ' ');
    out_ += line.substr(indent);
    out_ += '\n';
  }

  void carried(std::string_view line, bool is_empty) {
    flush(levels_.back().after);
    if (is_empty) {
      line_.spaced("");
      out_ += '\n';
      return;
    }
    const bool quoted = line_.in_quotes();
    const auto text = line_.spaced(
        quoted ? line.substr(line.find_first_not_of(" \t")) : trimmed(line));
    const auto closes = text.front() == ']' || text.front() == '}';
    const auto& level = levels_.back();
    out_.append(closes ? level.after : level.after + kIndent, ' ');
    out_ += text;
    out_ += '\n';
  }

  void structure(std::string_view line, std::size_t indent) {
    auto rest = trimmed(line);
    auto column = indent;
    place_comments(indent);
    enter(column, is_item(rest));
    std::string start;
    const auto first = levels_.back().after;
    while (is_item(rest)) {
      const auto next = rest.find_first_not_of(" \t", 1);
      start += next == rest.npos ? "-" : "- ";
      if (next == rest.npos) {
        rest = {};
        break;
      }
      rest.remove_prefix(next);
      column += next;
      levels_.push_back({column, levels_.back().after + kIndent, false});
      if (is_item(rest)) levels_.back().is_list = true;
    }
    flush(first);
    const auto text = line_.spaced(rest);
    out_.append(first, ' ');
    out_ += start + text + '\n';
    in_block_ = line_.begins_block();
    block_first_ = 0;
    block_indent_ = levels_.back().before;
  }

  static bool is_item(std::string_view rest) {
    return rest == "-" || rest.starts_with("- ") || rest.starts_with("-\t");
  }

  void enter(std::size_t column, bool is_item) {
    while (levels_.size() > 1 && levels_.back().before > column) {
      levels_.pop_back();
    }
    // A list may stand below its key without being deeper.
    if (levels_.back().before == column && levels_.back().is_list && !is_item &&
        levels_.size() > 1) {
      levels_.pop_back();
    }
    const auto top = levels_.back();
    if (column > top.before || (is_item && !top.is_list && started_)) {
      levels_.push_back({column, top.after + kIndent, is_item});
    } else if (!started_) {
      levels_.back().is_list = is_item;
    }
    started_ = true;
  }

  // A comment that lies deeper than what follows belongs to what was before.
  void place_comments(std::size_t next) {
    for (auto& comment : comments_) {
      if (comment.column <= next) continue;
      auto level = levels_.rbegin();
      while (level + 1 != levels_.rend() && level->before > comment.column) {
        ++level;
      }
      comment.depth = level->after;
    }
  }

  // The others stand as deep as what follows.
  void flush(std::size_t depth) {
    for (const auto& comment : comments_) {
      if (comment.after_empty && !out_.empty()) out_ += '\n';
      out_.append(comment.depth.value_or(depth), ' ');
      out_ += comment.text + '\n';
    }
    comments_.clear();
    if (empty_ > 0 && !out_.empty()) out_ += '\n';
    empty_ = 0;
  }

  struct Comment {
    std::string text;
    std::size_t column;
    bool after_empty;
    std::optional<std::size_t> depth{};
  };

  std::string out_;
  MapLine line_;
  std::vector<Level> levels_{{0, 0, false}};
  std::vector<Comment> comments_;
  std::size_t empty_ = 0;
  std::size_t block_empty_ = 0;
  std::size_t block_indent_ = 0;
  std::size_t block_first_ = 0;
  bool in_block_ = false;
  bool started_ = false;
};

bool same(const Yaml& a, const Yaml& b) {
  if (a.kind() != b.kind() || a.scalar() != b.scalar() ||
      a.quoted() != b.quoted() || a.items().size() != b.items().size() ||
      a.members().size() != b.members().size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.items().size(); ++i) {
    if (!same(a.items()[i], b.items()[i])) return false;
  }
  for (std::size_t i = 0; i < a.members().size(); ++i) {
    if (!same(a.members()[i].first, b.members()[i].first) ||
        !same(a.members()[i].second, b.members()[i].second)) {
      return false;
    }
  }
  return true;
}

}  // namespace

Result<std::string> laid_out(std::string_view text, const std::string& file) {
  const auto before = Yaml::parse(text, file);
  if (!before) return before.error();
  auto out = Layout().of(text);
  const auto after = Yaml::parse(out, file);
  if (!after || !same(*before, *after)) {
    return Error{ErrorCode::invalid,
                 before->place() +
                     ": the file would not say the same in its one form: write "
                     "each key on a line of its own"};
  }
  return out;
}

}  // namespace gateway::map
