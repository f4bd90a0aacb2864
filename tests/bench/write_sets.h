// The commits that the store's benchmark makes: a single row, and what one
// posted session causes.

#pragma once

#include <string>

#include "store/search_index.h"
#include "store/store.h"

namespace gateway::bench {

using store::Commit;
using store::Message;
using store::ResourceWrite;

inline Instant bench_time(std::int64_t number) {
  return Instant(std::chrono::seconds(1775480400 + number));
}

// Text that looks like a resource of that size.
inline std::string padded(std::string head, std::size_t size) {
  head.reserve(size);
  constexpr std::string_view kFiller =
      R"("extension":[{"url":"https://workgate.example/x","valueCode":"a7"}],)";
  while (head.size() < size) head.append(kFiller);
  head.resize(size);
  return head;
}

inline Message bench_message(std::int64_t number) {
  Message message;
  message.owner = "ehr";
  message.channel = "fhir";
  message.received_at = bench_time(number);
  message.peer = "127.0.0.1";
  message.request = "POST /fhir/Procedure";
  message.status = 201;
  return message;
}

// One row of 3 KB is all that such a commit carries.
inline Commit single_commit(std::int64_t number) {
  Commit commit;
  commit.message = bench_message(number);
  commit.message.content = padded(std::to_string(number), 3072);
  return commit;
}

struct SessionPost {
  std::int64_t number;
  std::int64_t patient;

  [[nodiscard]] Commit commit() const;

 private:
  [[nodiscard]] std::string id(std::string_view prefix) const {
    return std::string(prefix) + std::to_string(1'000'000'000 + number);
  }
  [[nodiscard]] ResourceWrite write(std::string_view type,
                                    std::string_view prefix,
                                    std::size_t size) const {
    ResourceWrite resource;
    resource.id = {std::string(type), id(prefix)};
    resource.owner = "ehr";
    resource.case_key = patient_reference();
    resource.status = "completed";
    resource.body = padded(resource.id.text(), size);
    resource.last_updated = bench_time(number);
    return resource;
  }
  [[nodiscard]] std::string patient_reference() const {
    return "Patient/" + std::to_string(1'000'000 + patient);
  }
  [[nodiscard]] std::string referral() const {
    return "ServiceRequest/" + std::to_string(2'000'000 + patient);
  }
};

inline Commit SessionPost::commit() const {
  const auto key = store::token_value("https://ehr.example/sessions",
                                      "S" + std::to_string(number));
  Commit commit;
  commit.message = bench_message(number);
  commit.message.content = padded("{", 1200);
  commit.message.answer = padded("{", 1350);
  commit.message.answer_headers = "Location: /fhir/Procedure/" + id("p");
  commit.message.digest = store::stored_value(padded(id("d"), 200)).substr(96);
  commit.message.keys = {patient_reference()};

  auto procedure = write("Procedure", "p", 1350);
  procedure.index = {{"identifier", key},
                     {"patient", patient_reference()},
                     {"status", "completed"},
                     {"based-on", referral()}};
  auto encounter = write("Encounter", "e", 900);
  encounter.index = {{"patient", patient_reference()},
                     {"status", "finished"},
                     {"based-on", referral()}};
  auto claim = write("Claim", "c", 3200);
  claim.status = "active";
  claim.index = {{"identifier", "PCN" + std::to_string(number)},
                 {"patient", patient_reference()},
                 {"status", "active"},
                 {"use", "claim"}};
  auto encounter_source = write("Provenance", "v", 900);
  encounter_source.index = {{"target", encounter.id.text()}};
  auto claim_source = write("Provenance", "w", 900);
  claim_source.index = {{"target", claim.id.text()}};
  commit.keys = {{"ehr", "Procedure", key, procedure.id}};
  commit.feed = {{"ehr", "claim-available", claim.id, 1}};
  const auto cause = procedure.id.text() + "/_history/1";
  const auto authorization = std::to_string(3'000'000 + patient);
  for (const char* const unit : {"visits", "hours"}) {
    commit.ledger.push_back(
        {"ehr", authorization, "reserved", unit, "-1", cause, "attended"});
    commit.ledger.push_back(
        {"ehr", authorization, "used", unit, "1", cause, "attended"});
  }
  commit.resources = {std::move(procedure), std::move(encounter),
                      std::move(claim), std::move(encounter_source),
                      std::move(claim_source)};
  return commit;
}

}  // namespace gateway::bench
