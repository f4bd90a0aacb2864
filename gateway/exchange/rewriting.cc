#include "exchange/rewriting.h"

#include <algorithm>
#include <array>

#include "base/json_writer.h"

namespace gateway::exchange {
namespace {

constexpr std::array<std::string_view, 6> kUriElements = {
    "url", "uri", "valueUri", "valueUrl", "valueOid", "valueUuid"};

struct Keys {
  explicit Keys(const JsonDocument& document)
      : reference(document.key_of("reference")), div(document.key_of("div")) {
    std::transform(kUriElements.begin(), kUriElements.end(), uris.begin(),
                   [&](auto name) { return document.key_of(name); });
  }
  KeyId reference;
  KeyId div;
  std::array<KeyId, kUriElements.size()> uris{};
};

// href="..." and src="..." in XHTML that lies in a JSON string as `raw`: the
// quotes are escaped there, or single.
void add_links(Json div, std::vector<Mention>& found) {
  const auto raw = div.raw();
  for (const std::string_view attribute : {"href=", "src="}) {
    for (auto at = raw.find(attribute); at != std::string_view::npos;
         at = raw.find(attribute, at + 1)) {
      const auto open = at + attribute.size();
      const std::string_view quote =
          raw.substr(open, 2) == "\\\"" ? "\\\"" : "'";
      if (raw.substr(open, quote.size()) != quote) continue;
      const auto begin = open + quote.size();
      const auto end = raw.find(quote, begin);
      if (end == std::string_view::npos) continue;
      const auto base = div.span().begin;
      found.push_back({Mention::Kind::narrative,
                       std::string(raw.substr(begin, end - begin)),
                       {static_cast<std::uint32_t>(base + begin),
                        static_cast<std::uint32_t>(base + end)},
                       div});
    }
  }
}

void add_mentions(Json node, const Keys& keys, std::vector<Mention>& found) {
  for (const Json child : node) {
    if (!child.is_string()) {
      add_mentions(child, keys, found);
      continue;
    }
    const auto key = child.key();
    if (key == kNoKey) continue;
    if (key == keys.reference) {
      found.push_back({Mention::Kind::reference, std::string(child.text()),
                       child.span(), child});
    } else if (key == keys.div) {
      add_links(child, found);
    } else if (std::find(keys.uris.begin(), keys.uris.end(), key) !=
               keys.uris.end()) {
      found.push_back(
          {Mention::Kind::uri, std::string(child.text()), child.span(), child});
    }
  }
}

}  // namespace

std::vector<Mention> mentions(Json resource) {
  std::vector<Mention> found;
  if (!resource.exists()) return found;
  add_mentions(resource, Keys(*resource.document()), found);
  return found;
}

TextEdit renamed(const Mention& mention, std::string_view target) {
  return {mention.span, mention.kind == Mention::Kind::narrative
                            ? std::string(target)
                            : json_quoted(target)};
}

bool is_conditional(std::string_view reference) {
  const auto query = reference.find('?');
  if (query == 0 || query == std::string_view::npos) return false;
  return std::all_of(
      reference.begin(), reference.begin() + static_cast<std::ptrdiff_t>(query),
      [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

}  // namespace gateway::exchange
