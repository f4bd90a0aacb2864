#include "map/rule_runner.h"

#include <algorithm>
#include <utility>

#include "map/map_findings.h"
#include "map/map_verdict.h"
#include "map/source_find.h"
#include "map/text_node.h"

namespace gateway::map {
namespace {

std::optional<std::string_view> as_it_stands(const Rule& rule,
                                             std::string_view text,
                                             bool of_source) {
  if (rule.as_is && of_source) return text;
  return unchanged(text, rule.primitive);
}

// A member of the resource, for which the map has a text of its own.
bool says_by_itself(const Rule& rule) {
  return rule.missing.remedy == Remedy::fallback &&
         rule.missing.fallback.is_literal() &&
         std::count(rule.path.begin(), rule.path.end(), '.') == 1;
}

}  // namespace

std::size_t RuleRunner::Nodes::first() const {
  return std::min(begin + 1, end);
}

EvaluationContext RuleRunner::context() {
  return {run_.scopes, run_.overlay.settings,
          run_.explain ? &run_.output.read : nullptr};
}

Done RuleRunner::execute(const Rule& rule, std::string_view member) {
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
  return Done::nothing;
}

Done RuleRunner::list(const Rule& rule, std::string_view member) {
  const auto mark = run_.writer.mark();
  run_.writer.key(member);
  run_.writer.open('[');
  const auto empty = run_.writer.mark();
  for (const auto& item : rule.members) {
    if (execute(item, "") == Done::skip) {
      run_.writer.take_back(mark);
      return Done::skip;
    }
  }
  if (!run_.writer.has_written_since(empty)) {
    run_.writer.take_back(mark);
    return Done::nothing;
  }
  run_.writer.close(']');
  return Done::written;
}

Done RuleRunner::object(const Rule& rule, std::string_view member) {
  const bool each = rule.each.exists();
  if (!each && !rule.from.exists()) return object_here(rule, member);
  const Expression& stood_on =
      each ? static_cast<const Expression&>(rule.each) : from_of(rule);
  const Nodes nodes = find(stood_on);
  if (nodes.begin == nodes.end) return missing(rule, member);
  return turns({nodes.begin, each ? nodes.end : nodes.first()}, member,
               [&] { return object_here(rule, member); });
}

template <typename Turn>
Done RuleRunner::turns(Nodes nodes, std::string_view member, Turn turn) {
  auto all = Done::nothing;
  for (auto i = nodes.begin; i < nodes.end; ++i) {
    run_.scopes.push_back(nodes_[i]);
    const auto one = turn();
    run_.scopes.pop_back();
    if (one != Done::nothing) all = one;
    if (one == Done::skip) break;
    if (one == Done::written && !member.empty()) break;  // not in a list
  }
  nodes_.resize(nodes.begin);
  return all;
}

Done RuleRunner::object_here(const Rule& rule, std::string_view member) {
  if (!holds(rule.when)) {
    silent(rule.id, Silence::condition, rule.place);
    return Done::nothing;
  }
  const auto mark = run_.writer.mark();
  BusinessKey key;
  if (rule.is_key) key = run_.key;  // nothing else changes it
  if (!rule.match.empty()) run_.key = {};
  run_.writer.key(member);
  run_.writer.open('{');
  const bool skipped = write_members(rule) == Done::skip;
  const bool says_something =
      !rule.has_values || run_.writer.has_values_since(mark);
  if (skipped || !says_something) {
    run_.writer.take_back(mark);
    if (rule.is_key) run_.key = key;
    return skipped && rule.missing.remedy == Remedy::unsaid
               ? Done::nothing
               : missing(rule, member);
  }
  if (!rule.match.empty()) {
    return matched(rule, member, mark, std::exchange(run_.key, key));
  }
  if (rule.is_key && !run_.key.value.empty()) run_.key.is_known = true;
  run_.writer.close('}');
  return Done::written;
}

Done RuleRunner::write_members(const Rule& rule) {
  std::uint32_t arms = 0;  // that are written
  for (const auto& one : rule.members) {
    const auto mark = run_.writer.mark();
    const auto done = execute(one, one.member);
    if (done == Done::skip) return done;
    if (one.arm == 0 || done == Done::nothing) continue;
    const auto bit = 1U << (one.arm & 31U);
    if ((arms & bit) != 0) {  // said as one type and as another
      add_second_arm(run_.output, run_.library, one,
                     run_.writer.source_since(mark));
      run_.writer.take_back(mark);
    }
    arms |= bit;
  }
  return Done::written;
}

Done RuleRunner::matched(const Rule& rule, std::string_view member,
                         const MapWriter::Mark& mark, const BusinessKey& key) {
  const auto source = run_.writer.source_since(mark);
  run_.writer.take_back(mark);
  if (key.value.empty()) return missing(rule, member);
  const auto begin = run_.writer.size();
  run_.writer.reference(member, rule.match + "?" + key.exact_query());
  trace(begin, rule, source, true);
  return Done::written;
}

Done RuleRunner::reference(const Rule& rule, std::string_view member) {
  if (!holds(rule.when)) return Done::nothing;
  const auto target = std::find_if(
      rule.targets.begin(), rule.targets.end(),
      [this](std::uint32_t one) { return !run_.entries.visible(one).empty(); });
  if (target == rule.targets.end()) return missing(rule, member);
  const auto visible = run_.entries.visible(*target);
  const bool all = member.empty();
  const auto* first =
      all ? visible.first : visible.nearest(run_.scopes.back().span());
  const auto* last = all ? visible.last : first + 1;
  for (const auto* entry = first; entry != last; ++entry) {
    const auto begin = run_.writer.size();
    run_.writer.reference(member, entry_url(entry->number));
    run_.writer.trace(
        begin, {.source = {}, .place = rule.place, .rule = rule.id}, true);
  }
  return Done::written;
}

Done RuleRunner::leaf(const Rule& rule, std::string_view member) {
  if (!rule.each.exists()) return leaf_here(rule, member);
  const Nodes nodes = find(rule.each);
  if (nodes.begin == nodes.end) return missing(rule, member);
  return turns(nodes, member, [&] { return leaf_here(rule, member); });
}

Done RuleRunner::leaf_here(const Rule& rule, std::string_view member) {
  if (rule.when.exists() && !holds(rule.when)) {
    silent(rule.id, Silence::condition, rule.place);
    return Done::nothing;
  }
  const auto& from = from_of(rule);
  reading_ = 0;
  if (from.is_literal()) {
    return write(rule, member, {from.text(), {}, false});
  }
  items_.clear();
  if (run_.explain || !from.is_path()) {
    check(from.evaluate(context(), items_));
  } else if (const Json bearer = from.first_text(run_.scopes);
             bearer.exists()) {
    items_.push_back({.node = bearer, .text = {}, .span = bearer.span()});
  }
  if (items_.empty()) return missing(rule, member);
  if (from.joins()) {
    run_.passed.add_joined(from, run_.scopes, items_.front().value());
  }
  if (run_.explain) read(from, rule.plus);
  const auto& item = items_.front();
  if (rule.table != kNoTable) return mapped(rule, member, item);
  return write(rule, member, {item.value(), item.span});
}

Done RuleRunner::mapped(const Rule& rule, std::string_view member,
                        const Item& item) {
  const auto code = item.value();
  const auto found =
      run_.overlay.row(rule.table, run_.library.tables[rule.table], code);
  const auto* row = found.row;
  if (row == nullptr) return unmapped(rule, member, item);
  row_ = found.index;
  Done done = Done::written;
  if (row->to.empty()) {
    done = Done::nothing;  // the table says: nothing
  } else if (rule.is_coding) {
    const auto begin = run_.writer.size();
    run_.writer.coding(member, *row);
    trace(begin, rule, item.span, true);
  } else {
    done = write(rule, member, {row->to, item.span});
  }
  row_ = CodeTable::kNoRow;
  return done;
}

Done RuleRunner::write(const Rule& rule, std::string_view member,
                       const Value& value) {
  const auto same = rule.plus.exists()
                        ? std::nullopt
                        : as_it_stands(rule, value.text, value.of_source);
  if (same) return put(rule, member, {*same, value.span, value.of_source});
  const auto made = value_of(rule, value);
  if (made.fault == ConversionFault::no_value) return missing(rule, member);
  if (made.fault != ConversionFault::none) {
    return invalid(rule, member, value.span, made.fault);
  }
  return put(rule, member, {made.text, value.span, value.of_source});
}

Done RuleRunner::put(const Rule& rule, std::string_view member,
                     const Value& value) {
  const auto begin = run_.writer.size();
  run_.writer.key(member);
  run_.writer.value(value.text, is_bare(rule.primitive));
  trace(begin, rule, value.span, value.of_source);
  run_.key.note(rule.key_part, value.text);
  if (rule.is_status) run_.is_error = value.text == "entered-in-error";
  return Done::written;
}

Converted RuleRunner::value_of(const Rule& rule, const Value& given) {
  if (rule.as_is && given.of_source) return {std::string(given.text)};
  auto value = converted(given.text, rule.primitive, run_.overlay.zone);
  if (!rule.plus.exists() || value.text.empty()) return value;
  std::vector<Item> items;
  check(rule.plus.evaluate(context(), items));
  if (items.empty()) return {{}, ConversionFault::no_value};
  return minutes_later(value.text, items.front().value());
}

void RuleRunner::trace(std::size_t begin, const Rule& rule, ByteSpan source,
                       bool of_source) {
  run_.writer.trace(begin,
                    {.source = source,
                     .place = rule.place,
                     .rule = rule.id,
                     .row = row_,
                     .reading = std::exchange(reading_, 0)},
                    of_source);
}

void RuleRunner::read(const Expression& from, const Expression& plus) {
  std::vector<Json> nodes;
  const auto look_at = [&](const Expression& expression) {
    if (expression.is_path()) return;
    for (const auto& path : expression.paths()) {
      if (path.scope < run_.scopes.size()) find_nodes(path, run_.scopes, nodes);
    }
  };
  look_at(from);
  look_at(plus);
  std::vector<ByteSpan> spans;
  for (const Json one : nodes) {
    if (!is_blank(one)) spans.push_back(text_node(one).span());
  }
  reading_ = 0;
  if (spans.empty()) return;
  run_.output.readings.push_back(std::move(spans));
  reading_ = static_cast<std::uint32_t>(run_.output.readings.size());
}

Done RuleRunner::missing(const Rule& rule, std::string_view member) {
  silent(rule.id, Silence::missing, rule.place);
  const auto done = remedy(rule, rule.missing, member, [&] {
    return missing_finding(rule, from_of(rule), run_.scopes.back().span());
  });
  if (done == Done::written && says_by_itself(rule)) {
    run_.defaulted.push_back(rule.member);
  }
  return done;
}

Done RuleRunner::unmapped(const Rule& rule, std::string_view member,
                          const Item& item) {
  silent(rule.id, Silence::unmapped, rule.place);
  run_.passed.add_unknown(rule, item.span);
  return remedy(
      rule, rule.unmapped, member,
      [&] {
        return unmapped_finding(rule, run_.library.table_name(rule.table),
                                item.value(), item.span);
      },
      item.span);
}

Done RuleRunner::invalid(const Rule& rule, std::string_view member,
                         ByteSpan span, ConversionFault fault) {
  silent(rule.id, Silence::invalid, rule.place);
  const auto found = [&] { return invalid_finding(rule, fault, span); };
  const auto& otherwise = rule.invalid;
  const bool left_out =
      otherwise.remedy == Remedy::omit || otherwise.remedy == Remedy::skip;
  if (left_out && otherwise.text.empty()) {
    add_unread(run_.output, run_.library, rule,
               found_at(found(), run_.scopes.front(), span));
  }
  return remedy(rule, otherwise, member, found, span);
}

template <typename MakeFinding>
Done RuleRunner::remedy(const Rule& rule, const Otherwise& otherwise,
                        std::string_view member, MakeFinding make_finding,
                        ByteSpan value) {
  const auto chosen = otherwise.remedy;
  if (chosen == Remedy::fallback) {
    return fall_back(rule, otherwise.fallback, member);
  }
  const bool stops = chosen == Remedy::reject || chosen == Remedy::correct;
  if (stops || !otherwise.text.empty()) {
    add_finding(run_.output, run_.library, rule, otherwise,
                found_at(make_finding(), run_.scopes.front(), value));
  }
  return chosen == Remedy::skip ? Done::skip : Done::nothing;
}

Done RuleRunner::fall_back(const Rule& rule, const Expression& fallback,
                           std::string_view member) {
  fallbacks_.clear();
  check(fallback.evaluate(context(), fallbacks_));
  if (fallbacks_.empty()) return Done::nothing;
  const auto& item = fallbacks_.front();
  if (run_.explain) read(fallback, rule.plus);
  const auto value = value_of(rule, {item.value(), item.span});
  if (value.fault != ConversionFault::none) {
    add_unread(run_.output, run_.library, rule,
               found_at(invalid_finding(rule, value.fault, item.span),
                        run_.scopes.front(), item.span));
    return Done::nothing;
  }
  return put(rule, member, {value.text, item.span});
}

const Expression& RuleRunner::from_of(const Rule& rule) const {
  if (rule.choice.empty()) return rule.from;
  const auto* other = run_.overlay.choice(run_.map, rule.id);
  if (other != nullptr) return *other;
  return rule.from;
}

bool RuleRunner::holds(const Expression& when) {
  if (!when.exists()) return true;
  const auto held = when.holds(context());
  if (!held) cannot_evaluate(held.error());
  return held && *held;
}

RuleRunner::Nodes RuleRunner::find(const Expression& expression) {
  const auto begin = nodes_.size();
  check(expression.find(context(), nodes_));
  const auto from = nodes_.begin() + static_cast<std::ptrdiff_t>(begin);
  nodes_.erase(std::remove_if(from, nodes_.end(), is_blank), nodes_.end());
  return {begin, nodes_.size()};
}

Method RuleRunner::method(const Expression& expression) {
  std::vector<Item> items;
  check(expression.evaluate(context(), items));
  return items.empty() ? Method::post : method_named(items[0].value());
}

void RuleRunner::check(const Status& status) {
  if (!status) cannot_evaluate(status.error());
}

void RuleRunner::cannot_evaluate(const Error& error) {
  auto finding = unforeseen_finding(current_, error, run_.scopes.back().span());
  if (current_ != nullptr)
    finding.source = run_.library.text_of(current_->place);
  run_.output.verdict = std::max(run_.output.verdict, Verdict::correct);
  run_.output.outcome.add(std::move(finding));
}

void RuleRunner::silent(std::uint32_t rule, Silence why, MapPlace place) {
  if (run_.explain) run_.output.silences.push_back({rule, why, place});
}

}  // namespace gateway::map
