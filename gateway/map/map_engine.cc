#include "map/map_engine.h"

#include <algorithm>
#include <utility>

#include "map/bundle_request.h"
#include "map/convert.h"
#include "map/deletion.h"
#include "map/entries.h"
#include "map/first_only.h"
#include "map/map_findings.h"
#include "map/map_verdict.h"
#include "map/map_writer.h"
#include "map/source_place.h"

namespace gateway::map {
namespace {

// What executing a rule came to; `skip`: the object around it goes too.
enum class Done_ : std::uint8_t { nothing, written, skip };

class Runner {
 public:
  Runner(const MapLibrary& library, const CheckedMap& map, Json source,
         const RunOptions& options)
      : library_(library),
        map_(map),
        overlay_(options.overlay != nullptr ? *options.overlay
                                            : *library.plain),
        explain_(options.explain),
        scopes_{source},
        entries_(map) {
    if (explain_) output_.read.resize(source.document()->node_count(), false);
  }

  MapOutput run() {
    open_transaction(writer_);
    for (const auto& emission : map_.emissions) emit(emission);
    writer_.close(']');
    writer_.close('}');
    if (output_.verdict != Verdict::reject) {
      output_.bundle = writer_.take_text();
      output_.lineage = writer_.take_lineage();
    }
    if (map_.document == nullptr) {
      tell_first_only(scopes_.front(), passed_, output_);
    }
    return std::move(output_);
  }

 private:
  [[nodiscard]] EvaluationContext context() {
    return {scopes_, overlay_.settings, explain_ ? &output_.read : nullptr};
  }

  void emit(const Emission& emission) {
    if (!emission.each.exists() && !emission.from.exists()) {
      return emit_here(emission);
    }
    const bool each = emission.each.exists();
    const Nodes nodes = find(each ? emission.each : emission.from);
    for (auto i = nodes.begin; i < (each ? nodes.end : nodes.first()); ++i) {
      scopes_.push_back(nodes_[i]);
      emit_here(emission);
      scopes_.pop_back();
    }
    nodes_.resize(nodes.begin);
    entries_.end_turns(emission);
  }

  void emit_here(const Emission& emission) {
    if (!holds(emission.when)) {
      silent(emission.body.id, Silence::condition, emission.place);
      if (emission.type.empty()) passed_.parts.push_back(scopes_.back().span());
      return;
    }
    if (emission.type.empty()) {
      entries_.begin_turn(emission);
      for (const auto& inner : emission.inner) emit(inner);
    } else {
      emit_resource(emission);
    }
  }

  void emit_resource(const Emission& emission) {
    const auto mark = writer_.mark();
    key_ = {};
    writer_.open('{');
    writer_.key("fullUrl");
    writer_.value(entry_url(entries_.next()), false);
    const auto body = writer_.size();
    if (execute(emission.body, "resource") != Done_::written) {
      writer_.take_back(mark);
      return;
    }
    const auto method = method_of(emission);
    const auto place = scopes_.back().span();
    if (const auto known =
            entries_.known(emission, method, key_, writer_.text(), body)) {
      if (!known->is_same) {
        add_second_of_key(output_, scopes_.back(), emission.type);
      }
      writer_.add_sources(mark, passed_.values);
      writer_.take_back(mark);
      return entries_.alias(emission, known->number, place);
    }
    map::write_request(writer_, method, emission.type, key_);
    writer_.close('}');
    add_amendment(output_, entries_.next() - 1,
                  {emission, method, !key_.value.empty()}, scopes_);
    entries_.add(emission, place);
  }

  Method method_of(const Emission& emission) {
    if (!emission.method.exists()) return emission.fixed_method;
    std::vector<Item> items;
    check(emission.method.evaluate(context(), items));
    const auto said = items.empty() ? std::string_view() : items[0].value();
    if (said == "update") return Method::update;
    return said == "create" ? Method::create : Method::post;
  }

  Done_ execute(const Rule& rule, std::string_view member) {
    current_ = &rule;
    switch (rule.kind) {
      case Rule::Kind::leaf:
        return leaf(rule, member);
      case Rule::Kind::object:
        return object(rule, member);
      case Rule::Kind::list:
        return list(rule, member);
      case Rule::Kind::reference:
        return reference(rule, member);
    }
    return Done_::nothing;
  }

  Done_ list(const Rule& rule, std::string_view member) {
    const auto mark = writer_.mark();
    writer_.key(member);
    writer_.open('[');
    const auto empty = writer_.mark();
    for (const auto& item : rule.members) {
      if (execute(item, "") == Done_::skip) {
        writer_.take_back(mark);
        return Done_::skip;
      }
    }
    if (!writer_.has_written_since(empty)) {
      writer_.take_back(mark);
      return Done_::nothing;
    }
    writer_.close(']');
    return Done_::written;
  }

  // What a rule stands on: the part of nodes_ that it was given.
  struct Nodes {
    std::size_t begin;
    std::size_t end;
    [[nodiscard]] std::size_t first() const { return std::min(begin + 1, end); }
  };

  Done_ object(const Rule& rule, std::string_view member) {
    const bool each = rule.each.exists();
    if (!each && !rule.from.exists()) return object_here(rule, member);
    const Expression& stood_on =
        each ? static_cast<const Expression&>(rule.each) : from_of(rule);
    const Nodes nodes = find(stood_on);
    if (nodes.begin == nodes.end) return missing(rule, member);
    return turns({nodes.begin, each ? nodes.end : nodes.first()}, member,
                 [&] { return object_here(rule, member); });
  }

  // One turn for each node; gives the nodes back.
  template <typename Turn>
  Done_ turns(Nodes nodes, std::string_view member, Turn turn) {
    auto all = Done_::nothing;
    for (auto i = nodes.begin; i < nodes.end; ++i) {
      scopes_.push_back(nodes_[i]);
      const auto one = turn();
      scopes_.pop_back();
      if (one != Done_::nothing) all = one;
      if (one == Done_::skip) break;
      if (one == Done_::written && !member.empty()) break;  // not in a list
    }
    nodes_.resize(nodes.begin);
    return all;
  }

  Done_ object_here(const Rule& rule, std::string_view member) {
    if (!holds(rule.when)) {
      silent(rule.id, Silence::condition, rule.place);
      return Done_::nothing;
    }
    const auto mark = writer_.mark();
    BusinessKey key;
    if (rule.is_key) key = key_;  // nothing else changes it
    if (!rule.match.empty()) key_ = {};
    writer_.key(member);
    writer_.open('{');
    const bool skipped = write_members(rule) == Done_::skip;
    const bool says_something =
        !rule.has_values || writer_.has_values_since(mark);
    if (skipped || !says_something) {
      writer_.take_back(mark);
      if (rule.is_key) key_ = key;
      return skipped && rule.missing.remedy == Remedy::unsaid
                 ? Done_::nothing
                 : missing(rule, member);
    }
    if (!rule.match.empty()) {
      return matched(rule, member, mark, std::exchange(key_, key));
    }
    if (rule.is_key && !key_.value.empty()) key_.is_known = true;
    writer_.close('}');
    return Done_::written;
  }

  Done_ write_members(const Rule& rule) {
    std::uint32_t arms = 0;  // that are written
    for (const auto& one : rule.members) {
      const auto mark = writer_.mark();
      const auto done = execute(one, one.member);
      if (done == Done_::skip) return done;
      if (one.arm == 0 || done == Done_::nothing) continue;
      const auto bit = 1U << (one.arm & 31U);
      if ((arms & bit) != 0) {  // said as one type and as another
        add_second_arm(output_, library_, one, writer_.source_since(mark));
        writer_.take_back(mark);
      }
      arms |= bit;
    }
    return Done_::written;
  }

  // A conditional reference, in place of the identifier that says to what.
  Done_ matched(const Rule& rule, std::string_view member,
                const MapWriter::Mark& mark, const BusinessKey& key) {
    const auto source = writer_.source_since(mark);
    writer_.take_back(mark);
    if (key.value.empty()) return missing(rule, member);
    const auto begin = writer_.size();
    writer_.reference(member, rule.match + "?" + key.exact_query());
    trace(begin, rule, source, true);
    return Done_::written;
  }

  Done_ reference(const Rule& rule, std::string_view member) {
    if (!holds(rule.when)) return Done_::nothing;
    const auto target = std::find_if(
        rule.targets.begin(), rule.targets.end(),
        [this](std::uint32_t one) { return !entries_.visible(one).empty(); });
    if (target == rule.targets.end()) return missing(rule, member);
    const auto visible = entries_.visible(*target);
    const bool all = member.empty();
    const auto* first =
        all ? visible.first : visible.nearest(scopes_.back().span());
    const auto* last = all ? visible.last : first + 1;
    for (const auto* entry = first; entry != last; ++entry) {
      const auto begin = writer_.size();
      writer_.reference(member, entry_url(entry->number));
      writer_.trace(begin, {.source = {}, .place = rule.place, .rule = rule.id},
                    true);
    }
    return Done_::written;
  }

  Done_ leaf(const Rule& rule, std::string_view member) {
    if (!rule.each.exists()) return leaf_here(rule, member);
    const Nodes nodes = find(rule.each);
    if (nodes.begin == nodes.end) return missing(rule, member);
    return turns(nodes, member, [&] { return leaf_here(rule, member); });
  }

  Done_ leaf_here(const Rule& rule, std::string_view member) {
    if (rule.when.exists() && !holds(rule.when)) {
      silent(rule.id, Silence::condition, rule.place);
      return Done_::nothing;
    }
    const auto& from = from_of(rule);
    if (from.is_literal()) {
      return write(rule, member, {from.text(), {}, false});
    }
    items_.clear();
    if (explain_ || !from.is_path()) {
      check(from.evaluate(context(), items_));
    } else if (const Json bearer = from.first_text(scopes_); bearer.exists()) {
      items_.push_back({.node = bearer, .text = {}, .span = bearer.span()});
    }
    if (items_.empty()) return missing(rule, member);
    if (from.joins()) passed_.add_joined(from, scopes_);
    const auto& item = items_.front();
    if (rule.table != kNoTable) return mapped(rule, member, item);
    return write(rule, member, {item.value(), item.span});
  }

  Done_ mapped(const Rule& rule, std::string_view member, const Item& item) {
    const auto code = item.value();
    const auto& table = library_.tables[rule.table];
    const auto* row = overlay_.row(rule.table, code);
    const auto index = table.row_for(code);
    if (row == nullptr && index != CodeTable::kNoRow) {
      row = &table.rows()[index];
    }
    if (row == nullptr) return unmapped(rule, member, item);
    row_ = index;
    Done_ done = Done_::written;
    if (row->to.empty()) {
      done = Done_::nothing;  // the table says: nothing
    } else if (rule.is_coding) {
      const auto begin = writer_.size();
      writer_.coding(member, *row);
      trace(begin, rule, item.span, true);
    } else {
      done = write(rule, member, {row->to, item.span});
    }
    row_ = CodeTable::kNoRow;
    return done;
  }

  struct Value {
    std::string_view text;
    ByteSpan span;
    bool of_source = true;  // no text of the map
  };

  Done_ write(const Rule& rule, std::string_view member, const Value& value) {
    const auto same =
        rule.plus.exists() ? std::nullopt : as_it_stands(rule, value);
    if (same) return put(rule, member, {*same, value.span, value.of_source});
    const auto made = value_of(rule, value);
    if (made.fault == ConversionFault::no_value) return missing(rule, member);
    if (made.fault != ConversionFault::none) {
      return invalid(rule, member, value.span, made.fault);
    }
    return put(rule, member, {made.text, value.span, value.of_source});
  }

  static std::optional<std::string_view> as_it_stands(const Rule& rule,
                                                      const Value& value) {
    if (rule.as_is && value.of_source) return value.text;
    return unchanged(value.text, rule.primitive);
  }

  Done_ put(const Rule& rule, std::string_view member, const Value& value) {
    const auto begin = writer_.size();
    writer_.key(member);
    writer_.value(value.text, is_bare(rule.primitive));
    trace(begin, rule, value.span, value.of_source);
    key_.note(rule.key_part, value.text);
    return Done_::written;
  }

  Converted value_of(const Rule& rule, const Value& given) {
    if (rule.as_is && given.of_source) return {std::string(given.text)};
    auto value = converted(given.text, rule.primitive, overlay_.zone);
    if (!rule.plus.exists() || value.text.empty()) return value;
    std::vector<Item> items;
    check(rule.plus.evaluate(context(), items));
    if (items.empty()) return {{}, ConversionFault::no_value};
    return minutes_later(value.text, items.front().value());
  }

  void trace(std::size_t begin, const Rule& rule, ByteSpan source,
             bool of_source) {
    writer_.trace(
        begin,
        {.source = source, .place = rule.place, .rule = rule.id, .row = row_},
        of_source);
  }

  Done_ missing(const Rule& rule, std::string_view member) {
    silent(rule.id, Silence::missing, rule.place);
    return remedy(rule, rule.missing, member, [&] {
      return missing_finding(rule, from_of(rule), scopes_.back().span());
    });
  }

  Done_ unmapped(const Rule& rule, std::string_view member, const Item& item) {
    silent(rule.id, Silence::unmapped, rule.place);
    passed_.add_unknown(rule, item.span);
    return remedy(
        rule, rule.unmapped, member,
        [&] {
          return unmapped_finding(rule, library_.table_name(rule.table),
                                  item.value(), item.span);
        },
        item.span);
  }

  Done_ invalid(const Rule& rule, std::string_view member, ByteSpan span,
                ConversionFault fault) {
    silent(rule.id, Silence::invalid, rule.place);
    return remedy(
        rule, rule.invalid, member,
        [&] { return invalid_finding(rule, fault, span); }, span);
  }

  template <typename MakeFinding>
  Done_ remedy(const Rule& rule, const Otherwise& otherwise,
               std::string_view member, MakeFinding make_finding,
               ByteSpan value = {}) {
    const auto chosen = otherwise.remedy;
    if (chosen == Remedy::fallback) {
      return fall_back(rule, otherwise.fallback, member);
    }
    const bool stops = chosen == Remedy::reject || chosen == Remedy::correct;
    if (stops || !otherwise.text.empty()) {
      add_finding(output_, library_, rule, otherwise,
                  found_at(make_finding(), scopes_.front(), value));
    }
    return chosen == Remedy::skip ? Done_::skip : Done_::nothing;
  }

  Done_ fall_back(const Rule& rule, const Expression& fallback,
                  std::string_view member) {
    fallbacks_.clear();
    check(fallback.evaluate(context(), fallbacks_));
    if (fallbacks_.empty()) return Done_::nothing;
    const auto& item = fallbacks_.front();
    const auto value = value_of(rule, {item.value(), item.span});
    if (value.fault != ConversionFault::none) return Done_::nothing;
    return put(rule, member, {value.text, item.span});
  }

  [[nodiscard]] const Expression& from_of(const Rule& rule) const {
    if (rule.choice.empty()) return rule.from;
    const auto* other = overlay_.choice(map_, rule.id);
    if (other != nullptr) return *other;
    return rule.from;
  }

  bool holds(const Expression& when) {
    if (!when.exists()) return true;
    const auto held = when.holds(context());
    if (!held) cannot_evaluate(held.error());
    return held && *held;
  }

  // Adds to nodes_; whoever asks takes them off.
  Nodes find(const Expression& expression) {
    const auto begin = nodes_.size();
    check(expression.find(context(), nodes_));
    const auto from = nodes_.begin() + static_cast<std::ptrdiff_t>(begin);
    nodes_.erase(std::remove_if(from, nodes_.end(), is_blank), nodes_.end());
    return {begin, nodes_.size()};
  }

  void check(const Status& status) {
    if (!status) cannot_evaluate(status.error());
  }

  // FHIRPath met data that its expression does not foresee, such as several
  // values where one is wanted: the message is held.
  void cannot_evaluate(const Error& error) {
    auto finding = unforeseen_finding(current_, error, scopes_.back().span());
    if (current_ != nullptr) finding.source = library_.text_of(current_->place);
    output_.verdict = std::max(output_.verdict, Verdict::correct);
    output_.outcome.add(std::move(finding));
  }

  void silent(std::uint32_t rule, Silence why, MapPlace place) {
    if (explain_) output_.silences.push_back({rule, why, place});
  }

  const MapLibrary& library_;
  const CheckedMap& map_;
  const Overlay& overlay_;
  const bool explain_;
  std::vector<Json> scopes_;
  std::vector<Json> nodes_;  // of all scopes that are open, and their siblings
  std::vector<Item> items_;  // of the leaf that is written
  std::vector<Item> fallbacks_;  // of what it writes instead
  Entries entries_;
  std::uint32_t row_ = CodeTable::kNoRow;
  BusinessKey key_;
  MapWriter writer_;
  Passed passed_;
  MapOutput output_;
  const Rule* current_ = nullptr;  // the rule that is executed
};

}  // namespace

MapOutput run(const MapLibrary& library, const CheckedMap& map, Json source,
              const RunOptions& options) {
  auto patient =
      map.document == nullptr ? second_patient(source) : std::nullopt;
  if (!patient) return Runner(library, map, source, options).run();
  MapOutput refused;
  refused.verdict = Verdict::reject;
  refused.outcome.add(*std::move(patient));
  return refused;
}

}  // namespace gateway::map
