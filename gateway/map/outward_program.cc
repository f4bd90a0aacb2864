#include "map/outward_program.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/json_writer.h"
#include "map/convert.h"

namespace gateway::map {

// Writes each value with a comma behind it; what closes around it takes the
// last comma away. So nobody needs to know what was written before.
class OutwardCompiler {
 public:
  std::shared_ptr<const OutwardProgram> compile(const CheckedMap& map) {
    if (map.emissions.size() != 1 || !map.emissions.front().inner.empty()) {
      return nullptr;
    }
    value(map.emissions.front().body, "");
    flush();
    if (!flat_) return nullptr;
    made_->frames_ = deepest_;
    return std::move(made_);
  }

 private:
  using Op = OutwardProgram::Op;
  using Step = OutwardProgram::Step;
  using Without = OutwardProgram::Without;
  static constexpr std::uint32_t kMostFrames = 64;

  void give_up() { flat_ = false; }

  void flush() {
    if (pending_.empty() && pending_values_ == 0) return;
    Step step{.op = Op::text, .values = pending_values_};
    place_text(step, pending_);
    made_->steps_.push_back(std::move(step));
    pending_.clear();
    pending_values_ = 0;
  }
  void place_text(Step& step, std::string_view text) {
    step.begin = static_cast<std::uint32_t>(made_->texts_.size());
    step.size = static_cast<std::uint32_t>(text.size());
    made_->texts_ += text;
  }
  std::uint32_t add(Step step) {
    flush();
    made_->steps_.push_back(std::move(step));
    return static_cast<std::uint32_t>(made_->steps_.size() - 1);
  }
  [[nodiscard]] std::uint32_t here() {
    flush();
    return static_cast<std::uint32_t>(made_->steps_.size());
  }
  Step& at(std::uint32_t step) { return made_->steps_[step]; }

  static std::string key(std::string_view member) {
    return member.empty() ? std::string() : json_quoted(member) + ":";
  }

  std::uint32_t expression(const Expression& from) {
    if (from.plain() == nullptr) {
      give_up();
      return OutwardProgram::kNone;
    }
    made_->expressions_.push_back(*from.plain());
    return static_cast<std::uint32_t>(made_->expressions_.size() - 1);
  }

  // Its steps, between the test of $when and whatever follows.
  void value(const Rule& rule, std::string_view member) {
    if (rule.kind == Rule::Kind::reference || !rule.match.empty() ||
        rule.plus.exists() || rule.is_coding || !rule.choice.empty()) {
      give_up();
    }
    if (!flat_) return;
    const auto loop = begin_loop(rule, !member.empty());
    std::uint32_t when = OutwardProgram::kNone;
    if (rule.when.exists()) {
      when = add({.op = Op::when, .expression = expression(rule.when)});
    }
    write(rule, member);
    if (when != OutwardProgram::kNone) at(when).jump = here();
    if (loop != OutwardProgram::kNone) at(loop).jump = here();
  }

  std::uint32_t begin_loop(const Rule& rule, bool only_one) {
    const bool object = rule.kind == Rule::Kind::object;
    const bool each = rule.each.exists();
    if (!each && !(object && rule.from.exists())) return OutwardProgram::kNone;
    const auto& from = each ? rule.each : rule.from;
    if (from.plain() == nullptr || from.plain()->path() == nullptr ||
        rule.missing.remedy == Remedy::skip ||
        rule.missing.remedy == Remedy::fallback) {
      give_up();
      return OutwardProgram::kNone;
    }
    Step step{.op = Op::each, .only_one = only_one || !each};
    step.path = *from.plain()->path();
    return add(std::move(step));
  }

  void write(const Rule& rule, std::string_view member) {
    switch (rule.kind) {
      case Rule::Kind::leaf:
        return leaf(rule, member);
      case Rule::Kind::object:
        return object(rule, member);
      case Rule::Kind::list:
        return list(rule, member);
      case Rule::Kind::reference:
        return give_up();
    }
  }

  void leaf(const Rule& rule, std::string_view member) {
    const bool quoted = !is_bare(rule.primitive);
    if (rule.from.is_literal() && rule.table == kNoTable) {
      const auto text =
          converted(rule.from.text(), rule.primitive, std::nullopt);
      if (text.fault != ConversionFault::none) return give_up();
      return constant(member, text.text, quoted, 0);
    }
    const auto* plain = rule.from.plain();
    const bool changes = !rule.as_is && rule.table == kNoTable;
    if (plain == nullptr || changes) return give_up();
    if (plain->is_constant() && rule.table == kNoTable) {
      return constant(member, plain->constant(), quoted, 1);
    }
    Step step{.op = Op::value, .quoted = quoted, .table = rule.table};
    if (plain->path() != nullptr) {
      step.path = *plain->path();
    } else {
      step.expression = expression(rule.from);
    }
    step.missing = without(rule.missing, step.other);
    step.unmapped = without(rule.unmapped, step.unmapped_other);
    flush();
    place_text(step, key(member));
    const bool skips =
        step.missing == Without::skip || step.unmapped == Without::skip;
    if (skips && (objects_.empty() || rule.each.exists())) return give_up();
    const auto index = add(std::move(step));
    if (skips) objects_.back().push_back(index);
  }

  void constant(std::string_view member, const std::string& text, bool quoted,
                std::uint32_t values) {
    pending_ += key(member);
    pending_ += quoted ? json_quoted(text) : text;
    pending_ += ',';
    pending_values_ += values;
  }

  Without without(const Otherwise& otherwise, std::uint32_t& other) {
    switch (otherwise.remedy) {
      case Remedy::unsaid:
      case Remedy::omit:
        return Without::nothing;
      case Remedy::skip:
        return Without::skip;
      case Remedy::fallback:
        other = fallback(otherwise.fallback);
        return Without::other;
      case Remedy::reject:
      case Remedy::correct:
        give_up();
        break;
    }
    return Without::nothing;
  }
  std::uint32_t fallback(const Expression& from) {
    if (!from.is_literal()) return expression(from);
    auto text = PlainExpression::compile("'" + from.text() + "'", {}, {});
    if (!text || !*text) {
      give_up();
      return OutwardProgram::kNone;
    }
    made_->expressions_.push_back(**text);
    return static_cast<std::uint32_t>(made_->expressions_.size() - 1);
  }

  // Whether the engine would write it whatever the document says: nothing in
  // it can be left out, so that it needs no frame.
  static bool is_constant(const Rule& rule) {
    if (rule.when.exists() || rule.each.exists()) return false;
    if (rule.kind != Rule::Kind::leaf && rule.from.exists()) return false;
    if (rule.kind == Rule::Kind::leaf) {
      const auto* plain = rule.from.plain();
      return rule.table == kNoTable &&
             (rule.from.is_literal() ||
              (plain != nullptr && plain->is_constant()));
    }
    return rule.kind != Rule::Kind::reference &&
           std::all_of(rule.members.begin(), rule.members.end(), is_constant);
  }

  void object(const Rule& rule, std::string_view member) {
    if (is_constant(rule)) {
      pending_ += key(member) + '{';
      for (const auto& one : rule.members) value(one, one.member);
      return close_text('}');
    }
    const auto depth = enter();
    add({.op = Op::open, .frame = depth});
    pending_ += key(member) + '{';
    objects_.emplace_back();
    for (const auto& one : rule.members) value(one, one.member);
    Step close{.op = Op::close, .of_source = rule.has_values, .frame = depth};
    close.missing = without(rule.missing, close.other);
    if (close.missing == Without::other) give_up();
    const auto end = add(std::move(close));
    for (const auto skipping : objects_.back()) at(skipping).jump = end;
    objects_.pop_back();
    if (at(end).missing == Without::skip) {
      if (objects_.empty()) return give_up();
      objects_.back().push_back(end);
    }
    --depth_;
  }

  void list(const Rule& rule, std::string_view member) {
    if (is_constant(rule)) {
      pending_ += key(member) + '[';
      for (const auto& one : rule.members) value(one, "");
      return close_text(']');
    }
    const auto depth = enter();
    add({.op = Op::open, .frame = depth});
    pending_ += key(member) + '[';
    const auto head = static_cast<std::uint32_t>(pending_.size());
    for (const auto& one : rule.members) value(one, "");
    add({.op = Op::close_list, .frame = depth, .size = head});
    --depth_;
  }

  std::uint16_t enter() {
    const auto depth = depth_++;
    deepest_ = std::max(deepest_, depth_);
    if (depth_ > kMostFrames) give_up();
    return static_cast<std::uint16_t>(depth);
  }

  // All that stands before it is text.
  void close_text(char bracket) {
    if (pending_.back() == ',') pending_.pop_back();
    pending_ += bracket;
    pending_ += ',';
  }

  std::shared_ptr<OutwardProgram> made_ = std::make_shared<OutwardProgram>();
  std::string pending_;
  std::uint32_t pending_values_ = 0;
  std::uint32_t depth_ = 0;
  std::uint32_t deepest_ = 0;
  // Of each object around: the steps that leave it out.
  std::vector<std::vector<std::uint32_t>> objects_;
  bool flat_ = true;
};

class OutwardRun {
 public:
  OutwardRun(const OutwardProgram& program, const Document& document,
             const Overlay& overlay, const std::vector<CodeTable>& tables)
      : program_(program),
        overlay_(overlay),
        tables_(tables),
        context_{document, Document::kRoot, overlay.settings} {}

  std::string run() {
    constexpr std::size_t kUsualBytes = 4096;
    out_.reserve(kUsualBytes);
    steps(0, static_cast<std::uint32_t>(program_.steps_.size()));
    if (!out_.empty() && out_.back() == ',') out_.pop_back();
    return std::move(out_);
  }

 private:
  using Op = OutwardProgram::Op;
  using Step = OutwardProgram::Step;
  using Without = OutwardProgram::Without;
  struct Frame {
    std::size_t size;
    std::uint32_t values;
  };

  void steps(std::uint32_t begin, std::uint32_t end) {
    for (auto at = begin; at < end;) at = step(at);
  }

  // Does one step and gives the next.
  std::uint32_t step(std::uint32_t at) {
    const auto& one = program_.steps_[at];
    switch (one.op) {
      case Op::text:
        append_text(one);
        values_ += one.values;
        return at + 1;
      case Op::value:
        return value(one) ? at + 1 : one.jump;
      case Op::each:
        each(one, at + 1);
        return one.jump;
      case Op::when:
        return program_.expressions_[one.expression].holds(context_) ? at + 1
                                                                     : one.jump;
      case Op::open:
        frames_[one.frame] = {out_.size(), values_};
        return at + 1;
      case Op::close:
        return close(one) ? at + 1 : one.jump;
      case Op::close_list:
        close_list(one);
        return at + 1;
    }
    return at + 1;
  }

  void append_text(const Step& one) {
    out_.append(program_.texts_, one.begin, one.size);
  }

  void each(const Step& one, std::uint32_t body) {
    const auto* list = one.path.find_nodes(context_);
    if (list == nullptr) return;
    const auto outer = context_.here;
    for (auto node = list->first; node != Document::kNoNode;
         node = context_.document.next(node)) {
      context_.here = node;
      const auto before = out_.size();
      steps(body, one.jump);
      if (one.only_one && out_.size() > before) break;
    }
    context_.here = outer;
  }

  // False if the object around is to be left out.
  bool value(const Step& one) {
    if (one.table != kNoTable) return from_table(one);
    const auto begin = out_.size();
    append_text(one);
    if (one.quoted) out_ += '"';
    const auto head = out_.size();
    if (one.expression == OutwardProgram::kNone) {
      append(*one.path.find(context_), one.quoted);
    } else {
      append(one.expression, one.quoted);
    }
    if (out_.size() == head) {
      out_.resize(begin);
      return instead(one, one.missing, one.other);
    }
    end_value(one);
    return true;
  }

  void append(const DocumentValue& value, bool quoted) {
    if (quoted && value.kind == DocumentValue::Kind::text) {
      append_escaped(out_, value.text);
    } else {
      append_value(out_, value);
    }
  }
  void append(std::uint32_t expression, bool quoted) {
    scratch_.clear();
    if (!program_.expressions_[expression].append(context_, scratch_)) return;
    if (quoted) {
      append_escaped(out_, scratch_);
    } else {
      out_ += scratch_;
    }
  }

  void end_value(const Step& one) {
    if (one.quoted) out_ += '"';
    out_ += ',';
    ++values_;
  }

  bool instead(const Step& one, Without without, std::uint32_t other) {
    if (without == Without::skip) skipped_ = true;
    if (without != Without::other) return without == Without::nothing;
    const auto begin = out_.size();
    append_text(one);
    if (one.quoted) out_ += '"';
    const auto head = out_.size();
    append(other, one.quoted);
    if (out_.size() == head) {
      out_.resize(begin);
    } else {
      end_value(one);
    }
    return true;
  }

  bool from_table(const Step& one) {
    std::string code;
    if (one.expression == OutwardProgram::kNone) {
      append_value(code, *one.path.find(context_));
    } else {
      program_.expressions_[one.expression].append(context_, code);
    }
    if (code.empty()) return instead(one, one.missing, one.other);
    const auto* row = overlay_.row(one.table, tables_[one.table], code).row;
    if (row == nullptr) {
      return instead(one, one.unmapped, one.unmapped_other);
    }
    if (row->to.empty()) return true;  // the table says: nothing
    append_text(one);
    if (one.quoted) out_ += '"';
    append_escaped(out_, row->to);
    end_value(one);
    return true;
  }

  // False if the object around it is to be left out, too.
  bool close(const Step& one) {
    const auto& frame = frames_[one.frame];
    const bool says_something = !one.of_source || values_ > frame.values;
    if (skipped_ || !says_something) {
      out_.resize(frame.size);
      values_ = frame.values;
      skipped_ = one.missing == Without::skip;
      return !skipped_;
    }
    end('}');
    return true;
  }

  void close_list(const Step& one) {
    const auto& frame = frames_[one.frame];
    if (out_.size() == frame.size + one.size) {
      out_.resize(frame.size);
    } else {
      end(']');
    }
  }

  void end(char bracket) {
    if (out_.back() == ',') {
      out_.back() = bracket;
    } else {
      out_ += bracket;
    }
    out_ += ',';
  }

  const OutwardProgram& program_;
  const Overlay& overlay_;
  const std::vector<CodeTable>& tables_;
  DocumentContext context_;
  std::string out_;
  std::string scratch_;
  std::uint32_t values_ = 0;
  bool skipped_ = false;
  std::array<Frame, 64> frames_;
};

std::shared_ptr<const OutwardProgram> OutwardProgram::compile(
    const CheckedMap& map) {
  return OutwardCompiler().compile(map);
}

std::string OutwardProgram::run(const Document& document,
                                const Overlay& overlay,
                                const std::vector<CodeTable>& tables) const {
  return OutwardRun(*this, document, overlay, tables).run();
}

}  // namespace gateway::map
