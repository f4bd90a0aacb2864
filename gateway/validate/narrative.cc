#include "validate/narrative.h"

#include <algorithm>
#include <array>

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

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// XML's five and numbers. R4: "there is no support for HTML entities".
bool is_entity(std::string_view name) {
  if (!name.starts_with('#')) {
    return name == "amp" || name == "lt" || name == "gt" || name == "quot" ||
           name == "apos";
  }
  const bool is_hexadecimal = name.starts_with("#x");
  name.remove_prefix(is_hexadecimal ? 2 : 1);
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      is_hexadecimal ? is_hex : is_digit);
}

constexpr std::string_view kNamespace = "http://www.w3.org/1999/xhtml";

// A reader of well-formed XML, one tag at a time. No entity is expanded.
// A tag's own names are few, so a list finds one given twice.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::string defect() {
    skip_spaces();
    if (!rest_.starts_with("<div")) return "it does not begin with a div";
    while (defect_.empty() && !rest_.empty()) next();
    if (!defect_.empty()) return defect_;
    if (depth_ > 0) {
      return "the element " + std::string(open_[depth_ - 1]) + " is not closed";
    }
    return has_content_ ? "" : "it has no content";
  }

 private:
  void next() {
    if (depth_ == 0 && began_) {
      skip_spaces();
      if (!rest_.empty()) fail("something follows the div");
      return;
    }
    if (rest_.front() != '<') return text();
    // Tags are by far the most of it, so they are told apart first.
    switch (rest_.size() > 1 ? rest_[1] : '\0') {
      case '/':
        return close();
      case '!':
      case '?':
        return other();
      default:
        return start();
    }
  }

  void other() {
    if (rest_.starts_with("<!--")) {
      skip_to("-->", "a comment is not closed");
    } else if (rest_.starts_with("<![CDATA[")) {
      has_content_ = true;
      skip_to("]]>", "a CDATA section is not closed");
    } else {
      fail("processing instructions and declarations are not allowed");
    }
  }

  void text() {
    const auto part = rest_.substr(0, rest_.find('<'));
    has_content_ =
        has_content_ || !std::all_of(part.begin(), part.end(), is_space);
    entities(part);
    rest_.remove_prefix(part.size());
  }

  void entities(std::string_view part) {
    for (auto at = part.find('&'); at != std::string_view::npos;
         at = part.find('&', at + 1)) {
      const auto name = part.substr(at + 1, part.find(';', at) - at - 1);
      if (at + 1 + name.size() == part.size() || name.size() > 12) {
        fail("an ampersand is not escaped");
      } else if (!is_entity(name)) {
        fail("an entity is none of XML's own: write the character itself");
      }
    }
  }

  void close() {
    rest_.remove_prefix(2);
    if (depth_ > 0 && is_end_of(open_[depth_ - 1])) {
      rest_.remove_prefix(open_[depth_ - 1].size() + 1);
      --depth_;
      return;
    }
    const auto name = take_name();
    skip_spaces();
    if (!take('>') || depth_ == 0 || open_[depth_ - 1] != name) {
      fail("the end of " + std::string(name) + " has no beginning");
      return;
    }
    --depth_;
  }

  // As it is nearly always written: the name and '>' at once.
  [[nodiscard]] bool is_end_of(std::string_view name) const {
    return rest_.size() > name.size() && rest_[name.size()] == '>' &&
           rest_.starts_with(name);
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
    if (depth_ == open_.size()) return fail("its elements lie too deep");
    open_[depth_++] = name;
    attributes();
    if (!is_in_namespace_) fail("the div is not in the namespace of XHTML");
  }

  void attributes() {
    given_count_ = 0;
    while (defect_.empty()) {
      skip_spaces();
      if (take('>')) return;
      if (rest_.starts_with("/>")) {
        rest_.remove_prefix(2);
        --depth_;
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
    auto* const end_of_given = given_.data() + given_count_;
    if (std::find(given_.data(), end_of_given, name) != end_of_given) {
      return fail("an attribute is given twice");
    }
    if (given_count_ == given_.size())
      return fail("a tag has too many attributes");
    given_[given_count_++] = name;
    if (name == "xmlns") is_in_namespace_ = value == kNamespace;
    const bool is_namespace = name == "xmlns" || name.starts_with("xmlns:") ||
                              name.starts_with("xml:");
    if (!is_namespace && !kKnownAttributes.contain(name)) {
      return fail("the attribute " + std::string(name.substr(0, 40)) +
                  " is not allowed");
    }
    if (value.find('<') != std::string_view::npos) {
      return fail("an attribute holds a tag");
    }
    entities(value);
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
  // Far beyond what people write; nothing is allocated for a narrative.
  std::array<std::string_view, 64> open_;
  std::array<std::string_view, 24> given_;  // attributes of the tag at hand
  std::size_t depth_ = 0;
  std::size_t given_count_ = 0;
  bool is_in_namespace_ = false;
  std::string defect_;
  bool began_ = false;
  bool has_content_ = false;
};

}  // namespace

std::string narrative_defect(std::string_view xhtml) {
  return Reader(xhtml).defect();
}

}  // namespace gateway::validate
