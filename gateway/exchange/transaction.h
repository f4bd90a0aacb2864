// WriteRequest is what a POST or PUT wants written: one resource, or the
// entries of a transaction or batch (FHIR R4, http.html#transaction). Bundles
// are never rebuilt: entries are cursors into the text as received, and
// references are rewritten by byte spans of that text.

#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/json_edit.h"
#include "exchange/interaction.h"
#include "exchange/refusal.h"
#include "exchange/search_request.h"
#include "exchange/site.h"
#include "fhir/resource.h"

namespace gateway::exchange {

enum class RequestKind : std::uint8_t { single, batch, transaction };

struct WriteEntry {
  std::size_t position = 0;   // in Bundle.entry, and in WriteRequest::entries
  Interaction interaction{};  // create, update, or one of the read side (GET)
  std::string full_url{};
  Json resource{};           // absent for GET
  std::string expression{};  // of the resource: "Bundle.entry[2].resource"
  // batch only: what is wrong with this entry; the others go on.
  std::optional<Refusal> refusal{};
};

// "Patient?identifier=a|b" in Reference.reference of a transaction.
struct ConditionalReference {
  std::string text{};
  std::string expression{};  // of its first place
  SearchRequest search{};    // .query.type is the type
};

struct WriteRequest {
  RequestKind kind = RequestKind::single;
  SharedDocument document;
  std::vector<WriteEntry> entries{};  // as received
  std::vector<std::size_t> order{};   // of processing: POST, PUT, GET
  std::vector<ConditionalReference> conditional{};  // each text once
  std::map<std::string, std::size_t, std::less<>> positions{};  // by fullUrl
};

// The answers to what only the store knows, before references are rewritten.
struct Assignment {
  std::vector<fhir::ResourceId> ids{};  // by position; empty for GET
  std::map<std::string, fhir::ResourceId> matched{};  // by conditional text
};

// REQUIRES: `document` is the body of the request that `interaction` (create,
// update or bundle) was parsed from. Lists every defect of a bad Bundle.
OrRefusal<WriteRequest> read_entries(const Interaction& interaction,
                                     SharedDocument document, const Site& site);

// The edits (in bytes of the whole document) that turn references of this
// entry to other entries, and conditional ones, into "Type/id".
std::vector<TextEdit> reference_edits(const WriteRequest& request,
                                      std::size_t position,
                                      const Assignment& assignment);

// A text that is equal for exactly those transactions that are the same:
// entries with each urn:uuid replaced by its entry's position. Its digest
// belongs into store::Message::digest. Empty for single requests and batches.
std::string sameness(const WriteRequest& request);

}  // namespace gateway::exchange
