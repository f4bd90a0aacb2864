#include "fhirpath/ucum.h"

namespace gateway::fhirpath {
namespace {

// A unit is `factor` times the unit `of`; a base unit is its own dimension.
struct Atom {
  std::string_view code;
  bool metric;  // takes prefixes
  int base;     // dimension, or -1
  std::string_view factor;
  std::string_view of;
};

constexpr std::array kAtoms{
    Atom{"m", true, 0, "1", ""},
    Atom{"s", true, 1, "1", ""},
    Atom{"g", true, 2, "1", ""},
    Atom{"rad", true, 3, "1", ""},
    Atom{"K", true, 4, "1", ""},
    Atom{"C", true, 5, "1", ""},
    Atom{"cd", true, 6, "1", ""},
    Atom{"mol", true, 7, "1", ""},
    Atom{"Cel", true, 8, "1", ""},
    Atom{"[degF]", false, 9, "1", ""},
    Atom{"[iU]", true, 10, "1", ""},
    Atom{"[pH]", false, 11, "1", ""},
    Atom{"[IU]", true, -1, "1", "[iU]"},
    Atom{"10*", false, -1, "10", "1"},
    Atom{"10^", false, -1, "10", "1"},
    Atom{"[pi]", false, -1, "3.141592653589793238", "1"},
    Atom{"%", false, -1, "0.01", "1"},
    Atom{"[ppth]", false, -1, "0.001", "1"},
    Atom{"[ppm]", false, -1, "0.000001", "1"},
    Atom{"[ppb]", false, -1, "0.000000001", "1"},
    Atom{"sr", true, -1, "1", "rad2"},
    Atom{"Hz", true, -1, "1", "s-1"},
    Atom{"N", true, -1, "1", "kg.m/s2"},
    Atom{"Pa", true, -1, "1", "N/m2"},
    Atom{"J", true, -1, "1", "N.m"},
    Atom{"W", true, -1, "1", "J/s"},
    Atom{"A", true, -1, "1", "C/s"},
    Atom{"V", true, -1, "1", "J/C"},
    Atom{"F", true, -1, "1", "C/V"},
    Atom{"Ohm", true, -1, "1", "V/A"},
    Atom{"S", true, -1, "1", "Ohm-1"},
    Atom{"Wb", true, -1, "1", "V.s"},
    Atom{"T", true, -1, "1", "Wb/m2"},
    Atom{"H", true, -1, "1", "Wb/A"},
    Atom{"lm", true, -1, "1", "cd.sr"},
    Atom{"lx", true, -1, "1", "lm/m2"},
    Atom{"Bq", true, -1, "1", "s-1"},
    Atom{"Gy", true, -1, "1", "J/kg"},
    Atom{"Sv", true, -1, "1", "J/kg"},
    Atom{"deg", false, -1, "2", "[pi].rad/360"},
    Atom{"'", false, -1, "1", "deg/60"},
    Atom{"''", false, -1, "1", "'/60"},
    Atom{"l", true, -1, "1", "dm3"},
    Atom{"L", true, -1, "1", "dm3"},
    Atom{"ar", true, -1, "100", "m2"},
    Atom{"min", false, -1, "60", "s"},
    Atom{"h", false, -1, "60", "min"},
    Atom{"d", false, -1, "24", "h"},
    Atom{"wk", false, -1, "7", "d"},
    Atom{"a_t", false, -1, "365.24219", "d"},
    Atom{"a_j", false, -1, "365.25", "d"},
    Atom{"a_g", false, -1, "365.2425", "d"},
    Atom{"a", false, -1, "1", "a_j"},
    Atom{"mo_s", false, -1, "29.53059", "d"},
    Atom{"mo_j", false, -1, "1", "a_j/12"},
    Atom{"mo_g", false, -1, "1", "a_g/12"},
    Atom{"mo", false, -1, "1", "mo_j"},
    Atom{"t", true, -1, "1000", "kg"},
    Atom{"bar", true, -1, "100000", "Pa"},
    Atom{"u", true, -1, "1.6605402", "10*-24.g"},
    Atom{"eV", true, -1, "1.60217733", "10*-19.J"},
    Atom{"[g]", true, -1, "9.80665", "m/s2"},
    Atom{"gf", true, -1, "1", "g.[g]"},
    Atom{"[lbf_av]", false, -1, "1", "[lb_av].[g]"},
    Atom{"[psi]", false, -1, "1", "[lbf_av]/[in_i]2"},
    Atom{"atm", false, -1, "101325", "Pa"},
    Atom{"m[H2O]", true, -1, "9.80665", "kPa"},
    Atom{"m[Hg]", true, -1, "133.3220", "kPa"},
    Atom{"[in_i'H2O]", false, -1, "1", "m[H2O].[in_i]/m"},
    Atom{"[in_i'Hg]", false, -1, "1", "m[Hg].[in_i]/m"},
    Atom{"dyn", true, -1, "1", "g.cm/s2"},
    Atom{"erg", true, -1, "1", "dyn.cm"},
    Atom{"P", true, -1, "1", "dyn.s/cm2"},
    Atom{"St", true, -1, "1", "cm2/s"},
    Atom{"G", true, -1, "0.0001", "T"},
    Atom{"Ci", true, -1, "37000000000", "Bq"},
    Atom{"R", true, -1, "0.000258", "C/kg"},
    Atom{"RAD", true, -1, "100", "erg/g"},
    Atom{"REM", true, -1, "1", "RAD"},
    Atom{"cal", true, -1, "4.184", "J"},
    Atom{"cal_th", true, -1, "4.184", "J"},
    Atom{"cal_IT", true, -1, "4.1868", "J"},
    Atom{"[Cal]", false, -1, "1", "kcal_th"},
    Atom{"[MET]", false, -1, "3.5", "mL/min/kg"},
    Atom{"kat", true, -1, "1", "mol/s"},
    Atom{"U", true, -1, "1", "umol/min"},
    Atom{"eq", true, -1, "1", "mol"},
    Atom{"osm", true, -1, "1", "mol"},
    Atom{"g%", true, -1, "1", "g/dl"},
    Atom{"[drp]", false, -1, "1", "ml/20"},
    Atom{"[diop]", false, -1, "1", "/m"},
    Atom{"[HPF]", false, -1, "1", "1"},
    Atom{"[LPF]", false, -1, "100", "1"},
    Atom{"bit", true, -1, "1", "1"},
    Atom{"By", true, -1, "8", "bit"},
    Atom{"[in_i]", false, -1, "2.54", "cm"},
    Atom{"[ft_i]", false, -1, "12", "[in_i]"},
    Atom{"[yd_i]", false, -1, "3", "[ft_i]"},
    Atom{"[mi_i]", false, -1, "5280", "[ft_i]"},
    Atom{"[nmi_i]", false, -1, "1852", "m"},
    Atom{"[kn_i]", false, -1, "1", "[nmi_i]/h"},
    Atom{"[sin_i]", false, -1, "1", "[in_i]2"},
    Atom{"[sft_i]", false, -1, "1", "[ft_i]2"},
    Atom{"[cin_i]", false, -1, "1", "[in_i]3"},
    Atom{"[cft_i]", false, -1, "1", "[ft_i]3"},
    Atom{"[in_us]", false, -1, "100", "m/3937"},
    Atom{"[ft_us]", false, -1, "12", "[in_us]"},
    Atom{"[mi_us]", false, -1, "5280", "[ft_us]"},
    Atom{"[gr]", false, -1, "64.79891", "mg"},
    Atom{"[lb_av]", false, -1, "7000", "[gr]"},
    Atom{"[oz_av]", false, -1, "1", "[lb_av]/16"},
    Atom{"[dr_av]", false, -1, "1", "[oz_av]/16"},
    Atom{"[stone_av]", false, -1, "14", "[lb_av]"},
    Atom{"[ston_av]", false, -1, "2000", "[lb_av]"},
    Atom{"[oz_tr]", false, -1, "480", "[gr]"},
    Atom{"[lb_tr]", false, -1, "12", "[oz_tr]"},
    Atom{"[car_m]", false, -1, "0.2", "g"},
    Atom{"[gal_us]", false, -1, "231", "[in_i]3"},
    Atom{"[qt_us]", false, -1, "1", "[gal_us]/4"},
    Atom{"[pt_us]", false, -1, "1", "[qt_us]/2"},
    Atom{"[foz_us]", false, -1, "1", "[gal_us]/128"},
    Atom{"[tbs_us]", false, -1, "1", "[foz_us]/2"},
    Atom{"[tsp_us]", false, -1, "1", "[tbs_us]/3"},
    Atom{"[cup_us]", false, -1, "16", "[tbs_us]"},
    Atom{"[cup_m]", false, -1, "240", "mL"},
    Atom{"[foz_m]", false, -1, "30", "mL"},
    Atom{"[tbs_m]", false, -1, "15", "mL"},
    Atom{"[tsp_m]", false, -1, "5", "mL"},
};

struct Prefix {
  std::string_view code;
  int exponent;
};
constexpr std::array kPrefixes{
    Prefix{"da", 1},  Prefix{"Y", 24},  Prefix{"Z", 21},  Prefix{"E", 18},
    Prefix{"P", 15},  Prefix{"T", 12},  Prefix{"G", 9},   Prefix{"M", 6},
    Prefix{"k", 3},   Prefix{"h", 2},   Prefix{"d", -1},  Prefix{"c", -2},
    Prefix{"m", -3},  Prefix{"u", -6},  Prefix{"n", -9},  Prefix{"p", -12},
    Prefix{"f", -15}, Prefix{"a", -18}, Prefix{"z", -21}, Prefix{"y", -24}};

const Atom* find_atom(std::string_view code) {
  for (const auto& atom : kAtoms) {
    if (atom.code == code) return &atom;
  }
  return nullptr;
}

// to = to * by^power; false on overflow.
bool multiply(UnitSize& to, const UnitSize& by, int power) {
  const bool inverse = power < 0;
  for (int i = inverse ? -power : power; i > 0; --i) {
    const auto up = to.multiplier.times(inverse ? by.divisor : by.multiplier);
    const auto down = to.divisor.times(inverse ? by.multiplier : by.divisor);
    if (!up || !down) return false;
    to.multiplier = up->normalized();
    to.divisor = down->normalized();
    to.exponent += inverse ? -by.exponent : by.exponent;
  }
  for (std::size_t i = 0; i < kBaseUnits; ++i) {
    to.powers[i] =
        static_cast<std::int8_t>(to.powers[i] + by.powers[i] * power);
  }
  return true;
}

// Reads a code from left to right. UCUM 2.1, §§2-12.
class CodeReader {
 public:
  explicit CodeReader(std::string_view code, int depth)
      : rest_(code), depth_(depth) {}

  std::optional<UnitSize> read() {
    auto size = term();
    if (!size || !rest_.empty()) return std::nullopt;
    return size;
  }

 private:
  static constexpr int kMostDepth = 24;

  std::optional<UnitSize> term() {
    UnitSize size;
    int sign = accept('/') ? -1 : 1;
    for (;;) {
      const auto part = component();
      if (!part || !multiply(size, *part, sign)) return std::nullopt;
      if (accept('.')) {
        sign = 1;
      } else if (accept('/')) {
        sign = -1;
      } else {
        return size;
      }
    }
  }

  std::optional<UnitSize> component() {
    if (++depth_ > kMostDepth) return std::nullopt;
    std::optional<UnitSize> size;
    if (accept('(')) {
      size = term();
      if (!accept(')')) return std::nullopt;
    } else if (!rest_.empty() && rest_.front() == '{') {
      size = UnitSize{};
    } else {
      size = simple(take_symbol());
    }
    --depth_;
    return skip_annotation() ? size : std::nullopt;
  }

  bool skip_annotation() {
    if (!accept('{')) return true;
    const auto end = rest_.find('}');
    if (end == std::string_view::npos) return false;
    rest_.remove_prefix(end + 1);
    return true;
  }

  std::string_view take_symbol() {
    std::size_t at = 0;
    bool bracket = false;
    for (; at < rest_.size(); ++at) {
      const char c = rest_[at];
      if (c == '[') bracket = true;
      if (c == ']') bracket = false;
      if (!bracket &&
          (c == '.' || c == '/' || c == '(' || c == ')' || c == '{')) {
        break;
      }
    }
    const auto symbol = rest_.substr(0, at);
    rest_.remove_prefix(at);
    return symbol;
  }

  std::optional<UnitSize> simple(std::string_view symbol) const {
    if (symbol.empty()) return std::nullopt;
    if (symbol.find_first_not_of("0123456789") == std::string_view::npos) {
      const auto factor = Decimal::parse(symbol);
      if (!factor || factor->is_zero()) return std::nullopt;
      return UnitSize{.multiplier = *factor};
    }
    int power = 1;
    const auto code = split_power(symbol, power);
    auto unit = prefixed(code);
    if (!unit || power < -9 || power > 60) return std::nullopt;
    if (code == "10*" || code == "10^") return UnitSize{.exponent = power};
    UnitSize size;
    if (!multiply(size, *unit, power)) return std::nullopt;
    return size;
  }

  // "m2" is "m" and 2; "10*-6" is "10*" and -6.
  static std::string_view split_power(std::string_view symbol, int& power) {
    std::size_t at = symbol.size();
    while (at > 0 && symbol[at - 1] >= '0' && symbol[at - 1] <= '9') --at;
    if (at == symbol.size() || symbol.size() - at > 2) return symbol;
    power = 0;
    for (const char c : symbol.substr(at)) power = power * 10 + (c - '0');
    if (at > 0 && (symbol[at - 1] == '-' || symbol[at - 1] == '+')) {
      if (symbol[--at] == '-') power = -power;
    }
    return symbol.substr(0, at);
  }

  [[nodiscard]] std::optional<UnitSize> prefixed(std::string_view code) const {
    if (const auto* atom = find_atom(code)) return size_of(*atom);
    for (const auto& prefix : kPrefixes) {
      if (!code.starts_with(prefix.code)) continue;
      const auto* atom = find_atom(code.substr(prefix.code.size()));
      if (atom == nullptr || !atom->metric) continue;
      auto size = size_of(*atom);
      if (size) size->exponent += prefix.exponent;
      return size;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<UnitSize> size_of(const Atom& atom) const {
    UnitSize size;
    if (atom.base >= 0) {
      size.powers[static_cast<std::size_t>(atom.base)] = 1;
      return size;
    }
    const auto factor = Decimal::parse(atom.factor);
    const auto of = CodeReader(atom.of, depth_ + 1).read();
    if (!factor || !of) return std::nullopt;
    size.multiplier = *factor;
    if (!multiply(size, *of, 1)) return std::nullopt;
    return size;
  }

  bool accept(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view rest_;
  int depth_;
};

// value * 10^exponent.
std::optional<Decimal> shifted(const Decimal& value, int exponent) {
  const auto plain = value.normalized();
  const int scale = plain.scale() - exponent;
  if (scale > Decimal::kMostDigits) return std::nullopt;
  if (scale >= 0) return Decimal(plain.coefficient(), scale);
  if (-scale > Decimal::kMostDigits) return std::nullopt;
  Decimal out(plain.coefficient(), 0);
  for (int i = scale; i < 0; ++i) {
    const auto next = out.times(10);
    if (!next) return std::nullopt;
    out = *next;
  }
  return out;
}

std::optional<Decimal> product(const Decimal& a, const Decimal& b,
                               const Decimal& c) {
  const auto first = a.normalized().times(b);
  return first ? first->normalized().times(c) : std::nullopt;
}

}  // namespace

std::optional<UnitSize> unit_size(std::string_view code) {
  constexpr std::size_t kLongest = 200;
  if (code.empty() || code.size() > kLongest) return std::nullopt;
  return CodeReader(code, 0).read();
}

std::optional<std::strong_ordering> compare_sizes(const Decimal& left,
                                                  const UnitSize& left_unit,
                                                  const Decimal& right,
                                                  const UnitSize& right_unit) {
  if (!left_unit.comparable(right_unit)) return std::nullopt;
  auto a = product(left, left_unit.multiplier, right_unit.divisor);
  auto b = product(right, right_unit.multiplier, left_unit.divisor);
  if (!a || !b) return std::nullopt;
  a = shifted(*a, left_unit.exponent - right_unit.exponent);
  if (!a) return std::nullopt;
  return *a <=> *b;
}

std::optional<Decimal> converted(const Decimal& value, const UnitSize& from,
                                 const UnitSize& to, int scale) {
  if (!from.comparable(to)) return std::nullopt;
  const auto up = product(value, from.multiplier, to.divisor);
  const auto down = from.divisor.times(to.multiplier);
  if (!up || !down) return std::nullopt;
  const auto moved = shifted(*up, from.exponent - to.exponent);
  return moved ? moved->normalized().divided_by(*down, scale) : std::nullopt;
}

}  // namespace gateway::fhirpath
