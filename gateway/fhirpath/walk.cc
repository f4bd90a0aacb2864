// How an Evaluation walks trees: elements by name, choice types, primitives
// with their "_name" siblings (https://hl7.org/fhir/R4/json.html#primitive).

#include <algorithm>

#include "fhirpath/evaluation.h"

namespace gateway::fhirpath {
namespace {

constexpr std::uint32_t kAll = 0xFFFFFFFF;
// Of a choice element whose keys are compared one by one: value[x] of an
// extension has fifty, most others have two to four.
constexpr std::uint32_t kFewChoices = 8;
// A path without steps, and the step before its end: what is walked to is
// pushed.
constexpr Op kNoSteps{.code = OpCode::path};
constexpr std::uint32_t kLastStep = 0xFFFFFFFF;

// The item of the array `siblings` that belongs to item `index`.
Json sibling_item(Json siblings, std::size_t index) {
  const auto found = siblings.is_array() ? siblings.at(index) : Json();
  return found.is_object() ? found : Json();
}

}  // namespace

// Walks on from a node that a step has found.
inline bool Evaluation::emit(Json json, const Choice& choice, const Op& path,
                             std::uint32_t step, std::uint32_t enough) {
  auto value = Value::node(json, choice.type, choice.primitive);
  if (choice.any_resource) {
    const auto& names = types().model()->definitions().names;
    const auto found =
        types().model()->find(json.get(names.resource_type).text());
    if (found != kUntyped) value = Value::node(json, found);
  }
  if (step + 1 == path.count) return push(value) && top() < enough;
  return walk(value, path, step + 1, enough);
}

void Evaluation::bind(const JsonDocument& document) {
  bound_ = &document;
  auto& bound = scratch_.bound;
  bound.document = &document;
  bound.keys.resize(program_.names.size() * 2);
  const bool same = &document.keys() == program_.keys;
  const auto number = [&](KeyId known, std::string_view text) {
    return same && known != kNoKey ? known : document.key_of(text);
  };
  for (std::size_t i = 0; i < program_.names.size(); ++i) {
    const auto& name = program_.names[i];
    bound.keys[2 * i] = number(name.key, name.text);
    bound.keys[2 * i + 1] = number(name.sibling_key, name.sibling);
  }
}

// Pushes what the steps from `step` on find. False once `enough` is reached,
// or when something failed.
bool Evaluation::walk(const Value& from, const Op& path, std::uint32_t step,
                      std::uint32_t enough) {
  if (step == path.count) return push(from) && top() < enough;
  if (!from.is_node()) {
    const auto& name = program_.names[program_.steps[path.data + step].name];
    if (!from.is(ValueKind::type)) return true;
    const auto type = from.named_type();
    if (name.text == "namespace") {
      return walk(
          Value::of(std::string_view(is_system(type) ? "System" : "FHIR")),
          path, step + 1, enough);
    }
    return name.text != "name" ||
           walk(Value::of(types().name(type)), path, step + 1, enough);
  }
  if (from.sibling_only() || from.json().kind() != JsonKind::object) {
    return walk_sibling(from, path, step, enough);
  }
  return walk_elements(from, path, step, enough);
}

bool Evaluation::walk_elements(const Value& from, const Op& path,
                               std::uint32_t step, std::uint32_t enough) {
  const auto& at_step = program_.steps[path.data + step];
  const auto json = from.json();
  if (from.type() == kUntyped) {
    const auto& name = program_.names[at_step.name];
    if (at_step.may_be_root && json.get("resourceType").text() == name.text) {
      return walk(from, path, step + 1, enough);
    }
    if (bound_ != json.document()) bind(*json.document());
    const auto* keys = &scratch_.bound.keys[std::size_t{at_step.name} * 2];
    const Choice choice{.key = keys[0], .sibling = keys[1]};
    return walk_one(json, choice, path, step, enough);
  }
  if (from.type() == at_step.owner) {
    if (at_step.direct) {
      return walk_direct(*json.document(), json.index(), path, step, enough);
    }
    if (at_step.choice_count == 1) {
      return walk_one(json, program_.choices[at_step.first_choice], path, step,
                      enough);
    }
    return walk_choice(json, from.type(), at_step, path, step, enough);
  }
  if (at_step.may_be_root && types().is_a(from.type(), at_step.self)) {
    return walk(from, path, step + 1, enough);
  }
  const auto key = program_.names[at_step.name].key;
  if (key == kNoKey) return true;
  const auto& definitions = types().model()->definitions();
  const auto& shape = definitions.shapes[from.type()];
  const auto* slot = definitions.slot(shape, key);
  if (slot == nullptr) {
    return walk_choice(json, from.type(), at_step, path, step, enough);
  }
  const auto& element =
      definitions.elements[shape.elements.first + slot->element];
  // "valueString" is no element: its name is "value".
  if (element.key != key) return true;
  const auto& type = definitions.types[element.types.first + slot->type];
  return walk_one(json, choice_of(types(), type.key, type.sibling, type.shape),
                  path, step, enough);
}

// The same as walk_one(), for steps of one type from object to object: what is
// between the ends becomes no Value.
bool Evaluation::walk_direct(const JsonDocument& document, std::uint32_t object,
                             const Op& path, std::uint32_t step,
                             std::uint32_t enough) {
  const auto& at_step = program_.steps[path.data + step];
  const auto& choice = program_.choices[at_step.first_choice];
  const auto* tape = document.tape();
  if (tape[object].size == 0) return true;
  auto at = object + 1;
  while ((tape[at].key & kNoKey) != choice.key) {
    // What is not there may be there as "_name" only.
    if (tape[at].last != 0U) {
      return choice.sibling == kNoKey ||
             walk_one(Json(&document, object), choice, path, step, enough);
    }
    at = tape[at].next;
  }
  if (static_cast<JsonKind>(tape[at].kind) != JsonKind::array) {
    return walk_found(document, at, choice, path, step, enough);
  }
  if (!charge(tape[at].size)) return false;
  const auto end = tape[at].next;
  for (auto item = at + 1; item < end; item = tape[item].next) {
    if (static_cast<JsonKind>(tape[item].kind) == JsonKind::null) {
      return walk_member(Json(&document, at), choice, path, step, enough, item);
    }
    if (!walk_found(document, item, choice, path, step, enough)) return false;
  }
  return true;
}

inline bool Evaluation::walk_found(const JsonDocument& document,
                                   std::uint32_t at, const Choice& choice,
                                   const Op& path, std::uint32_t step,
                                   std::uint32_t enough) {
  const auto kind = static_cast<JsonKind>(document.tape()[at].kind);
  if (step + 1 < path.count && kind == JsonKind::object &&
      program_.steps[path.data + step + 1].follows) {
    return walk_direct(document, at, path, step + 1, enough);
  }
  if (kind == JsonKind::null) return true;
  return emit(Json(&document, at), choice, path, step, enough);
}

// Of a step that may be written in a few ways, the members that are one of
// them: their keys are compared, and no type is looked up.
bool Evaluation::walk_few(Json object, const Step& at_step, const Op& path,
                          std::uint32_t step, std::uint32_t enough) {
  const auto* document = object.document();
  const auto* tape = document->tape();
  if (tape[object.index()].size == 0) return true;
  const auto* const first = &program_.choices[at_step.first_choice];
  const auto* const last = first + at_step.choice_count;
  for (auto at = object.index() + 1;; at = tape[at].next) {
    const KeyId key = tape[at].key & kNoKey;
    if ((at_step.key_bits >> (key % 64) & 1U) != 0) {
      for (const auto* choice = first; choice != last; ++choice) {
        const Json member(document, at);
        if (key == choice->key) {
          if (!walk_member(member, *choice, path, step, enough)) return false;
          break;
        }
        if (key != choice->sibling || key == kNoKey) continue;
        if (!object.get(choice->key).exists() &&
            !walk_sibling_only(member, *choice, path, step, enough)) {
          return false;
        }
        break;
      }
    }
    if (tape[at].last != 0U) return true;
  }
}

// The members whose element is `element`, whatever type their names say.
bool Evaluation::walk_choice(Json object, TypeId owner, const Step& at_step,
                             const Op& path, std::uint32_t step,
                             std::uint32_t enough) {
  const auto element = program_.names[at_step.name].key;
  if (element == kNoKey || !charge(1)) return problem_.message.empty();
  if (owner == at_step.owner && at_step.choice_count <= kFewChoices) {
    return walk_few(object, at_step, path, step, enough);
  }
  const auto bits = owner == at_step.owner ? at_step.key_bits : ~0ULL;
  const auto* document = object.document();
  const auto* tape = document->tape();
  if (tape[object.index()].size == 0) return true;
  for (auto at = object.index() + 1;; at = tape[at].next) {
    const KeyId key = tape[at].key & kNoKey;
    const auto found = (bits >> (key % 64) & 1U) == 0
                           ? std::nullopt
                           : member_type(types(), owner, key);
    if (found && found->element == element) {
      const Json member(document, at);
      const auto choice = choice_of(types(), key, kNoKey, found->type);
      const bool alone =
          found->sibling && !object.get(member.name().substr(1)).exists();
      if (!found->sibling ? !walk_member(member, choice, path, step, enough)
                          : alone && !walk_sibling_only(member, choice, path,
                                                        step, enough)) {
        return false;
      }
    }
    if (tape[at].last != 0U) return true;
  }
}

bool Evaluation::walk_one(Json object, const Choice& choice, const Op& path,
                          std::uint32_t step, std::uint32_t enough) {
  const auto* document = object.document();
  const auto* tape = document->tape();
  if (choice.key == kNoKey || tape[object.index()].size == 0) return true;
  std::uint32_t sibling = 0;
  for (auto at = object.index() + 1;; at = tape[at].next) {
    const std::uint32_t key = tape[at].key & kNoKey;
    if (key == choice.key) {
      if (!charge(1)) return false;
      const auto kind = static_cast<JsonKind>(tape[at].kind);
      if (kind != JsonKind::array && kind != JsonKind::null) {
        return emit(Json(document, at), choice, path, step, enough);
      }
      return walk_member(Json(document, at), choice, path, step, enough);
    }
    if (key == choice.sibling && key != kNoKey) sibling = at;
    if (tape[at].last != 0U) break;
  }
  return charge(1) &&
         (sibling == 0 || walk_sibling_only(Json(document, sibling), choice,
                                            path, step, enough));
}

// `from`: the place of the first item that counts.
bool Evaluation::walk_member(Json member, const Choice& choice, const Op& path,
                             std::uint32_t step, std::uint32_t enough,
                             std::uint32_t from) {
  if (member.kind() == JsonKind::null) return true;
  if (!member.is_array()) {
    return emit(member, choice, path, step, enough);
  }
  if (!charge(member.size())) return false;
  std::size_t index = 0;
  for (auto item = member.first(); item.exists(); item = item.next(), ++index) {
    if (item.index() < from) continue;
    if (item.kind() != JsonKind::null) {
      if (!emit(item, choice, path, step, enough)) return false;
      continue;
    }
    const auto name = "_" + std::string(member.name());
    const auto sibling = sibling_item(member.parent().get(name), index);
    if (sibling.exists() &&
        !walk(Value::sibling(sibling, choice.type), path, step + 1, enough)) {
      return false;
    }
  }
  return true;
}

// A primitive, or an array of them, of which there is only "_name".
bool Evaluation::walk_sibling_only(Json sibling, const Choice& choice,
                                   const Op& path, std::uint32_t step,
                                   std::uint32_t enough) {
  if (sibling.is_object()) {
    return walk(Value::sibling(sibling, choice.type), path, step + 1, enough);
  }
  for (const auto item : sibling) {
    if (item.is_object() &&
        !walk(Value::sibling(item, choice.type), path, step + 1, enough)) {
      return false;
    }
  }
  return true;
}

Json Evaluation::sibling_of(const Value& value) const {
  const auto json = value.json();
  if (value.sibling_only()) return json;
  const auto parent = json.parent();
  const auto member = parent.is_array() ? parent : json;
  const auto name = member.name();
  if (name.empty()) return {};
  const auto belongs = [name](Json other) {
    if (!other.is_object() && !other.is_array()) return false;
    const auto candidate = other.name();
    return candidate.size() == name.size() + 1 && candidate.front() == '_' &&
           candidate.substr(1) == name;
  };
  // It usually follows its member.
  Json found = member.next();
  if (!belongs(found)) {
    found = {};
    for (const auto other : member.parent()) {
      if (belongs(other)) found = other;
    }
  }
  if (!parent.is_array()) return found.is_object() ? found : Json();
  if (!found.exists()) return {};
  std::size_t index = 0;
  for (const auto item : parent) {
    if (item == json) break;
    ++index;
  }
  return sibling_item(found, index);
}

// A step from a primitive: its id and extensions; its value as a System value.
bool Evaluation::walk_sibling(const Value& from, const Op& path,
                              std::uint32_t step, std::uint32_t enough) {
  const auto& name = program_.names[program_.steps[path.data + step].name].text;
  if (name == "value" && types().is_primitive(from.type())) {
    return from.sibling_only() || walk(system(from), path, step + 1, enough);
  }
  const bool id = name == "id";
  if (!id && name != "extension") return true;
  const auto sibling = sibling_of(from);
  const auto member = sibling.get(name);
  if (!member.exists()) return true;
  const bool known = from.type() != kUntyped;
  const auto type = id ? types().string() : types().extension();
  return walk_member(
      member, choice_of(types(), kNoKey, kNoKey, known ? type : kUntyped), path,
      step, enough);
}

bool Evaluation::push_member(Json member, TypeId type) {
  return walk_member(member, choice_of(types(), kNoKey, kNoKey, type), kNoSteps,
                     kLastStep, kAll);
}

bool Evaluation::push_children(const Value& from) {
  if (!from.is_node() || !charge(1)) return problem_.message.empty();
  const bool known = types().is_model_type(from.type());
  if (from.sibling_only() || from.json().kind() != JsonKind::object) {
    const auto sibling = sibling_of(from);
    for (const auto member : sibling) {
      const bool id = member.name() == "id";
      if (!push_member(member, !known ? kUntyped
                               : id   ? types().string()
                                      : types().extension())) {
        return false;
      }
    }
    return true;
  }
  const auto json = from.json();
  for (const auto member : json) {
    if (!known) {
      if (member.name() != "resourceType" && !push_member(member, kUntyped)) {
        return false;
      }
      continue;
    }
    const auto found = member_type(types(), from.type(), member.key());
    if (!found) continue;
    if (!found->sibling) {
      if (!push_member(member, found->type)) return false;
    } else if (!json.get(member.name().substr(1)).exists()) {
      if (!walk_sibling_only(member, {kNoKey, kNoKey, found->type}, kNoSteps,
                             kLastStep, kAll)) {
        return false;
      }
    }
  }
  return true;
}

bool Evaluation::push_extensions(const Value& from, std::string_view url) {
  if (!from.is_node()) return true;
  const auto json = from.json();
  const bool element = !from.sibling_only() && json.is_object();
  const auto holder = element ? json : sibling_of(from);
  const auto known = types().is_model_type(from.type());
  const auto* model = types().model();
  const auto* names = known ? &model->definitions().names : nullptr;
  const auto list =
      known ? holder.get(names->extension) : holder.get("extension");
  for (const auto extension : list) {
    const auto named = known ? extension.get(names->url) : extension.get("url");
    if (!charge(1)) return false;
    if (named.text() != url) continue;
    if (!push(Value::node(extension, known ? types().extension() : kUntyped))) {
      return false;
    }
  }
  return true;
}

}  // namespace gateway::fhirpath
