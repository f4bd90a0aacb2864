#include "map/expression.h"

#include <algorithm>
#include <array>
#include <utility>

#include "map/quick_formula.h"
#include "map/source_find.h"
#include "map/stray_word.h"
#include "map/suggestion.h"
#include "map/text_node.h"

namespace gateway::map {
namespace {

bool is_word(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         (c >= '0' && c <= '9') || c == '_';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// The length of a quoted text that `text` begins with, with its quotes.
std::size_t quoted_length(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == text[0]) {
      return i + 1;
    }
  }
  return text.size();
}

const Setting* find_setting(const std::vector<Setting>& settings,
                            std::string_view name) {
  const auto it =
      std::lower_bound(settings.begin(), settings.end(), name,
                       [](const Setting& one, std::string_view wanted) {
                         return one.name < wanted;
                       });
  return it == settings.end() || it->name != name ? nullptr : &*it;
}

void mark(const EvaluationContext& context, Json node) {
  if (context.marks == nullptr || !node.exists()) return;
  if (context.marks->size() <= node.index()) return;
  (*context.marks)[node.index()] = true;
}

}  // namespace

class ExpressionCompiler {
 public:
  ExpressionCompiler(std::string_view text, const Scopes& scopes,
                     const std::vector<std::string>& settings)
      : text_(trimmed(text)), scopes_(scopes), settings_(settings) {
    made_.text_ = text_;
  }

  Result<Expression> compile() {
    if (text_.empty()) return Error{ErrorCode::invalid, "an empty expression"};
    if (text_.front() == '=') {
      return Expression::literal(std::string(text_.substr(1)));
    }
    if (has_paths()) {
      if (path_length(text_) == text_.size()) return single_path();
      if (auto made = several_paths()) return *std::move(made);
    }
    if (text_.front() == '%' && is_setting(text_.substr(1))) {
      made_.kind_ = Expression::Kind::setting;
      made_.settings_.emplace_back(text_.substr(1));
      return with_plain();
    }
    return fhirpath();
  }

 private:
  [[nodiscard]] bool has_paths() const {
    return scopes_.back().kind != Scope::Kind::document;
  }
  [[nodiscard]] bool is_setting(std::string_view name) const {
    return std::find(settings_.begin(), settings_.end(), name) !=
           settings_.end();
  }

  Result<Expression> single_path() {
    auto resolved = resolve(text_, scopes_);
    if (!resolved) return resolved.error();
    made_.kind_ = Expression::Kind::path;
    made_.scope_ = resolved->scope;
    made_.paths_.push_back(resolved->path);
    return std::move(made_);
  }

  // first(PATH, PATH, ...) or all(PATH, PATH, ...); nothing if it is something
  // else.
  std::optional<Result<Expression>> several_paths() {
    const bool first = text_.starts_with("first(");
    if (!first && !text_.starts_with("all(")) return std::nullopt;
    if (text_.back() != ')') return std::nullopt;
    auto rest = text_.substr(text_.find('(') + 1);
    rest.remove_suffix(1);
    while (true) {
      rest = trimmed(rest);
      const auto length = path_length(rest);
      if (length == 0) return std::nullopt;
      auto resolved = resolve(rest.substr(0, length), scopes_);
      if (!resolved) return Result<Expression>(resolved.error());
      made_.paths_.push_back(resolved->path);
      if (!made_.scope_) made_.scope_ = resolved->scope;
      rest = trimmed(rest.substr(length));
      if (rest.empty()) break;
      if (rest.front() != ',') return std::nullopt;
      rest.remove_prefix(1);
    }
    made_.kind_ = first ? Expression::Kind::first : Expression::Kind::all;
    return Result<Expression>(std::move(made_));
  }

  // Paths become variables; everything else is left to FHIRPath.
  Result<Expression> fhirpath() {
    made_.paths_.clear();
    std::string program;
    for (std::size_t i = 0; i < text_.size();) {
      const char c = text_[i];
      std::size_t length = 1;
      if (c == '\'' || c == '`' || c == '"') {
        length = quoted_length(text_.substr(i));
        program += text_.substr(i, length);
      } else if (c == '%') {
        length = take_setting(text_.substr(i), program);
      } else if (const auto path = path_at(i); path > 0) {
        auto resolved = resolve(text_.substr(i, path), scopes_);
        if (!resolved) return resolved.error();
        if (text_.substr(i + path).starts_with('[') &&
            !is_part(text_.substr(i, path))) {
          return no_place(text_.substr(i), path);
        }
        program += "%" + variable_for(resolved->path);
        length = path;
      } else {
        program += c;
      }
      i += length;
    }
    if (auto error = stray(program)) return *std::move(error);
    auto compiled = Formula::compile(program);
    if (!compiled) {
      return Error{ErrorCode::invalid,
                   compiled.error().message + ": " + std::string(text_)};
    }
    made_.kind_ = Expression::Kind::fhirpath;
    made_.joins_ = text_.find(".join(") != std::string_view::npos;
    made_.formula_ = *std::move(compiled);
    if (has_paths()) {
      if (auto quick = QuickFormula::compile(text_, scopes_, settings_)) {
        made_.quick_ = std::make_shared<QuickFormula>(*std::move(quick));
      }
    }
    if (has_paths()) return std::move(made_);
    made_.scope_ = Scope{Scope::Kind::document, nullptr, nullptr};
    return with_plain();
  }

  // A component, of which FHIRPath may choose.
  static bool is_part(std::string_view path) {
    const auto field = path.find('-');
    return path.front() == '.' ||
           (field != std::string_view::npos &&
            path.find('.', field) != std::string_view::npos);
  }

  // FHIRPath would count from 0, or take what was meant as [2..] for [2].
  static Error no_place(std::string_view text, std::size_t path) {
    const auto end = std::min(text.find(']', path), text.size() - 1) + 1;
    const std::string name(text.substr(0, path));
    return {ErrorCode::invalid, "\"" + std::string(text.substr(0, end)) +
                                    "\" is no place: write " + name +
                                    "[1] for the first, or " + name +
                                    "[2..] for the second and all behind it"};
  }

  // Over a message, a bare name is nothing; a variable is a setting anywhere.
  [[nodiscard]] std::optional<Error> stray(std::string_view program) const {
    if (has_paths()) {
      if (const auto word = stray_word(program); !word.empty()) {
        return Error{ErrorCode::invalid, stray_word_problem(word)};
      }
    }
    if (unknown_setting_.empty()) return std::nullopt;
    return Error{
        ErrorCode::invalid,
        "there is no setting \"" + unknown_setting_ + "\"" +
            suggestion(unknown_setting_, {settings_.begin(), settings_.end()})};
  }

  // Where the document's fields are known, all names must be among them, and
  // only its lists and objects can be stood on.
  Result<Expression> with_plain() {
    if (has_paths() || scopes_.back().document == nullptr) {
      return std::move(made_);
    }
    auto plain = PlainExpression::compile(text_, scopes_, settings_);
    if (!plain) return plain.error();
    made_.scope_.reset();
    if (!*plain) {
      auto unknown = unknown_field(text_, scopes_);
      if (unknown) return Error{ErrorCode::invalid, *std::move(unknown)};
      return std::move(made_);
    }
    const auto* path = (*plain)->path();
    if (path != nullptr && path->field->type != nullptr) {
      made_.scope_ = Scope{Scope::Kind::document, nullptr, path->field->type};
    }
    made_.plain_ = std::make_shared<PlainExpression>(**std::move(plain));
    return std::move(made_);
  }

  // The length of a path at byte `i`, if one may stand there: not within a
  // word, and ".1" not behind anything that it could be a part of.
  [[nodiscard]] std::size_t path_at(std::size_t i) const {
    if (!has_paths()) return 0;
    const char before = i == 0 ? ' ' : text_[i - 1];
    if (is_word(before) || before == '.' || before == '%') return 0;
    if (text_[i] == '.' && (before == ')' || before == ']')) return 0;
    const auto length = path_length(text_.substr(i));
    if (length == 0) return 0;
    const auto path = text_.substr(i, length);
    const bool is_type = path.find('-') == std::string_view::npos &&
                         path.front() != '.' && !is_known_name(path);
    return is_type ? 0 : length;
  }

  [[nodiscard]] bool is_known_name(std::string_view path) const {
    return resolve(path, scopes_).ok();
  }

  std::size_t take_setting(std::string_view text, std::string& program) {
    std::size_t length = 1;
    while (length < text.size() &&
           (is_word(text[length]) || text[length] == '-')) {
      ++length;
    }
    const auto name = text.substr(1, length - 1);
    if (is_setting(name)) {
      made_.settings_.emplace_back(name);
      program += "%`";
      program += name;
      program += '`';
    } else {
      program += text.substr(0, length);
      constexpr std::array<std::string_view, 6> kStandard{
          "context", "resource", "rootResource", "ucum", "sct", "loinc"};
      if (!name.empty() && std::find(kStandard.begin(), kStandard.end(),
                                     name) == kStandard.end()) {
        unknown_setting_ = name;
      }
    }
    return length;
  }

  std::string variable_for(const SourcePath& path) {
    for (std::size_t i = 0; i < made_.paths_.size(); ++i) {
      if (made_.paths_[i].text == path.text) return made_.variables_[i];
    }
    made_.paths_.push_back(path);
    made_.variables_.push_back("path" + std::to_string(made_.paths_.size()));
    return made_.variables_.back();
  }

  std::string_view text_;
  const Scopes& scopes_;
  const std::vector<std::string>& settings_;
  std::string unknown_setting_;
  Expression made_;
};

Result<Expression> Expression::compile(
    std::string_view text, const Scopes& scopes,
    const std::vector<std::string>& settings) {
  return ExpressionCompiler(text, scopes, settings).compile();
}

Expression Expression::literal(std::string text) {
  Expression made;
  made.kind_ = Kind::literal;
  made.text_ = std::move(text);
  return made;
}

Json Expression::first_text(const std::vector<Json>& scopes) const {
  Texts texts;
  for (const auto& path : paths_) {
    find_texts(path, scopes, 1, texts);
    if (texts.count > 0) break;
  }
  return texts.first;
}

void Expression::find_first(const EvaluationContext& context,
                            std::vector<Json>& found) const {
  for (const auto& path : paths_) {
    const std::size_t before = found.size();
    find_nodes(path, context.scopes, found);
    const bool valued = std::any_of(
        found.begin() + static_cast<std::ptrdiff_t>(before), found.end(),
        [](Json node) { return text_node(node).exists(); });
    if (valued) return;
    found.resize(before);
  }
}

Status Expression::find(const EvaluationContext& context,
                        std::vector<Json>& found) const {
  if (kind_ == Kind::first) {
    find_first(context, found);
  } else if (kind_ == Kind::path || kind_ == Kind::all) {
    for (const auto& path : paths_) find_nodes(path, context.scopes, found);
  } else if (kind_ == Kind::fhirpath) {
    std::vector<Item> items;
    const auto evaluated = evaluate_fhirpath(context, items);
    if (!evaluated) return evaluated;
    for (const auto& item : items) {
      if (item.node.exists()) found.push_back(item.node);
    }
  }
  return Done{};
}

Expression Expression::here(const Scopes& scopes) {
  Expression made;
  made.kind_ = Kind::path;
  made.text_ = "$this";
  made.scope_ = scopes.back();
  made.paths_.push_back({});
  made.paths_.back().text = "$this";
  made.paths_.back().scope = static_cast<std::uint32_t>(scopes.size() - 1);
  if (scopes.back().document == nullptr) return made;
  auto plain = PlainExpression::compile(made.text_, scopes, {});
  if (plain && *plain) {
    made.plain_ = std::make_shared<PlainExpression>(**std::move(plain));
  }
  return made;
}

Status Expression::evaluate(const EvaluationContext& context,
                            std::vector<Item>& found) const {
  switch (kind_) {
    case Kind::none:
      return Done{};
    case Kind::literal:
      found.push_back({.node = {}, .text = text_, .span = {}});
      return Done{};
    case Kind::setting:
      if (const auto* setting =
              find_setting(context.settings, settings_.front());
          setting != nullptr && !setting->value.empty()) {
        found.push_back({.node = {}, .text = setting->value, .span = {}});
      }
      return Done{};
    case Kind::path:
    case Kind::all:
    case Kind::first: {
      thread_local std::vector<Json> nodes;
      nodes.clear();
      if (const auto found_nodes = find(context, nodes); !found_nodes) {
        return found_nodes;
      }
      for (const auto node : nodes) {
        const auto bearer = text_node(node);
        if (!bearer.exists()) continue;
        mark(context, bearer);
        found.push_back({.node = bearer, .text = {}, .span = bearer.span()});
      }
      return Done{};
    }
    case Kind::fhirpath:
      if (quick_ != nullptr && quick_->evaluate(context, found)) return Done{};
      return evaluate_fhirpath(context, found);
  }
  return Done{};
}

Status Expression::evaluate_fhirpath(const EvaluationContext& context,
                                     std::vector<Item>& found) const {
  std::vector<Binding> bindings;
  ByteSpan origin;
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    Binding binding{.name = variables_[i], .nodes = {}};
    std::vector<Json> nodes;
    find_nodes(paths_[i], context.scopes, nodes);
    for (const auto node : nodes) {
      const auto bearer = text_node(node);
      if (!bearer.exists()) continue;
      mark(context, bearer);
      if (origin == ByteSpan{}) origin = bearer.span();
      binding.nodes.push_back(bearer);
    }
    bindings.push_back(std::move(binding));
  }
  for (const auto& name : settings_) {
    const auto* setting = find_setting(context.settings, name);
    bindings.push_back(
        {.name = name,
         .nodes = {},
         .text = setting == nullptr ? std::string_view() : setting->value});
  }
  const std::size_t first = found.size();
  const auto evaluated = formula_.evaluate(
      context.scopes.back(), context.scopes.front(), bindings, found);
  if (!evaluated) return evaluated;
  for (std::size_t i = first; i < found.size(); ++i) {
    mark(context, found[i].node);
    if (!found[i].node.exists()) found[i].span = origin;
  }
  return Done{};
}

bool Expression::is_single() const {
  if (kind_ == Kind::first) return true;
  if (kind_ != Kind::path) return false;
  const auto& path = paths_.front();
  if (path.segment == kNoKey && path.groups.empty() && path.field == 0) {
    return path.component != 0;
  }
  return path.field != 0 ? path.repetition.is_one() : path.last_index.is_one();
}

Result<bool> Expression::holds(const EvaluationContext& context) const {
  if (quick_ != nullptr) {
    if (const auto held = quick_->holds(context)) return *held;
  }
  std::vector<Item> found;
  if (const auto evaluated = evaluate(context, found); !evaluated) {
    return evaluated.error();
  }
  if (found.empty()) return false;
  if (found.size() > 1) return true;
  const auto& [node, text, span] = found.front();
  if (!node.exists()) return text != "false";
  return node.kind() != JsonKind::boolean || node.text() != "false";
}

}  // namespace gateway::map
