// Clinic is a small world for tests of decisions: a patient with all parties,
// a referral, an authorization and sessions, and a store that does to emitted
// resources what the server does. All data are invented.

#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/yaml.h"
#include "billing/decide.h"
#include "billing/reconcile.h"
#include "folders.h"
#include "program/load.h"

namespace gateway::billing {

// The packs of config/policies, for a site.
inline program::Programs shipped_programs(program::Site site) {
  const auto folder = std::string(GATEWAY_SOURCE_DIR) + "/config/policies";
  if (site.overrides.empty()) {
    // Read once: most tests change nothing of the packs.
    static const auto kShipped = program::load_programs(folder, {});
    std::vector<program::PolicyPack> packs;
    for (const auto& pack : kShipped->packs()) packs.push_back(*pack);
    site.regions = kShipped->site().regions;
    site.diagnosis_dates = kShipped->site().diagnosis_dates;
    auto programs = program::Programs::make(std::move(packs), std::move(site));
    return *std::move(programs);
  }
  auto programs = program::load_programs(folder, std::move(site));
  if (!programs) fprintf(stderr, "%s\n", programs.error().message.c_str());
  return *std::move(programs);
}

// The maps of mappings/, as a site without changes has them.
inline const map::MapSet& shipped_maps() {
  static const auto kMaps = [] {
    auto loaded =
        map::load_maps(std::string(GATEWAY_SOURCE_DIR) + "/mappings", nullptr);
    for (const auto& problem : loaded->problems) {
      fprintf(stderr, "%s: %s\n", problem.place.c_str(), problem.text.c_str());
    }
    return loaded->set;
  }();
  return *kMaps;
}

inline program::Site demo_site() {
  program::Site site;
  for (const auto& [code, fee] :
       {std::pair("97545", "210.00"), std::pair("97546", "92.00"),
        std::pair("97110", "48.00"), std::pair("97530", "52.00"),
        std::pair("97112", "50.00")}) {
    site.fees[code] = *Decimal::parse(fee);
  }
  return site;
}

// A JSON text with ' for ", so that tests stay readable.
inline std::string json_of(std::string_view text) {
  std::string json(text);
  for (auto& c : json) {
    if (c == '\'') c = '"';
  }
  return json;
}

struct Order {
  std::string id = "r1";
  std::string code =
      "{'coding':[{'system':'https://workgate.example/fhir/CodeSystem/"
      "program','code':'work-conditioning'}]}";
  std::string occurrence =
      "'occurrenceTiming':{'repeat':{'frequency':5,'period':1,"
      "'periodUnit':'wk','boundsDuration':{'value':4,'unit':'wk','system':"
      "'http://unitsofmeasure.org','code':'wk'}}}";
  std::string requester = "PractitionerRole/attending";
  std::string insurance = "[{'reference':'Coverage/c1'}]";
  std::string status = "active";
  std::string more{};
};

inline std::string order_json(const Order& order) {
  return "{'resourceType':'ServiceRequest','id':'" + order.id +
         "','identifier':[{'system':'urn:ehr','value':'" + order.id +
         "'}],'status':'" + order.status +
         "','intent':'order','code':" + order.code +
         ",'subject':{'reference':'Patient/p1'}," +
         (order.occurrence.empty() ? "" : order.occurrence + ",") +
         "'authoredOn':'2026-03-30','requester':{'reference':'" +
         order.requester +
         "'},'reasonReference':[{'reference':'Condition/"
         "d1'}],'insurance':" +
         order.insurance + order.more + "}";
}

struct Grantee {
  std::string id = "a1";
  std::string number = "PA-7001";
  std::string created = "2026-03-31T10:00:00-05:00";
  std::string from = "2026-04-01";
  std::string to = "2026-05-15";
  std::string visits = "12";
  std::string unit = "VS";
  std::string more{};
};

inline std::string grant_json(const Grantee& grant) {
  return "{'resourceType':'ClaimResponse','id':'" + grant.id +
         "','identifier':[{'system':'urn:payer','value':'" + grant.id +
         "'}],'status':'active','type':{'coding':[{'system':"
         "'http://terminology.hl7.org/CodeSystem/claim-type','code':"
         "'professional'}]},'use':'preauthorization','patient':{'reference':"
         "'Patient/p1'},'created':'" +
         grant.created +
         "','insurer':{'reference':'Organization/payer'},'outcome':"
         "'complete'" +
         (grant.number.empty() ? "" : ",'preAuthRef':'" + grant.number + "'") +
         ",'preAuthPeriod':{'start':'" + grant.from + "','end':'" + grant.to +
         "'},'addItem':[{'productOrService':{'coding':[{'system':"
         "'http://www.ama-assn.org/go/cpt','code':'97545'}]},'quantity':"
         "{'value':" +
         grant.visits +
         (grant.unit.empty()
              ? ""
              : ",'system':'https://codesystem.x12.org/005010/673','code':'" +
                    grant.unit + "'") +
         "},'adjudication':[{'category':{'coding':[{'system':"
         "'http://terminology.hl7.org/CodeSystem/adjudication','code':"
         "'submitted'}]}}]}]" +
         grant.more + "}";
}

struct Attended {
  std::string id{};
  std::string start{};
  std::string end{};
  std::string referral = "ServiceRequest/r1";
  std::string status = "completed";
  std::string code =
      "{'coding':[{'system':'https://workgate.example/fhir/CodeSystem/"
      "program','code':'work-conditioning'}]}";
  std::string location = "Location/l1";
  std::string key{};  // of the identifier; the id where empty
};

inline std::string session_json(const Attended& session) {
  return "{'resourceType':'Procedure','id':'" + session.id +
         "','identifier':[{'system':'urn:ehr','value':'" +
         (session.key.empty() ? session.id : session.key) + "'}],'basedOn':[" +
         "{'reference':'" + session.referral + "'}],'status':'" +
         session.status + "','code':" + session.code +
         ",'subject':{'reference':'Patient/p1'},'performedPeriod':{'start':'" +
         session.start + "','end':'" + session.end +
         "'},'performer':[{'actor':{'reference':'Practitioner/therapist'}}],"
         "'location':{'reference':'" +
         session.location + "'}}";
}

inline std::vector<std::string> party_jsons() {
  const std::string npi =
      "'identifier':[{'system':"
      "'http://hl7.org/fhir/sid/us-npi','value':'";
  return {
      "{'resourceType':'Patient','id':'p1'}",
      "{'resourceType':'Organization','id':'payer','name':'Lone Star Mutual'}",
      "{'resourceType':'Organization','id':'employer','name':'Depot'}",
      "{'resourceType':'Organization','id':'clinic','name':'Clinic'," + npi +
          "1234567893'},{'system':'urn:oid:2.16.840.1.113883.4.4','value':"
          "'740000000'}],'address':[{'city':'Austin'}]}",
      "{'resourceType':'Location','id':'l1','managingOrganization':"
      "{'reference':'Organization/clinic'}}",
      "{'resourceType':'Practitioner','id':'md'," + npi + "1122334455'}]}",
      "{'resourceType':'Practitioner','id':'therapist'," + npi +
          "1999888773'}],'qualification':[{'code':{'text':'PT'}}]}",
      "{'resourceType':'PractitionerRole','id':'attending','practitioner':"
      "{'reference':'Practitioner/md'},'code':[{'coding':[{'system':"
      "'http://terminology.hl7.org/CodeSystem/v3-ParticipationType','code':"
      "'ATND'}]}]}",
      "{'resourceType':'Condition','id':'d1','subject':{'reference':"
      "'Patient/p1'},'code':{'coding':[{'system':"
      "'http://hl7.org/fhir/sid/icd-10-cm','code':'S39.012D'}]},"
      "'onsetDateTime':'2025-11-18'}",
      "{'resourceType':'Coverage','id':'c1','identifier':[{'type':{'coding':"
      "[{'system':'http://terminology.hl7.org/CodeSystem/v2-0203','code':"
      "'WCN'}]},'value':'WC-2026-000417'}],'status':'active','type':{'coding':"
      "[{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':"
      "'WCBPOL'}]},'policyHolder':{'reference':'Organization/employer'},"
      "'beneficiary':{'reference':'Patient/p1'},'payor':[{'reference':"
      "'Organization/payer'}]}",
  };
}

class Clinic {
 public:
  explicit Clinic(program::Site site = demo_site())
      : programs_(shipped_programs(std::move(site))) {}

  // Stores a resource without deciding.
  void store(std::string_view text) {
    auto document = parse_shared(json_of(text));
    if (!document) {
      fprintf(stderr, "%s in %s\n", document.error().message.c_str(),
              json_of(text).c_str());
    }
    const auto root = (*document)->root();
    put(std::string(root.get("resourceType").text()),
        std::string(root.get("id").text()), json_of(text));
  }

  void store_parties() {
    for (const auto& party : party_jsons()) store(party);
  }

  // Stores a resource and applies what follows from it.
  Changes post(std::string_view text) {
    store(text);
    return run();
  }

  void pull(const std::string& claim) { pulls_[claim] = versions_[claim]; }

  [[nodiscard]] episode::Case facts() const {
    episode::Case facts;
    facts.stand_in(programs_.zone());
    for (const auto& key : order_) {
      const auto& text = bodies_.at(key);
      const auto document = parse_shared(text);
      const auto slash = key.find('/');
      facts.apply(fhir::Resource{{key.substr(0, slash), key.substr(slash + 1)},
                                 versions_.at(key),
                                 now_,
                                 "ehr",
                                 *document});
    }
    for (const auto& [claim, version] : pulls_) {
      facts.apply_pull(claim, version);
    }
    return facts;
  }

  Changes run() {
    const auto known = facts();
    const auto plan = decide(known, programs_, now_);
    auto changes =
        reconcile(plan, known, programs_,
                  {.maps = shipped_maps(),
                   .owner = "ehr",
                   .now = now_,
                   .posted = Posted(ledger_)},
                  [this] { return "g" + std::to_string(++minted_); });
    for (const auto& change : changes.resources) {
      auto body = change.body;
      const auto type = body.find(",\"id\"");
      body.insert(type, ",\"meta\":{\"versionId\":\"" +
                            std::to_string(change.version) + "\"}");
      put(change.id.type, change.id.id, body);
      EXPECT_EQ(versions_[change.id.text()], change.version)
          << change.id.text();
    }
    EXPECT_FALSE(changes.fault) << changes.fault->message;
    ledger_.insert(ledger_.end(), changes.ledger.begin(), changes.ledger.end());
    return changes;
  }

  // Current bodies of a type, by id, parsed.
  [[nodiscard]] std::vector<SharedDocument> all(std::string_view type) const {
    std::vector<SharedDocument> found;
    for (const auto& key : order_) {
      if (!key.starts_with(std::string(type) + "/")) continue;
      found.push_back(*parse_shared(bodies_.at(key)));
    }
    return found;
  }

  // Open tasks as "<focus> <code>: <rule> <rule>".
  [[nodiscard]] std::vector<std::string> open_tasks() const {
    std::vector<std::string> open;
    for (const auto& task : all("Task")) {
      const auto root = task->root();
      if (root.get("status").text() != "requested") continue;
      std::string text(root.find("focus.reference").text());
      text += " " + std::string(root.find("code.coding.code").text()) + ":";
      for (const auto input : root.get("input")) {
        text += " " + std::string(input.find("type.coding.code").text());
      }
      open.push_back(std::move(text));
    }
    return open;
  }

  // Claims as "<status> <code>x<quantity>=<net> ... total <total> [auth]".
  [[nodiscard]] std::vector<std::string> claims() const {
    std::vector<std::string> found;
    for (const auto& claim : all("Claim")) {
      const auto root = claim->root();
      if (root.get("use").text() != "claim") continue;
      std::string text(root.get("status").text());
      for (const auto item : root.get("item")) {
        text +=
            " " + std::string(item.find("productOrService.coding.code").text());
        text += "x" + std::string(item.find("quantity.value").text());
      }
      text += " " + std::string(root.find("total.value").text());
      const auto number = root.get("insurance").first().get("preAuthRef");
      if (number.exists()) {
        text += " " + std::string(number.first().text());
      }
      found.push_back(std::move(text));
    }
    return found;
  }

  Plan plan() {
    facts_ = facts();
    return decide(facts_, programs_, now_);
  }

  [[nodiscard]] const std::string& body(const std::string& key) const {
    return bodies_.at(key);
  }

  Instant now_ = *parse_instant("2026-06-01T12:00:00Z");
  program::Programs programs_;
  std::vector<Entry> ledger_;

 private:
  void put(const std::string& type, const std::string& id,
           const std::string& text) {
    const auto key = type + "/" + id;
    if (!bodies_.contains(key)) order_.push_back(key);
    bodies_[key] = text;
    ++versions_[key];
  }

  episode::Case facts_;
  std::vector<std::string> order_;
  std::map<std::string, std::string> bodies_;
  std::map<std::string, std::uint32_t> versions_;
  std::map<std::string, std::uint32_t> pulls_;
  int minted_ = 0;
};

}  // namespace gateway::billing
