#include "map/map_cause.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"

namespace gateway::map {
namespace {

MapCause row_cause(const std::string& file, const TableRow& row,
                   std::string_view what) {
  return {file + ":" + std::to_string(row.line),
          "the row " + row.from + " " + std::string(what)};
}

bool is_same(const TableRow& a, const TableRow& b) {
  return a.to == b.to && a.system == b.system && a.display == b.display;
}

// "partners/mercy.yaml" of an overlay.
std::string file_of(const Overlay& overlay) {
  const auto& place = overlay.place;
  const auto column = place.rfind(':');
  return place.substr(0, place.rfind(':', column - 1));
}

const SaidLine* line_of(const std::vector<SaidLine>& lines,
                        std::string_view name) {
  const auto it =
      std::find_if(lines.begin(), lines.end(),
                   [name](const SaidLine& one) { return one.name == name; });
  return it == lines.end() ? nullptr : &*it;
}

// The formulas ask for the setting.
bool ask_for(std::string_view formulas, std::string_view name) {
  const auto word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_';
  };
  for (auto at = formulas.find('%'); at != std::string_view::npos;
       at = formulas.find('%', at + 1)) {
    auto rest = formulas.substr(at + 1);
    if (rest.starts_with('`')) rest.remove_prefix(1);
    if (!rest.starts_with(name)) continue;
    if (rest.size() == name.size() || !word(rest[name.size()])) return true;
  }
  return false;
}

bool takes_zone(const MapPart& part) {
  return part.rule != nullptr &&
         (part.rule->primitive == fhir::Primitive::date_time ||
          part.rule->primitive == fhir::Primitive::instant);
}

std::size_t common_steps(std::string_view a, std::string_view b) {
  const auto first = split(a, '.');
  const auto second = split(b, '.');
  const auto end = std::min(first.size(), second.size());
  std::size_t count = 0;
  while (count < end && first[count] == second[count]) ++count;
  return count;
}

bool is_told(const fhir::Finding& finding, const MapCauses::Run& run) {
  if (run.output == nullptr) return false;
  const auto& all = run.output->outcome.findings();
  return std::any_of(all.begin(), all.end(), [&](const fhir::Finding& one) {
    return one.rule == finding.rule && one.source == finding.source;
  });
}

}  // namespace

MapCauses::MapCauses(const MapSet& before, const MapSet& after)
    : old_(before), now_(after), twins_(*before.library, *after.library) {
  compare_tables(Version::before);
  compare_tables(Version::after);
}

void MapCauses::compare_tables(Version version) {
  const bool is_old = version == Version::before;
  const auto& library = *(is_old ? old_ : now_).library;
  const auto& other = *(is_old ? now_ : old_).library;
  for (const auto& [name, index] : library.table_by_name) {
    const auto& table = library.tables[index];
    const auto found = other.table_by_name.find(name);
    const CodeTable none;
    const auto& other_table =
        found == other.table_by_name.end() ? none : other.tables[found->second];
    std::map<std::string_view, const TableRow*> rows;
    for (const auto& row : other_table.rows()) rows[row.from] = &row;
    for (std::uint32_t i = 0; i < table.rows().size(); ++i) {
      const auto& row = table.rows()[i];
      const auto same = rows.find(row.from);
      if (same != rows.end() && is_same(*same->second, row)) continue;
      // What is in both is placed in the later version.
      auto cause =
          same == rows.end()
              ? row_cause(table.file(), row, is_old ? "is gone" : "is new")
          : is_old ? row_cause(other_table.file(), *same->second,
                               "says something else")
                   : row_cause(table.file(), row, "says something else");
      rows_[static_cast<int>(version)].emplace(RowKey{index, i},
                                               std::move(cause));
    }
  }
}

const TableRow* MapCauses::partner_row(Version version, const Met& met) const {
  const auto& library = *set(version).library;
  const auto table = library.table_by_name.find(met.part->table);
  if (met.code.empty() || table == library.table_by_name.end()) return nullptr;
  const auto found =
      set(version)
          .overlay(met.partner)
          .row(table->second, library.tables[table->second], met.code);
  return found.is_partners ? found.row : nullptr;
}

std::optional<MapCause> MapCauses::row_behind(const Met& met) const {
  const auto& part = *met.part;
  if (part.table.empty()) return std::nullopt;
  // With another table, the line is the cause.
  if (part.twin != nullptr && part.twin->table != part.table) return {};
  // A partner's row hides that of the table.
  const auto* old = partner_row(Version::before, met);
  const auto* now = partner_row(Version::after, met);
  if (old != nullptr && now != nullptr && is_same(*old, *now)) return {};
  if (now != nullptr) {
    return row_cause(file_of(now_.overlay(met.partner)), *now,
                     old == nullptr ? "is new" : "says something else");
  }
  if (old != nullptr) {
    return row_cause(file_of(old_.overlay(met.partner)), *old, "is gone");
  }
  return table_row_behind(met);
}

std::optional<MapCause> MapCauses::table_row_behind(const Met& met) const {
  for (const auto version : {met.version, Version::after, Version::before}) {
    const auto& library = *set(version).library;
    const auto table = library.table_by_name.find(met.part->table);
    if (table == library.table_by_name.end()) continue;
    auto row = version == met.version ? met.row : CodeTable::kNoRow;
    if (row == CodeTable::kNoRow && !met.code.empty()) {
      row = library.tables[table->second].row_for(met.code);
    }
    const auto& rows = rows_[static_cast<int>(version)];
    const auto found = rows.find({table->second, row});
    if (found != rows.end()) return found->second;
  }
  return std::nullopt;
}

// What is said to the partner's messages, in each version.
std::optional<MapCause> MapCauses::another(Kind kind, std::string_view name,
                                           std::string_view partner) const {
  const auto said_in = [&](const MapSet& set) {
    const auto& own = set.overlay(partner);
    const auto& library = *set.library;
    const auto* line = line_of(
        kind == Kind::setting ? own.said_settings : own.said_choices, name);
    if (line != nullptr) return line;
    return line_of(
        kind == Kind::setting ? library.said_settings : library.said_choices,
        name);
  };
  const auto* old = said_in(old_);
  const auto* now = said_in(now_);
  if (old == nullptr && now == nullptr) return std::nullopt;
  if (old != nullptr && now != nullptr && old->text == now->text) return {};
  const auto what =
      std::string(kind == Kind::setting ? "the setting " : "the choice ") +
      std::string(name);
  if (now == nullptr) return MapCause{old->place, what + " is gone"};
  // What the partner no longer says, where all others' is in force again.
  const bool fell_back = old != nullptr &&
                         old->place.starts_with("partners/") &&
                         !now->place.starts_with("partners/");
  if (fell_back) return MapCause{old->place, what + " is gone"};
  return MapCause{now->place,
                  what + (old == nullptr ? " is new" : " is another")};
}

// A setting or choice that the part asks for.
std::optional<MapCause> MapCauses::said_behind(const MapPart& part,
                                               std::string_view partner) const {
  if (part.rule != nullptr && !part.rule->choice.empty()) {
    if (auto cause = another(Kind::choice, part.rule->choice, partner)) {
      return cause;
    }
  }
  const bool zone = takes_zone(part);
  if (part.formulas.empty() && !zone) return std::nullopt;
  for (const auto* settings :
       {&now_.library->settings, &old_.library->settings}) {
    for (const auto& setting : *settings) {
      const bool asked = ask_for(part.formulas, setting.name) ||
                         (zone && setting.name == "zone");
      if (!asked) continue;
      auto cause = another(Kind::setting, setting.name, partner);
      if (cause) return cause;
    }
  }
  return std::nullopt;
}

std::optional<MapCauses::Candidate> MapCauses::look(const Met& met) const {
  if (met.part == nullptr) return std::nullopt;
  if (auto row = row_behind(met)) return Candidate{*row, met.part->path};
  // A map is around all, and changes no value of itself: see behind_map().
  for (const auto* at = met.part; at->around != nullptr; at = at->around) {
    if (at->cause != MapPart::kSame) {
      return Candidate{twins_.cause(*at), at->path};
    }
    if (auto said = said_behind(*at, met.partner)) {
      return Candidate{*said, at->path};
    }
  }
  return std::nullopt;
}

MapCauses::Met MapCauses::met_by(const Run& run, const Lineage& written) const {
  const auto& [begin, end] = written.source;
  auto code = begin < end && end <= run.input.size()
                  ? run.input.substr(begin, end - begin)
                  : std::string_view();
  if (code.size() > 1 && code.starts_with('"')) {  // of a document
    code = code.substr(1, code.size() - 2);
  }
  return {.part = twins_.of(run.version, *run.map, written.rule),
          .version = run.version,
          .row = written.row,
          .code = code,
          .partner = run.partner};
}

std::optional<MapCause> MapCauses::behind(const Run& run,
                                          const Lineage& written) const {
  if (run.map == nullptr) return std::nullopt;
  const auto found = look(met_by(run, written));
  if (!found) return std::nullopt;
  return found->cause;
}

std::optional<MapCause> MapCauses::behind_map(const Run& before,
                                              const Run& after) const {
  const bool same = before.map != nullptr && after.map != nullptr &&
                    before.map->name == after.map->name;
  if (same || (before.map == nullptr && after.map == nullptr)) return {};
  for (const auto* run : {&after, &before}) {
    if (run->map == nullptr) continue;
    const auto* part = twins_.of(run->version, *run->map);
    if (part == nullptr) continue;
    if (part->cause != MapPart::kSame) return twins_.cause(*part);
    if (auto said = said_behind(*part, {})) return said;
  }
  return std::nullopt;
}

MapCause MapCauses::behind_verdict(const Run& before, const Run& after) const {
  std::string_view path;
  for (const auto* run : {&after, &before}) {
    if (run->map == nullptr) continue;
    const auto* other = run == &after ? &before : &after;
    for (const auto& finding : run->output->outcome.findings()) {
      if (finding.severity == fhir::Severity::information) continue;
      if (is_told(finding, *other)) continue;
      for (const auto* part :
           twins_.at(run->version, *run->map, finding.source)) {
        path = part->path;
        const auto found = look({.part = part,
                                 .version = run->version,
                                 .code = finding.seen,
                                 .partner = run->partner});
        if (found) return found->cause;
      }
    }
  }
  return nearest(before, after, path);
}

std::vector<MapCauses::Met> MapCauses::all_met(const Run& run) const {
  std::vector<Met> all;
  if (run.map == nullptr || run.output == nullptr) return all;
  for (const auto& one : run.output->lineage) all.push_back(met_by(run, one));
  for (const auto& one : run.output->silences) {
    all.push_back(met_by(run, {.rule = one.rule}));
  }
  return all;
}

// Met or not: a line that is gone leaves no trace where it would be missed.
std::vector<MapCauses::Candidate> MapCauses::all_there_are(
    std::string_view partner) const {
  std::vector<Candidate> all;
  for (const auto& part : twins_.parts()) {
    if (part.cause != MapPart::kSame) {
      all.push_back({twins_.cause(part), part.path});
    } else if (auto said = said_behind(part, partner)) {
      all.push_back({*std::move(said), part.path});
    }
  }
  for (const auto& rows : rows_) {
    for (const auto& [key, cause] : rows) all.push_back({cause, {}});
  }
  return all;
}

MapCause MapCauses::nearest(const Run& before, const Run& after,
                            std::string_view path) const {
  std::vector<Candidate> all;
  for (const auto* run : {&after, &before}) {
    for (const auto& met : all_met(*run)) {
      if (auto found = look(met)) all.push_back(*std::move(found));
    }
  }
  if (all.empty()) all = all_there_are(after.partner);
  if (all.empty()) return {{}, "no line of the maps is another"};
  // Of two that are as near, what is around more.
  const auto rank = [path](const Candidate& one) {
    return std::tuple(-static_cast<long>(common_steps(one.path, path)),
                      split(one.path, '.').size(), one.cause.place,
                      one.cause.text);
  };
  return std::min_element(all.begin(), all.end(),
                          [&rank](const Candidate& a, const Candidate& b) {
                            return rank(a) < rank(b);
                          })
      ->cause;
}

}  // namespace gateway::map
