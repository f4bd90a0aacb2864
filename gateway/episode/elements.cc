#include "episode/elements.h"

#include "fhir/outcome.h"

namespace gateway::episode {
namespace {

constexpr std::string_view kHistory = "/_history/";

std::string system_path(std::string_view base, std::string_view name) {
  return std::string(base) + "/CodeSystem/" + std::string(name);
}

void collect(Json node, std::string_view base, std::vector<ReferenceUse>& out) {
  for (const Json child : node) {
    if (child.name() == "contained") continue;
    if (child.is_object() || child.is_array()) {
      collect(child, base, out);
    } else if (child.name() == "reference" && child.is_string()) {
      auto target = key_of(child.text(), base);
      if (!is_local(target)) continue;
      out.push_back({std::move(target), fhir::fhirpath_of(node)});
    }
  }
}

}  // namespace

std::string_view code_in(Json concept_, std::string_view system) {
  for (const Json coding : concept_.get("coding")) {
    if (coding.get("system").text() == system) return coding.get("code").text();
  }
  return {};
}

bool has_code(Json concept_, std::string_view system, std::string_view code) {
  for (const Json coding : concept_.get("coding")) {
    if (coding.get("system").text() == system &&
        coding.get("code").text() == code) {
      return true;
    }
  }
  return false;
}

bool any_has_code(Json concepts, std::string_view system,
                  std::string_view code) {
  for (const Json one : concepts) {
    if (has_code(one, system, code)) return true;
  }
  return false;
}

Program program_in(Json concept_, std::string_view base) {
  return program_of(code_in(concept_, system_path(base, "program")));
}

Json extension(Json element, std::string_view url) {
  for (const Json one : element.get("extension")) {
    if (one.get("url").text() == url) return one;
  }
  return {};
}

Json end_as_sent(Json period, std::string_view base) {
  const Json end = period.get("_end");
  if (!end.exists()) return {};
  return extension(end, std::string(base) + "/StructureDefinition/end-as-sent")
      .get("valueDateTime");
}

std::string key_of(std::string_view reference, std::string_view base) {
  if (reference.empty() || reference.front() == '#') return {};
  if (!base.empty() && reference.size() > base.size() + 1 &&
      reference.starts_with(base) && reference[base.size()] == '/') {
    reference.remove_prefix(base.size() + 1);
  }
  const auto history = reference.rfind(kHistory);
  if (history != std::string_view::npos)
    reference = reference.substr(0, history);
  return std::string(reference);
}

std::string reference_in(Json element, std::string_view base) {
  return key_of(element.get("reference").text(), base);
}

bool is_local(std::string_view key) {
  const auto slash = key.find('/');
  return slash != std::string_view::npos && slash > 0 &&
         key.find('/', slash + 1) == std::string_view::npos &&
         key.find(':') == std::string_view::npos &&
         key.find('?') == std::string_view::npos;
}

std::string_view identifier_in(Json identifiers, std::string_view system) {
  for (const Json one : identifiers) {
    if (one.get("system").text() == system) return one.get("value").text();
  }
  return {};
}

std::string business_key(Json identifiers) {
  if (identifiers.is_object()) {
    return std::string(identifiers.get("system").text()) + "|" +
           std::string(identifiers.get("value").text());
  }
  for (const Json one : identifiers) {
    if (one.get("value").exists()) return business_key(one);
  }
  return {};
}

std::optional<LocalDate> date_in(Json element, const Zone* zone) {
  const auto parsed = DateTime::parse(element.text());
  if (!parsed || parsed->precision < DatePrecision::day) return std::nullopt;
  if (zone != nullptr && parsed->has_time() && parsed->offset_minutes) {
    const auto instant = parsed->instant();
    if (instant) return zone->date(*instant);
  }
  return parsed->date();
}

std::optional<Instant> instant_in(Json element) {
  const auto parsed = DateTime::parse(element.text());
  if (!parsed || !parsed->has_time()) return std::nullopt;
  return parsed->instant();
}

std::optional<Decimal> decimal_in(Json element) {
  if (element.kind() != JsonKind::number) return std::nullopt;
  return Decimal::parse(element.text());
}

std::vector<ReferenceUse> references_in(Json root, std::string_view base) {
  std::vector<ReferenceUse> uses;
  collect(root, base, uses);
  return uses;
}

}  // namespace gateway::episode
