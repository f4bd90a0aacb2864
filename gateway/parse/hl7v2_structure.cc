#include "parse/hl7v2_structure.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::parse {
namespace {

// A name, then ? (may be missing), * (any number) or + (one or more); a group
// is a name with its members in parentheses. A name alone is required once.
// ORC=RE is an ORC only where its first field says RE.
// PRT and other late additions are optional wherever senders put them; so are
// ORC and TQ1 in a referral, which say how often the patient is to come. An OBR
// of its own is a result there if its OBX follow (with a CTD between, as in
// ORU), else an order; a timing orders. So is an OBR of an ORC with RE, which
// says that what follows are results (HL7 table 0119).
constexpr std::array<std::string_view, 8> kStructures{
    "REF_I12(MSH SFT* UAC? RF1? AUTHORIZATION?(AUT CTD?) "
    "PROVIDER+(PRD CTD*) PID NK1* GT1* INSURANCE*(IN1 IN2? IN3?) ACC? DG1* "
    "DRG* AL1* PROCEDURE*(PR1 AUTHORIZATION?(AUT CTD?)) "
    "OBSERVATION*(ORC=RE? OBR NTE* CTD? RESULT+(OBX PRT* NTE*)) "
    "ORDER*(ORC? TIMING*(TQ1 TQ2*) OBR TIMING*(TQ1 TQ2*) NTE* CTD? "
    "RESULT*(OBX PRT* NTE*)) VISIT?(PV1 PV2?) NTE*)",

    "OMG_O19(MSH SFT* UAC? NTE* PATIENT?(PID PD1? PRT* NTE* NK1* ARV* "
    "VISIT?(PV1 PV2? PRT*) INSURANCE*(IN1 IN2? IN3?) GT1? AL1*) "
    "ORDER+(ORC PRT* TIMING*(TQ1 TQ2*) DETAIL(OBR TCD? NTE* PRT* CTD? DG1* "
    "RESULT*(OBX TCD? PRT* NTE*)) SPECIMEN*(SPM OBX* CONTAINER*(SAC OBX*)) "
    "FT1* CTI* BLG?))",

    "ORM_O01(MSH SFT* NTE* PATIENT?(PID PD1? NTE* VISIT?(PV1 PV2?) "
    "INSURANCE*(IN1 IN2? IN3?) GT1? AL1*) ORDER+(ORC TIMING*(TQ1 TQ2*) "
    "DETAIL?(OBR NTE* CTD? DG1* RESULT*(OBX NTE*)) FT1* CTI* BLG?))",

    "SIU_S12(MSH SFT* SCH TQ1* NTE* PATIENT*(PID PD1? PV1? PV2? OBX* DG1*) "
    "RESOURCES+(RGS SERVICE*(AIS NTE*) GENERAL*(AIG NTE*) "
    "LOCATION*(AIL NTE*) PERSONNEL*(AIP NTE*)))",

    "ADT_A01(MSH SFT* UAC? EVN PID PD1? ARV* ROL* NK1* PV1 PV2? ROL* DB1* "
    "OBX* AL1* DG1* DRG? PROCEDURE*(PR1 ROL*) GT1* "
    "INSURANCE*(IN1 IN2? IN3* ROL*) ACC? UB1? UB2? PDA?)",

    "ADT_A03(MSH SFT* UAC? EVN PID PD1? ARV* ROL* NK1* PV1 PV2? ROL* DB1* "
    "AL1* DG1* DRG? PROCEDURE*(PR1 ROL*) OBX* GT1* "
    "INSURANCE*(IN1 IN2? IN3* ROL*) ACC? PDA?)",

    "ADT_A09(MSH SFT* UAC? EVN PID PD1? PV1 PV2? DB1* OBX* DG1*)",

    "DFT_P03(MSH SFT* UAC? EVN PID PD1? PRT* ROL* VISIT?(PV1 PV2? PRT* ROL*) "
    "DB1* ORDER*(ORC TIMING*(TQ1 TQ2*) DETAIL?(OBR NTE*) "
    "RESULT*(OBX NTE*)) "
    "FINANCIAL+(FT1 PRT* NTE* PROCEDURE*(PR1 PRT* ROL*) "
    "CHARGED*(ORC TIMING*(TQ1 TQ2*) DETAIL?(OBR NTE*) RESULT*(OBX NTE*))) "
    "DG1* DRG? GT1* INSURANCE*(IN1 IN2? IN3* ROL*) ACC?)",
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 18> kEvents{
    {{"REF^I12", "REF_I12"},
     {"REF^I13", "REF_I12"},
     {"REF^I14", "REF_I12"},
     {"REF^I15", "REF_I12"},
     {"OMG^O19", "OMG_O19"},
     {"ORM^O01", "ORM_O01"},
     {"SIU^S12", "SIU_S12"},
     {"SIU^S13", "SIU_S12"},
     {"SIU^S14", "SIU_S12"},
     {"SIU^S15", "SIU_S12"},
     {"SIU^S26", "SIU_S12"},
     {"ADT^A01", "ADT_A01"},
     {"ADT^A04", "ADT_A01"},
     {"ADT^A08", "ADT_A01"},
     {"ADT^A13", "ADT_A01"},
     {"ADT^A03", "ADT_A03"},
     {"ADT^A11", "ADT_A09"},
     {"DFT^P03", "DFT_P03"}}};

// The triggers of a message type: from the first to the last.
struct Triggers {
  std::string_view type;
  std::string_view first;
  std::string_view last;
};
constexpr std::array<Triggers, 9> kTriggers{{{"ADT^", "A01", "A62"},
                                             {"REF^", "I12", "I15"},
                                             {"OMG^", "O19", "O19"},
                                             {"ORM^", "O01", "O01"},
                                             {"SIU^", "S12", "S24"},
                                             {"SIU^", "S26", "S27"},
                                             {"DFT^", "P03", "P03"},
                                             {"DFT^", "P11", "P11"},
                                             {"RRI^", "I12", "I15"}}};

// Reads the notation above; it is ours, so it has no errors.
class StructureReader {
 public:
  explicit StructureReader(std::string_view text) : text_(text) {}

  Hl7v2Element element() {
    Hl7v2Element element;
    element.name = word();
    if (next_is('=')) {
      text_.remove_prefix(1);
      element.code = word();
    }
    element.required = !(next_is('?') || next_is('*'));
    element.repeats = next_is('*') || next_is('+');
    if (next_is('?') || next_is('*') || next_is('+')) text_.remove_prefix(1);
    if (!next_is('(')) return element;
    text_.remove_prefix(1);
    while (!next_is(')')) {
      if (next_is(' ')) text_.remove_prefix(1);
      element.members.push_back(this->element());
    }
    text_.remove_prefix(1);
    return element;
  }

 private:
  [[nodiscard]] bool next_is(char c) const { return text_.starts_with(c); }
  std::string_view word() {
    const auto end = std::min(text_.find_first_of(" ?*+()="), text_.size());
    const auto found = text_.substr(0, end);
    text_.remove_prefix(end);
    return found;
  }

  std::string_view text_;
};

std::vector<Hl7v2Element> read_structures() {
  std::vector<Hl7v2Element> all;
  for (const auto text : kStructures) {
    all.push_back(StructureReader(text).element());
  }
  return all;
}

}  // namespace

bool Hl7v2Element::is(const Hl7v2Opening& segment) const {
  return name == segment.name && (code.empty() || code == segment.code);
}

bool Hl7v2Element::contains(const Hl7v2Opening& segment) const {
  if (!is_group()) return is(segment);
  return std::any_of(
      members.begin(), members.end(),
      [&segment](const auto& member) { return member.contains(segment); });
}

bool Hl7v2Element::begins_with(const Hl7v2Opening& segment) const {
  if (!is_group()) return is(segment);
  for (const auto& member : members) {
    if (member.begins_with(segment)) return true;
    if (member.required) return false;
  }
  return false;
}

const std::vector<Hl7v2Element>& all_structures() {
  static const std::vector<Hl7v2Element> kAll = read_structures();
  return kAll;
}

const Hl7v2Element* structure_named(std::string_view name) {
  const auto& all = all_structures();
  const auto it = std::find_if(
      all.begin(), all.end(),
      [name](const auto& structure) { return structure.name == name; });
  return it == all.end() ? nullptr : &*it;
}

const Hl7v2Element& structure_of(std::string_view structure,
                                 std::string_view event) {
  static const Hl7v2Element kUnknown;
  const auto known = structure_of_event(event);
  const auto* named = structure_named(known.empty() ? structure : known);
  return named == nullptr ? kUnknown : *named;
}

std::string_view structure_of_event(std::string_view event) {
  for (const auto& [known, name] : kEvents) {
    if (known == event) return name;
  }
  return {};
}

bool is_known_event(std::string_view event) {
  constexpr std::size_t kLength = 7;  // REF^I12
  if (event.size() != kLength || event[3] != '^') return false;
  if (event[4] == 'Z') return true;
  const auto trigger = event.substr(4);
  return std::any_of(kTriggers.begin(), kTriggers.end(),
                     [&](const Triggers& known) {
                       return event.starts_with(known.type) &&
                              known.first <= trigger && trigger <= known.last;
                     });
}

}  // namespace gateway::parse
