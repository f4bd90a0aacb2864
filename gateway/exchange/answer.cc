#include "exchange/answer.h"

#include <algorithm>

#include "base/json_writer.h"
#include "base/text.h"
#include "transport/status.h"

namespace gateway::exchange {
namespace {

using Effect = Written::Effect;

constexpr std::string_view kReplayed = "X-Workgate-Replayed";
constexpr std::string_view kTask = "X-Workgate-Task";

Response answer(int status, std::string_view type, std::string body) {
  return {.status = status,
          .headers = {{"Content-Type", std::string(type)},
                      {"Cache-Control", "no-store"},
                      {"X-Content-Type-Options", "nosniff"}},
          .body = std::move(body)};
}

std::string etag(std::uint32_t version) {
  return "W/\"" + std::to_string(version) + "\"";
}

int status_of(Effect effect) { return effect == Effect::created ? 201 : 200; }

// Each task once, however many entries it holds.
void add_task(Response& response, std::string task) {
  std::pair<std::string, std::string> header(kTask, std::move(task));
  const auto& known = response.headers;
  if (std::find(known.begin(), known.end(), header) == known.end()) {
    response.headers.push_back(std::move(header));
  }
}

void add_tasks(Response& response, const Written& written) {
  for (const auto& task : written.tasks) add_task(response, task.text());
}

void add_tasks(Response& response, const Response& entry) {
  for (const auto& [name, value] : entry.headers) {
    if (name == kTask) add_task(response, value);
  }
}

std::string outcome_body(const fhir::Outcome& outcome, const Site& site) {
  return fhir::to_operation_outcome(outcome, site.canonical);
}

// "201 Created", as Bundle.entry.response.status is usually written.
std::string status_text(int status) {
  return std::to_string(status) + " " +
         std::string(transport::reason_phrase(status));
}

std::string_view header_of(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

void write_written(JsonWriter& out, const Written& written, Return prefer,
                   const Site& site) {
  out.member("fullUrl", site.base + "/" + written.id.text());
  if (prefer == Return::representation) {
    out.key("resource").raw(written.body);
  }
  out.key("response")
      .begin_object()
      .member("status", status_text(status_of(written.effect)))
      .member("location", location(site, written.id, written.version))
      .member("etag", etag(written.version))
      .member("lastModified", utc_text(written.last_updated));
  if (!written.outcome.empty() || prefer == Return::operation_outcome) {
    out.key("outcome").raw(outcome_body(written.outcome, site));
  }
  out.end_object();
}

void write_refusal(JsonWriter& out, const Refusal& refused, const Site& site,
                   std::string_view source) {
  out.key("response")
      .begin_object()
      .member("status", status_text(refused.status))
      .key("outcome")
      .raw(fhir::to_operation_outcome(refused.outcome, site.canonical, source))
      .end_object();
}

bool is_outcome(std::string_view body) {
  constexpr std::string_view kBegin = R"({"resourceType":"OperationOutcome")";
  return body.substr(0, kBegin.size()) == kBegin;
}

// An entry that was answered by itself, as those of a batch are.
void write_response(JsonWriter& out, const Response& response) {
  const auto place = header_of(response, "Location");
  const auto history = place.find("/_history/");
  if (history != std::string_view::npos) {
    out.member("fullUrl", place.substr(0, history));
  }
  const bool outcome = is_outcome(response.body);
  if (!outcome && !response.body.empty()) {
    out.key("resource").raw(response.body);
  }
  out.key("response")
      .begin_object()
      .member("status", status_text(response.status))
      .member_if("location", place)
      .member_if("etag", header_of(response, "ETag"));
  const auto modified = parse_http_date(header_of(response, "Last-Modified"));
  if (modified) out.member("lastModified", utc_text(*modified));
  if (outcome) out.key("outcome").raw(response.body);
  out.end_object();
}

}  // namespace

Response fhir_answer(int status, std::string body) {
  return answer(status, "application/fhir+json; charset=utf-8",
                std::move(body));
}

Response json_answer(int status, std::string body) {
  return answer(status, "application/json; charset=utf-8", std::move(body));
}

Response text_answer(int status, std::string body) {
  return answer(status, "text/plain; version=0.0.4; charset=utf-8",
                std::move(body));
}

Response refusal_answer(const Refusal& refusal, const Site& site,
                        std::string_view source) {
  auto response = fhir_answer(
      refusal.status,
      fhir::to_operation_outcome(refusal.outcome, site.canonical, source));
  response.headers.insert(response.headers.end(), refusal.headers.begin(),
                          refusal.headers.end());
  return response;
}

std::string location(const Site& site, const fhir::ResourceId& id,
                     std::uint32_t version) {
  return site.base + "/" + id.text() + "/_history/" + std::to_string(version);
}

Response written_answer(const Written& written, Return prefer,
                        const Site& site) {
  std::string body;
  if (prefer == Return::representation) body = written.body;
  if (prefer == Return::operation_outcome) {
    body = outcome_body(written.outcome, site);
  }
  auto response = fhir_answer(status_of(written.effect), std::move(body));
  auto& headers = response.headers;
  headers.emplace_back("Location", location(site, written.id, written.version));
  headers.emplace_back("ETag", etag(written.version));
  headers.emplace_back("Last-Modified", http_date(written.last_updated));
  if (written.effect == Effect::replayed) {
    headers.emplace_back(kReplayed, "true");
  }
  add_tasks(response, written);
  return response;
}

Response resource_answer(const store::StoredResource& resource,
                         const Interaction& interaction) {
  const bool unchanged =
      interaction.if_none_match
          ? interaction.if_none_match->match(resource.version)
          : interaction.if_modified_since &&
                std::chrono::floor<std::chrono::seconds>(
                    resource.last_updated) <= *interaction.if_modified_since;
  auto response = fhir_answer(unchanged ? 304 : 200,
                              unchanged ? std::string() : resource.body);
  response.headers.emplace_back("ETag", etag(resource.version));
  response.headers.emplace_back("Last-Modified",
                                http_date(resource.last_updated));
  return response;
}

Response bundle_answer(RequestKind kind,
                       const std::vector<EntryAnswer>& entries, Return prefer,
                       const Site& site, std::string_view source) {
  Response held;
  JsonWriter out;
  out.begin_object()
      .member("resourceType", "Bundle")
      .member("type", kind == RequestKind::batch ? "batch-response"
                                                 : "transaction-response");
  if (!entries.empty()) out.key("entry").begin_array();
  for (const auto& entry : entries) {
    out.begin_object();
    if (entry.written) {
      write_written(out, *entry.written, prefer, site);
      add_tasks(held, *entry.written);
    } else if (entry.refusal) {
      write_refusal(out, *entry.refusal, site, source);
    } else if (entry.response) {
      write_response(out, *entry.response);
      add_tasks(held, *entry.response);
    }
    out.end_object();
  }
  if (!entries.empty()) out.end_array();
  out.end_object();
  auto response = fhir_answer(200, out.take());
  response.headers.insert(response.headers.end(), held.headers.begin(),
                          held.headers.end());
  return response;
}

std::string header_lines(const Response& response) {
  std::string lines;
  for (const auto& [name, value] : response.headers) {
    if (name != kReplayed) lines += name + ": " + value + "\n";
  }
  return lines;
}

Response replayed_answer(const store::Message& message) {
  Response response{.status = 200, .headers = {}, .body = message.answer};
  for (const auto line : split(message.answer_headers, '\n')) {
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    response.headers.emplace_back(line.substr(0, colon),
                                  line.substr(colon + 2));
  }
  response.headers.emplace_back(kReplayed, "true");
  return response;
}

}  // namespace gateway::exchange
