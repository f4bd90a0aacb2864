#include "validate/questionnaire.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "fhir/element_definition.h"
#include "fhir/terminology.h"
#include "fhirpath/expression.h"
#include "validate/answer_order.h"
#include "validate/value_range.h"

namespace gateway::validate {
namespace {

constexpr std::string_view kCore = "http://hl7.org/fhir/StructureDefinition/";
constexpr std::array<std::string_view, 2> kEnableExpressions = {
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
    "sdc-questionnaire-enableWhenExpression",
    "http://phr.kanta.fi/StructureDefinition/"
    "fiphr-ext-questionnaire-enablewhen"};

Json extension_value(Json node, std::string_view name) {
  return fhir::member_with_prefix(
      fhir::extension_of(node, std::string(kCore) + std::string(name)),
      "value");
}

constexpr std::array<std::string_view, 3> kMinimum = {
    "http://hl7.org/fhir/StructureDefinition/minValue",
    "http://hl7.org/fhir/StructureDefinition/questionnaire-minValue",
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
    "sdc-questionnaire-minQuantity"};
constexpr std::array<std::string_view, 3> kMaximum = {
    "http://hl7.org/fhir/StructureDefinition/maxValue",
    "http://hl7.org/fhir/StructureDefinition/questionnaire-maxValue",
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
    "sdc-questionnaire-maxQuantity"};

Json bound_of(Json definition, bool is_minimum) {
  for (const auto url : is_minimum ? kMinimum : kMaximum) {
    const Json value =
        fhir::member_with_prefix(fhir::extension_of(definition, url), "value");
    if (value.exists()) return value;
  }
  return {};
}

std::size_t number(Json value, std::size_t missing) {
  const auto text = value.text();
  std::size_t parsed = missing;
  std::from_chars(text.data(), text.data() + text.size(), parsed);
  return parsed;
}

struct AnswerType {
  std::string_view type;
  std::string_view suffix;  // of value[x]
};
constexpr std::array<AnswerType, 13> kTypes{{{"boolean", "Boolean"},
                                             {"decimal", "Decimal"},
                                             {"integer", "Integer"},
                                             {"date", "Date"},
                                             {"dateTime", "DateTime"},
                                             {"time", "Time"},
                                             {"string", "String"},
                                             {"text", "String"},
                                             {"url", "Uri"},
                                             {"attachment", "Attachment"},
                                             {"reference", "Reference"},
                                             {"quantity", "Quantity"},
                                             {"choice", "Coding"}}};

std::string_view wanted_suffix(std::string_view type) {
  for (const auto& row : kTypes) {
    if (row.type == type) return row.suffix;
  }
  return {};
}

bool is_question(std::string_view type) {
  return type != "group" && type != "display" && type != "question";
}

void each_item(Json node, std::string_view link, std::vector<Json>& found) {
  for (const Json item : node.get("item")) {
    if (item.get("linkId").text() == link) found.push_back(item);
    each_item(item, link, found);
    for (const Json answer : item.get("answer")) each_item(answer, link, found);
  }
}

// Where a group repeats, a question's answers are those of the same group: the
// items of that link in the innermost container that has any.
std::vector<Json> nearest_items(Json container, std::string_view link) {
  std::vector<Json> found;
  for (; container.exists() && found.empty(); container = container.parent()) {
    if (container.is_object()) each_item(container, link, found);
  }
  return found;
}

bool same_value(Json a, Json b) {
  if (!a.is_object()) return a.text() == b.text();
  return a.get("code").text() == b.get("code").text() &&
         (a.get("system").text() == b.get("system").text() ||
          !b.get("system").exists());
}

}  // namespace

void QuestionnaireCheck::wrong(Json place, std::string_view rule,
                               std::string text, std::string wanted) {
  findings_.add(place, {.rule = rule,
                        .type = fhir::IssueType::business_rule,
                        .text = std::move(text),
                        .wanted = std::move(wanted)});
}

void QuestionnaireCheck::run(Json questionnaire) {
  items(questionnaire, response_);
}

void QuestionnaireCheck::items(Json defined, Json answered) {
  for (const Json definition : defined.get("item")) {
    std::vector<Json> found;
    for (const Json item : answered.get("item")) {
      if (item.get("linkId").text() == definition.get("linkId").text()) {
        found.push_back(item);
      }
    }
    item(definition, found, answered);
  }
  for (const Json item : answered.get("item")) {
    bool known = false;
    for (const Json definition : defined.get("item")) {
      known |= definition.get("linkId").text() == item.get("linkId").text();
    }
    if (known) continue;
    wrong(answered, "questionnaire/link",
          "the questionnaire has no such item here",
          "a linkId of the questionnaire");
  }
}

void QuestionnaireCheck::item(Json definition, const std::vector<Json>& found,
                              Json parent) {
  const auto type = definition.get("type").text();
  const bool is_enabled = enabled(definition, parent);
  std::size_t answered = 0;
  for (const Json item : found) {
    answered += is_question(type) ? item.get("answer").size() : 1;
    if (!is_enabled &&
        (item.get("answer").exists() || item.get("item").exists())) {
      wrong(item, "questionnaire/not-enabled",
            "the item is answered, and it is not enabled");
    }
    answers(definition, item);
  }
  // What is not enabled asks for nothing.
  if (is_enabled && type != "display") {
    count(definition, answered, found.size() == 1 ? found.front() : parent,
          true);
    const bool is_required = definition.get("required").text() == "true";
    if (is_required && answered == 0 &&
        response_.get("status").text() != "in-progress") {
      wrong(found.empty() ? parent : found.front(), "questionnaire/required",
            "a required item has no answer");
    }
  }
}

void QuestionnaireCheck::count(Json definition, std::size_t answers, Json place,
                               bool) {
  const bool repeats = definition.get("repeats").text() == "true";
  const auto least =
      number(extension_value(definition, "questionnaire-minOccurs"), 0);
  const auto most =
      number(extension_value(definition, "questionnaire-maxOccurs"),
             repeats ? SIZE_MAX : 1);
  if (answers < least) {
    wrong(place, "questionnaire/count", "the item has too few answers",
          "at least " + std::to_string(least));
  }
  if (answers > most) {
    wrong(place, "questionnaire/count", "the item has too many answers",
          "at most " + std::to_string(most));
  }
}

void QuestionnaireCheck::answers(Json definition, Json item) {
  const auto kind = definition.get("type").text();
  if (!is_question(kind)) {
    if (item.get("answer").exists()) {
      wrong(item, "questionnaire/no-question",
            "an item of this type has no answers", std::string(kind));
    }
    items(definition, item);
    return;
  }
  for (const Json given : item.get("answer")) {
    answer(definition, given);
    if (definition.get("item").exists() || given.get("item").exists()) {
      items(definition, given);
    }
  }
}

void QuestionnaireCheck::answer(Json definition, Json answer) {
  std::string_view suffix;
  const Json value = fhir::member_with_prefix(answer, "value", &suffix);
  if (!value.exists()) return;
  type(definition, value, suffix);
  options(definition, answer, value, suffix);
  bounds(definition, value);
  text_bounds(definition, value);
  if (suffix == "Quantity") units(definition, value);
}

void QuestionnaireCheck::type(Json definition, Json value,
                              std::string_view suffix) {
  const auto kind = definition.get("type").text();
  const auto wanted = wanted_suffix(kind);
  if (kind == "open-choice" && (suffix == "Coding" || suffix == "String")) {
    return;
  }
  // Options say themselves which types they have.
  if ((kind == "choice" || kind == "open-choice") &&
      definition.get("answerOption").exists()) {
    return;
  }
  if (suffix == wanted) {
    const auto target = value.get("reference").text();
    const auto slash = target.rfind('/');
    if (suffix != "Reference" || slash == std::string_view::npos) return;
    auto name = target.substr(0, slash);
    name = name.substr(name.rfind('/') + 1);
    if (!name.empty() && name.front() >= 'A' && name.front() <= 'Z' &&
        definitions_.type_named(name) == fhir::kNone) {
      wrong(value, "questionnaire/reference",
            "the reference names a type that does not exist");
    }
    return;
  }
  wrong(value, "questionnaire/type", "the answer has another type",
        std::string(wanted.empty() ? kind : wanted));
}

void QuestionnaireCheck::options(Json definition, Json answer, Json value,
                                 std::string_view suffix) {
  const bool is_open = definition.get("type").text() == "open-choice";
  const Json options = definition.get("answerOption");
  if (options.exists()) {
    bool has_type = false;
    for (const Json option : options) {
      std::string_view kind;
      const Json allowed = fhir::member_with_prefix(option, "value", &kind);
      has_type |= kind == suffix;
      if (kind == suffix && same_value(allowed, value)) return;
    }
    if (is_open && suffix == "String") return;
    wrong(has_type ? value : answer, "questionnaire/option",
          "the answer is none of the options", "one of the options");
    return;
  }
  const Json url = definition.get("answerValueSet");
  if (!url.is_string() || suffix != "Coding") return;
  const auto set = definitions_.value_set_of(url.text());
  if (set == fhir::kNone ||
      fhir::coding_in(definitions_, set, value.get("system").text(),
                      value.get("code").text()) != fhir::Membership::no) {
    return;
  }
  if (is_open) return;
  wrong(answer, "questionnaire/option",
        "the code is not in the value set of the question",
        std::string(url.text()));
}

void QuestionnaireCheck::bounds(Json definition, Json value) {
  for (const bool is_minimum : {true, false}) {
    const Json wanted = bound_of(definition, is_minimum);
    if (!wanted.exists() || wanted.kind() != value.kind()) continue;
    const auto order = compare_answers(value, wanted);
    if (!order) {
      wrong(value, "questionnaire/bound",
            "the answer cannot be compared with the bound of the question",
            std::string(wanted.raw()));
    } else if (is_minimum ? *order < 0 : *order > 0) {
      wrong(value, "questionnaire/bound",
            is_minimum ? "the answer is less than the question allows"
                       : "the answer is greater than the question allows",
            std::string(wanted.raw()));
    }
  }
  const Json places = extension_value(definition, "maxDecimalPlaces");
  const auto point = value.text().find('.');
  if (places.exists() && value.kind() == JsonKind::number &&
      point != std::string_view::npos &&
      value.text().size() - point - 1 > number(places, SIZE_MAX)) {
    wrong(value, "questionnaire/places", "the answer has too many places",
          std::string(places.text()));
  }
}

void QuestionnaireCheck::text_bounds(Json definition, Json value) {
  if (!value.is_string()) return;
  const auto length = code_points(value.text());
  if (length > number(definition.get("maxLength"), SIZE_MAX)) {
    wrong(value, "questionnaire/length", "the answer is too long",
          "at most " + std::string(definition.get("maxLength").text()));
  }
  const Json least = extension_value(definition, "minLength");
  if (length < number(least, 0)) {
    wrong(value, "questionnaire/length", "the answer is too short",
          "at least " + std::string(least.text()));
  }
  const Json pattern = extension_value(definition, "regex");
  if (pattern.is_string() && !matches_pattern(value.text(), pattern.text())) {
    wrong(value, "questionnaire/format",
          "the answer has not the format of the question",
          std::string(extension_value(definition, "entryFormat").text()));
  }
}

void QuestionnaireCheck::units(Json definition, Json value) {
  const auto code = value.get("code").text();
  const auto system = value.get("system").text();
  bool has_options = false;
  bool found = false;
  for (const Json extension : definition.get("extension")) {
    const auto url = extension.get("url").text();
    if (url == std::string(kCore) + "questionnaire-unitOption") {
      has_options = true;
      found |= extension.get("valueCoding").get("code").text() == code;
    }
  }
  const Json set = extension_value(definition, "questionnaire-unitValueSet");
  const auto row =
      set.is_string() ? definitions_.value_set_of(set.text()) : fhir::kNone;
  if (row != fhir::kNone) {
    has_options = true;
    found |= !code.empty() && fhir::coding_in(definitions_, row, system,
                                              code) != fhir::Membership::no;
  }
  if (!has_options || found) return;
  wrong(value, "questionnaire/unit", "the unit is none of the units allowed");
}

bool QuestionnaireCheck::enabled(Json definition, Json parent) const {
  bool has_expression = false;
  const bool holds = expression_holds(definition, has_expression);
  if (has_expression) return holds;
  const Json conditions = definition.get("enableWhen");
  if (!conditions.exists()) return true;
  const bool any = definition.get("enableBehavior").text() == "any";
  for (const Json condition : conditions) {
    if (condition_holds(condition, parent) == any) return any;
  }
  return !any;
}

bool QuestionnaireCheck::condition_holds(Json condition, Json parent) const {
  const auto items = nearest_items(parent, condition.get("question").text());
  std::string_view suffix;
  const Json wanted = fhir::member_with_prefix(condition, "answer", &suffix);
  const auto operation = condition.get("operator").text();
  bool answered = false;
  for (const Json item : items) {
    for (const Json answer : item.get("answer")) {
      const Json value = fhir::member_with_prefix(answer, "value");
      if (!value.exists()) continue;
      answered = true;
      if (operation == "exists") continue;
      const bool same = same_value(value, wanted);
      const auto order = compare_answers(value, wanted);
      const bool holds = operation == "="    ? same
                         : operation == "!=" ? !same
                         : !order            ? false
                         : operation == ">"  ? *order > 0
                         : operation == "<"  ? *order < 0
                         : operation == ">=" ? *order >= 0
                                             : *order <= 0;
      if (holds) return true;
    }
  }
  if (operation == "exists") return answered == (wanted.text() == "true");
  return operation == "!=" && !answered;
}

bool QuestionnaireCheck::expression_holds(Json definition, bool& found) const {
  for (const auto url : kEnableExpressions) {
    const Json value =
        fhir::member_with_prefix(fhir::extension_of(definition, url), "value");
    if (!value.exists()) continue;
    const fhir::TypeModel model(definitions_);
    const auto text =
        value.is_object() ? value.get("expression").text() : value.text();
    const auto expression = fhirpath::compile(text, {.model = &model});
    if (!expression.ok()) continue;
    found = true;
    fhirpath::Environment environment;
    environment.resource = response_;
    return fhirpath::evaluate_boolean(*expression, response_, environment) ==
           fhirpath::Verdict::met;
  }
  return false;
}

}  // namespace gateway::validate
