#include "billing/outstanding.h"

#include <algorithm>

#include "billing/claim_chain.h"

namespace gateway::billing {
namespace {

using episode::Emitted;

// Of each chain, the last claim that was pulled.
std::map<std::string, const Emitted*> last_pulled(const episode::Case& facts) {
  std::map<std::string, const Emitted*> last;
  for (const auto& [claim, pull] : facts.pulls()) {
    const auto found = facts.emitted().find(claim);
    if (found == facts.emitted().end()) continue;
    const auto& key = found->second.key;
    if (!key.starts_with("claim|")) continue;
    auto& known = last[key.substr(0, key.rfind('#'))];
    if (known == nullptr || chain_position(known->key) < chain_position(key)) {
      known = &found->second;
    }
  }
  return last;
}

std::int64_t thousandths(std::string_view text) {
  const auto number = Decimal::parse(text);
  const auto scaled = number ? number->rounded(3) : std::nullopt;
  return scaled ? static_cast<std::int64_t>(scaled->coefficient()) : 0;
}

// "97545-GP 2026-04-06 1 210.00"
struct Item {
  std::string_view code, date, quantity;
};

Item item_of(std::string_view text) {
  const auto next = [&text] {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    return word;
  };
  Item item;
  item.code = next();
  item.date = next();
  item.quantity = next();
  return item;
}

}  // namespace

Outstanding::Outstanding(const episode::Case& facts) {
  for (const auto& [chain, claim] : last_pulled(facts)) {
    if (claim->frequency == "8") continue;
    const auto& key = claim->source.key;
    const auto version = facts.pulls().find(key)->second.version;
    const auto versioned = key + "/_history/" + std::to_string(version);
    add(*claim, chain, versioned);
    for (const auto& session : facts.sessions_of(versioned)) {
      by_session_[session].push_back({chain, versioned});
    }
  }
}

void Outstanding::add(const Emitted& claim, const std::string& chain,
                      std::string_view versioned) {
  const auto root = chain.substr(6, chain.find('|', 6) - 6);
  std::string_view rest = claim.financial;
  while (!rest.empty()) {
    const auto text = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), text.size() + 1));
    const auto item = item_of(text);
    const auto date = LocalDate::parse(item.date);
    if (!date) continue;
    auto& one = dates_[{root, *date}];
    one.root = root;
    one.date = *date;
    one.claim = versioned;
    one.chain = chain;
    one.number = claim.authorization_number;
    const auto quantity = thousandths(item.quantity);
    if (item.code.starts_with(episode::kFirstHours)) {
      one.units.first += quantity / 1000;
    } else if (item.code.starts_with(episode::kFurtherHours)) {
      one.units.further += quantity;
    }
  }
}

const OutstandingDate* Outstanding::on(const std::string& root,
                                       LocalDate date) const {
  if (dates_.empty()) return nullptr;
  const auto found = dates_.find({root, date});
  return found == dates_.end() ? nullptr : &found->second;
}

const Outstanding::Bill* Outstanding::elsewhere(const std::string& session,
                                                std::string_view chain) const {
  const auto found = by_session_.find(session);
  if (found == by_session_.end()) return nullptr;
  for (const auto& bill : found->second) {
    if (bill.chain != chain) return &bill;
  }
  return nullptr;
}

}  // namespace gateway::billing
