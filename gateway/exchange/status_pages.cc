#include "exchange/status_pages.h"

#include <algorithm>

#include "base/json_writer.h"

namespace gateway::exchange {
namespace {

// Label values and help texts of the Prometheus text format.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

void append_sample(std::string& out, const Metric& metric,
                   const Sample& sample) {
  out += metric.name;
  char before = '{';
  for (const auto& [name, value] : sample.labels) {
    out += before + name + "=\"" + escaped(value) + "\"";
    before = ',';
  }
  if (!sample.labels.empty()) out += '}';
  out += " " + sample.value + "\n";
}

}  // namespace

std::string metrics_text(const std::vector<Metric>& metrics) {
  std::string out;
  for (const auto& metric : metrics) {
    const bool counts = metric.kind == Metric::Kind::counter;
    out += "# HELP " + metric.name + " " + escaped(metric.help) + "\n";
    out += "# TYPE " + metric.name + (counts ? " counter\n" : " gauge\n");
    for (const auto& sample : metric.samples) {
      append_sample(out, metric, sample);
    }
  }
  return out;
}

bool healthy(const std::vector<Check>& checks) {
  return std::all_of(checks.begin(), checks.end(),
                     [](const Check& check) { return check.pass; });
}

std::string health_body(const std::vector<Check>& checks) {
  const auto word = [](bool pass) { return pass ? "pass" : "fail"; };
  JsonWriter out;
  out.begin_object().member("status", word(healthy(checks)));
  if (!checks.empty()) {
    out.key("checks").begin_array();
    for (const auto& check : checks) {
      out.begin_object()
          .member("name", check.name)
          .member("status", word(check.pass))
          .member_if("detail", check.detail)
          .end_object();
    }
    out.end_array();
  }
  out.end_object();
  return out.take();
}

}  // namespace gateway::exchange
