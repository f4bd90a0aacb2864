#include "map/map_format.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/json_writer.h"

namespace gateway::map {
namespace {

struct Place {
  std::string file;
  long long line = 1;
  long long column = 1;
};

long long number(std::string_view text) {
  long long value = 1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// A file may have colons in its name; its line and column have none.
Place place_of(const std::string& text) {
  const auto column = text.rfind(':');
  const auto line = column == std::string::npos || column == 0
                        ? std::string::npos
                        : text.rfind(':', column - 1);
  if (line == std::string::npos) return {text, 1, 1};
  const std::string_view all(text);
  return {text.substr(0, line), number(all.substr(line + 1)),
          number(all.substr(column + 1))};
}

// The column of a place in characters (code points).
long long characters(const Place& place, const std::vector<MapFile>& files) {
  const auto file = std::find_if(
      files.begin(), files.end(),
      [&place](const MapFile& one) { return one.name == place.file; });
  if (file == files.end()) return place.column;
  std::string_view rest(file->text);
  for (auto line = place.line; line > 1; --line) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return place.column;
    rest.remove_prefix(end + 1);
  }
  const auto before =
      rest.substr(0, static_cast<std::size_t>(place.column - 1));
  return 1 + std::count_if(before.begin(), before.end(), [](char c) {
           return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
         });
}

// A relative reference, or a file URI where the folder is absolute; what has
// a meaning in URIs is escaped (RFC 3986).
std::string uri_of(std::string_view folder, const std::string& file) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-._~/";
  const auto path =
      (std::filesystem::path(folder) / file).lexically_normal().string();
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9');
    if (letter || kPlain.find(c) != std::string_view::npos) {
      uri += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    uri += '%';
    uri += kDigits[byte >> 4U];
    uri += kDigits[byte & 15U];
  }
  return uri;
}

void write_text(JsonWriter& out, std::string_view key, std::string_view text) {
  out.key(key).begin_object().member("text", text).end_object();
}

void write_tool(JsonWriter& out, const LintRun& run) {
  out.key("tool").begin_object().key("driver").begin_object();
  out.member("name", "workgate map lint")
      .member("semanticVersion", run.version);
  out.key("rules").begin_array();
  for (const auto& rule : lint_rules()) {
    out.begin_object().member("id", rule.id);
    write_text(out, "shortDescription", rule.text);
    write_text(out, "help", rule.help);
    out.end_object();
  }
  out.end_array().end_object().end_object();
}

void write_result(JsonWriter& out, const MapProblem& problem,
                  const LintRun& run) {
  const auto place = place_of(problem.place);
  out.begin_object().member("ruleId", id_of(problem.rule));
  out.key("ruleIndex").integer(static_cast<long long>(problem.rule));
  out.member("level", problem.warning ? "warning" : "error");
  write_text(out, "message", problem.text);
  out.key("locations").begin_array().begin_object();
  out.key("physicalLocation").begin_object();
  out.key("artifactLocation").begin_object();
  out.member("uri", uri_of(run.folder, place.file)).end_object();
  if (problem.rule != LintRule::no_map) {  // a folder has no lines
    out.key("region").begin_object().key("startLine").integer(place.line);
    out.key("startColumn").integer(characters(place, run.files)).end_object();
  }
  out.end_object().end_object().end_array().end_object();
}

struct Ending {
  int code = 0;
  std::string_view why{};  // there is no answer; else empty
};

// SARIF 2.1.0, 3.14 and 3.20.
std::string sarif(const std::vector<MapProblem>& problems, const LintRun& run,
                  const Ending& ending) {
  JsonWriter out;
  out.begin_object()
      .member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
      .member("version", "2.1.0");
  out.key("runs").begin_array().begin_object();
  write_tool(out, run);
  out.key("invocations").begin_array().begin_object();
  out.key("executionSuccessful").boolean(ending.why.empty());
  if (!ending.why.empty()) {
    out.key("exitCode").integer(ending.code);
    out.key("toolExecutionNotifications").begin_array().begin_object();
    out.member("level", "error");
    write_text(out, "message", ending.why);
    out.end_object().end_array();
  }
  out.end_object().end_array();
  out.member("columnKind", "unicodeCodePoints");
  out.key("results").begin_array();
  for (const auto& problem : problems) write_result(out, problem, run);
  out.end_array().end_object().end_array().end_object();
  return out.take();
}

}  // namespace

std::string problems_json(const std::vector<MapProblem>& problems) {
  JsonWriter out;
  out.begin_array();
  for (const auto& problem : problems) {
    const auto place = place_of(problem.place);
    out.begin_object().key("place").begin_object();
    out.member("file", place.file).key("line").integer(place.line);
    out.key("column").integer(place.column).end_object();
    out.member("level", problem.warning ? "warning" : "error")
        .member("rule", id_of(problem.rule))
        .member("text", problem.text)
        .end_object();
  }
  out.end_array();
  return out.take();
}

std::string problems_sarif(const std::vector<MapProblem>& problems,
                           const LintRun& run) {
  return sarif(problems, run, {});
}

std::string failure_sarif(std::string_view why, int exit_code,
                          const LintRun& run) {
  return sarif({}, run, {exit_code, why});
}

}  // namespace gateway::map
