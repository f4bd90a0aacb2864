// A complete case: nothing of it is wrong under any pack, and examples change
// one thing of it. Edits are what the packs' `bad` examples say.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "unit/billing/clinic.h"

namespace gateway::billing {

class CompleteCase {
 public:
  explicit CompleteCase(Program program) : program_(program) {
    for (const auto& party : party_jsons()) add(party);
    add(R"({"resourceType":"Practitioner","id":"second"})");
    edit("Practitioner second",
         R"({"identifier":[{"system":"http://hl7.org/fhir/sid/us-npi",)"
         R"("value":"1234567893"}],"qualification":[{"code":{"text":"PT"}}]})");
    edit("Practitioner therapist",
         R"({"qualification":[{"code":{"coding":[{"system":)"
         R"("http://nucc.org/provider-taxonomy","code":"225100000X"}]}}]})");
    add("{'resourceType':'PractitionerRole','id':'case-manager','code':[{"
        "'text':'Case manager'}]}");
    add(order_json({.code = code(),
                    .insurance = "[{'reference':'Coverage/c1'},{'reference':"
                                 "'ClaimResponse/a1'}]"}));
    add(grant_json({.visits = "20"}));
    for (int day = 0; day < sessions_; ++day) add_session(day);
    add_documents();
  }

  // Applies one entry of a `bad` example.
  void apply(const std::string& name, const std::string& value) {
    if (name == "without") {
      const auto names = parse(value);
      for (const auto item : names->root()) {
        items_.erase(std::string(item.text()));
      }
    } else if (name.starts_with("add")) {
      add(value);
    } else if (name == "repeat") {
      for (int day = 1; day < std::stoi(value); ++day) add_session(day);
    } else if (name == "week") {
      add_session(kSaturday);
      for (int day = 1; day < std::stoi(value) - 1; ++day) add_session(day);
    } else if (name == "absences") {
      for (int day = 0; day < std::stoi(value); ++day) add_absence(day);
    } else if (name == "extension") {
      add(value);
    } else if (name == "second referral") {
      auto order = items_.at("ServiceRequest");
      order.replace(order.find("\"r1\""), 4, "\"r2\"");
      order.replace(order.find("2026-03-30"), 10, "2026-03-31");
      items_["ServiceRequest second"] = order;
    } else if (items_.contains(name)) {
      edit(name, value);
    } else {
      add(value);  // what an example took away
    }
  }

  // By name, as JSON.
  [[nodiscard]] const std::map<std::string, std::string>& items() const {
    return items_;
  }

  [[nodiscard]] episode::Case facts(
      const std::vector<std::string>& whole = {}) const {
    episode::Case facts;
    facts.keep(whole);
    for (const auto& [name, text] : items_) {
      if (name == "Procedure other" && !edited_other_) continue;
      const auto document = parse_shared(text);
      const auto root = (*document)->root();
      facts.apply(fhir::Resource{{std::string(root.get("resourceType").text()),
                                  std::string(root.get("id").text())},
                                 1,
                                 Instant(),
                                 "ehr",
                                 *document});
    }
    return facts;
  }

 private:
  static SharedDocument parse(const std::string& text) {
    return *parse_shared(text);
  }

  std::string code() const {
    return "{'coding':[{'system':'https://workgate.example/fhir/CodeSystem/"
           "program','code':'" +
           std::string(episode::code(program_)) + "'}]}";
  }

  // "DocumentReference activity-sheet", "Procedure", "Practitioner second".
  static std::string name_of(Json root) {
    const std::string type(root.get("resourceType").text());
    const std::string id(root.get("id").text());
    const std::string kind(root.find("type.coding.code").text());
    if (type == "DocumentReference" || type == "Composition") {
      return type + " " + kind;
    }
    if (type == "Practitioner" || type == "Organization" ||
        type == "Appointment") {
      return id == "b1" ? type : type + " " + id;
    }
    if (type == "Observation" || type == "Procedure") {
      return id == "s0" ? type : type + " " + id;
    }
    if (type == "ClaimResponse" && id != "a1") return type + " " + id;
    if (type == "ServiceRequest" && id != "r1") return type + " " + id;
    if (type == "EpisodeOfCare" && id != "acute") return type + " " + id;
    if (type == "Communication" && id != "co") return type + " " + id;
    if (type == "PractitionerRole" && id != "attending") return type + " " + id;
    if (type == "CarePlan" && id != "cp") return type + " " + id;
    return type;
  }

  void add(std::string_view text) {
    const auto json = json_of(text);
    items_[name_of(parse(json)->root())] = json;
  }

  // The first session is on a Monday; the others follow on working days.
  void add_session(int number) {
    const auto monday = *LocalDate::from(2026, 4, 13);
    const auto days = number == kSaturday ? 5 : number / 5 * 7 + number % 5;
    const auto date = monday.plus_days(days).text();
    add(session_json({.id = "s" + std::to_string(number),
                      .start = date + "T08:00:00-05:00",
                      .end = date + "T12:00:00-05:00",
                      .code = code()}));
    document(number, "DocumentReference", "activity-sheet", date);
    document(number, "Composition", "daily-note", date);
  }

  void document(int number, const std::string& type, const std::string& kind,
                const std::string& date) {
    const auto name = type + " " + kind;
    const auto text =
        document_json(type, kind + std::to_string(number), kind, date);
    items_[number == 0 ? name : name + std::to_string(number)] = json_of(text);
  }

  static std::string document_json(const std::string& type,
                                   const std::string& id,
                                   const std::string& kind,
                                   const std::string& date) {
    const bool page = kind == "dedication-page";
    return "{'resourceType':'" + type + "','id':'" + id + "','status':'" +
           (type == "Composition" ? "final" : "current") +
           "','type':{'coding':[{'system':"
           "'https://workgate.example/fhir/CodeSystem/document-type','code':'" +
           kind + "'}]},'subject':{'reference':'Patient/p1'},'date':'" + date +
           "T18:00:00-05:00','author':[" +
           (page ? "{'reference':'Patient/p1'}," : "") +
           "{'reference':'Practitioner/therapist'}]," +
           (type == "Composition"
                ? "'title':'" + kind + "','section':[" + sections(kind) + "]}"
                : "'content':[{'attachment':{'title':'" + kind + "'}}]}");
  }

  static std::string sections(const std::string& kind) {
    static const std::map<std::string, std::vector<std::string>> kTitles = {
        {"daily-note", {"Effort", "Tolerance", "Progress"}},
        {"progress-note", {"Measured progress"}},
        {"discharge-summary",
         {"Work history", "Indications", "Interventions", "Outcome",
          "Recommendations"}},
        {"evaluation",
         {"Musculoskeletal", "Cardiovascular", "Vocational", "Attitudinal",
          "Behavioural", "Cognitive", "Functional capacity", "Safety",
          "Accommodation"}}};
    std::string all;
    for (const auto& title : kTitles.at(kind)) {
      all += (all.empty() ? "" : ",");
      all += "{'title':'" + title +
             "','text':{'status':'generated','div':'<div "
             "xmlns=\\'http://www.w3.org/1999/xhtml\\'>" +
             title + "</div>'}}";
    }
    return all;
  }

  void add_absence(int number) {
    const auto date = LocalDate::from(2026, 4, 6)->plus_days(number).text();
    add("{'resourceType':'Appointment','id':'n" + std::to_string(number) +
        "','status':'noshow','basedOn':[{'reference':'ServiceRequest/r1'}],"
        "'participant':[{'actor':{'reference':'Patient/p1'},'status':"
        "'accepted'}],"
        "'start':'" +
        date + "T08:00:00-05:00','end':'" + date + "T12:00:00-05:00'}");
  }

  void add_documents() {
    add(document_json("DocumentReference", "job-analysis", "job-analysis",
                      "2026-04-01"));
    add(document_json("DocumentReference", "dedication-page", "dedication-page",
                      "2026-04-13"));
    add(document_json("Composition", "evaluation", "evaluation", "2026-04-15"));
    for (const auto* kind : {"progress-note", "discharge-summary"}) {
      add(document_json("Composition", kind, kind, "2026-04-27"));
    }
    const std::string patient = ",'subject':{'reference':'Patient/p1'}";
    add("{'resourceType':'Observation','id':'baseline','status':'final'" +
        patient +
        ",'code':{'text':'lift'},'effectiveDateTime':'2026-04-13',"
        "'valueQuantity':{'value':20}}");
    add("{'resourceType':'Observation','id':'physical-demand-level','status':"
        "'final'" +
        patient +
        ",'code':{'coding':[{'system':"
        "'https://workgate.example/fhir/CodeSystem/observation-code','code':"
        "'physical-demand-level'}]},'effectiveDateTime':'2026-04-01',"
        "'valueCodeableConcept':{'text':'Medium'}}");
    add("{'resourceType':'QuestionnaireResponse','id':'q','status':"
        "'completed'" +
        patient +
        ",'authored':'2026-04-13','item':[{'linkId':'pain','answer':[{"
        "'valueBoolean':true}]}]}");
    add("{'resourceType':'Goal','id':'g','lifecycleStatus':'active','"
        "description':{"
        "'text':'Lift 20 kg'}" +
        patient + ",'target':[{'dueDate':'2026-05-08'}]}");
    add("{'resourceType':'Consent','id':'c','status':'active','patient':{"
        "'reference':'Patient/p1'},'dateTime':'2026-04-10','scope':{'coding':[{"
        "'system':'http://terminology.hl7.org/CodeSystem/consentscope','code':"
        "'treatment'}]},'category':[{'coding':[{'system':'http://loinc.org',"
        "'code':'59284-0'}]}],'policyRule':{'text':'consent to treatment'}}");
    add("{'resourceType':'CareTeam','id':'t'" + patient +
        ",'participant':[{'role':[{'text':'PT'}]},{'role':[{'text':"
        "'psychology'}]},{'role':[{'text':'program director'}]}]}");
    add("{'resourceType':'CarePlan','id':'cp','intent':'plan','status':"
        "'active'" +
        patient + ",'period':{'start':'2026-04-13','end':'2026-05-08'}}");
    add("{'resourceType':'CarePlan','id':'hep','intent':'plan','status':"
        "'active','category':[{'coding':[{'system':"
        "'https://workgate.example/fhir/CodeSystem/document-type','code':"
        "'home-exercise-program'}]}]" +
        patient + ",'created':'2026-04-27'}");
    add("{'resourceType':'Communication','id':'co','status':'completed'" +
        patient +
        ",'sent':'2026-04-14','recipient':[{'reference':"
        "'PractitionerRole/case-manager'},{'reference':'Organization/payer'},"
        "{'reference':'PractitionerRole/attending'},{'reference':"
        "'Patient/p1'},{'reference':'Organization/employer'}]}");
    add("{'resourceType':'EpisodeOfCare','id':'acute','status':'finished',"
        "'patient':{'reference':'Patient/p1'},'period':{'start':'2026-01-05',"
        "'end':'2026-04-20'}}");
    add("{'resourceType':'Appointment','id':'b1','status':'booked','basedOn':["
        "{'reference':'ServiceRequest/r1'}],'participant':[{'actor':{"
        "'reference':'Patient/p1'},'status':'accepted'}],'start':"
        "'2026-04-20T08:00:00-05:00"
        "','end':'2026-04-20T12:00:00-05:00'}");
    auto other = session_json({.id = "other",
                               .start = "2026-04-13T13:00:00-05:00",
                               .end = "2026-04-13T13:30:00-05:00"});
    items_["Procedure other"] = json_of(other);
  }

  void edit(const std::string& name, const std::string& members) {
    edited_other_ |= name == "Procedure other";
    auto& text = items_.at(name);
    const auto base = parse(text);
    const auto change = parse(members);
    JsonWriter out;
    out.begin_object();
    for (const auto member : base->root()) {
      if (change->root().get(member.name()).exists()) continue;
      out.key(member.name()).raw(member.raw());
    }
    for (const auto member : change->root()) {
      if (member.kind() == JsonKind::null) continue;
      out.key(member.name()).raw(member.raw());
    }
    text = out.end_object().take();
  }

  static constexpr int kSaturday = 100;
  Program program_;
  int sessions_ = 1;
  bool edited_other_ = false;
  std::map<std::string, std::string> items_;
};

}  // namespace gateway::billing
