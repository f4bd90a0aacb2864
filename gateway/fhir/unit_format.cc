#include "fhir/unit_format.h"

#include <algorithm>
#include <array>

namespace gateway::fhir {
namespace {

constexpr std::size_t kLongest = 200;

// Units that take prefixes.
constexpr std::array<std::string_view, 72> kMetric = {
    "m",   "s",     "g",      "rad",    "K",   "C",   "cd",  "mol", "sr",
    "Hz",  "N",     "Pa",     "J",      "W",   "A",   "V",   "F",   "Ohm",
    "S",   "Wb",    "Cel",    "T",      "H",   "lm",  "lx",  "Bq",  "Gy",
    "Sv",  "l",     "L",      "ar",     "t",   "bar", "u",   "eV",  "pc",
    "gf",  "Ky",    "Gal",    "dyn",    "erg", "P",   "Bi",  "St",  "Mx",
    "G",   "Oe",    "Gb",     "sb",     "Lmb", "ph",  "Ci",  "R",   "RAD",
    "REM", "cal_m", "cal_IT", "cal_th", "cal", "tex", "eq",  "osm", "g%",
    "kat", "U",     "Np",     "B",      "st",  "mho", "bit", "By",  "Bd"};

// Units that take none.
constexpr std::array<std::string_view, 28> kOthers = {
    "10*", "10^", "%",   "deg", "gon",  "'",    "''",    "min",  "h",  "d",
    "a_t", "a_j", "a_g", "a",   "wk",   "mo_s", "mo_j",  "mo_g", "mo", "AU",
    "atm", "Ao",  "b",   "att", "circ", "sph",  "bit_s", "Torr"};

constexpr std::array<std::string_view, 24> kPrefixes = {
    "da", "Ki", "Mi", "Gi", "Ti", "Y", "Z", "E", "P", "T", "G", "M",
    "k",  "h",  "d",  "c",  "m",  "u", "n", "p", "f", "a", "z", "y"};

template <std::size_t kCount>
bool lists(const std::array<std::string_view, kCount>& names,
           std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "[in_i]", "m[Hg]", "B[10.nV]", "cal_[15]".
bool is_bracketed(std::string_view symbol) {
  const auto open = symbol.find('[');
  const auto close = symbol.find(']');
  return open != std::string_view::npos && open <= 6 &&
         close != std::string_view::npos && close > open + 1 &&
         close + 1 == symbol.size() && symbol.find('[', open + 1) > close;
}

bool is_symbol(std::string_view symbol) {
  if (is_bracketed(symbol) || lists(kMetric, symbol) ||
      lists(kOthers, symbol)) {
    return true;
  }
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](std::string_view prefix) {
                       if (!symbol.starts_with(prefix)) return false;
                       const auto unit = symbol.substr(prefix.size());
                       return lists(kMetric, unit);
                     });
}

class Reader {
 public:
  explicit Reader(std::string_view code) : rest_(code) {}

  bool reads() {
    accept('/');
    return term() && rest_.empty();
  }

 private:
  static constexpr int kMostDepth = 20;

  bool term() {
    if (++depth_ > kMostDepth) return false;
    do {
      if (!component()) return false;
    } while (accept('.') || accept('/'));
    --depth_;
    return true;
  }

  bool component() {
    if (!rest_.empty() && rest_.front() == '{') return annotation();
    if (accept('(')) return term() && accept(')') && annotation();
    return unit(symbol()) && annotation();
  }

  // Official value sets write spaces here, against UCUM's letter.
  bool annotation() {
    if (!accept('{')) return true;
    const auto end = rest_.find_first_of("{}");
    if (end == std::string_view::npos || rest_[end] == '{') return false;
    rest_.remove_prefix(end + 1);
    return true;
  }

  std::string_view symbol() {
    std::size_t at = 0;
    for (bool in_bracket = false; at < rest_.size(); ++at) {
      const char c = rest_[at];
      if (c == '[') in_bracket = true;
      if (c == ']') in_bracket = false;
      if (!in_bracket &&
          std::string_view("./(){}").find(c) != std::string_view::npos) {
        break;
      }
    }
    const auto found = rest_.substr(0, at);
    rest_.remove_prefix(at);
    return found;
  }

  // A number, or a unit with its exponent: "m2", "s-1", "10*-6".
  static bool unit(std::string_view symbol) {
    if (symbol.empty()) return false;
    if (std::all_of(symbol.begin(), symbol.end(), is_digit)) return true;
    auto end = symbol.size();
    while (end > 0 && is_digit(symbol[end - 1])) --end;
    if (end < symbol.size() && end > 0 &&
        (symbol[end - 1] == '-' || symbol[end - 1] == '+')) {
      --end;
    }
    return is_symbol(symbol.substr(0, end));
  }

  bool accept(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view rest_;
  int depth_ = 0;
};

}  // namespace

bool is_unit_code(std::string_view code) {
  const bool is_printable = std::all_of(
      code.begin(), code.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  return is_printable && code.size() <= kLongest && Reader(code).reads();
}

}  // namespace gateway::fhir
