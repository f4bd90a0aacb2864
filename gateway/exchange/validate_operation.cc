#include "exchange/validate_operation.h"

#include <array>
#include <utility>
#include <vector>

#include "exchange/operation_input.h"
#include "fhir/nearest.h"

namespace gateway::exchange {
namespace {

using fhir::Finding;
using fhir::IssueType;
using fhir::kNone;

constexpr std::array<std::string_view, 3> kNames = {"resource", "mode",
                                                    "profile"};

// What is to be judged, and where it begins in what was sent.
struct Subject {
  std::string text;
  std::uint32_t begin = 0;
};

class Validation {
 public:
  Validation(const Interaction& interaction,
             const std::optional<std::string>& stored,
             const validate::Intake& intake, Instant now)
      : interaction_(interaction),
        stored_(stored),
        intake_(intake),
        now_(now),
        definitions_(intake.validator().definitions()) {}

  OrRefusal<fhir::Outcome> outcome(const OperationInput& input);

 private:
  std::optional<Refusal> check_type() const;
  std::optional<Refusal> check_mode(const OperationInput& input) const;
  std::optional<Refusal> check_profile(const OperationInput& input) const;
  OrRefusal<Subject> subject(const OperationInput& input) const;
  void check_identity(Json resource, std::string_view mode,
                      fhir::Outcome& outcome) const;

  const Interaction& interaction_;
  const std::optional<std::string>& stored_;
  const validate::Intake& intake_;
  Instant now_;
  const fhir::Definitions& definitions_;
};

// Any type of FHIR may be judged, whether or not it is kept here.
std::optional<Refusal> Validation::check_type() const {
  if (interaction_.type.empty()) return std::nullopt;
  const auto shape = definitions_.type_named(interaction_.type);
  if (shape != kNone &&
      definitions_.shapes[shape].kind == fhir::TypeKind::resource) {
    return std::nullopt;
  }
  return refusal(404, {.rule = "rest/unknown-type",
                       .type = IssueType::not_supported,
                       .text = "the path names no resource type of FHIR R4"});
}

std::optional<Refusal> Validation::check_mode(
    const OperationInput& input) const {
  constexpr std::array<std::string_view, 4> kModes = {"create", "update",
                                                      "delete", "profile"};
  const auto mode = input.text("mode");
  for (const auto known : kModes) {
    if (mode.empty() || mode == known) return std::nullopt;
  }
  return bad_parameter(input, "mode", "the mode is not known",
                       "create, update, delete or profile");
}

std::optional<Refusal> Validation::check_profile(
    const OperationInput& input) const {
  const auto url = input.text("profile");
  if (url.empty()) {
    if (input.text("mode") != "profile") return std::nullopt;
    return bad_parameter(input, "profile", "the mode asks for a profile",
                         "its canonical URL");
  }
  if (definitions_.shape_of(url) != kNone) return std::nullopt;
  std::vector<std::string_view> known;
  for (std::uint32_t i = 0; i < definitions_.artifacts.size(); ++i) {
    const auto& row = definitions_.artifacts[i];
    if (row.kind == fhir::ArtifactKind::shape) {
      known.push_back(definitions_.text(row.url));
    }
  }
  const auto near = fhir::nearest(url, known);
  auto finding = bad_parameter(input, "profile", "no such profile is loaded",
                               "the canonical URL of a profile that is loaded")
                     .outcome.findings()
                     .front();
  finding.rule = "profile/not-loaded";
  finding.type = IssueType::not_found;
  finding.remedy = near.empty() ? std::string("load its package into the image")
                                : "did you mean " + std::string(near) + "?";
  return refusal(404, std::move(finding));
}

OrRefusal<Subject> Validation::subject(const OperationInput& input) const {
  const Json sent =
      input.resource.exists() ? input.resource : input.value("resource");
  if (sent.exists()) return Subject{std::string(sent.raw()), sent.span().begin};
  if (stored_) return Subject{*stored_};
  return refusal(400, {.rule = "operation/missing-parameter",
                       .type = IssueType::required,
                       .text = "there is no resource to judge",
                       .wanted = "a resource as the body, or a Parameters "
                                 "resource with the parameter resource"});
}

// What a create or update of it would stumble over beside its content.
void Validation::check_identity(Json resource, std::string_view mode,
                                fhir::Outcome& outcome) const {
  const auto type = resource.get("resourceType").text();
  if (!interaction_.type.empty() && type != interaction_.type) {
    outcome.add({.rule = "rest/bad-entry",
                 .type = IssueType::value,
                 .expression = "resourceType",
                 .span = resource.get("resourceType").span(),
                 .text = "the resource is of another type than the URL says",
                 .wanted = interaction_.type});
  }
  const auto id = resource.get("id").text();
  if (mode == "update" &&
      (id.empty() || (!interaction_.id.empty() && id != interaction_.id))) {
    outcome.add({.rule = "rest/bad-entry",
                 .type = IssueType::value,
                 .expression = std::string(type) + ".id",
                 .span = resource.span(),
                 .text = "an update needs the id of what it changes",
                 .remedy = "give the resource the id of its URL"});
  }
  if (mode == "delete") {
    outcome.add({.rule = "rest/method",
                 .type = IssueType::not_supported,
                 .expression = std::string(type),
                 .text = "nothing is deleted here",
                 .remedy = "withdraw the resource by its status, such as "
                           "entered-in-error"});
  }
}

OrRefusal<fhir::Outcome> Validation::outcome(const OperationInput& input) {
  if (auto bad = check_type()) return std::move(*bad);
  if (auto bad = check_mode(input)) return std::move(*bad);
  if (auto bad = check_profile(input)) return std::move(*bad);
  auto found = subject(input);
  if (auto* refused = std::get_if<Refusal>(&found)) return std::move(*refused);
  auto& [text, begin] = std::get<Subject>(found);
  const auto document = parse_shared(std::move(text), definitions_.keys());
  if (!document) return refusal_of(document.error());
  validate::ValidateOptions options;
  const auto profile = input.text("profile");
  if (!profile.empty()) options.profiles.emplace_back(profile);
  fhir::Outcome judged;
  check_identity((*document)->root(), input.text("mode"), judged);
  judged.merge(intake_.judge(**document, now_, options));
  judged.merge(intake_.held((*document)->root(), now_));
  fhir::Outcome placed;
  for (auto finding : judged.findings()) {
    if (finding.span) {
      finding.span->begin += begin;
      finding.span->end += begin;
    }
    placed.add(std::move(finding));
  }
  return placed;
}

}  // namespace

Response validate_answer(const Interaction& interaction, std::string body,
                         const std::optional<std::string>& stored,
                         const validate::Intake& intake, const Site& site,
                         Instant now) {
  const auto source = body;
  auto read =
      read_operation_input(interaction, std::move(body),
                           intake.validator().definitions().keys(), kNames);
  if (const auto* refused = std::get_if<Refusal>(&read)) {
    return refusal_answer(*refused, site, source);
  }
  const auto& input = std::get<OperationInput>(read);
  auto judged = Validation(interaction, stored, intake, now).outcome(input);
  if (const auto* refused = std::get_if<Refusal>(&judged)) {
    return refusal_answer(*refused, site, source);
  }
  const bool is_stored = source.empty() && stored.has_value();
  return fhir_answer(200, fhir::to_operation_outcome(
                              std::get<fhir::Outcome>(judged), site.canonical,
                              is_stored ? *stored : source));
}

}  // namespace gateway::exchange
