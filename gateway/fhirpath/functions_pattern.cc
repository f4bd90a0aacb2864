// matches(), matchesFull(), replaceMatches(): FHIRPath 2.0, 5.6.9 to 5.6.11.

#include <re2/re2.h>

#include <array>

#include "fhirpath/function_groups.h"
#include "fhirpath/pattern.h"

namespace gateway::fhirpath {
namespace {

// The pattern of the first argument: compiled with the expression where it is
// a literal, else now.
struct Pattern {
  const re2::RE2* compiled = nullptr;
  std::unique_ptr<re2::RE2> own;
  bool blank = false;  // an empty text
};

bool pattern_arg(Evaluation& run, const Op& op, const Frame& frame,
                 Pattern& out) {
  const auto& program = run.program();
  const auto known = program.pattern_of[run.arg(op, 0)];
  if (known != kNoOp) {
    out.compiled = program.patterns[known].get();
    out.blank = out.compiled->pattern().empty();
    return true;
  }
  Text text;
  if (!text_arg(run, op, 0, frame, text)) return false;
  if (!text.present) return true;
  out.own = compiled_pattern(text.text);
  out.compiled = out.own.get();
  out.blank = text.text.empty();
  return out.own != nullptr ||
         run.fail(op.place,
                  "this is no regular expression that can be run: "
                  "look-around and back references are not known");
}

Answer ask(Evaluation& run, const Op& op, const Frame& frame,
           bool (*holds)(const re2::RE2&, std::string_view)) {
  Text input;
  Pattern pattern;
  if (!text_focus(run, op, frame, input) ||
      !pattern_arg(run, op, frame, pattern)) {
    return Answer::failed;
  }
  if (!input.present || pattern.compiled == nullptr) return Answer::empty;
  if (!run.charge(input.text.size() / 64)) return Answer::failed;
  return answer(holds(*pattern.compiled, input.text));
}

Answer matches(Evaluation& run, const Op& op, const Frame& frame) {
  return ask(run, op, frame, found_in);
}
Answer matches_full(Evaluation& run, const Op& op, const Frame& frame) {
  return ask(run, op, frame, matches_all_of);
}

bool replace_matches(Evaluation& run, const Op& op, const Frame& frame) {
  Text input;
  Pattern pattern;
  Text by;
  if (!text_focus(run, op, frame, input) ||
      !pattern_arg(run, op, frame, pattern) ||
      !text_arg(run, op, 1, frame, by)) {
    return false;
  }
  if (!input.present || pattern.compiled == nullptr || !by.present) {
    return true;
  }
  if (pattern.blank) return run.push(Value::of(input.text));
  const auto out = replaced(*pattern.compiled, input.text, by.text,
                            run.environment().budget.bytes);
  return out ? run.push_text(*out) : run.over("memory");
}

constexpr std::array kFunctions{
    Function{.name = "matches",
             .least = 1,
             .most = 2,
             .gives = Gives::boolean,
             .ask = matches},
    Function{.name = "matchesFull",
             .least = 1,
             .most = 2,
             .gives = Gives::boolean,
             .ask = matches_full},
    Function{.name = "replaceMatches",
             .least = 2,
             .most = 3,
             .gives = Gives::string,
             .flags = kSingular,
             .run = replace_matches},
};

}  // namespace

std::span<const Function> pattern_functions() { return kFunctions; }

}  // namespace gateway::fhirpath
