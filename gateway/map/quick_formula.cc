#include "map/quick_formula.h"

#include <algorithm>
#include <utility>

#include "map/expression.h"
#include "map/text_node.h"

namespace gateway::map {

// Reads a formula from left to right; each part says whether it was there.
class QuickCompiler {
 public:
  QuickCompiler(std::string_view text, const Scopes& scopes,
                const std::vector<std::string>& settings)
      : text_(text), scopes_(scopes), settings_(settings) {}

  std::optional<QuickFormula> compile() {
    QuickFormula made;
    made.is_condition_ = true;
    made.branches_.emplace_back();
    if (condition(made.branches_[0].condition) && at_end()) return made;
    at_ = 0;
    made.is_condition_ = false;
    made.branches_.clear();
    if (value(made.branches_) && at_end()) return made;
    return std::nullopt;
  }

 private:
  using Part = QuickFormula::Part;
  using Test = QuickFormula::Test;

  void skip_space() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool at_end() {
    skip_space();
    return at_ == text_.size();
  }
  bool take(std::string_view token) {
    skip_space();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }

  // iif(CONDITION, TEXT, VALUE), or TEXT.
  bool value(std::vector<QuickFormula::Branch>& into) {
    auto& branch = into.emplace_back();
    if (!take("iif(")) {
      branch.condition.emplace_back();  // holds always
      return parts(branch.text);
    }
    return condition(branch.condition) && take(",") && parts(branch.text) &&
           take(",") && value(into) && take(")");
  }

  bool parts(QuickFormula::Text& into) {
    if (take("{}")) return true;
    do {
      auto& part = into.emplace_back();
      if (!this->part(part) || !replacement(part)) return false;
    } while (take("&"));
    return true;
  }

  bool part(Part& part) {
    skip_space();
    if (take("(")) {
      part.kind = Part::Kind::path;
      part.first = true;
      return candidates(part) && take(".first()");
    }
    if (take("%")) {
      part.kind = Part::Kind::setting;
      return setting(part.text);
    }
    if (at_ < text_.size() && text_[at_] == '\'') return literal(part.text);
    part.kind = Part::Kind::path;
    return path(part.paths);
  }

  // PATH | PATH | %setting )
  bool candidates(Part& part) {
    do {
      if (!part.setting.empty()) return false;
      if (take("%") ? !setting(part.setting) : !path(part.paths)) return false;
    } while (take("|"));
    return take(")");
  }

  bool replacement(Part& part) {
    if (take(".substring(")) return digit(part.skipped) && take(")");
    if (!take(".replace(")) return true;
    return literal(part.replaced) && !part.replaced.empty() && take(",") &&
           literal(part.with) && take(")");
  }

  bool condition(QuickFormula::Condition& into) {
    do {
      auto& all = into.emplace_back();
      do {
        if (!test(all.emplace_back())) return false;
      } while (take("and "));
    } while (take("or "));
    return true;
  }

  bool test(Test& test) {
    if (take("(")) {
      do {
        if (!path(test.paths)) return false;
      } while (take("|"));
      return take(")") && presence(test);
    }
    if (!path(test.paths)) return false;
    if (presence(test)) return true;
    if (take(".intersect(")) test.chosen = Chosen::among;
    if (take(".exclude(")) test.chosen = Chosen::others;
    if (test.chosen) return literals(test.texts) && presence(test);
    if (take(".startsWith(")) {
      test.kind = Test::Kind::starts;
      return literal(test.text) && !test.text.empty() && take(")");
    }
    if (take("in (")) {
      test.kind = Test::Kind::among;
      return literals(test.texts);
    }
    test.kind = Test::Kind::equal;
    if (take("!=")) {
      test.kind = Test::Kind::unequal;
    } else if (!take("=")) {
      return false;
    }
    return literal(test.text);
  }

  // 'text' | 'text' )
  bool literals(std::vector<std::string>& into) {
    do {
      if (!literal(into.emplace_back())) return false;
    } while (take("|"));
    return take(")");
  }

  bool presence(Test& test) {
    test.kind = Test::Kind::exists;
    if (take(".exists()")) return true;
    test.kind = Test::Kind::empty;
    return take(".empty()");
  }

  bool path(std::vector<SourcePath>& into) {
    skip_space();
    const auto length = path_length(text_.substr(at_));
    if (length == 0) return false;
    auto resolved = resolve(text_.substr(at_, length), scopes_);
    if (!resolved) return false;
    into.push_back(resolved->path);
    at_ += length;
    return true;
  }

  bool literal(std::string& into) {
    if (!take("'")) return false;
    const auto end = text_.find('\'', at_);
    if (end == std::string_view::npos) return false;
    into = text_.substr(at_, end - at_);
    at_ = end + 1;
    return into.find('\\') == std::string::npos;
  }

  bool digit(std::size_t& into) {
    if (at_ >= text_.size() || text_[at_] < '1' || text_[at_] > '9') {
      return false;
    }
    into = static_cast<std::size_t>(text_[at_++] - '0');
    return true;
  }

  bool setting(std::string& into) {
    for (const auto& name : settings_) {
      if (!text_.substr(at_).starts_with(name)) continue;
      const auto end = at_ + name.size();
      const bool whole = end == text_.size() || text_[end] == ' ' ||
                         text_[end] == ')' || text_[end] == ',';
      if (!whole) continue;
      into = name;
      at_ = end;
      return true;
    }
    return false;
  }

  std::string_view text_;
  const Scopes& scopes_;
  const std::vector<std::string>& settings_;
  std::size_t at_ = 0;
};

std::optional<QuickFormula> QuickFormula::compile(
    std::string_view text, const Scopes& scopes,
    const std::vector<std::string>& settings) {
  return QuickCompiler(text, scopes, settings).compile();
}

namespace {

std::string_view value_of(std::string_view name,
                          const EvaluationContext& context) {
  const auto it = std::find_if(
      context.settings.begin(), context.settings.end(),
      [name](const Setting& setting) { return setting.name == name; });
  return it == context.settings.end() ? std::string_view() : it->value;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80U;
  });
}

void append_replaced(std::string& out, std::string_view text,
                     std::string_view replaced, std::string_view with) {
  while (!replaced.empty()) {
    const auto at = text.find(replaced);
    if (at == std::string_view::npos) break;
    out += text.substr(0, at);
    out += with;
    text.remove_prefix(at + replaced.size());
  }
  out += text;
}

}  // namespace

bool QuickFormula::holds(const Condition& condition,
                         const EvaluationContext& context, bool& sure) {
  return std::any_of(condition.begin(), condition.end(), [&](const auto& all) {
    return std::all_of(all.begin(), all.end(), [&](const Test& test) {
      if (test.chosen) {
        const bool there = has_text(test.paths.front(), context.scopes,
                                    *test.chosen, test.texts);
        return there == (test.kind == Test::Kind::exists);
      }
      // Whether there is one, or whether it is the only one.
      const bool presence =
          test.kind == Test::Kind::exists || test.kind == Test::Kind::empty;
      const std::size_t most = presence ? 1 : 2;
      Texts seen;
      for (const auto& path : test.paths) {
        if (seen.count < most) find_texts(path, context.scopes, most, seen);
      }
      switch (test.kind) {
        case Test::Kind::exists:
          return seen.count > 0;
        case Test::Kind::empty:
          return seen.count == 0;
        case Test::Kind::equal:
          return seen.count == 1 && seen.first.text() == test.text;
        case Test::Kind::unequal:
          return seen.count > 1 ||
                 (seen.count == 1 && seen.first.text() != test.text);
        case Test::Kind::starts:
          if (seen.count > 1) break;
          return seen.count == 1 && seen.first.text().starts_with(test.text);
        case Test::Kind::among:
          if (seen.count > 1) break;
          return seen.count == 1 &&
                 std::find(test.texts.begin(), test.texts.end(),
                           seen.first.text()) != test.texts.end();
      }
      sure = false;
      return false;
    });
  });
}

std::optional<bool> QuickFormula::holds(
    const EvaluationContext& context) const {
  if (!is_condition_ || context.marks != nullptr) return std::nullopt;
  bool sure = true;
  const bool held = holds(branches_[0].condition, context, sure);
  return sure ? std::optional(held) : std::nullopt;
}

bool QuickFormula::evaluate(const EvaluationContext& context,
                            std::vector<Item>& found) const {
  if (is_condition_ || context.marks != nullptr) return false;
  bool sure = true;
  const auto branch = std::find_if(
      branches_.begin(), branches_.end(),
      [&](const Branch& one) { return holds(one.condition, context, sure); });
  if (branch == branches_.end() || branch->text.empty()) return sure;
  Item item;
  constexpr std::size_t kUsual = 80;
  item.text.reserve(kUsual);
  bool there = branch->text.size() > 1;  // '&' makes a text of nothing
  for (const auto& part : branch->text) {
    std::string_view text = part.text;
    Json bearer;
    if (part.kind == Part::Kind::setting) text = value_of(part.text, context);
    if (part.kind == Part::Kind::path) {
      Texts seen;
      const std::size_t most = part.first ? 1 : 2;
      for (const auto& path : part.paths) {
        if (seen.count < most) find_texts(path, context.scopes, most, seen);
      }
      if (seen.count > 1 && !part.first) return false;
      bearer = seen.first;
      text = bearer.exists() ? bearer.text() : std::string_view();
      if (!bearer.exists() && !part.setting.empty()) {
        text = value_of(part.setting, context);
      }
      if (bearer.exists() && item.span == ByteSpan{}) item.span = bearer.span();
    }
    if (part.skipped > 0) {
      // FHIRPath counts characters and not bytes, and knows no empty rest.
      const bool rest = text.size() > part.skipped && is_ascii(text);
      if (!rest && !text.empty()) return false;
      text.remove_prefix(rest ? part.skipped : 0);
    } else if (branch->text.size() == 1 && part.replaced.empty() &&
               bearer.exists()) {
      found.push_back({.node = bearer, .text = {}, .span = bearer.span()});
      return sure;
    }
    there = there || !text.empty();
    append_replaced(item.text, text, part.replaced, part.with);
  }
  if (there && !item.text.empty()) found.push_back(std::move(item));
  return sure;
}

}  // namespace gateway::map
