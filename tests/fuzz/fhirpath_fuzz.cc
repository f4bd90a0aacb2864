// An expression, a line break, a resource: compiled with and without types,
// and evaluated within a small budget. Whatever comes is an answer or an
// error, and the line protocol answers with one line of JSON.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fhirpath/answer.h"
#include "fhirpath/expression.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace gateway;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto end = input.find('\n');
  const auto text = input.substr(0, end);
  constexpr std::string_view kResource =
      R"({"resourceType":"A","x":[{"y":"1"},{"y":"2020-01-01","_y":{"id":"i"}}],)"
      R"("n":1.50,"b":true})";
  const auto resource =
      end == std::string_view::npos ? kResource : input.substr(end + 1);
  fhirpath::Environment environment;
  environment.now = parse_instant("2026-04-06T13:00:00Z");
  environment.budget = {.steps = 20'000, .items = 5'000, .bytes = 1U << 18U};
  const auto compiled = fhirpath::compile(text);
  const auto document = JsonDocument::parse(std::string(resource));
  if (compiled.ok() && document.ok()) {
    (void)fhirpath::evaluate(*compiled, document->root(), environment);
    (void)fhirpath::evaluate_boolean(*compiled, document->root(), environment);
  }
  const auto line = fhirpath::answer_line(input, nullptr, environment);
  if (!JsonDocument::parse(line).ok()) __builtin_trap();
  return 0;
}
