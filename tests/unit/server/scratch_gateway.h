// A gateway without sockets: the pipeline and its parts over a real store in a
// scratch folder, with the real definitions, packs and demo configuration,
// and a clock that stands still behind the sessions of config/demo.

#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "server/edition.h"
#include "server/pipeline.h"
#include "server/settings.h"
#include "server/work_pool.h"
#include "unit/server/scripted_store.h"
#include "unit/store/scratch_store.h"

namespace gateway::server {

// Opened once per process.
const validate::Validator& real_validator();
const SharedEdition& demo_edition();
const Settings& demo_settings();
std::string image_file();
std::string configuration_file();

// config/demo/NAME; `patient` makes it one of another patient and order.
std::string demo(const std::string& name, const std::string& patient = "");
// `text` with all of `from` replaced; fails the test if there is none.
std::string with(std::string text, const std::string& from,
                 const std::string& to);
// A transaction or batch of entries.
std::string bundle_of(const std::string& type,
                      const std::vector<std::string>& entries);
// An entry with a resource; `target` as "POST Patient".
std::string entry_of(const std::string& target, const std::string& resource,
                     const std::string& full_url = "");

struct Sent {
  std::string method = "POST";
  std::string target;  // "/fhir/Patient?..."
  std::string body{};
  transport::Headers headers{};  // names in lower case
  std::string partner = "demo-ehr";
};
transport::Request request_of(const Sent& sent);

struct Reply {
  Reply() = default;
  explicit Reply(transport::Response response);

  int status = 0;
  transport::Headers headers;
  std::string body;
  SharedDocument document;  // null where the body is not JSON

  [[nodiscard]] Json root() const {
    return document ? document->root() : Json();
  }
  [[nodiscard]] std::string header(std::string_view name) const;
  // "Patient/1" of the header Location.
  [[nodiscard]] std::string written() const;
  // "201 Created" of each entry of a Bundle.
  [[nodiscard]] std::vector<std::string> statuses() const;
  // "Type/id" of the first entry of that type.
  [[nodiscard]] std::string entry(std::string_view type) const;
};

// The rules of an OperationOutcome's issues, and their expressions.
std::vector<std::string> rules(Json outcome);
std::vector<std::string> expressions(Json outcome);
std::vector<std::string> rules(const fhir::Outcome& outcome);

class ScratchGateway {
 public:
  explicit ScratchGateway(std::size_t cases_on_shelf = 64);
  // With other definitions than the real ones.
  explicit ScratchGateway(const validate::Validator& validator);
  ~ScratchGateway();
  ScratchGateway(const ScratchGateway&) = delete;
  ScratchGateway& operator=(const ScratchGateway&) = delete;

  // A new process on the same folder.
  void restart();

  // Through the pipeline, until the answer.
  Reply send(const Sent& sent);
  Reply post(const std::string& target, const std::string& body,
             const std::string& partner = "demo-ehr");
  Reply put(const std::string& target, const std::string& body);
  // Does not wait.
  std::future<transport::Response> begin(const Sent& sent);
  // A read without the pipeline: pulls are listed, not committed.
  exchange::ReadAnswer read(const std::string& target,
                            const std::string& partner = "demo-ehr");

  [[nodiscard]] exchange::Interaction interaction(const Sent& sent) const;
  [[nodiscard]] exchange::WriteRequest write_request(const Sent& sent) const;
  [[nodiscard]] Incoming incoming(const Sent& sent) const;
  static const exchange::Caller& caller(const std::string& partner);

  // Current resources of the EHR, oldest change first.
  std::vector<store::StoredResource> stored(const std::string& type,
                                            const std::string& status = "");
  store::StoredMessage newest_message();
  std::size_t message_count();
  // used, reserved ... of an authorization, in visits.
  std::string balance(const std::string& authorization,
                      const std::string& account);

  [[nodiscard]] const Parts& parts() const;
  ScriptedStore& store();
  Pipeline& pipeline();
  Editions& editions();

  Instant now = *parse_instant("2026-04-30T18:00:00Z");

 private:
  struct Wiring;

  std::size_t cases_on_shelf_ = 64;
  const validate::Validator& validator_;
  store::ScratchFolder folder_;
  std::unique_ptr<Wiring> wiring_;
};

}  // namespace gateway::server
