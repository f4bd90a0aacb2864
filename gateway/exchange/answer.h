// HTTP answers as DESIGN B5 has them. Every answer of the FHIR side is made
// here, so that headers and media types are decided in one place.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "exchange/interaction.h"
#include "exchange/refusal.h"
#include "exchange/site.h"
#include "exchange/transaction.h"
#include "fhir/outcome.h"
#include "fhir/resource.h"
#include "store/store.h"
#include "transport/http.h"

namespace gateway::exchange {

using transport::Response;

// Any FHIR body, with the headers that all of them bear.
Response fhir_answer(int status, std::string body);
Response json_answer(int status, std::string body);  // beside FHIR
Response text_answer(int status, std::string body);

// `source` is the request's body, in which lines are counted.
Response refusal_answer(const Refusal& refusal, const Site& site,
                        std::string_view source = {});

// What became of one resource that was sent.
struct Written {
  enum class Effect : std::uint8_t {
    created,    // 201
    updated,    // 200
    unchanged,  // 200: a PUT with equal content, a conditional create's match
    replayed,   // 200, X-Workgate-Replayed: the key is known, content is equal
  };
  Effect effect = Effect::created;
  fhir::ResourceId id{};
  std::uint32_t version = 1;
  Instant last_updated{};
  std::string body{};                     // as stored
  std::vector<fhir::ResourceId> tasks{};  // open ones: "held for correction"
  fhir::Outcome outcome{};                // findings that hold or warn
};

Response written_answer(const Written& written, Return prefer,
                        const Site& site);

// Body of a read, with ETag and Last-Modified; 304 where the conditions of the
// request say so.
Response resource_answer(const store::StoredResource& resource,
                         const Interaction& interaction);

// One entry of a batch-response or transaction-response.
struct EntryAnswer {
  std::optional<Written> written{};    // of create and update
  std::optional<Refusal> refusal{};    // batch only
  std::optional<Response> response{};  // of a GET, or of any entry of a batch
};
// Tasks of all entries are named in headers as well. `source` is the request's
// body.
Response bundle_answer(RequestKind kind,
                       const std::vector<EntryAnswer>& entries, Return prefer,
                       const Site& site, std::string_view source = {});

// The stored answer, once more: 200 with X-Workgate-Replayed: true.
Response replayed_answer(const store::Message& message);
// The headers of `response` that a replay repeats, as lines for
// store::Message::answer_headers.
std::string header_lines(const Response& response);

std::string location(const Site& site, const fhir::ResourceId& id,
                     std::uint32_t version);

}  // namespace gateway::exchange
