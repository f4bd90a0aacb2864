// What FHIR's words ask of attachments, identifiers, URLs, texts and links.

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_set>

#include "fhir/primitive.h"
#include "validate/rules.h"

namespace gateway::validate {
namespace {

bool is_absolute(std::string_view uri) {
  const auto colon = uri.find(':');
  return colon != std::string_view::npos &&
         uri.substr(0, colon).find('/') == std::string_view::npos;
}

std::size_t decoded_size(std::string_view base64) {
  std::size_t characters = 0;
  for (const char c : base64) {
    if (c != '=' && c != ' ' && c != '\n' && c != '\r' && c != '\t') {
      ++characters;
    }
  }
  return characters * 3 / 4;
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

// "urn:uuid:" needs a UUID in lower case, "urn:oid:" an OID.
std::string_view urn_defect(std::string_view uri) {
  const bool is_uuid = uri.starts_with("urn:uuid:");
  const auto type = is_uuid ? fhir::Primitive::uuid : fhir::Primitive::oid;
  if (!is_uuid && !uri.starts_with("urn:oid:")) return {};
  uri = uri.substr(0, uri.find('#'));
  if (fhir::format_defect(type, uri) != fhir::FormatDefect::none) {
    return is_uuid ? "the UUID is malformed" : "the OID is malformed";
  }
  return is_uuid && std::any_of(uri.begin(), uri.end(), is_upper)
             ? "a UUID must be in lower case"
             : std::string_view();
}

constexpr std::array<std::string_view, 6> kSchemes = {"http", "https", "mailto",
                                                      "tel",  "ftp",   "data"};

// Follows the links of a narrative; the text is well-formed XML, or another
// rule says so.
template <typename Visit>
void each_attribute(std::string_view xhtml, std::string_view name,
                    const Visit& visit) {
  // Equals signs are rare in texts, names of attributes are not.
  for (auto at = xhtml.find('='); at != std::string_view::npos;
       at = xhtml.find('=', at + 1)) {
    const auto before = xhtml.substr(0, at);
    if (!before.ends_with(name) || before.size() <= name.size() ||
        before[before.size() - name.size() - 1] != ' ') {
      continue;
    }
    const auto begin = at + 2;
    if (begin >= xhtml.size()) return;
    const auto end = xhtml.find(xhtml[begin - 1], begin);
    if (end == std::string_view::npos) return;
    visit(xhtml.substr(begin, end - begin));
  }
}

}  // namespace

void Rules::attachment(Json node, const Scope&) {
  const Json size = node.get("size");
  const Json data = node.get("data");
  if (!size.exists() || !data.is_string()) return;
  std::size_t stated = 0;
  const auto text = size.text();
  std::from_chars(text.data(), text.data() + text.size(), stated);
  if (stated == decoded_size(data.text())) return;
  wrong(node, "attachment/size", "the stated size is not that of the data",
        std::to_string(decoded_size(data.text())));
}

void Rules::identifier(Json node, const Scope&) {
  const Json value = node.get("value");
  if (node.get("system").text() != "urn:ietf:rfc:3986" || !value.is_string() ||
      is_absolute(value.text())) {
    return;
  }
  wrong(node, "identifier/uri",
        "the system says that the value is a URI, and it is none",
        "a URI with its scheme, as urn:oid:1.2.3");
}

void Rules::canonical(Json node, const Scope&) {
  if (node.text().starts_with('#') || is_absolute(node.text())) return;
  lax(node, "canonical/absolute",
      "a canonical URL must be absolute, or begin with #", "an absolute URL");
}

void Rules::uri(Json node, const Scope&) {
  const auto defect = urn_defect(node.text());
  if (!defect.empty()) wrong(node, "uri/urn", std::string(defect));
  if (!options_.example_urls_allowed &&
      (node.text().find("example.org/") != std::string_view::npos ||
       node.text().find("acme.com/") != std::string_view::npos)) {
    wrong(node, "uri/example", "URLs of examples are not allowed here");
  }
}

void Rules::text(Json node, const Scope&) {
  const auto text = node.text();
  for (auto at = text.find('<'); at != std::string_view::npos;
       at = text.find('<', at + 1)) {
    const char next = at + 1 < text.size() ? text[at + 1] : ' ';
    if ((next >= 'a' && next <= 'z') || is_upper(next) || next == '!' ||
        next == '/') {
      wrong(node, "security/markup", "the text holds what looks like markup",
            "plain text");
      return;
    }
  }
}

void Rules::narrative_links(Json resource) {
  const Json div = resource.get(definitions_.names.text).get("div");
  if (!div.is_string()) return;
  each_attribute(div.text(), "href", [&](std::string_view link) {
    const auto colon = link.find(':');
    if (link.starts_with('#') && link.size() > 1) {
      bool found = false;
      for (const auto* name : {"id", "name"}) {
        each_attribute(div.text(), name, [&](std::string_view id) {
          found |= id == link.substr(1);
        });
      }
      for (const Json item : resource.get(definitions_.names.contained)) {
        found |= item.get(definitions_.names.id).text() == link.substr(1);
      }
      if (!found && options_.rigor == Rigor::reference) {
        wrong(div, "narrative/link", "a link leads to nothing in the narrative",
              "the id of an element of the narrative");
      }
    } else if (colon != std::string_view::npos &&
               link.substr(0, colon).find('/') == std::string_view::npos &&
               std::find(kSchemes.begin(), kSchemes.end(),
                         link.substr(0, colon)) == kSchemes.end()) {
      wrong(div, "narrative/scheme",
            "a link has a scheme that no reader can "
            "follow",
            "http, https, mailto, tel or ftp");
    }
  });
}

void Rules::own_url(Json resource) {
  const Json url = resource.get(definitions_.names.url);
  if (!url.is_string() || !resource.get("status").exists()) return;
  if (!is_absolute(url.text())) {
    lax(url, "canonical/absolute",
        "the canonical URL of a definition must "
        "be absolute",
        "an absolute URL");
  }
}

void Rules::experimental(Json resource) {
  if (resource.get("experimental").text() != "true") return;
  wrong(resource, "publication/experimental",
        "experimental definitions are not allowed here");
}

void Rules::unique_ids(Json resource) {
  // Its snapshot and its differential share ids.
  if (resource.get("differential").exists()) return;
  std::unordered_set<std::string_view> seen;
  const auto& names = definitions_.names;
  const auto visit = [&](const auto& self, Json node) -> void {
    for (const Json child : node) {
      if (child.key() == names.id && child.is_string()) {
        if (node != resource && !seen.insert(child.text()).second) {
          wrong(node, "structure/duplicate-id",
                "two elements of one resource have the same id",
                "ids that differ");
        }
        continue;
      }
      const bool is_resource = child.get(names.resource_type).exists();
      if (!is_resource && child.size() > 0) self(self, child);
    }
  };
  visit(visit, resource);
}

}  // namespace gateway::validate
