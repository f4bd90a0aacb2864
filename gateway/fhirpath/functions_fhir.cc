// Navigation, and what FHIR adds to FHIRPath
// (https://hl7.org/fhir/R4/fhirpath.html#functions).

#include <array>

#include "fhirpath/function_groups.h"
#include "fhirpath/operators.h"

namespace gateway::fhirpath {
namespace {

// Replaces the input by what `push(value)` pushes for each of its items.
template <typename Push>
bool each(Evaluation& run, const Op& op, const Frame& frame, const Push& push) {
  Part part;
  if (!run.eval_focus(op, frame, part)) return false;
  for (auto i = part.begin; i < part.end; ++i) {
    const Value value = run.at(i);
    if (!push(value)) return false;
  }
  run.settle(part.begin, part.end);
  return true;
}

bool children(Evaluation& run, const Op& op, const Frame& frame) {
  return each(run, op, frame,
              [&](const Value& value) { return run.push_children(value); });
}

bool descendants(Evaluation& run, const Op& op, const Frame& frame) {
  return each(run, op, frame,
              [&](const Value& value) { return run.push_descendants(value); });
}

bool extension(Evaluation& run, const Op& op, const Frame& frame) {
  Text url;
  if (!text_arg(run, op, 0, frame, url)) return false;
  return each(run, op, frame, [&](const Value& value) {
    return !url.present || run.push_extensions(value, url.text);
  });
}

bool has_a_value(Evaluation& run, const Value& value) {
  if (!value.is_node()) return true;
  if (value.sibling_only()) return false;
  const auto kind = value.json().kind();
  const bool scalar = kind == JsonKind::string || kind == JsonKind::number ||
                      kind == JsonKind::boolean;
  return scalar &&
         (value.type() == kUntyped || run.types().is_primitive(value.type()) ||
          is_system(value.type()));
}

Answer has_value(Evaluation& run, const Op& op, const Frame& frame) {
  if (op.focus == kNoOp) {
    return answer(frame.present && has_a_value(run, frame.focus));
  }
  Part part;
  if (!run.eval_focus_some(op, frame, 2, part)) return Answer::failed;
  const bool has = part.size() == 1 && has_a_value(run, run.at(part.begin));
  run.drop_to(part.begin);
  return answer(has);
}

bool get_value(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  if (!run.eval_focus(op, frame, part)) return false;
  const bool has = part.size() == 1 && has_a_value(run, run.at(part.begin));
  const auto value = has ? run.system(run.at(part.begin)) : Value();
  run.drop_to(part.begin);
  return !has || run.push(value);
}

Json contained_resource(Evaluation& run, Json holder, std::string_view id) {
  for (const auto resource : holder.get("contained")) {
    if (!run.charge(1)) return {};
    if (resource.get("id").text() == id) return resource;
  }
  return {};
}

// "Patient/17" of an entry whose fullUrl ends so, or whose resource is that.
bool is_entry(Json entry, std::string_view reference) {
  const auto full_url = entry.get("fullUrl").text();
  if (full_url == reference) return true;
  const auto resource = entry.get("resource");
  const auto type = resource.get("resourceType").text();
  const auto id = resource.get("id").text();
  return !id.empty() && reference.size() == type.size() + 1 + id.size() &&
         reference.starts_with(type) && reference.ends_with(id) &&
         reference[type.size()] == '/';
}

Json entry_resource(Evaluation& run, Json bundle, std::string_view reference) {
  for (const auto entry : bundle.get("entry")) {
    if (!run.charge(1)) return {};
    if (is_entry(entry, reference)) return entry.get("resource");
  }
  return {};
}

Json target(Evaluation& run, const Value& from, std::string_view reference) {
  const auto near = from.is_node() ? from.json() : run.root_resource();
  if (!near.exists()) return {};
  const auto root = near.document()->root();
  if (run.environment().resolve && reference != "#") {
    const auto found = run.environment().resolve(reference);
    if (found.exists()) return found;
  }
  if (reference.starts_with('#')) {
    const auto id = reference.substr(1);
    if (id.empty()) return run.root_resource();
    for (const auto holder : {run.root_resource(), run.resource(), root}) {
      const auto found = contained_resource(run, holder, id);
      if (found.exists()) return found;
    }
    return {};
  }
  const auto version = reference.find("/_history/");
  return entry_resource(run, root, reference.substr(0, version));
}

bool resolve(Evaluation& run, const Op& op, const Frame& frame) {
  return each(run, op, frame, [&](const Value& value) {
    if (value.is_node() && value.sibling_only()) return true;
    if (!value.is_node() && !value.is(ValueKind::string)) return true;
    const auto json = value.is_node() ? value.json() : Json();
    const auto text = !value.is_node()   ? value.string()
                      : json.is_object() ? json.get("reference").text()
                                         : json.text();
    if (text.empty()) return true;
    const auto found = target(run, value, text);
    return !found.exists() || run.push(typed_node(found, run.types()));
  });
}

Answer from(std::optional<bool> known) {
  return known ? answer(*known) : Answer::empty;
}

Answer member_of(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  Text url;
  if (!run.eval_focus(op, frame, part) || !text_arg(run, op, 0, frame, url)) {
    return Answer::failed;
  }
  const bool asked =
      part.size() == 1 && url.present && run.environment().member_of;
  const auto value = asked ? run.at(part.begin) : Value();
  run.drop_to(part.begin);
  return asked ? from(run.environment().member_of(value, url.text))
               : Answer::empty;
}

// Without other knowledge: conforms to a type of the model.
std::optional<bool> is_of_profile(Evaluation& run, const Value& value,
                                  std::string_view url) {
  constexpr std::string_view kBase = "http://hl7.org/fhir/StructureDefinition/";
  if (!url.starts_with(kBase)) return std::nullopt;
  const auto type = run.types().find(url.substr(kBase.size()));
  if (type == kUntyped || is_system(type)) return std::nullopt;
  return run.types().is_a(value.type(), type);
}

Answer conforms_to(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  Text url;
  if (!run.eval_focus(op, frame, part) || !text_arg(run, op, 0, frame, url)) {
    return Answer::failed;
  }
  if (part.size() != 1 || !url.present) {
    run.drop_to(part.begin);
    return Answer::empty;
  }
  const Value value = run.at(part.begin);
  run.drop_to(part.begin);
  const auto& known = run.environment().conforms_to;
  const auto result =
      known ? known(value, url.text) : is_of_profile(run, value, url.text);
  if (!result) {
    run.fail(op.place, "the profile that conformsTo() names is not loaded");
    return Answer::failed;
  }
  return answer(*result);
}

Answer html_checks(Evaluation& run, const Op& op, const Frame& frame) {
  Part part;
  if (!run.eval_focus(op, frame, part)) return Answer::failed;
  bool safe = true;
  for (auto i = part.begin; i < part.end; ++i) {
    const Value value = run.at(i);
    const auto& checks = run.environment().html_checks;
    safe = safe && (!checks || checks(value));
  }
  run.drop_to(part.begin);
  return answer(safe);
}

// Whether `url` is one of those that `list` names, with commas between.
bool is_listed(std::string_view list, std::string_view url) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    auto one = list.substr(0, comma);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (one == url) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
  return false;
}

// The input, if it has no modifier extensions but those; else an error.
bool check_modifiers(Evaluation& run, const Op& op, const Frame& frame) {
  Text known;
  if (!text_arg(run, op, 0, frame, known)) return false;
  Part part;
  if (!run.eval_focus(op, frame, part)) return false;
  for (auto i = part.begin; i < part.end; ++i) {
    if (!run.at(i).is_node() || !run.at(i).json().is_object()) continue;
    for (const auto one : run.at(i).json().get("modifierExtension")) {
      if (!run.charge(1)) return false;
      if (!is_listed(known.text, one.get("url").text())) {
        return run.fail(op.place,
                        "an element has a modifier extension that "
                        "checkModifiers() does not name");
      }
    }
  }
  return true;
}

constexpr std::array kFunctions{
    Function{.name = "children",
             .gives = Gives::children,
             .flags = kLosesOrder,
             .run = children},
    Function{.name = "descendants",
             .gives = Gives::anything,
             .flags = kLosesOrder,
             .run = descendants},
    Function{.name = "extension",
             .least = 1,
             .most = 1,
             .gives = Gives::extension,
             .run = extension},
    Function{.name = "hasValue", .gives = Gives::boolean, .ask = has_value},
    Function{.name = "getValue", .gives = Gives::anything, .run = get_value},
    Function{.name = "resolve", .gives = Gives::anything, .run = resolve},
    Function{.name = "memberOf",
             .least = 1,
             .most = 1,
             .gives = Gives::boolean,
             .ask = member_of},
    Function{.name = "conformsTo",
             .least = 1,
             .most = 1,
             .gives = Gives::boolean,
             .ask = conforms_to},
    Function{.name = "checkModifiers",
             .least = 1,
             .most = 1,
             .gives = Gives::focus,
             .run = check_modifiers},
    Function{.name = "htmlChecks", .gives = Gives::boolean, .ask = html_checks},
};

}  // namespace

std::span<const Function> fhir_functions() { return kFunctions; }

}  // namespace gateway::fhirpath
