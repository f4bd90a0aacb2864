#include "map/overlay.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "base/yaml.h"
#include "map/code_check.h"
#include "map/leaf_check.h"
#include "map/suggestion.h"

namespace gateway::map {
namespace {

constexpr std::array<std::string_view, 5> kKeys{"partner", "settings",
                                                "choices", "tables", "note"};

class OverlayReader {
 public:
  OverlayReader(const MapLibrary& library, std::vector<MapProblem>& problems)
      : library_(library), problems_(problems) {}

  Overlay read(const Yaml& file) {
    overlay_ = plain_overlay(library_);
    overlay_.partner = file.get("partner").scalar();
    overlay_.place = file.get("partner").place();
    if (overlay_.partner.empty()) {
      problem(LintRule::incomplete, file, "a partner's name is wanted");
    }
    for (const auto& [key, value] : file.members()) {
      if (std::find(kKeys.begin(), kKeys.end(), key.scalar()) == kKeys.end()) {
        problem(LintRule::unknown_key, key,
                "a partner has no \"" + key.scalar() + "\"" +
                    suggestion(key.scalar(), {kKeys.begin(), kKeys.end()}));
      }
    }
    for (const auto* key : {"settings", "choices", "tables"}) {
      const auto node = file.get(key);
      if (node.kind() == Yaml::Kind::scalar ||
          node.kind() == Yaml::Kind::sequence) {
        problem(LintRule::shape, node,
                std::string(key) + " are names with what each of them says: " +
                    key + ": { NAME: ... }");
      }
    }
    read_settings(file.get("settings"));
    read_choices(file.get("choices"));
    read_tables(file.get("tables"));
    return std::move(overlay_);
  }

 private:
  // "" is no state, and says nothing.
  static bool names_state(std::string_view text) {
    constexpr std::size_t kLetters = 2;
    return text.empty() || (text.size() == kLetters &&
                            std::all_of(text.begin(), text.end(), [](char c) {
                              return c >= 'A' && c <= 'Z';
                            }));
  }

  void read_settings(const Yaml& node) {
    for (const auto& [key, value] : node.members()) {
      const auto it =
          std::find_if(overlay_.settings.begin(), overlay_.settings.end(),
                       [&key = key](const Setting& one) {
                         return one.name == key.scalar();
                       });
      if (it == overlay_.settings.end()) {
        std::vector<std::string_view> names;
        for (const auto& one : library_.settings) names.push_back(one.name);
        problem(LintRule::unknown_name, key,
                "no map asks for the setting \"" + key.scalar() + "\"" +
                    suggestion(key.scalar(), names));
        continue;
      }
      if (!is_text(value, "a setting")) continue;
      it->value = value.scalar();
      overlay_.said_settings.push_back(said_line(key.scalar(), value));
      check_setting(key.scalar(), value);
      check_words(*it, value);
      if (key.scalar() == "jurisdiction" && !names_state(value.scalar())) {
        problem(LintRule::setting, value,
                "\"" + value.scalar() +
                    "\" is no state: two letters are wanted, as TX");
      }
      if (key.scalar() != "zone") continue;
      overlay_.zone.reset();
      if (const auto zone = Zone::named(value.scalar())) {
        overlay_.zone = *zone;
      } else if (!value.scalar().empty()) {
        problem(LintRule::setting, value,
                "\"" + value.scalar() + "\" is no time zone");
      }
    }
  }

  void read_choices(const Yaml& node) {
    std::vector<std::string> settings;
    for (const auto& one : library_.settings) settings.push_back(one.name);
    for (const auto& [key, value] : node.members()) {
      bool used = false;
      for (const auto& site : library_.choice_sites) {
        if (site.site.choice != key.scalar()) continue;
        used = true;
        if (!is_text(value, "a choice")) break;
        auto made =
            Expression::compile(value.scalar(), site.site.scopes, settings);
        if (!made) {
          problem(LintRule::expression, value, made.error().message);
          break;
        }
        auto wrong = choice_problem(site.site, *made);
        if (!wrong.empty()) {
          problem(wrong.rule, value, std::move(wrong.text));
          break;
        }
        overlay_.choices.push_back(
            {&library_.maps[site.map], site.site.rule, *std::move(made)});
      }
      if (used) overlay_.said_choices.push_back(said_line(key.scalar(), value));
      if (!used) {
        std::vector<std::string_view> names;
        for (const auto& site : library_.choice_sites) {
          names.push_back(site.site.choice);
        }
        problem(LintRule::unknown_name, key,
                "no map takes the choice \"" + key.scalar() + "\"" +
                    suggestion(key.scalar(), names));
      }
    }
    std::sort(overlay_.choices.begin(), overlay_.choices.end(),
              [](const auto& a, const auto& b) {
                return std::tie(a.map, a.rule) < std::tie(b.map, b.rule);
              });
  }

  // What the map's own choice would have had to say.
  static Wrong choice_problem(const ChoiceSite& site, const Expression& made) {
    if (!site.is_stood_on) return texts_problem(site.takes, made);
    if (made.scope()) return {};
    return {LintRule::shape, "only a path, first() or all() can be stood on"};
  }

  void check_setting(const std::string& name, const Yaml& value) {
    for (const auto& use : library_.setting_uses) {
      if (use.setting != name) continue;
      auto wrong = text_problem(use.takes, value.scalar());
      if (wrong.empty()) continue;
      problem(wrong.rule, value, std::move(wrong.text));
      return;
    }
  }

  void check_words(const Setting& setting, const Yaml& value) {
    const auto& words = setting.words;
    const auto& written = value.scalar();
    if (words.empty() ||
        std::find(words.begin(), words.end(), written) != words.end()) {
      return;
    }
    std::string all;
    for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
    problem(LintRule::setting, value,
            "\"" + written + "\" is no word of the setting \"" + setting.name +
                "\", which has: " + all +
                suggestion(written, {words.begin(), words.end()}));
  }

  void read_tables(const Yaml& node) {
    for (const auto& [key, rows] : node.members()) {
      const auto table = library_.table_by_name.find(key.scalar());
      if (table == library_.table_by_name.end()) {
        std::vector<std::string_view> names;
        for (const auto& one : library_.table_by_name) {
          names.push_back(one.first);
        }
        problem(LintRule::unknown_name, key,
                "there is no table \"" + key.scalar() + "\"" +
                    suggestion(key.scalar(), names));
        continue;
      }
      if (rows.kind() != Yaml::Kind::map) {
        problem(LintRule::shape, rows.exists() ? rows : key,
                "rows are wanted: { CODE: value }");
        continue;
      }
      for (const auto& [from, to] : rows.members()) {
        check_row(table->second, from, to);
        overlay_.rows.push_back({table->second, read_row(from, to)});
      }
    }
    std::sort(overlay_.rows.begin(), overlay_.rows.end(),
              [](const auto& a, const auto& b) {
                return std::tie(a.table, a.row.from) <
                       std::tie(b.table, b.row.from);
              });
  }

  bool is_text(const Yaml& value, const std::string& what) {
    if (value.kind() == Yaml::Kind::scalar) return true;
    problem(LintRule::shape, value, what + " is a text");
    return false;
  }

  // "" says that the code means nothing; a row that says nothing at all is a
  // mistake.
  void check_row(std::uint32_t table, const Yaml& from, const Yaml& to) {
    constexpr std::array<std::string_view, 3> kCells{"to", "system", "display"};
    for (const auto& [key, value] : to.members()) {
      if (std::find(kCells.begin(), kCells.end(), key.scalar()) ==
          kCells.end()) {
        problem(LintRule::unknown_key, key,
                "a row has no \"" + key.scalar() + "\"" +
                    suggestion(key.scalar(), {kCells.begin(), kCells.end()}));
      }
      if (!is_text(value, "a cell of a row")) continue;
      if (key.scalar() != "system") continue;
      auto wrong =
          format_problem(fhir::Primitive::uri, "a system", value.scalar());
      if (!wrong.empty()) problem(LintRule::type, value, std::move(wrong));
    }
    const auto target = to.kind() == Yaml::Kind::map ? to.get("to") : to;
    if (target.kind() != Yaml::Kind::scalar) {
      problem(LintRule::incomplete, to.exists() ? to : from,
              "a row says what \"" + from.scalar() +
                  "\" becomes: a text, or { to: ..., system: ... }; \"\" if "
                  "it means nothing");
      return;
    }
    for (const auto& use : library_.table_uses) {
      if (use.table != table) continue;
      auto wrong = row_problem(use.takes, target.scalar());
      if (wrong.empty()) continue;
      problem(wrong.rule, target, std::move(wrong.text));
      return;
    }
  }

  static TableRow read_row(const Yaml& from, const Yaml& to) {
    TableRow row{.from = from.scalar(),
                 .to = to.scalar(),
                 .system = {},
                 .display = {},
                 .line = static_cast<std::uint32_t>(from.line())};
    if (to.kind() == Yaml::Kind::map) {
      row.to = to.get("to").scalar();
      row.system = to.get("system").scalar();
      row.display = to.get("display").scalar();
    }
    return row;
  }

  void problem(LintRule rule, const Yaml& at, std::string text) {
    problems_.push_back({rule, at.place(), std::move(text)});
  }

  const MapLibrary& library_;
  std::vector<MapProblem>& problems_;
  Overlay overlay_;
};

}  // namespace

const Expression* Overlay::choice(const CheckedMap& map,
                                  std::uint32_t rule) const {
  const auto it = std::find_if(
      choices.begin(), choices.end(),
      [&](const Choice& one) { return one.map == &map && one.rule == rule; });
  return it == choices.end() ? nullptr : &it->from;
}

// Capitals or not, a row for the code comes before a row for all ("*"), and of
// two for the same the partner's.
Overlay::Found Overlay::row(std::uint32_t table, const CodeTable& shared,
                            std::string_view code) const {
  const auto own = [&](std::string_view from) -> const TableRow* {
    const auto it = std::find_if(rows.begin(), rows.end(), [&](const Row& one) {
      return one.table == table && one.row.from == from;
    });
    return it == rows.end() ? nullptr : &it->row;
  };
  const auto index = shared.row_for(code);
  if (!rows.empty()) {
    if (const auto* row = own(code)) return {row, index, true};
    const auto capitals = in_capitals(code);
    for (const auto& [of, row] : rows) {
      if (of == table && in_capitals(row.from) == capitals)
        return {&row, index, true};
    }
    const bool named = shared.own_row_for(code) != CodeTable::kNoRow;
    if (const auto* row = own("*"); row != nullptr && !named) {
      return {row, index, true};
    }
  }
  if (index == CodeTable::kNoRow) return {};
  return {&shared.rows()[index], index, false};
}

Overlay plain_overlay(const MapLibrary& library) {
  Overlay overlay;
  overlay.settings = library.settings;
  for (const auto& [name, value, words] : overlay.settings) {
    if (name != "zone" || value.empty()) continue;
    if (const auto zone = Zone::named(value)) overlay.zone = *zone;
  }
  return overlay;
}

Overlay load_overlay(const MapFile& file, const MapLibrary& library,
                     std::vector<MapProblem>& problems) {
  const auto yaml = Yaml::parse(file.text, file.name);
  if (!yaml) {
    const auto& message = yaml.error().message;
    const auto text = message.find(": ");
    problems.push_back(
        {LintRule::syntax, message.substr(0, text), message.substr(text + 2)});
    return {};
  }
  return OverlayReader(library, problems).read(*yaml);
}

}  // namespace gateway::map
