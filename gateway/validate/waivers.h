// Waivers are findings that a site has decided to live with for a while: a
// rule, a path, a reason and the last day. A waiver never hides anything: the
// finding stays, as information that names the waiver. One that is past its
// day does nothing, and is reported like one that nothing needs.

#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "fhir/outcome.h"

namespace gateway::validate {

struct Waiver {
  std::string rule;    // "terminology/display"
  std::string path;    // FHIRPath; without "[n]" it is for every item
  std::string reason;  // why the site lives with it
  LocalDate expires;   // the last day on which it counts
  std::string place;   // file:line:column
};

class Waivers {
 public:
  Waivers() = default;
  // YAML: {version: 1, waivers: [{rule, path, reason, expires}]}. Errors begin
  // with file:line:column.
  static Result<Waivers> parse(std::string_view text, const std::string& file);
  static Result<Waivers> read(const std::string& file);

  // What is waived becomes information; callable from any thread.
  [[nodiscard]] fhir::Outcome applied(fhir::Outcome outcome,
                                      LocalDate today) const;

  [[nodiscard]] std::size_t size() const { return all_.size(); }
  [[nodiscard]] std::size_t uses(std::size_t index) const {
    return all_[index].uses;
  }
  [[nodiscard]] const Waiver& operator[](std::size_t index) const {
    return all_[index].waiver;
  }
  [[nodiscard]] std::vector<const Waiver*> expired(LocalDate today) const;
  // In force, but nothing was waived by it so far.
  [[nodiscard]] std::vector<const Waiver*> unused(LocalDate today) const;

 private:
  struct Counted {
    Waiver waiver;
    mutable std::atomic<std::size_t> uses{0};
    explicit Counted(Waiver w) : waiver(std::move(w)) {}
  };
  // Nodes that stay where they are, since atomics do not move.
  std::deque<Counted> all_;
};

// "Patient.name[0].family" is "Patient.name.family" for every item.
std::string without_positions(std::string_view path);

// One line each for what is expired or unused: what a person is told.
std::vector<std::string> waiver_report(const Waivers& waivers, LocalDate today);

}  // namespace gateway::validate
