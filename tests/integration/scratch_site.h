// A copy of the demo's configuration, packs and maps that a test may change
// while a gateway runs on it.

#pragma once

#include <string>

namespace gateway::integration {

class ScratchSite {
 public:
  ScratchSite();
  ~ScratchSite();
  ScratchSite(const ScratchSite&) = delete;
  ScratchSite& operator=(const ScratchSite&) = delete;

  // "config/gateway.yaml" as a path.
  [[nodiscard]] std::string path(const std::string& name) const;
  [[nodiscard]] std::string text(const std::string& name) const;
  // As a whole: nobody ever reads half of it.
  void write(const std::string& name, const std::string& text) const;
  // Replaces the first `from`; fails the test if there is none.
  void change(const std::string& name, const std::string& from,
              const std::string& to) const;

 private:
  std::string folder_;
};

}  // namespace gateway::integration
