#include "map/map_compiler.h"

#include <algorithm>
#include <array>
#include <utility>

#include "map/outward_check.h"
#include "map/suggestion.h"
#include "parse/hl7v2_structure.h"

namespace gateway::map {
namespace {

constexpr std::array<std::string_view, 7> kMapKeys{
    "map", "version", "source", "events", "when", "emit", "note"};

class MapCompiler {
 public:
  MapCompiler(const Yaml& file, const LibraryParts& library,
              const fhir::TypeModel* model, std::vector<MapProblem>& problems)
      : file_(file),
        problems_(problems),
        rules_(library, model, scope_of(file.get("source").scalar()),
               problems) {}

  CompiledMap compile() {
    CheckedMap map;
    map.name = file_.get("map").scalar();
    map.version = file_.get("version").scalar();
    map.source = file_.get("source").scalar();
    map.place = rules_.place_of(file_);
    for (const auto& [key, value] : file_.members()) {
      if (std::find(kMapKeys.begin(), kMapKeys.end(), key.scalar()) ==
          kMapKeys.end()) {
        rules_.problem(
            LintRule::unknown_key, key,
            "a map has no \"" + key.scalar() + "\"" +
                suggestion(key.scalar(), {kMapKeys.begin(), kMapKeys.end()}));
      }
    }
    if (map.name.empty()) lacks(file_, "a map needs a name");
    if (map.version.empty()) lacks(file_, "a map needs a version");
    const auto told = problems_.size();
    check_source(map.source);
    // No path means anything in a message that there is not.
    if (problems_.size() > told) return {std::move(map), {}, {}, {}};
    for (const auto& event : file_.get("events").items()) {
      check_event(event, map.source);
      map.events.push_back(event.scalar());
    }
    if (const auto when = file_.get("when"); when.exists()) {
      map.when = rules_.expression(when);
    }
    map.emissions = compile_all(file_.get("emit"));
    map.emission_count = emission_count_;
    map.rule_count = rules_.rule_count();
    map.document = document_named(map.source);
    if (map.document != nullptr) check_outward(map, file_, problems_);
    return {std::move(map), rules_.take_choice_sites(),
            rules_.take_table_uses(), rules_.take_setting_uses()};
  }

 private:
  void lacks(const Yaml& at, std::string text) {
    rules_.problem(LintRule::incomplete, at, std::move(text));
  }

  static Scope scope_of(const std::string& source) {
    const auto* message = parse::structure_named(source);
    if (message != nullptr) return {Scope::Kind::group, message, nullptr};
    return {Scope::Kind::document, nullptr, document_named(source)};
  }

  // "REF^I12", of the messages whose structure is "REF_I12".
  void check_event(const Yaml& event, const std::string& source) {
    if (parse::structure_named(source) == nullptr) return;
    const auto& text = event.scalar();
    const auto structure = parse::structure_of_event(text);
    const bool fits = structure.empty() ? parse::is_known_event(text) &&
                                              source.starts_with(type_of(text))
                                        : structure == source;
    if (fits) return;
    if (!structure.empty()) {
      rules_.problem(LintRule::source, event,
                     "\"" + text + "\" is a message of " +
                         std::string(structure) + ", not of " + source);
      return;
    }
    auto wanted = text.substr(0, text.find_first_of("^_"));
    wanted += "^" + text.substr(std::min(text.size(), wanted.size() + 1));
    const bool near = parse::is_known_event(wanted) && wanted != text;
    if (!near) wanted = source.substr(0, 3) + "^" + source.substr(4);
    rules_.problem(LintRule::source, event,
                   "\"" + text + "\" is no event of " + source +
                       "; did you mean " + wanted + "?");
  }
  static std::string type_of(const std::string& event) {
    return event.substr(0, event.find('^')) + "_";
  }

  // Sources in capitals are message structures; others are documents.
  void check_source(const std::string& source) {
    if (parse::structure_named(source) != nullptr) return;
    if (document_named(source) != nullptr) return;
    const auto near = suggestion(source, document_names());
    if (!near.empty()) {
      rules_.problem(LintRule::source, file_.get("source"),
                     "there is no document \"" + source + "\"" + near);
      return;
    }
    const bool message = std::none_of(source.begin(), source.end(), [](char c) {
      return c >= 'a' && c <= 'z';
    });
    if (!message) return;
    std::vector<std::string_view> names;
    for (const auto& known : parse::all_structures()) {
      names.push_back(known.name);
    }
    rules_.problem(LintRule::source,
                   file_.get("source").exists() ? file_.get("source") : file_,
                   "\"" + source + "\" is no message structure" +
                       suggestion(source, names));
  }

  std::vector<Emission> compile_all(const Yaml& node) {
    std::vector<Emission> emissions;
    if (node.kind() != Yaml::Kind::map || node.members().empty()) {
      rules_.problem(LintRule::incomplete, node.exists() ? node : file_,
                     "a map emits resources: name: { resourceType: ... }");
      return emissions;
    }
    for (const auto& [key, value] : node.members()) {
      emissions.push_back(compile_one(key, value));
    }
    return emissions;
  }

  Emission compile_one(const Yaml& key, const Yaml& node) {
    Emission emission;
    emission.name = key.scalar();
    emission.place = rules_.place_of(key);
    emission.id = emission_count_++;
    if (emission.name.empty()) {
      rules_.problem(LintRule::incomplete, key,
                     "a resource needs a name before the \":\", such as "
                     "patient");
    }
    if (node.kind() != Yaml::Kind::map) {
      rules_.problem(LintRule::shape, node.exists() ? node : key,
                     "a resource is wanted: { resourceType: ... }");
      return emission;
    }
    const auto members = rules_.merged(node);
    const bool opened = open_scope(emission, members);
    if (const auto* when = find(members, "$when")) {
      emission.when = rules_.expression(*when);
    }
    ++depth_;
    if (const auto* inner = find(members, "$emit")) {
      check_group(members);
      emission.inner = compile_all(*inner);
    } else {
      compile_resource(emission, node, members);
    }
    --depth_;
    if (opened) rules_.step_back();
    if (!emission.type.empty()) {
      const bool certain = depth_ == 0 && !emission.when.exists() &&
                           !emission.each.exists() && !emission.from.exists();
      rules_.emitted.push_back(
          {emission.name, emission.id, emission.type, certain});
    }
    return emission;
  }

  bool open_scope(Emission& emission, const RuleMembers& members) {
    const auto* each = find(members, "$each");
    const auto* from = find(members, "$from");
    if (each == nullptr && from == nullptr) return false;
    if (each != nullptr && from != nullptr) {
      rules_.problem(LintRule::shape, *from,
                     "a resource has $each or $from, not both");
    }
    auto& opening = each != nullptr ? emission.each : emission.from;
    opening = rules_.expression(each != nullptr ? *each : *from);
    if (!opening.scope()) {
      rules_.problem(LintRule::shape, each != nullptr ? *each : *from,
                     "only a path, first() or a part of a document can be "
                     "stood on");
      return false;
    }
    rules_.stand_on(*opening.scope());
    return true;
  }

  void check_group(const RuleMembers& members) {
    for (const auto& [name, nodes] : members) {
      if (name != "$emit" && name != "$each" && name != "$from" &&
          name != "$when" && name != "$note") {
        rules_.problem(LintRule::shape, nodes.first,
                       "a group of resources has $each, $from, "
                       "$when and $emit only");
      }
    }
  }

  void compile_resource(Emission& emission, const Yaml& node,
                        const RuleMembers& members) {
    const auto* type = find(members, "resourceType");
    if (type == nullptr) {
      rules_.problem(LintRule::incomplete, node,
                     "\"" + emission.name + "\" has no resourceType");
      return;
    }
    emission.type = type->scalar();
    read_method(emission, members);
    check_known_by(emission, members);
    RuleMembers body;
    for (const auto& member : members) {
      const auto& name = member.first;
      if (name != "$each" && name != "$from" && name != "$when" &&
          name != "$method") {
        body.push_back(member);
      }
    }
    Target target;
    target.path = emission.type;
    emission.body = rules_.compile_object(node, body, target);
    for (auto& member : emission.body.members) {
      if (member.member == "identifier") mark_key(member);
      member.is_status = member.member == "status";
    }
  }

  // Without an identifier nothing is known again, and all is posted.
  void check_known_by(const Emission& emission, const RuleMembers& members) {
    const auto* method = find(members, "$method");
    if (method == nullptr || find(members, "identifier") != nullptr) return;
    const auto possible = possible_texts(method->scalar());
    const bool posts =
        emission.method.exists()
            ? std::all_of(possible.texts.begin(), possible.texts.end(),
                          [](const auto& text) { return text == "post"; })
            : emission.fixed_method == Method::post;
    if (posts) return;
    rules_.problem(LintRule::incomplete, *method,
                   "$method: " + method->scalar() + " finds a " +
                       emission.type +
                       " by its first identifier, and this has none");
  }

  // $method: a name of kMethods, or an expression that gives one of them.
  void read_method(Emission& emission, const RuleMembers& members) {
    const auto* method = find(members, "$method");
    if (method == nullptr) return;
    for (const auto& [name, known] : kMethods) {
      if (method->scalar() == name) {
        emission.fixed_method = known;
        return;
      }
    }
    emission.method = rules_.expression(*method);
    std::vector<std::string_view> names;
    for (const auto& [name, known] : kMethods) names.push_back(name);
    const auto possible = possible_texts(method->scalar());
    for (const auto& text : possible.texts) {
      const bool known =
          std::any_of(kMethods.begin(), kMethods.end(),
                      [&text](const auto& one) { return one.first == text; });
      if (known) continue;
      rules_.problem(LintRule::shape, *method,
                     "\"" + text +
                         "\" is no $method: post, create, update or withdraw" +
                         suggestion(text, names));
    }
  }

  const Yaml& file_;
  std::vector<MapProblem>& problems_;
  RuleCompiler rules_;
  std::uint32_t emission_count_ = 0;
  int depth_ = 0;
};

}  // namespace

CompiledMap compile_map(const Yaml& file, const LibraryParts& library,
                        const fhir::TypeModel* model,
                        std::vector<MapProblem>& problems) {
  return MapCompiler(file, library, model, problems).compile();
}

}  // namespace gateway::map
