#include "map/first_only.h"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

#include "map/bundle_request.h"
#include "map/source_find.h"
#include "map/source_place.h"
#include "map/text_node.h"

namespace gateway::map {
namespace {

bool has_row(Json node) {
  for (const Json child : node) {
    if (child.is_array() || has_row(child)) return true;
  }
  return false;
}

fhir::Finding told(std::string path, ByteSpan span, std::string text,
                   std::size_t more) {
  return {.rule = "map/first-only",
          .severity = fhir::Severity::information,
          .type = fhir::IssueType::informational,
          .expression = std::move(path),
          .span = span,
          .text = std::move(text),
          .seen = std::to_string(more) + " more",
          .wanted = "one",
          .remedy =
              "send what counts first; what else stands there is in the "
              "message log alone"};
}

// Of a group, its first segment.
std::string segment_of(Json part) {
  while (part.is_object() && part.name().size() != 3 &&
         part.first().is_object()) {
    part = part.first();
  }
  return source_path_of(part);
}

// Where a value stands within an item of a row: a lone component is component
// 1, and what does not repeat is the first.
using Route = std::uint64_t;

// Where parts of the message lie, so that each is asked for once.
class Spans {
 public:
  explicit Spans(std::vector<ByteSpan> all) : all_(std::move(all)) {
    std::sort(all_.begin(), all_.end(), [](ByteSpan left, ByteSpan right) {
      return left.begin < right.begin;
    });
    reach_.reserve(all_.size());
    for (const auto& one : all_) {
      const auto before = reach_.empty() ? 0 : reach_.back();
      reach_.push_back(std::max(before, one.end));
    }
    nearest_.assign(all_.size(), 0);
    for (auto i = all_.size(); i-- > 0;) {
      const auto end = all_[i].end;
      nearest_[i] = i + 1 == all_.size() ? end : std::min(end, nearest_[i + 1]);
    }
  }

  // Whether one of them covers the span, or lies within it.
  [[nodiscard]] bool any_around(ByteSpan span) const {
    const auto after = std::upper_bound(
        all_.begin(), all_.end(), span.begin,
        [](std::uint32_t begin, ByteSpan one) { return begin < one.begin; });
    if (after == all_.begin()) return false;
    return span.end <= reach_[place_of(after) - 1];
  }
  [[nodiscard]] bool any_within(ByteSpan span) const {
    const auto first = std::lower_bound(
        all_.begin(), all_.end(), span.begin,
        [](ByteSpan one, std::uint32_t begin) { return one.begin < begin; });
    return first != all_.end() && nearest_[place_of(first)] <= span.end;
  }

 private:
  [[nodiscard]] std::size_t place_of(
      std::vector<ByteSpan>::const_iterator one) const {
    return static_cast<std::size_t>(one - all_.begin());
  }

  std::vector<ByteSpan> all_;           // by their begin
  std::vector<std::uint32_t> reach_;    // the furthest end until there
  std::vector<std::uint32_t> nearest_;  // the first end from there on
};

std::vector<ByteSpan> found_in(const fhir::Outcome& outcome) {
  std::vector<ByteSpan> spans;
  for (const auto& one : outcome.findings()) {
    if (one.span && one.span->end > one.span->begin) {
      spans.push_back(*one.span);
    }
  }
  return spans;
}

class FirstOnly {
 public:
  FirstOnly(Json message, const Passed& passed, MapOutput& output)
      : message_(message),
        passed_(passed),
        output_(output),
        parts_(passed.parts),
        found_(found_in(output.outcome)) {
    for (const auto& line : output.lineage) note(line.source);
    for (const auto& span : passed.values) note(span);
    std::sort(taken_.begin(), taken_.end());
  }

  void look() {
    walk(message_);
    for (auto& place : places_) tell(std::move(place));
    for (const auto& one : passed_.unknown) tell_unknown(one);
  }

 private:
  struct Place {
    std::string path;
    ByteSpan span;  // of the first that was left out
    std::size_t count = 1;
  };

  void note(ByteSpan source) {
    if (source.end > source.begin) taken_.push_back(source.begin);
  }

  [[nodiscard]] bool is_taken(Json leaf) const {
    return std::binary_search(taken_.begin(), taken_.end(), leaf.span().begin);
  }

  void walk(Json node) {
    for (const Json child : node) {
      if (child.is_array()) look_at(child);
      walk(child);
    }
  }

  static Route route(Route base, Json child, std::size_t index) {
    const auto name = child.name();
    if (name == "c1" || name == "s1") return base;
    const auto key = name.empty() ? index : child.key() + 1000U;
    if (key == 0) return base;
    constexpr Route kPrime = 1099511628211U;  // FNV-1a
    return (base ^ key) * kPrime;
  }

  template <typename Visit>
  static void leaves(Json node, Route base, Visit visit) {
    if (node.is_string()) return visit(node, base);
    std::size_t index = 0;
    for (const Json child : node) {
      leaves(child, route(base, child, index++), visit);
    }
  }

  void look_at(Json row) {
    std::unordered_set<Route> firsts;
    leaves(row.first(), 1, [&](Json leaf, Route at) {
      if (is_taken(leaf)) firsts.insert(at);
    });
    if (firsts.empty()) return;
    for (Json item = row.first().next(); item.exists(); item = item.next()) {
      if (is_spoken_of(item) || same(item, row.first())) continue;
      leaves(item, 1, [&](Json leaf, Route at) {
        const bool says = !leaf.text().empty() && leaf.text() != "\"\"";
        if (says && firsts.contains(at) && !is_taken(leaf)) leave_out(leaf);
      });
    }
  }

  // A repetition of a field that says the same again.
  [[nodiscard]] static bool same(Json item, Json first) {
    return item.parent().name().starts_with('f') && item.raw() == first.raw();
  }

  // The map passes over it, or something was found there.
  [[nodiscard]] bool is_spoken_of(Json item) const {
    return parts_.any_around(item.span()) || found_.any_within(item.span());
  }

  // Of a field, however many of its components.
  void leave_out(Json leaf) {
    if (!left_out_.insert(leaf.index()).second) return;
    const Json field = field_of(leaf);
    if (!left_out_.insert(field.index()).second && field != leaf) return;
    auto path = source_path_of(field);
    path = path.substr(0, path.find('['));
    const auto known =
        std::find_if(places_.begin(), places_.end(),
                     [&](const auto& place) { return place.path == path; });
    if (known != places_.end()) {
      ++known->count;
    } else {
      places_.push_back({std::move(path), field.span()});
    }
  }

  static Json field_of(Json leaf) {
    Json at = leaf;
    while (at.name().starts_with('c') || at.name().starts_with('s')) {
      at = at.parent();
    }
    return at;
  }

  void tell(Place place) {
    output_.outcome.add(told(
        std::move(place.path), place.span,
        "What this becomes takes one value: the first was taken", place.count));
  }

  // It may arrive by another rule, as the code of a system of its own.
  void tell_unknown(const Passed::Unknown& one) {
    const bool arrived =
        std::binary_search(taken_.begin(), taken_.end(), one.span.begin);
    if (arrived || !told_.insert(one.span.begin).second) return;
    output_.outcome.add({.rule = "map/passed",
                         .severity = fhir::Severity::information,
                         .type = fhir::IssueType::informational,
                         .expression = source_path_at(message_, one.span),
                         .span = one.span,
                         .text = "No row of a table knows this: " + one.path +
                                 " is written without it"});
  }

  Json message_;
  const Passed& passed_;
  MapOutput& output_;
  Spans parts_, found_;               // passed over; where something was found
  std::vector<std::uint32_t> taken_;  // where values begin that arrived
  std::unordered_set<std::uint32_t> left_out_;  // nodes that are counted
  std::unordered_set<std::uint32_t> told_;      // where unknown values begin
  std::vector<Place> places_;
};

}  // namespace

void Passed::add_joined(const Expression& from, const std::vector<Json>& scopes,
                        std::string_view text) {
  std::vector<Json> nodes;
  for (const auto& path : from.paths()) find_nodes(path, scopes, nodes);
  for (const Json node : nodes) {
    const Json bearer = text_node(node);
    if (text.find(bearer.text()) != std::string_view::npos) {
      values.push_back(bearer.span());
    }
  }
}

void Passed::add_unknown(const Rule& rule, ByteSpan span) {
  const auto& otherwise = rule.unmapped;
  const bool told = otherwise.remedy == Remedy::reject ||
                    otherwise.remedy == Remedy::correct ||
                    !otherwise.text.empty();
  const Expression& instead = otherwise.fallback;
  if (told || !instead.paths().empty() || span.end <= span.begin) return;
  unknown.push_back({span, rule.path});
}

void add_nothing_to_withdraw(MapOutput& output, Json part,
                             std::string_view type) {
  if (output.verdict != Verdict::mapped) return;
  output.verdict = Verdict::correct;
  output.outcome.add({.rule = "map/missing",
                      .severity = fhir::Severity::warning,
                      .type = fhir::IssueType::required,
                      .expression = segment_of(part),
                      .span = part.span(),
                      .text = "This takes back a " + std::string(type) +
                              " without saying which",
                      .seen = "no number",
                      .remedy = "send the number of what it takes back"});
}

void add_taken_back(MapOutput& output, Json part, std::string_view type) {
  output.outcome.add({.rule = "map/taken-back",
                      .severity = fhir::Severity::information,
                      .type = fhir::IssueType::informational,
                      .expression = segment_of(part),
                      .span = part.span(),
                      .text = "A later part of the message takes this " +
                              std::string(type) +
                              " back: of its number the last counts"});
}

void add_second_of_key(MapOutput& output, Json part, std::string_view type) {
  auto finding = told(segment_of(part), part.span(),
                      "Two of this would be one " + std::string(type) +
                          ", by their key: the first was taken",
                      1);
  if (is_one_by_key(type)) {
    finding.rule = "map/repeated-key";
    finding.severity = fhir::Severity::warning;
    finding.type = fhir::IssueType::value;
    finding.text = "Two of this bear one number, and there is one " +
                   std::string(type) + " of each";
    finding.remedy =
        "send each under a number of its own, or what changes it in a message "
        "of its own";
    output.verdict = std::max(output.verdict, Verdict::correct);
  }
  output.outcome.add(std::move(finding));
}

void tell_first_only(Json message, const Passed& passed, MapOutput& output) {
  if (output.verdict == Verdict::reject) return;
  if (passed.unknown.empty() && !has_row(message)) return;
  FirstOnly(message, passed, output).look();
}

}  // namespace gateway::map
