#include "validate/structure_shelf.h"

#include <algorithm>
#include <utility>

#include "fhir/snapshot.h"

namespace gateway::validate {
namespace {

constexpr std::string_view kCore = "http://hl7.org/fhir/StructureDefinition/";
constexpr JsonLimits kLimits{.depth = 200};
// Far beyond what any published definition has.
constexpr std::size_t kMostElements = 20'000;
constexpr std::size_t kMostBases = 100;
constexpr std::ptrdiff_t kMostSteps = 40;

bool is_deep(Json elements) {
  for (const Json element : elements) {
    const auto path = element.get("path").text();
    if (std::count(path.begin(), path.end(), '.') > kMostSteps) return true;
  }
  return false;
}

}  // namespace

Json StructureShelf::keep(std::string text) {
  auto document = parse_shared(std::move(text), KeyTable::none(), kLimits);
  if (!document.ok()) return {};
  documents_.push_back(*std::move(document));
  return documents_.back()->root();
}

void StructureShelf::report(Json definition, std::string_view member,
                            std::string text) {
  const Json place = definition.get(member);
  fhir::Finding finding;
  finding.rule = "snapshot/not-made";
  finding.severity = fhir::Severity::error;
  finding.type = fhir::IssueType::not_found;
  finding.expression = "StructureDefinition." + std::string(member);
  if (place.exists()) finding.span = place.span();
  finding.text = std::move(text);
  finding.seen = std::string(definition.get("url").text());
  finding.actor = fhir::Actor::operator_;
  outcome_.add(std::move(finding));
}

std::vector<Json> StructureShelf::all() {
  std::vector<Json> found;
  for (const Json definition : set_.all("StructureDefinition")) {
    const Json complete = with_snapshot(definition);
    if (complete.exists()) found.push_back(complete);
  }
  return found;
}

Json StructureShelf::with_snapshot(Json definition) {
  const auto url = std::string(definition.get("url").text());
  const auto known = done_.find(url);
  if (known != done_.end()) return known->second;
  const Json elements = definition.get("snapshot").get("element");
  if (elements.size() > kMostElements || is_deep(elements)) {
    report(definition, "snapshot", "the snapshot is beyond all measure");
    return done_[url] = Json();
  }
  if (elements.size() > 0) return done_[url] = definition;
  if (open_.size() >= kMostBases) {
    report(definition, "baseDefinition", "too many definitions lie below it");
    return done_[url] = Json();
  }
  if (!open_.insert(url).second) {
    report(definition, "baseDefinition", "the definition is based on itself");
    return {};
  }
  const auto made = fhir::make_snapshot(
      definition, [this](std::string_view name) { return find(name); });
  open_.erase(url);
  if (!made.ok()) {
    report(definition, "baseDefinition", made.error().message);
    return done_[url] = Json();
  }
  for (auto finding : made->outcome.findings()) {
    finding.seen += " in " + url;
    finding.actor = fhir::Actor::operator_;
    outcome_.add(std::move(finding));
  }
  return done_[url] = keep(made->text);
}

Json StructureShelf::find(std::string_view url) {
  url = url.substr(0, url.find('|'));
  if (url.empty()) return {};
  for (const auto& name :
       {std::string(url), std::string(kCore) + std::string(url)}) {
    const Json own = set_.find(name);
    if (own.get("resourceType").text() == "StructureDefinition") {
      return with_snapshot(own);
    }
    const Json base = of_base(name);
    if (base.exists()) return base;
  }
  return {};
}

Json StructureShelf::of_base(std::string_view url) {
  if (base_ == nullptr) return {};
  const auto known = done_.find(std::string(url));
  if (known != done_.end()) return known->second;
  const auto* artifact = base_->artifact(url);
  if (artifact == nullptr || artifact->kind != fhir::ArtifactKind::shape ||
      artifact->source.length == 0) {
    return {};
  }
  return done_[std::string(url)] =
             keep(std::string(base_->text(artifact->source)));
}

}  // namespace gateway::validate
