#include "exchange/stored_body.h"

#include <algorithm>
#include <array>

#include "base/json_writer.h"
#include "exchange/search_parameters.h"
#include "exchange/search_value.h"

namespace gateway::exchange {
namespace {

constexpr std::array<std::string_view, 5> kKeyedTypes = {
    "Appointment", "ClaimResponse", "Encounter", "Procedure", "ServiceRequest"};

struct Member {
  std::string_view name;
  std::string value;  // JSON text
};

// Replaces the members that are there and puts the others behind the first
// one, so that `resourceType` stays first. REQUIRES: `object` has a member.
void set_members(Json object, const std::vector<Member>& members,
                 std::vector<TextEdit>& edits) {
  std::string added;
  for (const auto& [name, value] : members) {
    const Json there = object.get(name);
    if (there.exists()) {
      edits.push_back({there.span(), value});
    } else {
      added += "," + json_quoted(name) + ":" + value;
    }
  }
  const auto behind = object.first().span().end;
  if (!added.empty()) edits.push_back({{behind, behind}, std::move(added)});
}

std::vector<TextEdit> identity_edits(Json resource,
                                     const StoredVersion& stored) {
  const std::vector<Member> own = {
      {"versionId", json_quoted(std::to_string(stored.version))},
      {"lastUpdated", json_quoted(utc_text(stored.last_updated))}};
  std::vector<TextEdit> edits;
  std::vector<Member> members = {{"id", json_quoted(stored.id)}};
  const Json meta = resource.get("meta");
  if (meta.is_object() && meta.size() > 0) {
    set_members(meta, own, edits);
  } else {
    members.push_back({"meta", "{\"versionId\":" + own[0].value +
                                   ",\"lastUpdated\":" + own[1].value + "}"});
  }
  set_members(resource, members, edits);
  return edits;
}

std::string grant_key(Json resource, const Site& site) {
  const auto number = resource.get("preAuthRef").text();
  if (resource.get("use").text() != "preauthorization" || number.empty()) {
    return {};
  }
  const auto party = [&](std::string_view path) {
    const Json reference = resource.get(path);
    auto key = reference_key(reference.get("reference").text(), site);
    if (!key.empty()) return escaped_token_part(key);
    const Json identifier = reference.get("identifier");
    return token_text(identifier.get("system").text(),
                      identifier.get("value").text());
  };
  return "preAuthRef|" + party("insurer") + "|" + party("patient") + "|" +
         escaped_token_part(number);
}

}  // namespace

std::string stored_body(Json resource, const StoredVersion& stored,
                        std::vector<TextEdit> rewrites) {
  auto edits = identity_edits(resource, stored);
  std::move(rewrites.begin(), rewrites.end(), std::back_inserter(edits));
  const auto begin = resource.span().begin;
  for (auto& edit : edits) {
    edit.span.begin -= begin;
    edit.span.end -= begin;
  }
  return edited(resource.raw(), std::move(edits));
}

std::string stored_body(const WriteRequest& request, std::size_t position,
                        const StoredVersion& stored,
                        const Assignment& assignment) {
  return stored_body(request.entries[position].resource, stored,
                     reference_edits(request, position, assignment));
}

std::vector<ContentKey> business_keys(Json resource, const Site& site) {
  std::vector<ContentKey> keys;
  const auto type = resource.get("resourceType").text();
  if (std::find(kKeyedTypes.begin(), kKeyedTypes.end(), type) ==
      kKeyedTypes.end()) {
    return keys;
  }
  for (const Json identifier : resource.get("identifier")) {
    const auto value = identifier.get("value").text();
    if (value.empty()) continue;
    ContentKey key{ContentKey::Kind::identifier,
                   token_text(identifier.get("system").text(), value)};
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
      keys.push_back(std::move(key));
    }
  }
  if (keys.empty() && type == "ClaimResponse") {
    auto key = grant_key(resource, site);
    if (!key.empty()) {
      keys.push_back({ContentKey::Kind::grant, std::move(key)});
    }
  }
  return keys;
}

bool same_content(Json a, Json b) {
  const std::vector<std::string_view> ours = {"id", "meta"};
  return canonical_json(a, ours) == canonical_json(b, ours);
}

}  // namespace gateway::exchange
