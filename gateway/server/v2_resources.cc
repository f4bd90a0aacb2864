#include "server/v2_resources.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/date.h"
#include "base/json_edit.h"
#include "base/json_writer.h"
#include "map/bundle_request.h"

namespace gateway::server {
namespace {

// What the gateway holds where a period of theirs ends before it begins.
constexpr std::array<std::string_view, 4> kHeld = {
    "Procedure", "ServiceRequest", "ClaimResponse", "Coverage"};

bool is_backwards(Json period) {
  const auto start = DateTime::parse(period.get("start").text());
  const auto end = DateTime::parse(period.get("end").text());
  if (!start || !end) return false;
  const auto from = start->instant();
  const auto until = end->instant();
  const bool instants = start->has_time() && end->has_time() && from && until;
  return instants ? *until < *from : end->date() < start->date();
}

// The end goes where it is no end, so that the period is a valid one.
std::string without_end(Json period, const std::string& base) {
  JsonWriter writer;
  writer.begin_object();
  for (const Json member : period) {
    if (member.name() == "end" || member.name() == "_end") continue;
    writer.key(member.name()).raw(member.raw());
  }
  writer.key("_end").begin_object().key("extension").begin_array();
  writer.begin_object()
      .member("url", base + "/StructureDefinition/end-as-sent")
      .member("valueDateTime", period.get("end").text())
      .end_object();
  writer.end_array().end_object().end_object();
  return writer.take();
}

class Preparation {
 public:
  Preparation(const V2Places& places, const std::string& base)
      : places_(places), base_(base) {}

  void name_source(Json resource, const std::string& source);
  void correct_periods(Json resource);
  void miss_number(Json resource);
  Prepared take() {
    return {edited(places_.output().bundle, std::move(edits_)),
            std::move(told_)};
  }

 private:
  void walk(Json node, bool held);
  void tell(Json node, std::string text);

  const V2Places& places_;
  const std::string& base_;
  std::vector<TextEdit> edits_;
  fhir::Outcome told_;
};

void Preparation::name_source(Json resource, const std::string& source) {
  const Json meta = resource.get("meta");
  if (meta.is_object() && meta.size() > 0) {
    edits_.push_back(set_member(meta, "source", json_quoted(source)));
  } else if (resource.exists()) {
    edits_.push_back(set_member(resource, "meta",
                                "{\"source\":" + json_quoted(source) + "}"));
  }
}

void Preparation::correct_periods(Json resource) {
  const auto type = resource.get("resourceType").text();
  const bool held = std::find(kHeld.begin(), kHeld.end(), type) != kHeld.end();
  for (const Json member : resource) walk(member, held);
  if (type == "Appointment" && is_backwards(resource)) {
    tell(resource.get("start"), "the slot ends before it begins");
  }
}

// A number that the map made of what the order says is none of its sender.
void Preparation::miss_number(Json resource) {
  if (resource.get("resourceType").text() != "ServiceRequest") return;
  for (const Json one : resource.get("identifier")) {
    const bool own = one.get("use").text() != "temp";
    if (own && one.get("value").exists()) return;
  }
  told_.add({.rule = "v2/no-number",
             .severity = fhir::Severity::warning,
             .type = fhir::IssueType::required,
             .expression = fhir::fhirpath_of(resource),
             .text = "The order has no number, so that no message can change "
                     "or cancel it",
             .wanted = "a number of the placer or the filler (ORC-2, ORC-3, "
                       "OBR-2, OBR-3 or RF1-6)",
             .remedy = "send orders with a number of their own"});
}

void Preparation::tell(Json node, std::string text) {
  told_.add({.rule = "time/negative",
             .severity = fhir::Severity::warning,
             .type = fhir::IssueType::value,
             .expression = fhir::fhirpath_of(node),
             .text = std::move(text),
             .wanted = "an end that is not before the start",
             .remedy = "send the message again with the right times"});
}

void Preparation::walk(Json node, bool held) {
  for (const Json child : node) walk(child, held);
  if (!node.is_object() || !node.get("end").is_string()) return;
  if (!is_backwards(node)) return;
  edits_.push_back({node.span(), without_end(node, base_)});
  if (held) return;
  tell(node,
       "the period ends before it begins: its end is kept as it was sent, and "
       "counts as none");
}

// 1 for "PID-3[2]".
std::uint32_t repetition_of(std::string_view place) {
  std::uint32_t index = 1;
  const auto bracket = std::min(place.find('['), place.size() - 1);
  std::from_chars(place.data() + bracket + 1, place.data() + place.size(),
                  index);
  return index - 1;
}

}  // namespace

Prepared prepared(const V2Places& places, const std::string& base,
                  const std::string& source) {
  Preparation preparation(places, base);
  for (const Json entry : places.bundle().get("entry")) {
    const Json resource = entry.get("resource");
    preparation.name_source(resource, source);
    preparation.correct_periods(resource);
    preparation.miss_number(resource);
  }
  return preparation.take();
}

std::vector<PatientNumber> patient_numbers(const V2Places& places) {
  std::vector<PatientNumber> numbers;
  for (const Json entry : places.bundle().get("entry")) {
    const Json resource = entry.get("resource");
    if (resource.get("resourceType").text() != "Patient") continue;
    const Json identifiers = resource.get("identifier");
    if (identifiers.size() < 2) continue;
    for (const Json identifier : identifiers) {
      const Json value = identifier.get("value");
      auto place = places.of(fhir::fhirpath_of(value));
      if (!place.starts_with("PID-3")) continue;
      place.resize(std::min(place.find('.'), place.size()));
      numbers.push_back({std::string(identifier.get("system").text()),
                         std::string(value.text()), place,
                         repetition_of(place)});
    }
  }
  if (numbers.size() < 2) numbers.clear();
  return numbers;
}

}  // namespace gateway::server
