#include "map/outward_check.h"

#include <algorithm>
#include <utility>

namespace gateway::map {
namespace {

using fhir::Primitive;

bool is_text(Primitive type) {
  switch (type) {
    case Primitive::canonical:
    case Primitive::code:
    case Primitive::id:
    case Primitive::oid:
    case Primitive::uri:
    case Primitive::url:
    case Primitive::uuid:
    case Primitive::markdown:
    case Primitive::string:
      return true;
    case Primitive::none:
    case Primitive::base64_binary:
    case Primitive::boolean:
    case Primitive::date:
    case Primitive::date_time:
    case Primitive::decimal:
    case Primitive::instant:
    case Primitive::integer:
    case Primitive::positive_int:
    case Primitive::time:
    case Primitive::unsigned_int:
    case Primitive::xhtml:
      return false;
  }
  return false;
}

bool is_whole(Primitive type) {
  return type == Primitive::integer || type == Primitive::positive_int ||
         type == Primitive::unsigned_int;
}

// The field is written as it stands.
bool fits(FieldKind kind, Primitive type) {
  switch (kind) {
    case FieldKind::text:
      return is_text(type);
    case FieldKind::date:
      return type == Primitive::date || type == Primitive::date_time ||
             type == Primitive::string;
    case FieldKind::time:
      return type == Primitive::date_time || type == Primitive::instant ||
             type == Primitive::string;
    case FieldKind::integer:
      return is_whole(type) || type == Primitive::decimal ||
             type == Primitive::string;
    case FieldKind::decimal:
      return type == Primitive::decimal || type == Primitive::string;
    case FieldKind::flag:
      return type == Primitive::boolean || type == Primitive::string;
    case FieldKind::object:
      return false;
  }
  return false;
}

// No value of the field could stand there, whatever is done to it.
bool can_never_be(FieldKind kind, Primitive type) {
  const bool to_time = type == Primitive::date ||
                       type == Primitive::date_time ||
                       type == Primitive::instant || type == Primitive::time;
  const bool to_number = is_whole(type) || type == Primitive::decimal;
  const bool from_time = kind == FieldKind::date || kind == FieldKind::time;
  if (kind == FieldKind::object) return true;
  if (from_time) return to_number || type == Primitive::boolean;
  return is_bare(kind) && to_time;
}

Primitive primitive_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::integer:
      return Primitive::integer;
    case FieldKind::decimal:
      return Primitive::decimal;
    case FieldKind::flag:
      return Primitive::boolean;
    case FieldKind::text:
    case FieldKind::date:
    case FieldKind::time:
    case FieldKind::object:
      return Primitive::none;
  }
  return Primitive::none;
}

bool stops_a_message(const Otherwise& otherwise) {
  return otherwise.remedy == Remedy::reject ||
         otherwise.remedy == Remedy::correct;
}

class OutwardCheck {
 public:
  OutwardCheck(const CheckedMap& map, const Yaml& file,
               std::vector<MapProblem>& problems)
      : map_(map), file_(file), problems_(problems) {}

  void run() {
    const auto emit = file_.get("emit");
    if (map_.emissions.size() != 1) {
      problem(emit.exists() ? emit : file_,
              "a map of a " + map_.source + " gives exactly one resource");
      return;
    }
    const auto& emission = map_.emissions.front();
    const auto node = emit.get(emission.name);
    if (emission.type != map_.document->resource) {
      problem(
          node.get("resourceType").exists() ? node.get("resourceType") : node,
          "a " + map_.source + " becomes a " +
              std::string(map_.document->resource));
    }
    if (emission.each.exists() || emission.from.exists() ||
        emission.when.exists() || emission.method.exists()) {
      problem(node, "the resource of a " + map_.source +
                        " is always given: no $each, $from, $when or $method");
    }
    check(emission.body);
    for (const auto& field : map_.document->fields) {
      if (!field.read_back.empty()) check_read_back(field, node);
    }
  }

 private:
  // Nobody could correct the message: it is long since stored.
  void check(const Rule& rule) {
    if (stops_a_message(rule.missing) || stops_a_message(rule.unmapped)) {
      place_problem(rule,
                    "what is emitted holds no message: say omit, skip or "
                    "another value");
    }
    if (rule.kind == Rule::Kind::reference || !rule.match.empty()) {
      place_problem(rule, "a map of a " + map_.source +
                              " has nothing else to refer to: write the "
                              "reference of a field");
    }
    if (rule.plus.exists()) {
      place_problem(rule, "$plus is for times of messages");
    }
    for (const auto& member : rule.members) check(member);
  }

  void check_read_back(const DocumentField& field, const Yaml& node) {
    const auto& body = map_.emissions.front().body;
    if (writes(body, body.path + "." + std::string(field.read_back), field)) {
      return;
    }
    problem(node, "the gateway looks for " + std::string(field.name) + " at " +
                      body.path + "." + std::string(field.read_back) +
                      ": write it there");
  }

  static bool writes(const Rule& rule, std::string_view path,
                     const DocumentField& field) {
    const auto* plain = rule.from.plain();
    if (rule.kind == Rule::Kind::leaf && rule.path == path &&
        plain != nullptr && plain->path() != nullptr &&
        plain->path()->field == &field && rule.table == kNoTable) {
      return true;
    }
    return std::any_of(
        rule.members.begin(), rule.members.end(),
        [&](const Rule& member) { return writes(member, path, field); });
  }

  void place_problem(const Rule& rule, std::string text) {
    const auto place = file_.place();
    const auto column = place.rfind(':');
    const auto file = place.substr(0, place.rfind(':', column - 1));
    problems_.push_back({LintRule::outward,
                         file + ":" + std::to_string(rule.place.line) + ":" +
                             std::to_string(rule.place.column),
                         rule.path + ": " + std::move(text)});
  }
  void problem(const Yaml& at, std::string text) {
    problems_.push_back({LintRule::outward, at.place(), std::move(text)});
  }

  const CheckedMap& map_;
  const Yaml& file_;
  std::vector<MapProblem>& problems_;
};

// Where a rule is there by a path, or exactly without it.
PlainExpression::Presence presence(const Rule& rule) {
  if (rule.when.exists() || rule.each.exists()) return {};
  if (rule.kind == Rule::Kind::leaf) {
    const auto* plain = rule.from.plain();
    return plain == nullptr ? PlainExpression::Presence{} : plain->presence();
  }
  if (rule.kind == Rule::Kind::reference || rule.from.exists()) return {};
  PlainExpression::Presence only;
  for (const auto& member : rule.members) {
    if (!member.has_values) continue;
    if (only.path != nullptr) return {};
    only = presence(member);
    if (only.path == nullptr) return {};
  }
  return only;
}

}  // namespace

void check_kind(Rule& leaf, const Target& target, const std::string& place,
                std::vector<MapProblem>& problems) {
  const auto* plain = leaf.from.plain();
  if (plain == nullptr) return;
  const auto kind = plain->kind();
  if (leaf.table != kNoTable) return;
  if (target.type == fhir::kNoType) {
    if (leaf.primitive == Primitive::none) leaf.primitive = primitive_of(kind);
    leaf.as_is = true;
    return;
  }
  leaf.as_is = fits(kind, leaf.primitive);
  if (!leaf.as_is && can_never_be(kind, leaf.primitive)) {
    problems.push_back({LintRule::type, place,
                        target.path + " cannot be written from a " +
                            std::string(name_of(kind))});
  }
}

void check_outward(const CheckedMap& map, const Yaml& file,
                   std::vector<MapProblem>& problems) {
  OutwardCheck(map, file, problems).run();
}

bool is_certain(const Expression& expression) {
  if (expression.is_literal()) return true;
  const auto* plain = expression.plain();
  return plain != nullptr && plain->is_certain();
}

bool is_one_of_two(const Rule& rule) {
  if (rule.kind != Rule::Kind::object || rule.from.exists()) return false;
  std::vector<PlainExpression::Presence> seen;
  for (const auto& member : rule.members) {
    const auto one = presence(member);
    if (one.path == nullptr) continue;
    const bool other =
        std::any_of(seen.begin(), seen.end(), [&one](const auto& earlier) {
          return *earlier.path == *one.path && earlier.with != one.with;
        });
    if (other) return true;
    seen.push_back(one);
  }
  return false;
}

}  // namespace gateway::map
