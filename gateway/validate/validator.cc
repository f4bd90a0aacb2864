#include "validate/validator.h"

#include <utility>

#include "validate/checker.h"
#include "validate/structure.h"

namespace gateway::validate {
namespace {

using fhir::kNone;

// Judges what the structural walk meets.
class Judge final : public Visitor {
 public:
  Judge(Shared& shared, Findings& findings, const Rules::Table& rules)
      : definitions_(shared.definitions),
        findings_(findings),
        checker_(shared, findings),
        rules_(shared.definitions, findings, checker_.references(),
               shared.options, rules),
        extension_(shared.definitions.type_named("Extension")),
        reference_(shared.definitions.type_named("Reference")) {}

  void value(Json node, const fhir::ElementRow& element,
             const fhir::TypeRow& type, const Scope& scope) override {
    if (element.binding != fhir::BindingStrength::none) {
      checker_.bindings().check(node, element);
    }
    const Item item{node, type.shape};
    const auto& shape = definitions_.shapes[type.shape];
    rules_.value(node, type.shape, scope);
    if (shape.constraints.count > 0) {
      checker_.constraints(shape.constraints, item, scope);
    }
    if (element.constraints.count > 0) {
      checker_.constraints(element.constraints, item, scope);
    }
    if (type.shape == extension_) {
      checker_.extension(item, (element.flags & fhir::kModifier) != 0, scope);
    } else if (type.shape == reference_) {
      checker_.references().check(node, element, type, scope,
                                  rules_.checks_targets());
    }
    if (rules_.is_coded(type.shape)) checker_.bindings().check_coding(node);
    if (rules_.is_bound(type.shape)) {
      checker_.bindings().check(node, definitions_.elements[shape.root]);
    }
    for (const auto& target : definitions_.targets.of(type.profiles)) {
      if (target.shape != kNone) checker_.profile(item, target.shape, scope);
    }
  }

  void element_id() override { ++element_ids_; }

  void no_value(Json sibling, const fhir::ElementRow& element) override {
    if (element.binding != fhir::BindingStrength::required ||
        rules_.rigor() != Rigor::reference) {
      return;
    }
    findings_.add(sibling, {.rule = "binding/required",
                            .type = fhir::IssueType::code_invalid,
                            .text = "a code of the element's value set is "
                                    "required",
                            .seen = "no code"});
  }

  void resource(Json node, std::uint32_t shape, const Scope& scope) override {
    checker_.references().check_contained(node, shape, scope);
    rules_.resource(node, shape, scope, element_ids_ > 1);
    checker_.constraints(definitions_.shapes[shape].constraints, {node, shape},
                         scope);
    const Json claimed =
        node.get(definitions_.names.meta).get(definitions_.names.profile);
    for (const Json url : claimed) claim({node, shape}, url, scope);
  }

  // A profile that the caller names.
  void named(Json node, const std::string& url) {
    Scope scope;
    scope.resource = node;
    scope.root = node;
    claim({node, checker_.type_of(node)}, url, node, scope);
  }

 private:
  void claim(const Item& item, Json url, const Scope& scope) {
    if (url.is_string()) claim(item, url.text(), url, scope);
  }

  void claim(const Item& item, std::string_view url, Json place,
             const Scope& scope) {
    const auto profile = definitions_.shape_of(url);
    if (profile != kNone) {
      other_version(definitions_.shapes[profile], url, place);
      checker_.profile(item, profile, scope);
      return;
    }
    findings_.add(place, {.rule = "profile/not-loaded",
                          .type = fhir::IssueType::not_found,
                          .text = "the resource was not held against a profile "
                                  "that it claims: the profile is not loaded",
                          .seen = "a profile that is not loaded",
                          .severity = fhir::Severity::information});
  }

  void other_version(const fhir::ShapeRow& profile, std::string_view url,
                     Json place) {
    const auto bar = url.find('|');
    if (bar == std::string_view::npos) return;
    const auto held = definitions_.text(profile.version);
    if (held.empty() || held == url.substr(bar + 1)) return;
    findings_.add(place,
                  {.rule = "profile/other-version",
                   .type = fhir::IssueType::not_found,
                   .text = "the resource was held against another version of "
                           "the profile than it claims: the one that is loaded",
                   .seen = "a version that is not loaded",
                   .wanted = "version " + std::string(held),
                   .severity = fhir::Severity::information});
  }

  const fhir::Definitions& definitions_;
  Findings& findings_;
  Checker checker_;
  Rules rules_;
  std::size_t element_ids_ = 0;
  std::uint32_t extension_;
  std::uint32_t reference_;
};

}  // namespace

Validator::Validator(fhir::SharedDefinitions definitions)
    : definitions_(std::move(definitions)),
      programs_(std::make_unique<Programs>(*definitions_)),
      rules_(*definitions_) {}

fhir::Outcome Validator::validate(const JsonDocument& document,
                                  const ValidateOptions& options) const {
  Findings findings(*definitions_);
  Shared shared{*definitions_, *programs_, options.rules};
  Judge judge(shared, findings, rules_);
  shared.is_valid = [this, &shared](Json resource, const Scope& scope) {
    Findings counted(*definitions_, Findings::Detail::count);
    Judge inner(shared, counted, rules_);
    Structure(*definitions_, counted, inner).resource(resource, kNone, scope);
    return counted.errors() == 0;
  };
  Structure structure(*definitions_, findings, judge,
                      options.rules.checks_contained
                          ? Structure::Contained::checked
                          : Structure::Contained::ignored);
  structure.resource(document.root(), kNone, {});
  for (const auto& url : options.profiles) judge.named(document.root(), url);
  return findings.take();
}

fhir::Outcome Validator::against(Json resource,
                                 std::string_view profile) const {
  if (definitions_->shape_of(profile) == kNone) return {};
  Findings findings(*definitions_);
  const RuleOptions options;
  Shared shared{*definitions_, *programs_, options};
  Judge judge(shared, findings, rules_);
  judge.named(resource, std::string(profile));
  return findings.take();
}

}  // namespace gateway::validate
