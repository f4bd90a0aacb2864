#include "parse/hl7v2_types.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "parse/hl7v2_fields.h"

namespace gateway::parse {
namespace {

struct DataType {
  std::string_view name;
  std::string_view components;
};

// Codes are CWE wherever a version says so.
constexpr std::array<DataType, 52> kTypes{{
    {"AUI", "ST DT ST"},
    {"CE", "ST ST CWE ST ST CWE"},
    {"CNE",
     "ST ST ID ST ST ID ST ST ST ST ST ID ST ST ST ST ST ST ST ST ST ST"},
    {"CNN", "ST ST ST ST ST ST CWE CWE HD HD HD"},
    {"CP", "MO ID NM NM CWE ID"},
    {"CQ", "NM CWE"},
    {"CWE",
     "ST ST ID ST ST ID ST ST ST ST ST ID ST ST ST ST ST ST ST ST ST ST"},
    {"CX", "ST ST ID HD ID HD DT DT CWE CWE ST ID"},
    {"DDI", "NM MO NM"},
    {"DLD", "CWE TS"},
    {"DLN", "ST CWE DT"},
    {"DR", "TS TS"},
    {"DT", "DT"},
    {"DTM", "DTM ID"},  // a TS of earlier versions
    {"DTN", "CWE NM"},
    {"EI", "ST CWE ST ID"},
    {"EIP", "EI EI"},
    {"ELD", "ST NM NM CWE"},
    {"ERL", "ST NM NM NM NM NM"},
    {"FC", "CWE TS"},
    {"FN", "ST ST ST ST ST"},
    {"FT", "FT"},
    {"GTS", "GTS"},
    {"HD", "CWE ST ID"},
    {"ICD", "CWE ID TS"},
    {"ID", "ID"},
    {"IS", "IS"},
    {"JCC", "CWE CWE TX"},
    {"MO", "NM ID"},
    {"MOC", "MO CWE"},
    {"MOP", "ID NM ID"},
    {"MSG", "ID ID ID"},
    {"NDL", "CNN TS TS CWE HD CWE HD CWE CWE CWE CWE"},
    {"NM", "NM"},
    {"PL", "HD HD HD HD CWE CWE HD HD ST EI HD"},
    {"PLN", "ST CWE CWE DT DT"},
    {"PRL", "CWE ST TX"},
    {"PT", "ID ID"},
    {"PTA", "CWE CWE NM MOP"},
    {"RI", "CWE ST"},
    {"RMC", "CWE CWE NM MOP"},
    {"RPT", "CWE ID NM NM NM CWE ID ID NM CWE GTS"},
    {"SAD", "ST ST ST"},
    {"SI", "SI"},
    {"SPS", "CWE TX TX CWE CWE CWE CWE"},
    {"ST", "ST"},
    {"TM", "TM"},
    {"TQ", "CQ RI ST TS TS ST ST TX ID OSD CWE NM"},
    {"TS", "DTM ID"},
    {"TX", "TX"},
    {"VID", "ID CWE CWE"},
    {"XON", "ST CWE ST NM ID HD ID HD ID ST"},
}};

// The long ones, whose newer components follow the older ones.
constexpr std::array<DataType, 4> kLongTypes{{
    {"XAD",
     "SAD ST ST ST ST ID ID ST CWE CWE ID DR DTM DTM CWE ID ID ID ST ST NM CWE "
     "EI"},
    {"XCN",
     "ST FN ST ST ST ST ST CWE HD ID ST ID ID HD ID CWE DR ID DTM DTM ST CWE "
     "CWE ST ID"},
    {"XPN", "FN ST ST ST ST ST ID ID CWE DR ID DTM DTM ST ST"},
    {"XTN", "ST ID ID ST ST ST ST ST ST ST ST ST DTM DTM CWE CWE EI NM"},
}};

const DataType* find_type(std::string_view name) {
  for (const auto& type : kTypes) {
    if (type.name == name) return &type;
  }
  for (const auto& type : kLongTypes) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

// Versions after 2.5.1 made coded elements of many texts and codes.
std::string_view as_coded(std::string_view type) {
  return type == "IS" || type == "ID" || type == "ST" || type == "CE" ? "CWE"
                                                                      : type;
}

}  // namespace

std::uint32_t component_count(std::string_view type) {
  const auto* known = find_type(type);
  if (known == nullptr) return 0;
  return static_cast<std::uint32_t>(
      1 + std::count(known->components.begin(), known->components.end(), ' '));
}

std::string_view component_type(std::string_view type, std::uint32_t number) {
  const auto* known = find_type(type);
  if (known == nullptr || number == 0) return {};
  const auto all = split(known->components, ' ');
  return number <= all.size() ? all[number - 1] : std::string_view();
}

std::string_view widest_type(std::string_view segment, std::uint32_t field) {
  // 2.9 put fields before these, and senders follow either.
  constexpr std::uint32_t kFirstMoved = 18;
  if (segment == "RF1" && field >= kFirstMoved) return {};
  const auto older = field_of(segment, field, "2.5.1").type;
  const auto newer = field_of(segment, field, "2.8.2").type;
  const bool same = older == newer;
  const auto early = same ? as_coded(older) : older;
  // One of the two that is not known may be anything.
  const auto early_count = component_count(early);
  const auto newer_count = component_count(newer);
  if (early_count == 0 || newer_count == 0) return {};
  return newer_count > early_count ? newer : early;
}

}  // namespace gateway::parse
