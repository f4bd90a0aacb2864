// DefinitionSet holds the definitions of packages, as they were published:
// the compiler's input.

#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace gateway::fhir {

class DefinitionSet {
 public:
  // A resource or a Bundle of them. Resources without URL, and those of types
  // that say nothing about data, are left out. `origin` names the text in
  // messages. Of two resources with one URL the later one counts.
  Status add_text(std::string text, std::string_view origin);
  Status add_file(const std::string& file);
  // A package as published (.tgz), or a folder of JSON files.
  Status add_package(const std::string& file_or_folder);

  // Absent if there is none. A version ("|1.0") is not looked at.
  [[nodiscard]] Json find(std::string_view url) const;
  // Of one resource type, in the order of their arrival.
  [[nodiscard]] std::vector<Json> all(std::string_view resource_type) const;
  // A line per text: origin and hash.
  [[nodiscard]] const std::vector<std::string>& inputs() const {
    return inputs_;
  }
  [[nodiscard]] bool empty() const { return resources_.empty(); }

 private:
  void add(Json resource);
  Status add_folder(const std::string& folder);

  std::vector<SharedDocument> documents_;
  std::vector<Json> resources_;
  std::unordered_map<std::string, std::size_t> by_url_;
  std::vector<std::string> inputs_;
};

// `resource` as compact JSON with what later compilations need: without
// narrative, descriptions, mappings and the like.
std::string essence(Json resource);

}  // namespace gateway::fhir
