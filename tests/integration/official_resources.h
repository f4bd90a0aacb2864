// Real input: official example resources as parties of a case of our own, or
// to be stored and held, and our own resources in the shapes of Da Vinci PAS.
//
// Official files lie outside the project; what is ours lies in
// tests/data/real_input. Resources keep their ids (all entries are PUTs), so
// each message is for a store of its own.

#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gateway::real_input {

// Why a test that needs official files is skipped; empty where they are there.
std::string absence();

// The text of an official file, such as "us-core-6.1.0/Patient-example.json".
// REQUIRES: absence() is empty.
std::string official(const std::string& file);

// An order, its coverage and its grant (12 visits, PA-9001) around official
// parties, as one transaction; then its three sessions of 120, 151 and 300
// minutes.
std::string referral_of_official_parties();
std::string sessions_of_official_parties();

// A claim that those sessions lead to.
struct ExpectedClaim {
  std::string date;
  std::string total;
  int first_units = 0;
  int further_units = 0;
};
std::vector<ExpectedClaim> claims_of_official_parties();
// Rules that warn about these parties, and hold nothing.
std::vector<std::string> warnings_of_official_parties();

// What is stored and held. Each of `rules` is an input of an open Task whose
// focus is `focus`, beside others that may be there.
struct Held {
  std::string name;
  std::string message;  // a transaction Bundle
  std::string focus;    // "ServiceRequest/benchpress"
  std::vector<std::string> rules;
};
std::vector<Held> held_coverages();
std::vector<Held> held_referrals();
std::vector<Held> held_authorizations();

// One decision in the shape of Da Vinci PAS, with parties, order and a session
// of 151 minutes on 2026-04-09, in one transaction that needs no other file.
struct Decision {
  std::string name;
  std::string message;
  std::string authorization;  // "ClaimResponse/pas-certified-decision"
  std::string session;        // "Procedure/pas-certified-session"
  // Of a decision that grants: the number, and visits granted. The claim is
  // then active, and its total $302.00.
  std::string number;
  int visits = 0;
  // Else: what the authorization is held for (nothing: it is a clear no), and
  // the claim of the session is a draft, held for ledger/no-authorization.
  std::vector<std::string> rules;

  [[nodiscard]] bool grants() const { return visits > 0; }
};
std::vector<Decision> decisions();

}  // namespace gateway::real_input
