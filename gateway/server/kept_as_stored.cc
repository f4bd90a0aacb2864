#include "server/kept_as_stored.h"

#include "base/json_writer.h"

namespace gateway::server {
namespace {

bool says(Json stored, Json sent);

bool has_item_like(Json stored, Json item) {
  for (const Json one : stored) {
    if (says(one, item)) return true;
  }
  return false;
}

// Everything that `sent` says stands in `stored`, too.
bool says(Json stored, Json sent) {
  if (!sent.is_object() && !sent.is_array()) return stored.raw() == sent.raw();
  for (const Json one : sent) {
    const bool there = sent.is_array() ? has_item_like(stored, one)
                                       : one.name() == "reference" ||
                                             says(stored.get(one.name()), one);
    if (!there) return false;
  }
  return true;
}

// Most senders say the same again: then nothing needs to be parsed.
bool stands_in(std::string_view stored, Json member) {
  const auto said =
      json_quoted(member.name()) + ":" + std::string(member.raw());
  const auto at = stored.find(said);
  if (at == std::string_view::npos) return false;
  const auto behind = stored.substr(at + said.size(), 1);
  return behind == "," || behind == "}";
}

bool is_ours(std::string_view member) {
  return member == "resourceType" || member == "id" || member == "meta";
}

}  // namespace

std::vector<std::string> not_stored(std::string_view stored, Json sent) {
  std::vector<std::string> elements;
  std::optional<JsonDocument> document;
  for (const Json member : sent) {
    if (is_ours(member.name()) || stands_in(stored, member)) continue;
    if (!document) {
      auto parsed = JsonDocument::parse(std::string(stored));
      if (!parsed) return {};
      document = *std::move(parsed);
    }
    if (!says(document->root().get(member.name()), member)) {
      elements.emplace_back(member.name());
    }
  }
  return elements;
}

std::optional<fhir::Finding> kept_as_stored(std::string_view stored, Json sent,
                                            const std::string& expression) {
  const auto elements = not_stored(stored, sent);
  if (elements.empty()) return std::nullopt;
  std::string all;
  for (const auto& element : elements) {
    all += (all.empty() ? "" : ", ") + element;
  }
  const auto type = std::string(sent.get("resourceType").text());
  return fhir::Finding{
      .rule = "v2/kept-as-stored",
      .severity = fhir::Severity::information,
      .type = fhir::IssueType::informational,
      .expression = expression + "." + elements.front(),
      .text = "This " + type + " is known and stays as it is stored; other " +
              "than that, the message says: " + all,
      .remedy = type == "Patient"
                    ? "if that counts now, send ADT^A08"
                    : "if that counts now, PUT the " + type + " over FHIR"};
}

}  // namespace gateway::server
