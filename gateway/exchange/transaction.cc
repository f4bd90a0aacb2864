#include "exchange/transaction.h"

#include <algorithm>
#include <set>

#include "base/json_writer.h"
#include "exchange/bundle_entry.h"
#include "exchange/rewriting.h"
#include "exchange/stored_body.h"

namespace gateway::exchange {
namespace {

using fhir::IssueType;

constexpr std::size_t kMostEntries = 2000;

fhir::Finding defect(std::string expression, IssueType type,
                     std::string_view rule, std::string text) {
  return {.rule = std::string(rule),
          .type = type,
          .expression = std::move(expression),
          .text = std::move(text)};
}

// Reads the entries of one Bundle and collects what is wrong with them.
class BundleReader {
 public:
  BundleReader(const Interaction& outer, const Site& site,
               WriteRequest& request)
      : outer_(outer), site_(site), request_(request) {}

  // Nothing if the Bundle can be worked on.
  std::optional<Refusal> read();

 private:
  std::optional<Refusal> read_head();
  void read_entry(Json entry, std::size_t position);
  void check_full_url(const WriteEntry& entry, Json node);
  void check_identity(const WriteEntry& entry);
  void check_keys(const WriteEntry& entry);
  void check_mentions(const WriteEntry& entry);
  void add_conditional(const WriteEntry& entry, const Mention& mention);
  // A batch goes on without the entry, a transaction does not go on.
  void refuse(std::size_t position, Refusal refused);
  void refuse(std::size_t position, fhir::Finding finding) {
    refuse(position, refusal(400, std::move(finding)));
  }

  const Interaction& outer_;
  const Site& site_;
  WriteRequest& request_;
  std::set<std::string> identities_;  // "Type/id", "Type?key"
  std::optional<Refusal> refused_;
};

std::optional<Refusal> BundleReader::read_head() {
  const Json root = request_.document->root();
  if (root.get("resourceType").text() != "Bundle") {
    return refusal(400, defect("", IssueType::value, "rest/not-a-bundle",
                               "what is posted to the base must be a Bundle"));
  }
  const auto type = root.get("type").text();
  if (type != "transaction" && type != "batch") {
    return refusal(400,
                   defect("Bundle.type", IssueType::value, "rest/not-a-bundle",
                          "a Bundle posted here must be a transaction or "
                          "a batch"));
  }
  request_.kind =
      type == "batch" ? RequestKind::batch : RequestKind::transaction;
  const Json entries = root.get("entry");
  if (entries.exists() && !entries.is_array()) {
    return refusal(
        422, defect("Bundle.entry", IssueType::structure, "structure/type",
                    "Bundle.entry must be an array"));
  }
  if (entries.size() > kMostEntries) {
    return refusal(413, defect("Bundle.entry", IssueType::too_costly,
                               "rest/too-many-entries",
                               "a Bundle may have up to " +
                                   std::to_string(kMostEntries) + " entries"));
  }
  return std::nullopt;
}

std::optional<Refusal> BundleReader::read() {
  if (auto refused = read_head()) return refused;
  std::size_t position = 0;
  for (const Json entry : request_.document->root().get("entry")) {
    read_entry(entry, position++);
  }
  for (const auto& entry : request_.entries) check_mentions(entry);
  return std::move(refused_);
}

void BundleReader::refuse(std::size_t position, Refusal refused) {
  auto& into = request_.kind == RequestKind::batch
                   ? request_.entries[position].refusal
                   : refused_;
  if (!into) {
    into = std::move(refused);
    return;
  }
  if (into->status != refused.status) into->status = 400;
  into->headers.clear();
  into->outcome.merge(std::move(refused.outcome));
}

void BundleReader::read_entry(Json node, std::size_t position) {
  const auto place = "Bundle.entry[" + std::to_string(position) + "]";
  request_.entries.push_back(
      {.position = position,
       .full_url = std::string(node.get("fullUrl").text()),
       .expression = place + ".resource"});
  auto& entry = request_.entries.back();
  auto interaction = entry_interaction(node, place, outer_, site_);
  if (auto* refused = std::get_if<Refusal>(&interaction)) {
    refuse(position, std::move(*refused));
  } else {
    entry.interaction = std::get<Interaction>(std::move(interaction));
    if (writes(entry.interaction.action)) {
      entry.resource = node.get("resource");
      if (auto bad =
              misfit(entry.interaction, entry.resource, entry.expression)) {
        refuse(position, std::move(*bad));
      }
    }
    check_identity(entry);
    check_keys(entry);
  }
  check_full_url(entry, node);
}

void BundleReader::check_full_url(const WriteEntry& entry, Json node) {
  if (entry.full_url.empty() || !node.get("resource").exists()) return;
  const bool added =
      request_.positions.emplace(entry.full_url, entry.position).second;
  if (added || request_.kind == RequestKind::batch) return;
  refuse(entry.position,
         defect("Bundle.entry[" + std::to_string(entry.position) + "].fullUrl",
                IssueType::duplicate, "rest/repeated-full-url",
                "two entries of this Bundle have the same fullUrl"));
}

void BundleReader::check_identity(const WriteEntry& entry) {
  const auto& interaction = entry.interaction;
  if (interaction.action != Action::update || interaction.id.empty() ||
      request_.kind == RequestKind::batch) {
    return;
  }
  if (!identities_.insert(interaction.type + "/" + interaction.id).second) {
    refuse(entry.position,
           defect("Bundle.entry[" + std::to_string(entry.position) +
                      "].request.url",
                  IssueType::duplicate, "rest/repeated-resource",
                  "two entries of this transaction write the same resource"));
  }
}

// Which of two entries with the same business key is meant, nobody can say.
void BundleReader::check_keys(const WriteEntry& entry) {
  if (request_.kind == RequestKind::batch) return;
  for (const auto& key : business_keys(entry.resource, site_)) {
    if (key.kind != ContentKey::Kind::identifier ||
        identities_.insert(entry.interaction.type + "?" + key.key).second) {
      continue;
    }
    refuse(entry.position,
           defect(entry.expression + ".identifier", IssueType::duplicate,
                  "rest/repeated-key",
                  "two entries of this transaction bear the same business "
                  "identifier"));
  }
}

void BundleReader::check_mentions(const WriteEntry& entry) {
  for (const auto& mention : mentions(entry.resource)) {
    if (mention.kind != Mention::Kind::reference) continue;
    if (is_conditional(mention.text)) {
      add_conditional(entry, mention);
    } else if (mention.text.substr(0, 9) == "urn:uuid:" &&
               request_.kind == RequestKind::transaction &&
               request_.positions.count(mention.text) == 0) {
      auto finding = defect(fhir::fhirpath_of(mention.node),
                            IssueType::not_found, "reference/unknown-entry",
                            "no entry of this transaction has the fullUrl "
                            "that is referred to");
      finding.span = mention.span;
      refuse(entry.position, std::move(finding));
    }
  }
}

void BundleReader::add_conditional(const WriteEntry& entry,
                                   const Mention& mention) {
  const auto expression = fhir::fhirpath_of(mention.node);
  if (request_.kind != RequestKind::transaction) {
    return refuse(
        entry.position,
        defect(expression, IssueType::not_supported, "reference/conditional",
               "conditional references are possible within "
               "transactions only"));
  }
  const auto known = std::any_of(
      request_.conditional.begin(), request_.conditional.end(),
      [&](const auto& other) { return other.text == mention.text; });
  if (known) return;
  const std::string_view text = mention.text;
  const auto query = text.find('?');
  auto search =
      parse_condition(text.substr(0, query), text.substr(query + 1), site_);
  if (const auto* refused = std::get_if<Refusal>(&search)) {
    auto finding = refused->outcome.findings().front();
    finding.expression = expression;
    return refuse(entry.position, std::move(finding));
  }
  request_.conditional.push_back(
      {mention.text, expression, std::get<SearchRequest>(std::move(search))});
}

std::optional<Refusal> read_single(const Interaction& interaction,
                                   WriteRequest& request) {
  const Json root = request.document->root();
  if (auto bad = misfit(interaction, root, interaction.type)) return bad;
  for (const auto& mention : mentions(root)) {
    if (mention.kind != Mention::Kind::reference) continue;
    if (!is_conditional(mention.text)) continue;
    auto finding = defect(fhir::fhirpath_of(mention.node),
                          IssueType::not_supported, "reference/conditional",
                          "conditional references are possible within "
                          "transactions only");
    finding.span = mention.span;
    return refusal(400, std::move(finding));
  }
  request.entries.push_back({.interaction = interaction,
                             .resource = root,
                             .expression = interaction.type});
  return std::nullopt;
}

// R4: POST, then PUT, then GET; entries of one kind in their own order.
std::vector<std::size_t> processing_order(
    const std::vector<WriteEntry>& entries) {
  const auto rank = [&](std::size_t position) {
    const auto action = entries[position].interaction.action;
    if (action == Action::create) return 0;
    return action == Action::update ? 1 : 2;
  };
  std::vector<std::size_t> order(entries.size());
  for (std::size_t at = 0; at < order.size(); ++at) order[at] = at;
  std::stable_sort(
      order.begin(), order.end(),
      [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  return order;
}

// "http://a/fhir" of "http://a/fhir/Patient/1"; empty for other URLs.
std::string_view base_of(std::string_view full_url) {
  if (full_url.substr(0, 4) != "http") return {};
  const auto id = full_url.rfind('/');
  const auto type = id == std::string_view::npos || id == 0
                        ? std::string_view::npos
                        : full_url.rfind('/', id - 1);
  if (type == std::string_view::npos) return {};
  return fhir::parse_reference(full_url.substr(type + 1))
             ? full_url.substr(0, type)
             : std::string_view();
}

// The entry that a mention within `entry` names: by its fullUrl, or relative
// to the base of this entry's own (R4, bundle.html#references).
std::optional<std::size_t> named_entry(const WriteRequest& request,
                                       const WriteEntry& entry,
                                       const Mention& mention) {
  auto found = request.positions.find(mention.text);
  const auto base = base_of(entry.full_url);
  if (found == request.positions.end() && !base.empty() &&
      mention.kind == Mention::Kind::reference) {
    found = request.positions.find(std::string(base) + "/" + mention.text);
  }
  if (found == request.positions.end()) return std::nullopt;
  return found->second;
}

}  // namespace

OrRefusal<WriteRequest> read_entries(const Interaction& interaction,
                                     SharedDocument document,
                                     const Site& site) {
  WriteRequest request;
  request.document = std::move(document);
  auto refused = interaction.action == Action::bundle
                     ? BundleReader(interaction, site, request).read()
                     : read_single(interaction, request);
  if (refused) return std::move(*refused);
  request.order = processing_order(request.entries);
  return request;
}

std::vector<TextEdit> reference_edits(const WriteRequest& request,
                                      std::size_t position,
                                      const Assignment& assignment) {
  std::vector<TextEdit> edits;
  if (request.kind != RequestKind::transaction) return edits;
  const auto& entry = request.entries[position];
  for (const auto& mention : mentions(entry.resource)) {
    std::string target;
    if (const auto named = named_entry(request, entry, mention)) {
      const auto& id = assignment.ids[*named];
      if (!id.id.empty()) target = id.text();
    } else if (mention.kind == Mention::Kind::reference) {
      const auto matched = assignment.matched.find(mention.text);
      if (matched != assignment.matched.end()) target = matched->second.text();
    }
    if (!target.empty() && target != mention.text) {
      edits.push_back(renamed(mention, target));
    }
  }
  return edits;
}

std::string sameness(const WriteRequest& request) {
  if (request.kind != RequestKind::transaction) return {};
  const Json root = request.document->root();
  std::vector<TextEdit> edits;
  const auto placeholder = [](std::size_t position) {
    return "urn:entry:" + std::to_string(position);
  };
  std::size_t position = 0;
  for (const Json node : root.get("entry")) {
    const auto& entry = request.entries[position];
    if (entry.full_url.substr(0, 9) == "urn:uuid:") {
      edits.push_back(
          {node.get("fullUrl").span(), json_quoted(placeholder(position))});
    }
    for (const auto& mention : mentions(entry.resource)) {
      if (mention.text.substr(0, 9) != "urn:uuid:") continue;
      const auto named = request.positions.find(mention.text);
      if (named == request.positions.end()) continue;
      edits.push_back(renamed(mention, placeholder(named->second)));
    }
    ++position;
  }
  const auto neutral =
      JsonDocument::parse(edited(request.document->source(), std::move(edits)));
  if (!neutral) return {};
  return "entries " + canonical_json(neutral->root().get("entry"));
}

}  // namespace gateway::exchange
