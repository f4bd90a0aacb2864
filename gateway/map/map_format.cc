#include "map/map_format.h"

#include <charconv>

#include "base/json_writer.h"
#include "base/text.h"

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

Place place_of(const std::string& text) {
  const auto parts = split(text, ':');
  if (parts.size() < 3) return {text, 1, 1};
  return {std::string(parts[0]), number(parts[1]), number(parts[2])};
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
        .member("text", problem.text)
        .end_object();
  }
  out.end_array();
  return out.take();
}

std::string problems_sarif(const std::vector<MapProblem>& problems,
                           std::string_view folder) {
  JsonWriter out;
  out.begin_object()
      .member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
      .member("version", "2.1.0");
  out.key("runs").begin_array().begin_object();
  out.key("tool").begin_object().key("driver").begin_object();
  out.member("name", "workgate map lint").end_object().end_object();
  out.key("results").begin_array();
  for (const auto& problem : problems) {
    const auto place = place_of(problem.place);
    out.begin_object().member("level", problem.warning ? "warning" : "error");
    out.key("message").begin_object().member("text", problem.text).end_object();
    out.key("locations").begin_array().begin_object();
    out.key("physicalLocation").begin_object();
    out.key("artifactLocation").begin_object();
    out.member("uri", std::string(folder) + "/" + place.file).end_object();
    out.key("region").begin_object().key("startLine").integer(place.line);
    out.key("startColumn").integer(place.column).end_object();
    out.end_object().end_object().end_array().end_object();
  }
  out.end_array().end_object().end_array().end_object();
  return out.take();
}

}  // namespace gateway::map
