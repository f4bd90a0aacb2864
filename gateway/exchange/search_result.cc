#include "exchange/search_result.h"

#include <array>
#include <charconv>

#include "base/json_writer.h"
#include "base/text.h"
#include "exchange/query.h"
#include "security/digest.h"

namespace gateway::exchange {
namespace {

constexpr std::size_t kSealSize = 16;

// Ties the numbers of a cursor to its query and partner.
std::string seal(const SearchRequest& search, std::string_view partner,
                 std::string_view numbers) {
  std::string text(partner);
  text.append("\n").append(search.query.type).append("?");
  text.append(query_text(search.applied)).append("\n").append(numbers);
  return security::sha256_hex(text).substr(0, kSealSize);
}

bool read_number(std::string_view text, std::int64_t& number) {
  const auto [end, failed] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() && end == text.data() + text.size() &&
         number >= 0;
}

std::string url_of(const SearchRequest& search, const Site& site) {
  auto url = site.base + "/" + search.query.type;
  if (!search.applied.empty()) url += "?" + query_text(search.applied);
  return url;
}

void write_link(JsonWriter& out, std::string_view relation,
                std::string_view url) {
  out.begin_object()
      .member("relation", relation)
      .member("url", url)
      .end_object();
}

void write_match(JsonWriter& out, const store::StoredResource& resource,
                 const Site& site) {
  out.begin_object()
      .member("fullUrl", site.base + "/" + resource.id.text())
      .key("resource")
      .raw(resource.body)
      .key("search")
      .begin_object()
      .member("mode", "match")
      .end_object()
      .end_object();
}

void write_ignored(JsonWriter& out, const fhir::Outcome& ignored,
                   const Site& site) {
  out.begin_object()
      .key("resource")
      .raw(fhir::to_operation_outcome(ignored, site.canonical))
      .key("search")
      .begin_object()
      .member("mode", "outcome")
      .end_object()
      .end_object();
}

void write_links(JsonWriter& out, const SearchRequest& search,
                 std::string_view partner, const store::SearchPage& page,
                 const Site& site) {
  const auto url = url_of(search, site);
  const auto with_cursor = [&](std::string_view cursor) {
    return url + (search.applied.empty() ? "?" : "&") + std::string(kCursor) +
           "=" + std::string(cursor);
  };
  out.key("link").begin_array();
  write_link(out, "self",
             search.cursor.empty() ? url : with_cursor(search.cursor));
  if (page.more && !search.count_only) {
    write_link(out, "next", with_cursor(cursor_text(search, partner, page)));
  }
  out.end_array();
}

void write_version(JsonWriter& out, const store::StoredResource& version,
                   const Site& site) {
  const bool first = version.version == 1;
  out.begin_object()
      .member("fullUrl", site.base + "/" + version.id.text())
      .key("resource")
      .raw(version.body)
      .key("request")
      .begin_object()
      .member("method", first ? "POST" : "PUT")
      .member("url", first ? version.id.type : version.id.text())
      .end_object()
      .key("response")
      .begin_object()
      .member("status", first ? "201" : "200")
      .member("etag", "W/\"" + std::to_string(version.version) + "\"")
      .member("lastModified", utc_text(version.last_updated))
      .end_object()
      .end_object();
}

}  // namespace

std::string cursor_text(const SearchRequest& search, std::string_view partner,
                        const store::SearchPage& page) {
  const auto numbers = std::to_string(page.last) + "-" +
                       std::to_string(page.last_ordinal) + "-" +
                       std::to_string(page.snapshot);
  return numbers + "-" + seal(search, partner, numbers);
}

std::optional<Refusal> apply_cursor(SearchRequest& search,
                                    std::string_view partner) {
  if (search.cursor.empty()) return std::nullopt;
  const std::string_view text = search.cursor;
  const auto parts = split(text, '-');
  std::array<std::int64_t, 3> numbers{};
  bool ours = parts.size() == 4;
  for (std::size_t at = 0; ours && at < numbers.size(); ++at) {
    ours = read_number(parts[at], numbers.at(at));
  }
  if (ours) {
    const auto sealed = text.substr(0, text.size() - parts[3].size() - 1);
    ours = seal(search, partner, sealed) == parts[3];
  }
  if (!ours) {
    return refusal(400, {.rule = "rest/bad-cursor",
                         .type = fhir::IssueType::value,
                         .text = "this paging link is not one that was given "
                                 "for this search",
                         .remedy = "follow the links of a searchset as they "
                                   "are, or search again"});
  }
  search.query.after = numbers[0];
  search.query.after_ordinal = numbers[1];
  search.query.upto = numbers[2];
  return std::nullopt;
}

std::string searchset(const SearchRequest& search, std::string_view partner,
                      const store::SearchPage& page, const Site& site) {
  JsonWriter out;
  out.begin_object()
      .member("resourceType", "Bundle")
      .member("type", "searchset");
  // Exact without counting only where one page holds all.
  if (search.cursor.empty() && !page.more) {
    out.key("total").integer(static_cast<long long>(page.resources.size()));
  }
  write_links(out, search, partner, page, site);
  const bool bodies = !search.count_only && !page.resources.empty();
  if (bodies || !search.ignored.empty()) {
    out.key("entry").begin_array();
    if (bodies) {
      for (const auto& resource : page.resources) {
        write_match(out, resource, site);
      }
    }
    if (!search.ignored.empty()) write_ignored(out, search.ignored, site);
    out.end_array();
  }
  out.end_object();
  return out.take();
}

std::string countset(const SearchRequest& search, std::int64_t total,
                     const Site& site) {
  JsonWriter out;
  out.begin_object()
      .member("resourceType", "Bundle")
      .member("type", "searchset")
      .key("total")
      .integer(total)
      .key("link")
      .begin_array();
  write_link(out, "self", url_of(search, site));
  out.end_array();
  if (!search.ignored.empty()) {
    out.key("entry").begin_array();
    write_ignored(out, search.ignored, site);
    out.end_array();
  }
  out.end_object();
  return out.take();
}

std::string history_bundle(const std::vector<store::StoredResource>& versions,
                           const Site& site) {
  const auto url = site.base + "/" + versions.front().id.text() + "/_history";
  JsonWriter out;
  out.begin_object()
      .member("resourceType", "Bundle")
      .member("type", "history")
      .key("total")
      .integer(static_cast<long long>(versions.size()))
      .key("link")
      .begin_array();
  write_link(out, "self", url);
  out.end_array().key("entry").begin_array();
  for (const auto& version : versions) write_version(out, version, site);
  out.end_array().end_object();
  return out.take();
}

}  // namespace gateway::exchange
