#include "exchange/search_request.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "exchange/interaction.h"
#include "exchange/search_value.h"

namespace gateway::exchange {
namespace {

using fhir::IssueType;
using MaybeRefusal = std::optional<Refusal>;

Refusal bad_value(std::string_view name, std::string wanted) {
  return refusal(400, {.rule = "rest/bad-value",
                       .type = IssueType::value,
                       .text = "the value of the search parameter " +
                               printable_name(name) + " is not understood",
                       .wanted = std::move(wanted)});
}

std::string_view wanted_by(const SearchParameter& parameter) {
  switch (parameter.kind) {
    case ParameterKind::reference:
      return "Type/id, id or an absolute URL, of a type that this element "
             "may refer to";
    case ParameterKind::identifier:
      return "value, system|value, |value or system|";
    case ParameterKind::code:
      return "code or system|code";
  }
  return "a value";
}

// Builds one SearchRequest, parameter by parameter.
class Builder {
 public:
  Builder(const ResourceType& type, Handling handling, const Site& site)
      : type_(type), handling_(handling), site_(site) {
    request_.query.type = type.name;
    request_.query.count = kDefaultPage;
  }

  MaybeRefusal add(const QueryParameter& parameter);
  SearchRequest take() { return std::move(request_); }

 private:
  MaybeRefusal add_count(const QueryParameter& parameter);
  MaybeRefusal add_summary(const QueryParameter& parameter);
  MaybeRefusal add_ids(const QueryParameter& parameter);
  MaybeRefusal add_last_updated(const QueryParameter& parameter);
  MaybeRefusal add_term(const QueryParameter& parameter);
  MaybeRefusal not_understood(const QueryParameter& parameter);
  MaybeRefusal applied(const QueryParameter& parameter) {
    request_.applied.push_back(parameter);
    return std::nullopt;
  }

  const ResourceType& type_;
  Handling handling_;
  const Site& site_;
  SearchRequest request_;
};

MaybeRefusal Builder::add(const QueryParameter& parameter) {
  const auto& name = parameter.name;
  if (name == kCursor) {
    request_.cursor = parameter.value;
    return std::nullopt;
  }
  if (parameter.value.empty()) return not_understood(parameter);
  if (name == "_format" || name == "_pretty") return applied(parameter);
  if (name == "_count") return add_count(parameter);
  if (name == "_summary") return add_summary(parameter);
  if (name == "_id") return add_ids(parameter);
  if (name == "_lastUpdated") return add_last_updated(parameter);
  return add_term(parameter);
}

MaybeRefusal Builder::not_understood(const QueryParameter& parameter) {
  fhir::Finding finding{
      .rule = "rest/unknown-parameter",
      .severity = fhir::Severity::warning,
      .type = IssueType::not_supported,
      .text = "the search parameter " + printable_name(parameter.name) +
              " is not supported on " + std::string(type_.name) +
              (parameter.value.empty() ? " without a value" : ""),
      .remedy = "leave it out, or see the parameters in GET /fhir/metadata"};
  if (handling_ == Handling::strict) {
    finding.severity = fhir::Severity::error;
    return refusal(400, std::move(finding));
  }
  finding.text += "; it was ignored";
  request_.ignored.add(std::move(finding));
  return std::nullopt;
}

MaybeRefusal Builder::add_count(const QueryParameter& parameter) {
  const auto& text = parameter.value;
  std::size_t count = 0;
  const auto [end, failed] =
      std::from_chars(text.data(), text.data() + text.size(), count);
  if (failed != std::errc() || end != text.data() + text.size()) {
    return bad_value("_count", "a whole number from 0 upward");
  }
  if (count == 0) request_.count_only = true;
  request_.query.count = std::clamp<std::size_t>(count, 1, kLargestPage);
  return applied(parameter);
}

MaybeRefusal Builder::add_summary(const QueryParameter& parameter) {
  if (parameter.value == "count") request_.count_only = true;
  if (parameter.value == "count" || parameter.value == "false") {
    return applied(parameter);
  }
  return not_understood(parameter);
}

MaybeRefusal Builder::add_ids(const QueryParameter& parameter) {
  auto ids = split_escaped(parameter.value, ',');
  if (ids.size() > kMostAlternatives ||
      !std::all_of(ids.begin(), ids.end(), is_resource_id)) {
    return bad_value("_id", "one or more ids, separated by commas");
  }
  auto& known = request_.query.ids;
  if (known.empty()) {
    known = std::move(ids);
    return applied(parameter);
  }
  std::erase_if(known, [&](const std::string& id) {
    return std::find(ids.begin(), ids.end(), id) == ids.end();
  });
  // An empty list would mean any id: this one belongs to no resource.
  if (known.empty()) known.emplace_back();
  return applied(parameter);
}

MaybeRefusal Builder::add_last_updated(const QueryParameter& parameter) {
  const auto range = instant_range(parameter.value);
  if (!range) {
    return bad_value("_lastUpdated",
                     "one date or instant, with the prefix eq, gt, lt, ge, "
                     "le, sa or eb");
  }
  auto& from = request_.query.updated_from;
  auto& until = request_.query.updated_until;
  if (range->from) from = std::max(from.value_or(*range->from), *range->from);
  if (range->until) {
    until = std::min(until.value_or(*range->until), *range->until);
  }
  return applied(parameter);
}

MaybeRefusal Builder::add_term(const QueryParameter& parameter) {
  const std::string_view name = parameter.name;
  const auto end = std::min(name.find_first_of(":."), name.size());
  const auto* const known = find_parameter(type_, name.substr(0, end));
  if (known == nullptr) return not_understood(parameter);
  const auto modifier = name.substr(std::min(end + 1, name.size()));
  const bool typed = known->kind == ParameterKind::reference &&
                     find_type(modifier) != nullptr &&
                     may_target(*known, modifier);
  if (end < name.size() && (name[end] != ':' || !typed)) {
    return refusal(400, IssueType::not_supported, "rest/unknown-modifier",
                   "the search parameter \"" + std::string(known->name) +
                       "\" has no such modifier or chain here");
  }
  store::SearchTerm term{.param = std::string(known->index_name()),
                         .values = {}};
  const auto alternatives = split_escaped(parameter.value, ',');
  bool any = alternatives.empty();
  for (const auto& alternative : alternatives) {
    const auto values = index_values(*known, modifier, alternative, site_);
    if (!values || alternative.empty() ||
        term.values.size() + values->size() > kMostAlternatives) {
      return bad_value(known->name, std::string(wanted_by(*known)));
    }
    any = any || values->empty();
    term.values.insert(term.values.end(), values->begin(), values->end());
  }
  if (!any) request_.query.terms.push_back(std::move(term));
  return applied(parameter);
}

}  // namespace

OrRefusal<SearchRequest> parse_search(
    std::string_view type, const std::vector<QueryParameter>& parameters,
    Handling handling, const Site& site) {
  Builder builder(*find_type(type), handling, site);
  for (const auto& parameter : parameters) {
    if (auto refused = builder.add(parameter)) return std::move(*refused);
  }
  return builder.take();
}

OrRefusal<SearchRequest> parse_condition(std::string_view type,
                                         std::string_view query,
                                         const Site& site) {
  if (find_type(type) == nullptr) {
    return refusal(400, IssueType::not_supported, "rest/unknown-type",
                   "the condition names a resource type that is not served");
  }
  auto parameters = parse_query(query);
  if (auto* refused = std::get_if<Refusal>(&parameters)) {
    return std::move(*refused);
  }
  auto parsed =
      parse_search(type, std::get<0>(parameters), Handling::strict, site);
  if (const auto* search = std::get_if<SearchRequest>(&parsed)) {
    const auto& wanted = search->query;
    if (wanted.terms.empty() && wanted.ids.empty()) {
      return refusal(400, IssueType::required, "rest/empty-condition",
                     "the condition selects nothing; give at least one "
                     "search parameter, such as identifier");
    }
  }
  return parsed;
}

}  // namespace gateway::exchange
