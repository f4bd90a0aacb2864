// Texts: FHIRPath 2.0, 5.6. Positions count Unicode characters.

#include <algorithm>
#include <array>

#include "base/letter_case.h"
#include "fhirpath/function_groups.h"

namespace gateway::fhirpath {

bool text_of_part(Evaluation& run, const Op& op, const Part& part, Text& out) {
  Evaluation::Single single;
  if (!run.single_of(part, op.place, single)) return false;
  out.present = single.present;
  if (!single.present) return true;
  if (single.value.is(ValueKind::string)) {
    out.text = single.value.string();
    return true;
  }
  // Dates and the like of FHIR are read as they were written.
  const auto& value = run.at(part.begin);
  const auto kind = value.is_node() ? value.json().kind() : JsonKind::absent;
  if (kind == JsonKind::string || kind == JsonKind::number ||
      kind == JsonKind::boolean) {
    out.text = value.json().text();
    return true;
  }
  return run.fail(op.place, "a text is needed here: use toString()");
}

bool text_focus(Evaluation& run, const Op& op, const Frame& frame, Text& out) {
  Part part;
  if (!run.eval_focus(op, frame, part)) return false;
  const bool ok = text_of_part(run, op, part, out);
  run.drop_to(part.begin);
  return ok;
}

bool text_arg(Evaluation& run, const Op& op, std::size_t index,
              const Frame& frame, Text& out) {
  Part part;
  if (!run.eval(run.arg(op, index), frame, part)) return false;
  const bool ok = text_of_part(run, op, part, out);
  run.drop_to(part.begin);
  return ok;
}

bool whole_arg(Evaluation& run, const Op& op, std::size_t index,
               const Frame& frame, Whole& out) {
  Evaluation::Single single;
  if (!run.single(run.arg(op, index), frame, single)) return false;
  out.present = single.present;
  if (!single.present) return true;
  if (!single.value.is(ValueKind::integer)) {
    return run.fail(op.place, "an integer is needed here");
  }
  out.value = single.value.integer();
  return true;
}

bool single_focus(Evaluation& run, const Op& op, const Frame& frame,
                  Evaluation::Single& out) {
  Part part;
  if (!run.eval_focus(op, frame, part)) return false;
  const bool ok = run.single_of(part, op.place, out);
  run.drop_to(part.begin);
  return ok;
}

namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) >> 6U) == 2; }

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return !continues(c); }));
}

// The byte where character `index` begins; the size for those beyond the end.
std::size_t byte_of(std::string_view text, std::size_t index) {
  std::size_t at = 0;
  while (at < text.size() && index > 0) {
    ++at;
    while (at < text.size() && continues(text[at])) ++at;
    --index;
  }
  return at;
}

std::size_t letter_size(std::string_view text) { return byte_of(text, 1); }

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' ||
         c == '\v';
}

// The input and the first argument, both texts.
struct TwoTexts {
  Text input;
  Text argument;
  [[nodiscard]] bool present() const {
    return input.present && argument.present;
  }
};
bool two_texts(Evaluation& run, const Op& op, const Frame& frame,
               TwoTexts& out) {
  return text_focus(run, op, frame, out.input) &&
         text_arg(run, op, 0, frame, out.argument);
}

template <typename Holds>
Answer ask(Evaluation& run, const Op& op, const Frame& frame,
           const Holds& holds) {
  TwoTexts texts;
  if (!two_texts(run, op, frame, texts)) return Answer::failed;
  if (!texts.present()) return Answer::empty;
  return answer(holds(texts.input.text, texts.argument.text));
}

Answer starts_with(Evaluation& run, const Op& op, const Frame& frame) {
  return ask(run, op, frame, [](auto a, auto b) { return a.starts_with(b); });
}
Answer ends_with(Evaluation& run, const Op& op, const Frame& frame) {
  return ask(run, op, frame, [](auto a, auto b) { return a.ends_with(b); });
}
Answer contains(Evaluation& run, const Op& op, const Frame& frame) {
  return ask(run, op, frame, [](auto a, auto b) {
    return a.find(b) != std::string_view::npos;
  });
}

bool position(Evaluation& run, const TwoTexts& texts, std::size_t found) {
  if (!texts.present()) return true;
  if (found == std::string_view::npos) {
    return run.push(Value::of(std::int64_t{-1}));
  }
  return run.push(Value::of(static_cast<std::int64_t>(
      characters(texts.input.text.substr(0, found)))));
}

bool index_of(Evaluation& run, const Op& op, const Frame& frame) {
  TwoTexts texts;
  return two_texts(run, op, frame, texts) &&
         position(run, texts, texts.input.text.find(texts.argument.text));
}

bool last_index_of(Evaluation& run, const Op& op, const Frame& frame) {
  TwoTexts texts;
  return two_texts(run, op, frame, texts) &&
         position(run, texts, texts.input.text.rfind(texts.argument.text));
}

bool substring(Evaluation& run, const Op& op, const Frame& frame) {
  Text input;
  Whole start;
  Whole length{.value = INT64_MAX, .present = true};
  if (!text_focus(run, op, frame, input) ||
      !whole_arg(run, op, 0, frame, start)) {
    return false;
  }
  if (op.count == 2 && !whole_arg(run, op, 1, frame, length)) return false;
  // An empty length counts as absent (FHIRPath 2.0, 5.6.2).
  if (!length.present) length.value = INT64_MAX;
  if (!input.present || !start.present || start.value < 0) return true;
  const auto begin = byte_of(input.text, static_cast<std::size_t>(start.value));
  if (begin == input.text.size()) return true;
  const auto rest = input.text.substr(begin);
  if (length.value <= 0) return run.push(Value::of(std::string_view()));
  return run.push(Value::of(
      rest.substr(0, byte_of(rest, static_cast<std::size_t>(length.value)))));
}

bool upper(Evaluation& run, const Op& op, const Frame& frame) {
  Text input;
  if (!text_focus(run, op, frame, input)) return false;
  return !input.present || run.push_text(upper_case(input.text));
}
bool lower(Evaluation& run, const Op& op, const Frame& frame) {
  Text input;
  if (!text_focus(run, op, frame, input)) return false;
  return !input.present || run.push_text(lower_case(input.text));
}

bool trim(Evaluation& run, const Op& op, const Frame& frame) {
  Text input;
  if (!text_focus(run, op, frame, input)) return false;
  if (!input.present) return true;
  auto text = input.text;
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return run.push(Value::of(text));
}

bool length(Evaluation& run, const Op& op, const Frame& frame) {
  Text input;
  if (!text_focus(run, op, frame, input)) return false;
  return !input.present ||
         run.push(Value::of(static_cast<std::int64_t>(characters(input.text))));
}

bool to_chars(Evaluation& run, const Op& op, const Frame& frame) {
  Text input;
  if (!text_focus(run, op, frame, input)) return false;
  for (auto rest = input.text; !rest.empty();) {
    const auto size = letter_size(rest);
    if (!run.push(Value::of(rest.substr(0, size)))) return false;
    rest.remove_prefix(size);
  }
  return true;
}

// Between, before and behind the characters for an empty pattern.
std::string replaced(std::string_view text, std::string_view pattern,
                     std::string_view by) {
  std::string out;
  if (pattern.empty()) {
    out += by;
    for (auto rest = text; !rest.empty();) {
      const auto size = letter_size(rest);
      out.append(rest.substr(0, size)).append(by);
      rest.remove_prefix(size);
    }
    return out;
  }
  std::size_t at = 0;
  for (auto found = text.find(pattern); found != std::string_view::npos;
       found = text.find(pattern, at)) {
    out.append(text.substr(at, found - at)).append(by);
    at = found + pattern.size();
  }
  return out.append(text.substr(at));
}

bool replace(Evaluation& run, const Op& op, const Frame& frame) {
  TwoTexts texts;
  Text by;
  if (!two_texts(run, op, frame, texts) || !text_arg(run, op, 1, frame, by)) {
    return false;
  }
  if (!texts.present() || !by.present) return true;
  const auto growth = (texts.input.text.size() + 1) * (by.text.size() + 1);
  if (growth > run.environment().budget.bytes) return run.over("memory");
  return run.push_text(
      replaced(texts.input.text, texts.argument.text, by.text));
}

bool split(Evaluation& run, const Op& op, const Frame& frame) {
  TwoTexts texts;
  if (!two_texts(run, op, frame, texts)) return false;
  if (!texts.present()) return true;
  auto rest = texts.input.text;
  const auto separator = texts.argument.text;
  if (separator.empty()) return run.push(Value::of(rest));
  for (auto found = rest.find(separator); found != std::string_view::npos;
       found = rest.find(separator)) {
    if (!run.push(Value::of(rest.substr(0, found)))) return false;
    rest.remove_prefix(found + separator.size());
  }
  return run.push(Value::of(rest));
}

bool join(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  Text separator;
  if (!run.eval_focus(op, frame, part)) return false;
  if (op.count == 1 && !text_arg(run, op, 0, frame, separator)) return false;
  std::string out;
  for (auto i = part.begin; i < part.end; ++i) {
    Text text;
    if (!text_of_part(run, op, {i, i + 1}, text)) return false;
    if (i != part.begin) out += separator.text;
    out += text.text;
  }
  run.drop_to(part.begin);
  return part.empty() || run.push_text(out);
}

constexpr Function text_function(std::string_view name, std::uint8_t arguments,
                                 bool (*run)(Evaluation&, const Op&,
                                             const Frame&)) {
  return {.name = name,
          .least = arguments,
          .most = arguments,
          .gives = Gives::string,
          .flags = kSingular,
          .run = run};
}
constexpr Function question(std::string_view name,
                            Answer (*ask)(Evaluation&, const Op&,
                                          const Frame&)) {
  return {
      .name = name, .least = 1, .most = 1, .gives = Gives::boolean, .ask = ask};
}

constexpr std::array kFunctions{
    question("startsWith", starts_with),
    question("endsWith", ends_with),
    question("contains", contains),
    Function{.name = "indexOf",
             .least = 1,
             .most = 1,
             .gives = Gives::integer,
             .flags = kSingular,
             .run = index_of},
    Function{.name = "lastIndexOf",
             .least = 1,
             .most = 1,
             .gives = Gives::integer,
             .flags = kSingular,
             .run = last_index_of},
    Function{.name = "substring",
             .least = 1,
             .most = 2,
             .gives = Gives::string,
             .flags = kSingular,
             .run = substring},
    text_function("upper", 0, upper),
    text_function("lower", 0, lower),
    text_function("trim", 0, trim),
    text_function("replace", 2, replace),
    Function{.name = "length",
             .gives = Gives::integer,
             .flags = kSingular,
             .run = length},
    Function{.name = "toChars", .gives = Gives::string, .run = to_chars},
    Function{.name = "split",
             .least = 1,
             .most = 1,
             .gives = Gives::string,
             .run = split},
    Function{.name = "join",
             .most = 1,
             .gives = Gives::string,
             .flags = kSingular,
             .run = join},
};

}  // namespace

std::span<const Function> text_functions() { return kFunctions; }

}  // namespace gateway::fhirpath
