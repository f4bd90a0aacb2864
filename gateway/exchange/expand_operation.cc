#include "exchange/expand_operation.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "base/text.h"
#include "exchange/operation_input.h"
#include "exchange/terminology_input.h"
#include "fhir/terminology.h"

namespace gateway::exchange {
namespace {

using fhir::IssueType;

constexpr std::array<std::string_view, 8> kNames = {
    "url",   "valueSet",   "filter",        "offset",
    "count", "activeOnly", "excludeNested", "includeDesignations"};
// The largest expansion of one answer; more is read page by page.
constexpr std::uint32_t kLargestPage = 10'000;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool contains(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char a, char b) { return lower(a) == lower(b); }) !=
         text.end();
}

// Every word of the filter occurs in the code or its display.
bool passes(const fhir::ExpandedCode& code, std::string_view filter) {
  for (const auto word : split(filter, ' ')) {
    if (!contains(code.code, word) && !contains(code.display, word)) {
      return false;
    }
  }
  return true;
}

struct Page {
  std::string_view filter;
  std::uint32_t offset = 0;
  std::uint32_t count = kLargestPage;
};

void write_parameter(JsonWriter& out, std::string_view name, auto value) {
  out.begin_object().member("name", name);
  if constexpr (std::is_same_v<decltype(value), std::string_view>) {
    out.member("valueString", value);
  } else {
    out.key("valueInteger").integer(value);
  }
  out.end_object();
}

void write_codes(JsonWriter& out, const std::vector<fhir::ExpandedCode>& codes,
                 const Page& page) {
  const auto first = std::min<std::size_t>(page.offset, codes.size());
  const auto last = std::min<std::size_t>(first + page.count, codes.size());
  if (first == last) return;
  out.key("contains").begin_array();
  for (auto i = first; i < last; ++i) {
    const auto& code = codes[i];
    out.begin_object().member("system", code.system);
    if (code.is_abstract) out.key("abstract").boolean(true);
    out.member("code", code.code).member_if("display", code.display);
    out.end_object();
  }
  out.end_array();
}

std::string expanded(const fhir::Definitions& definitions,
                     const fhir::ValueSetRow& row,
                     const fhir::ValueSetExpansion& expansion, const Page& page,
                     Instant now) {
  JsonWriter out;
  out.begin_object()
      .member("resourceType", "ValueSet")
      .member_if("url", own_url(definitions.text(row.url)))
      .member_if("version", definitions.text(row.version))
      .member_if("name", definitions.text(row.name))
      .member("status", "active")
      .key("expansion")
      .begin_object();
  if (!expansion.is_complete) {
    // Official: the expansion lacks codes that the value set has.
    out.key("extension")
        .begin_array()
        .begin_object()
        .member("url",
                "http://hl7.org/fhir/StructureDefinition/valueset-unclosed")
        .key("valueBoolean")
        .boolean(true)
        .end_object()
        .end_array();
  }
  out.member("timestamp", utc_text(now))
      .key("total")
      .integer(static_cast<long long>(expansion.codes.size()))
      .key("offset")
      .integer(page.offset)
      .key("parameter")
      .begin_array();
  write_parameter(out, "count", static_cast<long long>(page.count));
  if (!page.filter.empty()) write_parameter(out, "filter", page.filter);
  out.end_array();
  write_codes(out, expansion.codes, page);
  out.end_object().end_object();
  return out.take();
}

Refusal not_listable(const fhir::Definitions& definitions,
                     std::uint32_t value_set) {
  std::string systems;
  for (const auto url : fhir::unlisted_systems(definitions, value_set)) {
    systems += (systems.empty() ? "" : ", ") + std::string(url);
  }
  return refusal(
      422, {.rule = "terminology/not-held",
            .severity = fhir::Severity::error,
            .type = IssueType::not_supported,
            .expression = "url",
            .text = "the codes of this value set cannot be listed: their code "
                    "system is not held here",
            .seen = systems.empty() ? "no code system that is held" : systems,
            .remedy = "ask a terminology server that holds it; here such codes "
                      "are checked by their format"});
}

OrRefusal<Page> page_of(const OperationInput& input) {
  Page page{.filter = input.text("filter")};
  const auto offset = number_parameter(input, "offset");
  if (const auto* bad = std::get_if<Refusal>(&offset)) return *bad;
  const auto count = number_parameter(input, "count");
  if (const auto* bad = std::get_if<Refusal>(&count)) return *bad;
  page.offset = std::get<0>(offset).value_or(0);
  page.count =
      std::min(std::get<0>(count).value_or(kLargestPage), kLargestPage);
  return page;
}

OrRefusal<std::string> expansion_text(const Interaction& interaction,
                                      std::string body,
                                      const fhir::SharedDefinitions& held,
                                      Instant now) {
  auto read =
      read_operation_input(interaction, std::move(body), held->keys(), kNames);
  if (auto* bad = std::get_if<Refusal>(&read)) return std::move(*bad);
  const auto& input = std::get<OperationInput>(read);
  const auto found = value_set_parameter(input, held);
  if (const auto* bad = std::get_if<Refusal>(&found)) return *bad;
  const auto& chosen = std::get<ChosenValueSet>(found);
  const auto& definitions = *chosen.definitions;
  const auto value_set = chosen.row;
  const auto page = page_of(input);
  if (const auto* bad = std::get_if<Refusal>(&page)) return *bad;
  auto expansion = fhir::expand(definitions, value_set, fhir::kNone);
  if (expansion.codes.empty() && !expansion.is_complete) {
    return not_listable(definitions, value_set);
  }
  const auto filter = std::get<Page>(page).filter;
  std::erase_if(expansion.codes, [&](const fhir::ExpandedCode& code) {
    return !passes(code, filter);
  });
  return expanded(definitions, definitions.value_sets[value_set], expansion,
                  std::get<Page>(page), now);
}

}  // namespace

Response expand_answer(const Interaction& interaction, std::string body,
                       const fhir::SharedDefinitions& definitions,
                       const Site& site, Instant now) {
  const auto source = body;
  auto made = expansion_text(interaction, std::move(body), definitions, now);
  if (const auto* refused = std::get_if<Refusal>(&made)) {
    return refusal_answer(*refused, site, source);
  }
  return fhir_answer(200, std::get<std::string>(std::move(made)));
}

}  // namespace gateway::exchange
