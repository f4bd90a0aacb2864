#include "base/json_writer.h"
#include "episode/read.h"

namespace gateway::episode {
namespace {

// The bytes of every member but the meta that the store adds.
std::string body_of(Json resource) {
  JsonWriter writer;
  writer.begin_object();
  for (const Json member : resource) {
    if (member.name() == "meta") continue;
    writer.key(member.name()).raw(member.raw());
  }
  writer.end_object();
  return writer.take();
}

// What a payer pays for. Two claims with equal texts ask for the same money
// for the same services.
std::string financial_text(Json claim) {
  std::string text;
  for (const Json item : claim.get("item")) {
    text += code_in(item.get("productOrService"), kCpt);
    for (const Json modifier : item.get("modifier")) {
      text += '-';
      text += modifier.get("coding").first().get("code").text();
    }
    text += ' ';
    text += item.get("servicedDate").text();
    text += ' ';
    text += item.find("quantity.value").text();
    text += ' ';
    text += item.find("net.value").text();
    text += ';';
  }
  return text;
}

void read_claim(const Reading& reading, Emitted& emitted) {
  const Json root = reading.root;
  emitted.stamp = root.get("created").text();
  emitted.frequency =
      extension(root, std::string(reading.base) +
                          "/StructureDefinition/claim-frequency")
          .get("valueCode")
          .text();
  emitted.financial = financial_text(root);
  emitted.insurer = reference_in(root.get("insurer"), reading.base);
  emitted.authorization_number =
      root.get("insurance").first().get("preAuthRef").first().text();
  for (const Json related : root.get("related")) {
    if (related.get("claim").exists()) {
      emitted.prior = reference_in(related.get("claim"), reading.base);
    }
  }
}

}  // namespace

std::string_view plan_key(Json resource, std::string_view base) {
  const auto identifiers = resource.get("identifier");
  const auto key =
      identifier_in(identifiers, std::string(base) + "/NamingSystem/plan-key");
  return key;
}

Emitted read_emitted(const Reading& reading) {
  const Json root = reading.root;
  Emitted emitted;
  emitted.source = reading.source;
  emitted.type = root.get("resourceType").text();
  emitted.id = root.get("id").text();
  emitted.key = plan_key(root, reading.base);
  emitted.status = root.get("status").text();
  if (emitted.type == "Claim") read_claim(reading, emitted);
  if (emitted.type == "EpisodeOfCare") {
    emitted.reason = discharge_reason(root, reading.base);
    emitted.until = date_in(root.find("period.end"), reading.zone);
    const auto by = extension(
        root, std::string(reading.base) + "/StructureDefinition/discharged-by");
    emitted.discharged_by =
        reference_in(by.get("valueReference"), reading.base);
  }
  if (emitted.type == "Task") {
    emitted.stamp = root.get("authoredOn").text();
    emitted.modified = root.get("lastModified").text();
    emitted.focus = reference_in(root.get("focus"), reading.base);
  }
  emitted.body = body_of(root);
  return emitted;
}

}  // namespace gateway::episode
