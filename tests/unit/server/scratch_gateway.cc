#include "unit/server/scratch_gateway.h"

#include <fstream>
#include <iterator>
#include <sstream>

#include "base/decimal.h"
#include "fhir/definitions.h"
#include "folders.h"

namespace gateway::server {
namespace {

constexpr std::size_t kThreads = 2;
constexpr std::uint64_t kSeed = 1;  // ids begin with "1-"

std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// What the process cannot go on without.
template <typename T>
T need(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << result.error().message;
    std::abort();
  }
  return *std::move(result);
}

}  // namespace

std::string image_file() {
  return std::string(GATEWAY_BINARY_DIR) + "/workgate.image";
}

std::string configuration_file() {
  return std::string(GATEWAY_SOURCE_DIR) + "/config/gateway.yaml";
}

const validate::Validator& real_validator() {
  static const validate::Validator validator(
      need(fhir::Definitions::open(image_file())));
  return validator;
}

const Settings& demo_settings() {
  static const Settings settings = need(read_settings(configuration_file()));
  return settings;
}

const SharedEdition& demo_edition() {
  static const SharedEdition edition = [] {
    auto loaded =
        load_edition(demo_settings(), real_validator().definitions(), {});
    if (const auto* why = std::get_if<LoadFailure>(&loaded)) {
      ADD_FAILURE() << why->text;
      std::abort();
    }
    return std::get<SharedEdition>(std::move(loaded));
  }();
  return edition;
}

std::string demo(const std::string& name, const std::string& patient) {
  auto text =
      file_text(std::string(GATEWAY_SOURCE_DIR) + "/config/demo/" + name);
  if (patient.empty()) return text;
  text = with(text, "MRN-20417", "MRN-" + patient);
  text = with(text, "SR-2026-0330-01", "SR-" + patient);
  if (name != "referral.json") return with(text, "\"S-2026", "\"S-" + patient);
  text = with(text, "PA-7001", "PA-" + patient);
  return with(text, "WC-2026-000417", "WC-" + patient);
}

std::string with(std::string text, const std::string& from,
                 const std::string& to) {
  auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << "there is no '" << from << "'";
  for (; at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string entry_of(const std::string& target, const std::string& resource,
                     const std::string& full_url) {
  const auto space = target.find(' ');
  std::string text = "{";
  if (!full_url.empty()) text += R"("fullUrl":")" + full_url + "\",";
  if (!resource.empty()) text += "\"resource\":" + resource + ",";
  return text + R"("request":{"method":")" + target.substr(0, space) +
         R"(","url":")" + target.substr(space + 1) + "\"}}";
}

std::string bundle_of(const std::string& type,
                      const std::vector<std::string>& entries) {
  std::string text =
      R"({"resourceType":"Bundle","type":")" + type + R"(","entry":[)";
  for (std::size_t i = 0; i < entries.size(); ++i) {
    text += (i == 0 ? "" : ",") + entries[i];
  }
  return text + "]}";
}

transport::Request request_of(const Sent& sent) {
  transport::Request request;
  const auto query = std::min(sent.target.find('?'), sent.target.size());
  request.method = sent.method;
  request.path = sent.target.substr(0, query);
  if (query < sent.target.size()) request.query = sent.target.substr(query + 1);
  request.headers = sent.headers;
  if (!sent.body.empty()) {
    request.headers.emplace_back("content-type", "application/fhir+json");
  }
  request.headers.emplace_back("x-workgate-partner", sent.partner);
  request.body = sent.body;
  request.peer = "127.0.0.1:40000";
  return request;
}

Reply::Reply(transport::Response response)
    : status(response.status),
      headers(std::move(response.headers)),
      body(std::move(response.body)) {
  if (auto parsed = parse_shared(body)) document = *std::move(parsed);
}

std::string Reply::header(std::string_view name) const {
  return std::string(transport::header(headers, name));
}

std::string Reply::written() const {
  const auto location = header("Location");
  const auto type = location.find("/fhir/");
  if (type == std::string::npos) return {};
  const auto begin = type + 6;
  return location.substr(begin, location.find("/_history") - begin);
}

std::vector<std::string> Reply::statuses() const {
  std::vector<std::string> all;
  for (const Json entry : root().get("entry")) {
    all.emplace_back(entry.find("response.status").text());
  }
  return all;
}

std::string Reply::entry(std::string_view type) const {
  for (const Json entry : root().get("entry")) {
    const Json resource = entry.get("resource");
    if (resource.get("resourceType").text() != type) continue;
    return std::string(type) + "/" + std::string(resource.get("id").text());
  }
  ADD_FAILURE() << "the answer has no " << type;
  return {};
}

std::vector<std::string> rules(Json outcome) {
  std::vector<std::string> all;
  for (const Json issue : outcome.get("issue")) {
    all.emplace_back(issue.find("details.coding.code").text());
  }
  return all;
}

std::vector<std::string> expressions(Json outcome) {
  std::vector<std::string> all;
  for (const Json issue : outcome.get("issue")) {
    all.emplace_back(issue.find("expression").text());
  }
  return all;
}

std::vector<std::string> rules(const fhir::Outcome& outcome) {
  std::vector<std::string> all;
  for (const auto& finding : outcome.findings()) all.push_back(finding.rule);
  return all;
}

// In the order in which the parts need each other.
struct ScratchGateway::Wiring {
  Wiring(ScratchGateway& all, const std::string& folder, std::size_t cases)
      : store(store::open_or_fail(store::options_for(folder))),
        lanes([this](std::function<void()> turn) { post(std::move(turn)); }),
        intake(all.validator_, waivers, site.canonical),
        shelf(store, all.validator_.definitions().keys(), site.canonical, cases,
              [this, &all](Json resource) {
                return intake.held(resource, all.now);
              }),
        parts{
            .store = store,
            .validator = all.validator_,
            .intake = intake,
            .keys = all.validator_.definitions().keys(),
            .editions = editions,
            .site = site,
            .lanes = lanes,
            .shelf = shelf,
            .waking = waking,
            .ids = ids,
            .under_way = under_way,
            .parked = parked,
            .clock = [this] { return clock(); },
            .run =
                [this](std::function<void()> work) { post(std::move(work)); }},
        pipeline(parts),
        clock([&all] { return all.now; }) {}
  ~Wiring() { under_way.wait_for_none(); }

  void post(std::function<void()> work) { pool.post(std::move(work)); }

  ScriptedStore store;
  exchange::Site site{.base = "http://gate.example/fhir",
                      .canonical = demo_settings().canonical_base};
  Editions editions{demo_edition()};
  Lanes lanes;
  validate::Waivers waivers;
  validate::Intake intake;
  CaseShelf shelf;
  Waking waking{
      store, [] {
        return std::vector<std::string>{"demo-ehr", "demo-clearinghouse"};
      }};
  Ids ids{kSeed};
  UnderWay under_way;
  ParkedMessages parked;
  Parts parts;
  Pipeline pipeline;
  std::function<Instant()> clock;
  WorkPool pool{kThreads};
};

ScratchGateway::ScratchGateway(std::size_t cases_on_shelf)
    : cases_on_shelf_(cases_on_shelf), validator_(real_validator()) {
  restart();
}

ScratchGateway::ScratchGateway(const validate::Validator& validator)
    : validator_(validator) {
  restart();
}

ScratchGateway::~ScratchGateway() = default;

void ScratchGateway::restart() {
  wiring_.reset();
  wiring_ = std::make_unique<Wiring>(*this, folder_.path(), cases_on_shelf_);
}

const Parts& ScratchGateway::parts() const { return wiring_->parts; }
ScriptedStore& ScratchGateway::store() { return wiring_->store; }
Pipeline& ScratchGateway::pipeline() { return wiring_->pipeline; }
Editions& ScratchGateway::editions() { return wiring_->editions; }

const exchange::Caller& ScratchGateway::caller(const std::string& partner) {
  return demo_settings().partners.at(partner);
}

exchange::Interaction ScratchGateway::interaction(const Sent& sent) const {
  auto parsed = exchange::parse_interaction(request_of(sent), parts().site);
  if (auto* const refused = std::get_if<exchange::Refusal>(&parsed)) {
    ADD_FAILURE() << fhir::sentence(refused->outcome.findings().front());
    return {};
  }
  return std::get<exchange::Interaction>(std::move(parsed));
}

exchange::WriteRequest ScratchGateway::write_request(const Sent& sent) const {
  auto read = exchange::read_write_request(interaction(sent), sent.body,
                                           parts().keys, parts().site);
  if (auto* const refused = std::get_if<exchange::Refusal>(&read)) {
    ADD_FAILURE() << fhir::sentence(refused->outcome.findings().front());
    return {};
  }
  return std::get<exchange::WriteRequest>(std::move(read));
}

Incoming ScratchGateway::incoming(const Sent& sent) const {
  const auto request = request_of(sent);
  return {.interaction = interaction(sent),
          .caller = caller(sent.partner),
          .request = request.method + " " + request.path,
          .peer = request.peer,
          .control_id =
              std::string(transport::header(request.headers, "x-request-id")),
          .received_at = now,
          .body = sent.body};
}

std::future<transport::Response> ScratchGateway::begin(const Sent& sent) {
  auto end = std::make_shared<std::promise<transport::Response>>();
  pipeline().write(incoming(sent), [end](transport::Response response) {
    end->set_value(std::move(response));
  });
  return end->get_future();
}

Reply ScratchGateway::send(const Sent& sent) {
  return Reply(begin(sent).get());
}

Reply ScratchGateway::post(const std::string& target, const std::string& body,
                           const std::string& partner) {
  return send({.target = target, .body = body, .partner = partner});
}

Reply ScratchGateway::put(const std::string& target, const std::string& body) {
  return send({.method = "PUT", .target = target, .body = body});
}

exchange::ReadAnswer ScratchGateway::read(const std::string& target,
                                          const std::string& partner) {
  return exchange::read_answer(
      interaction({.method = "GET", .target = target, .partner = partner}),
      caller(partner), store(), parts().site, now);
}

std::vector<store::StoredResource> ScratchGateway::stored(
    const std::string& type, const std::string& status) {
  store::SearchQuery query{.type = type};
  if (!status.empty()) query.terms.push_back({"status", {status}});
  const auto page = store().search(store::Scope::of("demo-ehr"), query);
  EXPECT_TRUE(page.ok());
  return page ? page->resources : std::vector<store::StoredResource>();
}

store::StoredMessage ScratchGateway::newest_message() {
  const auto messages = store().messages(store::Scope::all(), {.count = 1});
  EXPECT_TRUE(messages.ok() && messages->size() == 1U);
  return messages && !messages->empty() ? messages->front()
                                        : store::StoredMessage();
}

std::size_t ScratchGateway::message_count() {
  const auto messages = store().messages(store::Scope::all(), {.count = 1000});
  EXPECT_TRUE(messages.ok());
  return messages ? messages->size() : 0;
}

std::string ScratchGateway::balance(const std::string& authorization,
                                    const std::string& account) {
  const auto entries = store().ledger("demo-ehr", authorization);
  EXPECT_TRUE(entries.ok());
  Decimal sum;
  if (!entries) return {};
  for (const auto& entry : *entries) {
    if (entry.account != account || entry.unit != "visits") continue;
    const auto amount = Decimal::parse(entry.amount);
    if (amount) sum = sum.plus(*amount).value_or(sum);
  }
  return sum.text();
}

}  // namespace gateway::server
