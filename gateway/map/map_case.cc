#include "map/map_case.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "base/file.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "parse/hl7v2_header.h"
#include "parse/hl7v2_tree.h"

namespace gateway::map {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& file) {
  auto text = read_file(file.string());
  return text ? *std::move(text) : std::string();
}

void indent(Json value, std::size_t depth, std::string& out) {
  const std::string inner((depth + 1) * 2, ' ');
  const bool object = value.is_object();
  if (!object && !value.is_array()) {
    out += value.is_string() ? json_quoted(value.text())
                             : std::string(value.text());
    return;
  }
  out += object ? '{' : '[';
  for (const auto child : value) {
    out += child == value.first() ? "\n" : ",\n";
    out += inner;
    if (object) out += json_quoted(child.name()) + ": ";
    indent(child, depth + 1, out);
  }
  if (value.size() > 0) out += "\n" + std::string(depth * 2, ' ');
  out += object ? '}' : ']';
}

std::string_view name_of(Verdict verdict) {
  constexpr std::array<std::string_view, 3> kNames{"mapped", "correct",
                                                   "reject"};
  return kNames[static_cast<std::size_t>(verdict)];
}

bool is_expectation(const fs::path& file) {
  return file.filename().string().ends_with(".expect.json");
}

}  // namespace

std::string indented(Json value) {
  std::string out;
  indent(value, 0, out);
  return out + "\n";
}

Result<std::vector<MapCase>> read_cases(const std::string& folder) {
  std::vector<MapCase> cases;
  std::error_code failed;
  for (auto it = fs::recursive_directory_iterator(folder, failed);
       !failed && it != fs::recursive_directory_iterator();
       it.increment(failed)) {
    const auto& file = it->path();
    const auto extension = file.extension();
    const auto folder_name = file.parent_path().parent_path().filename();
    if (folder_name != "cases" || is_expectation(file)) continue;
    if (extension != ".hl7" && extension != ".json") continue;
    auto stem = file;
    stem.replace_extension();
    auto& one = cases.emplace_back();
    one.name = fs::relative(stem, folder, failed).generic_string();
    one.input = contents(file);
    one.is_hl7 = extension == ".hl7";
    one.expected = contents(stem.string() + ".expect.json");
    one.partner = contents(stem.string() + ".partner");
    while (one.partner.ends_with('\n')) one.partner.pop_back();
  }
  if (failed) {
    return Error{ErrorCode::not_found,
                 "Cases cannot be read from " + folder + "."};
  }
  std::sort(cases.begin(), cases.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return cases;
}

namespace {

struct Wanted {
  std::string_view name{};  // of a map
  std::uint32_t first_number = 0;
  const Overlay* overlay = nullptr;  // of the sender
};

Result<Mappable> made_mappable(const MapSet& set, const std::string& input,
                               bool is_hl7, const Wanted& wanted) {
  Mappable made;
  const auto name = wanted.name;
  const bool automatic = name.empty() || name == "auto";
  if (!automatic) made.map = set.library->find(name);
  if (!automatic && made.map == nullptr) {
    return Error{ErrorCode::not_found,
                 "There is no map \"" + std::string(name) + "\"."};
  }
  if (!is_hl7) {
    auto document = parse_shared(input);
    if (!document) return document.error();
    made.source = *std::move(document);
    if (made.map != nullptr) return made;
    return Error{ErrorCode::not_found, "Name the map for a document."};
  }
  const auto message = parse::Hl7v2Message::parse(input);
  if (!message) return message.error();
  const auto event = parse::header_of(*message).event();
  made.patient_numbers = parse::patient_number_count(*message);
  made.source = std::make_shared<const JsonDocument>(
      parse::tree_of(*message, wanted.first_number));
  if (automatic) {
    made.map =
        set.library->for_message(event, made.source->root(), *wanted.overlay);
  }
  if (made.map == nullptr) {
    return Error{ErrorCode::unsupported, "No map is for " + event + "."};
  }
  return made;
}

// The map that a document is for: its folder is the name of the map's file.
std::string map_of(const MapSet& set, const MapCase& one) {
  if (one.is_hl7) return {};
  const auto folder = fs::path(one.name).parent_path();
  const auto file = folder.parent_path().parent_path() / folder.filename();
  for (const auto& map : set.library->maps) {
    if (set.library->files[map.place.file] == file.generic_string() + ".yaml") {
      return map.name;
    }
  }
  return {};
}

}  // namespace

Result<Mappable> mappable(const MapSet& set, const std::string& input,
                          bool is_hl7, std::string_view name,
                          std::uint32_t first_number) {
  return made_mappable(set, input, is_hl7,
                       {name, first_number, set.library->plain.get()});
}

Result<Mappable> mappable(const MapSet& set, const MapCase& one,
                          std::string_view name) {
  const auto own = name.empty() ? map_of(set, one) : std::string(name);
  return made_mappable(
      set, one.input, one.is_hl7,
      {.name = own, .first_number = 0, .overlay = &set.overlay(one.partner)});
}

std::string expectation(const MapOutput& output) {
  JsonWriter out;
  out.begin_object().member("verdict", name_of(output.verdict));
  out.key("findings").begin_array();
  for (const auto& finding : output.outcome.findings()) {
    out.begin_object()
        .member("rule", finding.rule)
        .member("place", finding.expression)
        .member("text", finding.text)
        .member_if("seen", finding.seen)
        .end_object();
  }
  out.end_array();
  if (!output.bundle.empty()) out.key("bundle").raw(output.bundle);
  out.end_object();
  const auto document = JsonDocument::parse(out.text());
  return document ? indented(document->root()) : out.take();
}

std::string difference(std::string_view expected, std::string_view seen) {
  if (expected == seen) return {};
  const auto old_lines = split(expected, '\n');
  const auto new_lines = split(seen, '\n');
  for (std::size_t i = 0; i < std::max(old_lines.size(), new_lines.size());
       ++i) {
    const auto was = i < old_lines.size() ? old_lines[i] : "(nothing)";
    const auto is = i < new_lines.size() ? new_lines[i] : "(nothing)";
    if (was == is) continue;
    return "line " + std::to_string(i + 1) + ":\n- " + std::string(was) +
           "\n+ " + std::string(is);
  }
  return {};
}

Result<CaseResult> check(const MapSet& set, const MapCase& one) {
  const auto ready = mappable(set, one);
  if (!ready) return ready.error();
  const auto output = run(*set.library, *ready->map, ready->source->root(),
                          {.overlay = &set.overlay(one.partner)});
  CaseResult result{expectation(output), {}};
  result.difference = difference(one.expected, result.seen);
  return result;
}

}  // namespace gateway::map
