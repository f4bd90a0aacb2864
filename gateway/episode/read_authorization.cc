#include <array>

#include "episode/read.h"

namespace gateway::episode {
namespace {

std::string pas(std::string_view id) {
  return std::string(kPas) + "extension-" + std::string(id);
}

struct Review {
  std::string action;
  std::string number;
};

// The payer's decision lies only in this extension of an adjudication; the
// adjudication's category is always "submitted" (Da Vinci PAS,
// ClaimResponse profile).
Review review_in(Json adjudications) {
  for (const Json adjudication : adjudications) {
    const auto review = extension(adjudication, pas("reviewAction"));
    if (!review.exists()) continue;
    return {std::string(code_in(extension(review, pas("reviewActionCode"))
                                    .get("valueCodeableConcept"),
                                kReviewAction)),
            std::string(extension(review, "number").get("valueString").text())};
  }
  return {};
}

AuthorizedItem::Service service_of(Json concept_, std::string_view base) {
  using Service = AuthorizedItem::Service;
  if (concept_.get("coding").size() == 0) return Service::unsaid;
  const auto program = program_in(concept_, base);
  if (program == Program::work_hardening) return Service::work_hardening;
  if (program == Program::work_conditioning) return Service::work_conditioning;
  if (has_code(concept_, kCpt, kFirstHours)) return Service::program;
  if (has_code(concept_, kCpt, kFurtherHours)) return Service::further;
  return Service::other;
}

void read_quantity(Json quantity, AuthorizedItem& item) {
  if (!quantity.exists()) return;
  item.quantity = decimal_in(quantity.get("value"));
  auto unit = quantity.get("code").text();
  if (unit.empty()) unit = quantity.get("unit").text();
  item.unit = unit;
}

// What an item says of its period is written as days.
void read_review(Json item, AuthorizedItem& read) {
  auto review = review_in(item.get("adjudication"));
  read.action = std::move(review.action);
  read.number = std::move(review.number);
  const auto period =
      extension(item, pas("itemPreAuthPeriod")).get("valuePeriod");
  read.from = date_in(period.get("start"), nullptr);
  read.to = date_in(period.get("end"), nullptr);
  read.issued = date_in(
      extension(item, pas("itemPreAuthIssueDate")).get("valueDate"), nullptr);
}

AuthorizedItem read_item(Json item, std::string_view base) {
  AuthorizedItem read;
  read.sequence = decimal_in(item.get("itemSequence"))
                      .value_or(Decimal())
                      .truncated()
                      .value_or(0);
  const auto detail = extension(item, pas("itemAuthorizedDetail"));
  read.service = service_of(
      extension(detail, "productOrServiceCode").get("valueCodeableConcept"),
      base);
  read_quantity(extension(detail, "quantity").get("valueQuantity"), read);
  read_review(item, read);
  return read;
}

AuthorizedItem read_added(Json item, std::string_view base) {
  auto read = read_item(item, base);
  read.added = true;
  read.sequence = decimal_in(item.get("itemSequence").first())
                      .value_or(Decimal())
                      .truncated()
                      .value_or(0);
  const auto service = service_of(item.get("productOrService"), base);
  if (service != AuthorizedItem::Service::unsaid) read.service = service;
  read_quantity(item.get("quantity"), read);
  read.requested_service = reference_in(
      extension(item, pas("requestedService")).get("valueReference"), base);
  return read;
}

std::string number_of(Json root) {
  std::string number(root.get("preAuthRef").text());
  if (!number.empty()) return number;
  return std::string(
      extension(root, pas("authorizationNumber")).get("valueString").text());
}

std::string insurer_of(Json root, std::string_view base) {
  return reference_in(root.get("insurer"), base);
}

}  // namespace

Authorization read_authorization(const Reading& reading) {
  const Json root = reading.root;
  Authorization read;
  read.source = reading.source;
  read.status = root.get("status").text();
  read.outcome = root.get("outcome").text();
  read.business_key = business_key(root.get("identifier"));
  read.patient = reference_in(root.get("patient"), reading.base);
  read.insurer = insurer_of(root, reading.base);
  read.request = reference_in(root.get("request"), reading.base);
  read.number = number_of(root);
  read.action = review_in(root.get("adjudication")).action;
  read.authorized_referral = reference_in(
      extension(root, std::string(reading.base) +
                          "/StructureDefinition/authorized-referral")
          .get("valueReference"),
      reading.base);
  read.has_error = root.get("error").size() > 0;
  read.created = instant_in(root.get("created"));
  if (!read.created)
    read.created_date = date_in(root.get("created"), reading.zone);
  read.from = date_in(root.find("preAuthPeriod.start"), reading.zone);
  read.to = date_in(root.find("preAuthPeriod.end"), reading.zone);
  const Json aside = end_as_sent(root.get("preAuthPeriod"), reading.base);
  if (aside.exists())
    read.to = date_in(aside, reading.zone);  // before it begins: no day
  for (const Json item : root.get("item")) {
    read.items.push_back(read_item(item, reading.base));
  }
  for (const Json item : root.get("addItem")) {
    read.items.push_back(read_added(item, reading.base));
  }
  read.references = references_in(root, reading.base);
  return read;
}

PreauthorizationRequest read_request(const Reading& reading) {
  const Json root = reading.root;
  PreauthorizationRequest request;
  request.source = reading.source;
  // What was withdrawn asks for nothing.
  const auto status = root.get("status").text();
  if (status == "cancelled" || status == "entered-in-error") return request;
  request.referral = reference_in(root.get("referral"), reading.base);
  for (const Json line : root.get("item")) {
    AuthorizedItem item;
    item.sequence = decimal_in(line.get("sequence"))
                        .value_or(Decimal())
                        .truncated()
                        .value_or(0);
    item.service = service_of(line.get("productOrService"), reading.base);
    read_quantity(line.get("quantity"), item);
    item.requested_service = reference_in(
        extension(line, pas("requestedService")).get("valueReference"),
        reading.base);
    if (request.referral.empty()) request.referral = item.requested_service;
    request.items.push_back(std::move(item));
  }
  return request;
}

}  // namespace gateway::episode
