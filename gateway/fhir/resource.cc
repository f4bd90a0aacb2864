#include "fhir/resource.h"

#include <algorithm>
#include <charconv>

namespace gateway::fhir {
namespace {

bool is_type(std::string_view text) {
  return !text.empty() && text[0] >= 'A' && text[0] <= 'Z' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
         });
}

// FHIR R4 id: 1 to 64 of A-Z a-z 0-9 - .
bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  (c >= '0' && c <= '9') || c == '-' || c == '.';
         });
}

std::optional<std::uint32_t> version_of(std::string_view text) {
  std::uint32_t version = 0;
  const auto [end, failed] =
      std::from_chars(text.data(), text.data() + text.size(), version);
  if (failed != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return version;
}

}  // namespace

std::optional<LiteralReference> parse_reference(std::string_view reference,
                                                std::string_view base) {
  if (!base.empty() && reference.substr(0, base.size()) == base &&
      reference.substr(base.size(), 1) == "/") {
    reference.remove_prefix(base.size() + 1);
  }
  constexpr std::string_view kHistory = "/_history/";
  LiteralReference parsed;
  const auto history = reference.find(kHistory);
  if (history != std::string_view::npos) {
    parsed.version = version_of(reference.substr(history + kHistory.size()));
    if (!parsed.version) return std::nullopt;
    reference = reference.substr(0, history);
  }
  const auto slash = reference.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto type = reference.substr(0, slash);
  const auto id = reference.substr(slash + 1);
  if (!is_type(type) || !is_id(id)) return std::nullopt;
  parsed.target = {std::string(type), std::string(id)};
  return parsed;
}

}  // namespace gateway::fhir
