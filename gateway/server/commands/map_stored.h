// What messages have stored, without a store: as the gateway finds, keeps and
// updates it, in parts that are billed apart, since nothing of one patient
// changes what is billed of another.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/json.h"
#include "map/map_engine.h"

namespace gateway::server {

class StoredParts {
 public:
  // What is known by any of its identifiers is found or updated by what a
  // message says.
  void take(Json transaction, const std::vector<map::Update>& updates);

  // Of the parts that were changed since the last time: which are now in
  // another one, and what is in each, as a Bundle.
  struct Changed {
    std::vector<std::size_t> gone;
    std::map<std::size_t, std::string> bundles;
  };
  Changed take_changed();

 private:
  using Urls = std::map<std::string, std::string>;  // of the message: ours

  struct Resource {
    std::string url;
    bool is_shared = false;  // by all patients, as who treats them
    std::string body{};
    std::vector<std::size_t> referred{};
    std::size_t part = 0;                // one that it is in; see part_of()
    std::vector<std::size_t> members{};  // of the part that is named for it
  };
  struct Slot {
    std::size_t number;
    bool is_known;
  };

  Slot slot_of(Json entry);
  // Returns those that waited for it.
  std::vector<std::size_t> note_identifiers(Json resource, std::size_t number);
  void settle(std::size_t number, const Urls& urls);
  void join(std::size_t one, std::size_t other);
  [[nodiscard]] std::size_t part_of(std::size_t number) const;
  [[nodiscard]] std::string bundle_of(std::size_t part) const;
  [[nodiscard]] std::string rewritten(const std::string& body,
                                      const Urls& urls) const;

  std::vector<Resource> all_;
  std::unordered_map<std::string, std::size_t> by_key_;  // "Type?identifier="
  std::unordered_map<std::string, std::size_t> by_url_;
  // By key: who refers to what has not come.
  std::unordered_map<std::string, std::vector<std::size_t>> waiting_;
  std::set<std::size_t> touched_;  // since the last time
  std::vector<std::size_t> gone_;
};

}  // namespace gateway::server
