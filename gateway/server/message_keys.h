// By which operators find a message in the log: the numbers that it names, of
// its patient, claim, authorization, orders, visits and slots. They are a
// function of the message alone, so that it is found whatever became of it.
// Pure.

#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "exchange/transaction.h"
#include "parse/hl7v2.h"

namespace gateway::server {

class MessageKeys {
 public:
  // Of an HL7 v2 message and the bundle that a map made of it, if one did.
  static std::vector<std::string> of(const std::string& content,
                                     const std::string& bundle,
                                     std::string_view peer);

  // The fields of HL7 v2 that hold such numbers, whether or not a map takes
  // the message: a patient's is "P-100" and, with its authority, "EHR|P-100".
  void add_message(const parse::Hl7v2Message& message);
  // What the resources are and whom they mean: identifiers, "Patient/17".
  void add_bundle(Json bundle);
  void add_request(const exchange::WriteRequest& request);
  // A patient's with its system: "http://clinic.example/mrn|P-100".
  void add_patients(const exchange::WriteRequest& request);
  // Of a message that the log brings once more: store::kReplayOf.
  void add_origin(std::string_view peer);
  void add(std::string key);
  // In the order in which they came, each once.
  [[nodiscard]] std::vector<std::string> take() && { return std::move(keys_); }

 private:
  void add_resource(Json resource);

  std::vector<std::string> keys_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace gateway::server
