#include "server/tour/partner.h"

#include <utility>

namespace gateway::server {
namespace {

Json value_of(Json parameter) {
  for (const Json member : parameter) {
    if (member.name().substr(0, 5) == "value") return member;
  }
  return {};
}

}  // namespace

Partner::Partner(std::string name, transport::TcpTarget gateway)
    : name_(std::move(name)), client_({.target = std::move(gateway)}) {}

Result<Spoken> Partner::get(const std::string& target) {
  return ask({.target = target});
}

Result<Spoken> Partner::post(const std::string& target, std::string body) {
  return ask({.method = "POST",
              .target = target,
              .headers = {{"Content-Type", "application/fhir+json"}},
              .body = std::move(body)});
}

Result<Spoken> Partner::ask(transport::ClientRequest request) {
  request.headers.emplace_back("X-Workgate-Partner", name_);
  auto response = client_.send(request);
  if (!response) return response.error();
  auto document = parse_shared(response->body);
  if (!document) return document.error();
  if (response->status >= 300) {
    return Error{
        ErrorCode::fault,
        request.method + " " + request.target + " was answered " +
            std::to_string(response->status) + ": " +
            std::string((*document)->root().find("issue.details.text").text())};
  }
  return Spoken{*std::move(response), *std::move(document)};
}

Json next_parameter(Json parameters, std::string_view name, Json after) {
  Json at = after.exists() ? after.next() : parameters.get("parameter").first();
  while (at.exists() && at.get("name").text() != name) at = at.next();
  return at;
}

std::string_view part(Json parameter, std::string_view name) {
  for (const Json one : parameter.get("part")) {
    if (one.get("name").text() != name) continue;
    const Json value = value_of(one);
    return value.is_object() ? value.get("value").text() : value.text();
  }
  return {};
}

}  // namespace gateway::server
