// Any Bundle is read or refused with its defects. What is read can be stored:
// each body is JSON again, with the content that was sent but for references,
// and sending it twice is known as the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "exchange/fhir_api.h"

namespace {

using namespace gateway;            // NOLINT
using namespace gateway::exchange;  // NOLINT

void check(bool holds) {
  if (!holds) std::abort();
}

Interaction posted_bundle(const Site& site) {
  transport::Request request;
  request.method = "POST";
  request.path = "/fhir";
  request.headers = {{"content-type", "application/fhir+json"}};
  return std::get<Interaction>(parse_interaction(request, site));
}

Assignment assigned(const WriteRequest& request) {
  Assignment assignment;
  for (const auto& entry : request.entries) {
    assignment.ids.push_back(
        {entry.interaction.type, "n" + std::to_string(entry.position)});
  }
  for (const auto& reference : request.conditional) {
    assignment.matched[reference.text] = {reference.search.query.type, "m"};
  }
  return assignment;
}

void check_entry(const WriteRequest& request, const WriteEntry& entry,
                 const Site& site) {
  const auto body = stored_body(request, entry.position,
                                {.id = "n", .version = 2, .last_updated = {}},
                                assigned(request));
  const auto document = JsonDocument::parse(body);
  check(document.ok());
  const Json root = document->root();
  check(root.get("id").text() == "n");
  check(root.find("meta.versionId").text() == "2");
  const auto edits =
      reference_edits(request, entry.position, assigned(request));
  if (edits.empty()) check(same_content(root, entry.resource));
  (void)index_entries(root, site);
  (void)business_keys(root, site);
  (void)patient_of(root, site);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const Site site = {.base = "http://gate.example/fhir"};
  const std::string body(reinterpret_cast<const char*>(data), size);
  const auto read =
      read_write_request(posted_bundle(site), body, KeyTable::none(), site);
  if (const auto* const refused = std::get_if<Refusal>(&read)) {
    check(refused->status >= 400 && !refused->outcome.empty());
    check(JsonDocument::parse(refusal_answer(*refused, site, body).body).ok());
    return 0;
  }
  const auto& request = std::get<WriteRequest>(read);
  check(request.order.size() == request.entries.size());
  for (const auto& entry : request.entries) {
    if (entry.refusal || !writes(entry.interaction.action)) continue;
    check_entry(request, entry, site);
  }
  check(sameness(request).empty() ==
        (request.kind != RequestKind::transaction));
  return 0;
}
