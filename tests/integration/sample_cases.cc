#include "integration/sample_cases.h"

#include <gtest/gtest.h>

#include "base/date.h"
#include "base/json_writer.h"

namespace gateway::integration {
namespace {

std::string replace_all(std::string text, const std::string& from,
                        const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string target_of(Json entry) {
  const auto location = std::string(entry.find("response.location").text());
  const auto end = location.find("/_history");
  const auto id = location.rfind('/', end - 1);
  const auto type = location.rfind('/', id - 1);
  return location.substr(type + 1, end - type - 1);
}

}  // namespace

std::string SampleCase::referral(const std::string& name) {
  auto text = demo("referral.json");
  text = replace_all(text, "MRN-20417", "MRN-" + name);
  text = replace_all(text, "SR-2026-0330-01", "SR-" + name);
  text = replace_all(text, "\"PA-7001\"", "\"PA-" + name + "\"");
  text = replace_all(text, "WC-2026-000417", "WC-" + name);
  text = with(text, "\"value\": 12", "\"value\": 100000");
  text = with(text, "2026-04-01", "2010-01-01");
  text = with(text, "2026-05-15", "2025-12-31");
  return with(text, "2026-03-31T14:00:00", "2009-12-01T14:00:00");
}

SampleCase SampleCase::refer(RunningGateway& gateway, const std::string& name) {
  const auto reply = gateway.post("/fhir", referral(name));
  EXPECT_EQ(reply.status, 200) << reply.body;
  SampleCase sample;
  sample.name_ = name;
  for (const Json entry : reply.root().get("entry")) {
    const auto target = target_of(entry);
    if (target.find("Patient/") == 0) sample.patient_ = target;
    if (target.find("ServiceRequest/") == 0) sample.order_ = target;
    if (target.find("Practitioner/") == 0) sample.therapist_ = target;
    if (target.find("Location/") == 0) sample.location_ = target;
  }
  return sample;
}

SampleCase::Session SampleCase::session(int number) const {
  const auto day = LocalDate::from(2010, 1, 4)->plus_days(number).text();
  const Session session{name_ + "-" + std::to_string(number), {}};
  JsonWriter out;
  const auto reference = [&out](std::string_view key,
                                const std::string& target) {
    out.key(key).begin_object().member("reference", target).end_object();
  };
  out.begin_object().member("resourceType", "Procedure");
  out.key("identifier")
      .begin_array()
      .begin_object()
      .member("system", "https://ehr.example/sessions")
      .member("value", session.key)
      .end_object()
      .end_array();
  out.key("basedOn").begin_array().begin_object();
  out.member("reference", order_).end_object().end_array();
  out.member("status", "completed");
  out.key("code")
      .begin_object()
      .key("coding")
      .begin_array()
      .begin_object()
      .member("system", "https://workgate.example/fhir/CodeSystem/program")
      .member("code", "work-conditioning")
      .end_object()
      .end_array()
      .end_object();
  reference("subject", patient_);
  out.key("performedPeriod")
      .begin_object()
      .member("start", day + "T08:00:00-06:00")
      .member("end", day + "T10:00:00-06:00")
      .end_object();
  out.key("performer").begin_array().begin_object();
  reference("actor", therapist_);
  out.end_object().end_array();
  reference("location", location_);
  return {session.key, out.end_object().take()};
}

}  // namespace gateway::integration
