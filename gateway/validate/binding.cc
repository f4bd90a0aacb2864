#include "validate/binding.h"

#include <string>
#include <vector>

#include "fhir/nearest.h"

namespace gateway::validate {

using fhir::BindingStrength;
using fhir::IssueType;
using fhir::kNone;
using fhir::Membership;
using fhir::Severity;

namespace {

constexpr std::size_t kMostCandidates = 200;

// Claims and plans of care are made of these codes. At intake our own profiles
// hold what has a wrong one; of other systems senders are told, and no more.
constexpr std::string_view kDiagnoses = "http://hl7.org/fhir/sid/icd-10-cm";

}  // namespace

void Bindings::check(Json value, const fhir::ElementRow& element) {
  if (element.binding == BindingStrength::required ||
      element.binding == BindingStrength::extensible) {
    check_strength(value, element);
  }
  if (element.max_value_set == kNone) return;
  bool has_code = false;
  if (membership(value, element.max_value_set, has_code) == Membership::no &&
      has_code) {
    fhir::ElementRow strict = element;
    strict.binding = BindingStrength::required;
    strict.value_set = element.max_value_set;
    not_member(value, strict, has_code);
  }
}

bool Bindings::has_code_of(Json value, const fhir::ElementRow& element) const {
  bool has_code = false;
  return element.value_set != kNone &&
         membership(value, element.value_set, has_code) == Membership::yes;
}

void Bindings::check_strength(Json value, const fhir::ElementRow& element) {
  if (element.value_set == kNone) {
    not_checked(value, element);
    return;
  }
  bool has_code = false;
  switch (membership(value, element.value_set, has_code)) {
    case Membership::yes:
      return;
    case Membership::unknown:
      if (has_code) not_checked(value, element);
      return;
    case Membership::no:
      not_member(value, element, has_code);
  }
}

Membership Bindings::coding_membership(Json coding, std::uint32_t value_set,
                                       bool& has_code) const {
  const auto code = coding.get(definitions_.names.code);
  if (!code.is_string()) return Membership::no;
  has_code = true;
  const auto system = coding.get(definitions_.names.system);
  if (!system.is_string()) return Membership::no;
  return fhir::coding_in(definitions_, value_set, system.text(), code.text());
}

Membership Bindings::membership(Json value, std::uint32_t value_set,
                                bool& has_code) const {
  if (value.is_string()) {
    has_code = true;
    return fhir::code_in(definitions_, value_set, value.text());
  }
  if (!value.is_object()) return Membership::unknown;
  const auto codings = value.get(definitions_.names.coding);
  if (!codings.exists()) {
    const bool is_coding = value.get(definitions_.names.code).exists() ||
                           value.get(definitions_.names.system).exists();
    if (is_coding) return coding_membership(value, value_set, has_code);
    return Membership::no;
  }
  auto best = Membership::no;
  for (const Json coding : codings) {
    const auto found = coding_membership(coding, value_set, has_code);
    if (found == Membership::yes) return found;
    if (found == Membership::unknown) best = found;
  }
  return best;
}

std::string Bindings::nearest_code(Json value, std::uint32_t value_set) const {
  const Json code =
      value.is_string() ? value : value.get(definitions_.names.code);
  const auto expansion = fhir::expand(definitions_, value_set, kMostCandidates);
  std::vector<std::string_view> candidates;
  for (const auto& known : expansion.codes) candidates.push_back(known.code);
  return std::string(fhir::nearest(code.text(), candidates));
}

void Bindings::not_member(Json value, const fhir::ElementRow& element,
                          bool has_code) {
  const bool required = element.binding == BindingStrength::required;
  // A text instead of a code is what extensible bindings are for.
  if (!required && !has_code) return;
  const auto near = nearest_code(value, element.value_set);
  findings_.add(
      value,
      {.rule = required ? "binding/required" : "binding/extensible",
       .type = IssueType::code_invalid,
       .text = has_code ? "the code is not in the value set of this element"
                        : "a code of the element's value set is required",
       .seen = has_code ? "another code" : "no code",
       .wanted = std::string(definitions_.text(element.value_set_url)),
       .remedy = near.empty() ? "use a code of the value set"
                              : "did you mean " + near + "?",
       .severity = required ? Severity::error : Severity::warning,
       .source = "https://hl7.org/fhir/R4/terminologies.html#strength"});
}

void Bindings::not_checked(Json value, const fhir::ElementRow& element) {
  if (!findings_.wants(Severity::information)) return;
  findings_.add(
      value, {.rule = "binding/not-checked",
              .type = IssueType::not_supported,
              .text = "the code was not checked: its code system or "
                      "value set is not held here",
              .wanted = std::string(definitions_.text(element.value_set_url)),
              .severity = Severity::information});
}

void Bindings::check_coding(Json coding) {
  const Json code = coding.get(definitions_.names.code);
  const Json system = coding.get(definitions_.names.system);
  if (!system.is_string()) return;
  const auto row = definitions_.system_of(system.text());
  if (row == kNone) check_system(system);
  if (!code.is_string()) return;
  if (row == kNone) return check_format(code, system.text(), row);
  const auto& known = definitions_.systems[row];
  if (known.content == fhir::SystemContent::supplement) {
    findings_.add(system, {.rule = "terminology/supplement",
                           .type = IssueType::code_invalid,
                           .text = "a supplement is no code system of its own",
                           .wanted = "the code system that it adds to",
                           .severity = terminology_});
    return;
  }
  const auto found = definitions_.code_of(row, code.text());
  const bool is_complete = known.content == fhir::SystemContent::complete;
  // Of a system that is only named, value sets list codes without telling
  // whether they are right.
  if (known.content == fhir::SystemContent::absent ||
      (found == kNone && !is_complete)) {
    check_format(code, system.text(), row);
  } else if (found == kNone) {
    findings_.add(code, {.rule = "terminology/unknown-code",
                         .type = IssueType::code_invalid,
                         .text = "the code system has no such code",
                         .seen = "another code",
                         .wanted = "a code of " +
                                   std::string(definitions_.text(known.url)),
                         .remedy = "correct the code or its system",
                         .severity = terminology_});
  } else if (is_complete) {
    check_display(coding, definitions_.codes[found]);
  }
}

void Bindings::check_display(Json coding, const fhir::CodeRow& code) {
  const Json display = coding.get("display");
  const auto wanted = definitions_.text(code.display);
  if (!display.is_string() || wanted.empty() ||
      fhir::same_display(display.text(), wanted)) {
    return;
  }
  findings_.add(display, {.rule = "terminology/display",
                          .text = "the display is not that of the code",
                          .seen = "another display",
                          .wanted = std::string(wanted),
                          .remedy = "correct the display or the code",
                          .severity = terminology_});
}

// https://hl7.org/fhir/R4/datatypes.html#Coding: system is a URI that names a
// code system.
void Bindings::check_system(Json system) {
  const auto text = system.text();
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || text.find('/') < colon) {
    findings_.add(system, {.rule = "terminology/system",
                           .type = IssueType::code_invalid,
                           .text = "a code system is named by an absolute URI",
                           .seen = "no absolute URI",
                           .wanted = "the URI of the code system",
                           .remedy = "correct the system",
                           .severity = terminology_});
  } else if (definitions_.value_set_of(text) != kNone) {
    findings_.add(system, {.rule = "terminology/system",
                           .type = IssueType::code_invalid,
                           .text = "a value set is no code system",
                           .seen = "the URL of a value set",
                           .wanted = "the code system that the code is from",
                           .remedy = "correct the system",
                           .severity = terminology_});
  }
}

void Bindings::check_format(Json code, std::string_view system,
                            std::uint32_t row) {
  const auto found = fhir::code_format(system, code.text());
  if (found == Membership::yes) return;
  if (found == Membership::no) {
    findings_.add(code, {.rule = "terminology/format",
                         .type = IssueType::code_invalid,
                         .text = "this can be no code of its code system: its "
                                 "format is another",
                         .seen = "another format",
                         .wanted = "a code of " + std::string(system),
                         .remedy = "correct the code or its system",
                         .severity = system == kDiagnoses ? terminology_
                                                          : Severity::warning});
    return;
  }
  if (!findings_.wants(Severity::information)) return;
  findings_.add(
      code, {.rule = "terminology/not-checked",
             .type = IssueType::not_supported,
             .text = "the code was not checked: its code system is not "
                     "held here",
             .seen = row == kNone ? "a code of a system that no package defines"
                                  : "a code of " + std::string(system),
             .severity = Severity::information});
}

}  // namespace gateway::validate
