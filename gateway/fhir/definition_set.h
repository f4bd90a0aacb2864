// DefinitionSet holds the definitions of packages, as they were published:
// the compiler's input.

#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "fhir/outcome.h"

namespace gateway::fhir {

class DefinitionSet {
 public:
  // A resource or a Bundle of them. Resources of types that say nothing about
  // data are left out, and so are definitions without a URL, since nothing can
  // name them: outcome() tells of these. `origin` names the text in messages.
  // Of two resources with one URL the later one counts.
  Status add_text(std::string text, std::string_view origin);
  Status add_file(const std::string& file);
  // A package as published (.tgz), or unpacked: the folder of its JSON files,
  // or the one above it, which holds them as "package". A resource by itself,
  // and a Bundle, count as packages too. One without any definition is refused
  // as invalid; it is never taken for an empty one.
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
  // What was left out, and why.
  [[nodiscard]] const Outcome& outcome() const { return outcome_; }

 private:
  void add(Json resource, std::string_view origin);
  Status add_parts(const std::string& file_or_folder);
  Status add_folder(const std::string& folder);

  std::vector<SharedDocument> documents_;
  std::vector<Json> resources_;
  std::unordered_map<std::string, std::size_t> by_url_;
  std::vector<std::string> inputs_;
  std::size_t definitions_ = 0;  // that were added, the replaced ones included
  Outcome outcome_;
};

// `resource` as compact JSON with what later compilations need: without
// narrative, descriptions, mappings and the like.
std::string essence(Json resource);

}  // namespace gateway::fhir
