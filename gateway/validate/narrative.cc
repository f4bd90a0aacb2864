#include "validate/narrative.h"

#include <algorithm>
#include <array>
#include <vector>

namespace gateway::validate {
namespace {

// The elements of HTML 4 that FHIR R4 allows in a narrative.
constexpr std::array<std::string_view, 48> kElements = {
    "a",       "abbr",  "acronym", "b",     "big",      "blockquote", "br",
    "caption", "cite",  "code",    "col",   "colgroup", "dd",         "dfn",
    "div",     "dl",    "dt",      "em",    "h1",       "h2",         "h3",
    "h4",      "h5",    "h6",      "hr",    "i",        "img",        "li",
    "ol",      "p",     "pre",     "q",     "samp",     "small",      "span",
    "strong",  "sub",   "sup",     "table", "tbody",    "td",         "tfoot",
    "th",      "thead", "tr",      "tt",    "ul",       "var"};

constexpr std::array<std::string_view, 48> kAttributes = {
    "abbr",       "accesskey", "align",      "alt",         "axis",
    "bgcolor",    "border",    "cellhalign", "cellpadding", "cellspacing",
    "cellvalign", "char",      "charoff",    "charset",     "cite",
    "class",      "colspan",   "compact",    "coords",      "dir",
    "frame",      "headers",   "height",     "href",        "hreflang",
    "hspace",     "id",        "lang",       "longdesc",    "name",
    "nowrap",     "rel",       "rev",        "rowspan",     "rules",
    "scope",      "shape",     "span",       "src",         "start",
    "style",      "summary",   "tabindex",   "title",       "type",
    "valign",     "value",     "width"};

// A set of names, found by their length and first letter: most tags of a
// narrative are looked up once per resource.
class Names {
 public:
  template <std::size_t kCount>
  constexpr explicit Names(const std::array<std::string_view, kCount>& names) {
    for (const auto name : names) {
      auto at = place(name);
      while (!places_[at].empty()) at = (at + 1) % kPlaces;
      places_[at] = name;
    }
  }
  [[nodiscard]] constexpr bool contain(std::string_view name) const {
    if (name.empty()) return false;
    for (auto at = place(name); !places_[at].empty(); at = (at + 1) % kPlaces) {
      if (places_[at] == name) return true;
    }
    return false;
  }

 private:
  static constexpr std::size_t kPlaces = 256;
  static constexpr std::size_t place(std::string_view name) {
    return (static_cast<unsigned char>(name.front()) * 31U +
            static_cast<unsigned char>(name.back()) * 7U + name.size() * 17U) %
           kPlaces;
  }

  std::array<std::string_view, kPlaces> places_{};
};

constexpr Names kKnownElements(kElements);
constexpr Names kKnownAttributes(kAttributes);

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
constexpr std::array<bool, 256> kNameCharacters = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < table.size(); ++c) {
    table[c] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':' ||
               c == '.' || c >= 0x80;
  }
  return table;
}();
bool is_name_char(char c) {
  return kNameCharacters[static_cast<unsigned char>(c)];
}

// A reader of well-formed XML, one tag at a time. No entity is expanded.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) { open_.reserve(16); }

  std::string defect() {
    skip_spaces();
    if (!rest_.starts_with("<div")) return "it does not begin with a div";
    while (defect_.empty() && !rest_.empty()) next();
    if (!defect_.empty()) return defect_;
    if (!open_.empty()) {
      return "the element " + std::string(open_.back()) + " is not closed";
    }
    return has_content_ ? "" : "it has no content";
  }

 private:
  void next() {
    if (open_.empty() && began_) {
      skip_spaces();
      if (!rest_.empty()) fail("something follows the div");
      return;
    }
    if (rest_.front() != '<') {
      text();
    } else if (rest_.starts_with("<!--")) {
      skip_to("-->", "a comment is not closed");
    } else if (rest_.starts_with("<![CDATA[")) {
      has_content_ = true;
      skip_to("]]>", "a CDATA section is not closed");
    } else if (rest_.starts_with("<?") || rest_.starts_with("<!")) {
      fail("processing instructions and declarations are not allowed");
    } else if (rest_.starts_with("</")) {
      close();
    } else {
      start();
    }
  }

  void text() {
    const auto end = std::min(rest_.find('<'), rest_.size());
    const auto part = rest_.substr(0, end);
    if (!has_content_ && !std::all_of(part.begin(), part.end(), is_space))
      has_content_ = true;
    for (auto at = part.find('&'); at != std::string_view::npos;
         at = part.find('&', at + 1)) {
      const auto semicolon = part.find(';', at);
      if (semicolon == std::string_view::npos || semicolon - at > 12) {
        fail("an ampersand is not escaped");
      }
    }
    rest_.remove_prefix(end);
  }

  void close() {
    rest_.remove_prefix(2);
    const auto name = take_name();
    skip_spaces();
    if (!take('>') || open_.empty() || open_.back() != name) {
      fail("the end of " + std::string(name) + " has no beginning");
      return;
    }
    open_.pop_back();
  }

  void start() {
    rest_.remove_prefix(1);
    const auto name = take_name();
    if (!kKnownElements.contain(name)) {
      fail("the element " + std::string(name.substr(0, 40)) +
           " is not allowed");
      return;
    }
    if (name == "img") has_content_ = true;
    began_ = true;
    open_.push_back(name);
    while (defect_.empty()) {
      skip_spaces();
      if (take('>')) return;
      if (rest_.starts_with("/>")) {
        rest_.remove_prefix(2);
        open_.pop_back();
        return;
      }
      attribute();
    }
  }

  void attribute() {
    const auto name = take_name();
    skip_spaces();
    if (name.empty() || !take('=')) return fail("a tag is malformed");
    skip_spaces();
    if (rest_.empty()) return fail("a tag is malformed");
    const char quote = rest_.front();
    const auto end = rest_.find(quote, 1);
    if ((quote != '"' && quote != '\'') || end == std::string_view::npos) {
      return fail("an attribute is not quoted");
    }
    const auto value = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    const bool is_namespace = name == "xmlns" || name.starts_with("xmlns:") ||
                              name.starts_with("xml:");
    if (!is_namespace && !kKnownAttributes.contain(name)) {
      return fail("the attribute " + std::string(name.substr(0, 40)) +
                  " is not allowed");
    }
    if (value.find('<') != std::string_view::npos) {
      return fail("an attribute holds a tag");
    }
    if (value.starts_with("javascript:")) fail("a link runs a script");
  }

  std::string_view take_name() {
    std::size_t length = 0;
    while (length < rest_.size() && is_name_char(rest_[length])) ++length;
    const auto name = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return name;
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void skip_spaces() {
    while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
  }

  void skip_to(std::string_view end, std::string_view why) {
    const auto at = rest_.find(end);
    if (at == std::string_view::npos) return fail(std::string(why));
    rest_.remove_prefix(at + end.size());
  }

  void fail(std::string why) {
    if (defect_.empty()) defect_ = std::move(why);
  }

  std::string_view rest_;
  std::vector<std::string_view> open_;
  std::string defect_;
  bool began_ = false;
  bool has_content_ = false;
};

}  // namespace

std::string narrative_defect(std::string_view xhtml) {
  return Reader(xhtml).defect();
}

}  // namespace gateway::validate
