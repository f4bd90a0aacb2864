// Server is the running gateway: the only place where the parts are wired.

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "server/edition.h"
#include "server/settings.h"

namespace gateway::server {

struct ServerOptions {
  Settings settings;
  std::string image;  // definitions image
  // The settings as they are now, for a reload; empty: there is none.
  std::function<Result<Settings>()> reread{};
  std::function<Instant()> clock;
  std::uint64_t id_seed = 0;
  // The store cannot sync any more: nothing may be acknowledged from now on.
  std::function<void(const Error&)> fatal;
};

class Server {
 public:
  // Opens the image and the store, reads the packs, listens.
  static Result<std::unique_ptr<Server>> start(ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t http_port() const;
  [[nodiscard]] std::uint16_t mllp_port() const;
  // The URL of the FHIR base.
  [[nodiscard]] std::string base_url() const;

  // Reads everything again by ServerOptions::reread and swaps it, or changes
  // nothing and says why.
  LoadedEdition reload();
  // Back to the edition before.
  LoadedEdition rollback();

  // Accepts no more, finishes what is under way. False if some of it was not
  // finished in time.
  bool drain(std::chrono::milliseconds patience);

 private:
  struct Wiring;
  explicit Server(std::unique_ptr<Wiring> wiring);
  Status listen_http();
  Status listen_mllp();
  LoadedEdition load_next() const;
  // What an edition changes elsewhere: certificates of connections from now
  // on, and which resources cases keep whole.
  void adopt(const LoadedEdition& loaded);

  std::unique_ptr<Wiring> wiring_;
};

// The real clock, to the microsecond.
Instant system_now();

}  // namespace gateway::server
