// Definitions of one small resource, written by hand:
//   Thing { id: id, text: string, label: string*, kind: code,
//           value[x]: string | boolean, part: Thing.part* { name: string 1..1
//           }}
// with a code system and two value sets.

#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "fhir/definitions_writer.h"

namespace gateway::fhir {

class SmallDefinitions {
 public:
  SmallDefinitions() {
    resource_type_ = writer_.key("resourceType");
    writer_.key("url");
    string_ = primitive("string", Primitive::string);
    boolean_ = primitive("boolean", Primitive::boolean);
    code_ = primitive("code", Primitive::code);
    const auto part = type("Thing.part", TypeKind::backbone);
    fill(part, {element("Thing.part.name", "name", 1, 1, {{"name", string_}})});
    const auto thing = type("Thing", TypeKind::resource);
    fill(thing,
         {element("Thing.id", "id", 0, 1, {{"id", string_}}),
          element("Thing.label", "label", 0, kUnbounded, {{"label", string_}}),
          element("Thing.kind", "kind", 0, 1, {{"kind", code_}}),
          element("Thing.value[x]", "value", 0, 1,
                  {{"valueString", string_}, {"valueBoolean", boolean_}}),
          element("Thing.part", "part", 0, kUnbounded, {{"part", part}})});
    codes();
  }

  SharedDefinitions make() {
    return Definitions::from(
        std::move(*DefinitionsImage::from_bytes(writer_.finish())));
  }
  DefinitionsWriter& writer() { return writer_; }

 private:
  std::uint32_t type(const std::string& name, TypeKind kind) {
    ShapeRow shape;
    shape.name = writer_.text(name);
    shape.kind = kind;
    const auto row = writer_.shapes.add(shape);
    writer_.shapes[row].type = row;
    writer_.publish(name, ArtifactKind::shape, row);
    return row;
  }

  std::uint32_t primitive(const std::string& name, Primitive format) {
    const auto row = type(name, TypeKind::primitive);
    writer_.shapes[row].primitive = format;
    return row;
  }

  using Ways = std::vector<std::pair<std::string, std::uint32_t>>;
  ElementRow element(const std::string& path, const std::string& name,
                     std::uint32_t min, std::uint32_t max, const Ways& ways) {
    ElementRow row;
    row.path = row.id = writer_.text(path);
    row.key = writer_.key(name);
    row.min = min;
    row.max = max;
    if (max > 1) row.flags |= kArray;
    if (ways.size() > 1) row.flags |= kChoice;
    std::vector<TypeRow> types;
    for (const auto& [member, shape] : ways) {
      TypeRow way;
      way.shape = shape;
      way.key = writer_.key(member);
      if (writer_.shape(shape).primitive != Primitive::none) {
        way.sibling = writer_.key('_' + member);
      }
      types.push_back(way);
    }
    row.types = writer_.types.add_all(types);
    return row;
  }

  void fill(std::uint32_t shape, const std::vector<ElementRow>& rows) {
    const auto range = writer_.elements.add_all(rows);
    auto& row = writer_.shapes[shape];
    row.elements = range;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].min > 0) row.required |= std::uint64_t{1} << i;
    }
    writer_.index_elements(row);
  }

  void codes() {
    SystemRow system;
    system.url = writer_.text("http://example.org/colors");
    system.content = SystemContent::complete;
    const auto colors = writer_.systems.add(system);
    writer_.publish("http://example.org/colors", ArtifactKind::code_system,
                    colors);
    const std::array<std::uint32_t, 3> rows{writer_.add_code(colors, "red"),
                                            writer_.add_code(colors, "green"),
                                            writer_.add_code(colors, "blue")};
    writer_.codes[rows[0]].display = writer_.text("Red");
    writer_.systems[colors].codes = {rows[0], 3};
    value_set("http://example.org/all", PartRow{colors, {}, PartKind::whole});
    value_set("http://example.org/warm",
              PartRow{colors, writer_.members.add_all(std::span(rows).first(1)),
                      PartKind::listed});
    SystemRow loinc;
    loinc.url = writer_.text("http://loinc.org");
    value_set("http://example.org/tests",
              PartRow{writer_.systems.add(loinc), {}, PartKind::unchecked});
  }

  void value_set(const std::string& url, const PartRow& part) {
    ValueSetRow row;
    row.url = writer_.text(url);
    row.parts = writer_.parts.add_all(std::array{part});
    writer_.publish(url, ArtifactKind::value_set, writer_.value_sets.add(row));
  }

  DefinitionsWriter writer_;
  KeyId resource_type_ = kNoKey;
  std::uint32_t string_ = kNone;
  std::uint32_t boolean_ = kNone;
  std::uint32_t code_ = kNone;
};

}  // namespace gateway::fhir
