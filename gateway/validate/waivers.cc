#include "validate/waivers.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/file.h"
#include "base/yaml.h"

namespace gateway::validate {
namespace {

using fhir::Finding;
using fhir::Severity;

Error wrong(const Yaml& node, const Yaml& parent, const std::string& what) {
  const auto& place = node.exists() ? node : parent;
  return {ErrorCode::invalid, place.place() + ": " + what};
}

constexpr std::array<std::string_view, 4> kMembers = {"rule", "path", "reason",
                                                      "expires"};

// Times decide what is billed: a wrong one is never lived with.
bool is_never_waived(std::string_view rule) {
  return rule.starts_with("time/") || rule.starts_with("json/");
}

Result<Waiver> read_waiver(const Yaml& entry) {
  for (const auto& [name, value] : entry.members()) {
    if (std::find(kMembers.begin(), kMembers.end(), name.scalar()) ==
        kMembers.end()) {
      return wrong(name, entry,
                   "a waiver has rule, path, reason and expires only");
    }
  }
  for (const auto name : kMembers) {
    if (entry.get(name).scalar().empty()) {
      return wrong(entry.get(name), entry,
                   "a waiver needs its " + std::string(name));
    }
  }
  const auto rule = entry.get("rule");
  if (is_never_waived(rule.scalar())) {
    return wrong(rule, entry, "this rule cannot be waived: bills rest on it");
  }
  const auto path = entry.get("path");
  if (path.scalar().find('*') != std::string::npos) {
    return wrong(path, entry, "a waiver is for one path, without wildcards");
  }
  const auto expires = LocalDate::parse(entry.get("expires").scalar());
  if (!expires) {
    return wrong(entry.get("expires"), entry,
                 "a waiver expires on a day such as 2027-01-31");
  }
  return Waiver{.rule = rule.scalar(),
                .path = path.scalar(),
                .reason = entry.get("reason").scalar(),
                .expires = *expires,
                .place = entry.place()};
}

bool matches(const Waiver& waiver, const Finding& finding) {
  if (waiver.rule != finding.rule) return false;
  const bool one_item = waiver.path.find('[') != std::string::npos;
  return waiver.path == (one_item ? finding.expression
                                  : without_positions(finding.expression));
}

Finding waived(Finding finding, const Waiver& waiver) {
  finding.text = "waived until " + waiver.expires.text() + " by " +
                 waiver.place + " (" + waiver.reason + "), else this " +
                 std::string(code(finding.severity)) + ": " + finding.text;
  finding.severity = Severity::information;
  return finding;
}

}  // namespace

Result<Waivers> Waivers::parse(std::string_view text, const std::string& file) {
  const auto root = Yaml::parse(text, file);
  if (!root) return root.error();
  if (root->get("version").scalar() != "1") {
    return wrong(root->get("version"), *root,
                 "the version of the format must be 1");
  }
  Waivers made;
  const auto list = root->get("waivers");
  if (list.kind() != Yaml::Kind::sequence) {
    return wrong(list, *root, "a list of waivers is wanted");
  }
  for (const auto& [name, value] : root->members()) {
    if (name.scalar() != "version" && name.scalar() != "waivers") {
      return wrong(name, *root, "'" + name.scalar() + "' is not known here");
    }
  }
  for (const auto& entry : list.items()) {
    auto waiver = read_waiver(entry);
    if (!waiver) return waiver.error();
    made.all_.emplace_back(*std::move(waiver));
  }
  return made;
}

Result<Waivers> Waivers::read(const std::string& file) {
  auto text = read_file(file);
  if (!text) {
    return Error{text.error().code,
                 file + ":1:1" + text.error().message.substr(file.size())};
  }
  return parse(*std::move(text), file);
}

fhir::Outcome Waivers::applied(fhir::Outcome outcome, LocalDate today) const {
  if (all_.empty()) return outcome;
  fhir::Outcome made;
  for (auto finding : outcome.findings()) {
    const auto found =
        std::find_if(all_.begin(), all_.end(), [&](const Counted& counted) {
          return finding.severity < Severity::information &&
                 today <= counted.waiver.expires &&
                 matches(counted.waiver, finding);
        });
    if (found == all_.end()) {
      made.add(std::move(finding));
      continue;
    }
    found->uses.fetch_add(1, std::memory_order_relaxed);
    made.add(waived(std::move(finding), found->waiver));
  }
  return made;
}

std::vector<const Waiver*> Waivers::expired(LocalDate today) const {
  std::vector<const Waiver*> found;
  for (const auto& counted : all_) {
    if (counted.waiver.expires < today) found.push_back(&counted.waiver);
  }
  return found;
}

std::vector<const Waiver*> Waivers::unused(LocalDate today) const {
  std::vector<const Waiver*> found;
  for (const auto& counted : all_) {
    if (counted.waiver.expires < today || counted.uses > 0) continue;
    found.push_back(&counted.waiver);
  }
  return found;
}

std::string without_positions(std::string_view path) {
  std::string made;
  bool in_brackets = false;
  for (const char c : path) {
    in_brackets |= c == '[';
    if (!in_brackets) made += c;
    if (c == ']') in_brackets = false;
  }
  return made;
}

std::vector<std::string> waiver_report(const Waivers& waivers,
                                       LocalDate today) {
  std::vector<std::string> lines;
  for (const auto* waiver : waivers.expired(today)) {
    lines.push_back(waiver->place + ": the waiver of " + waiver->rule + " at " +
                    waiver->path + " expired on " + waiver->expires.text() +
                    "; correct the cause, or decide anew");
  }
  for (const auto* waiver : waivers.unused(today)) {
    lines.push_back(waiver->place + ": nothing needed the waiver of " +
                    waiver->rule + " at " + waiver->path +
                    "; take it out if nothing will");
  }
  return lines;
}

}  // namespace gateway::validate
