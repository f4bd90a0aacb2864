// Lanes give each message its turn: messages that touch the same patient are
// decided one after the other, in the order in which they came, and all others
// at the same time. No thread waits for a lane; the turn is run when it comes.

#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace gateway::server {

class Lanes {
 public:
  struct Ticket;

  // Holds its lanes until it goes away.
  class Lease {
   public:
    Lease() = default;
    Lease(Lanes* lanes, std::shared_ptr<Ticket> ticket)
        : lanes_(lanes), ticket_(std::move(ticket)) {}
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&& other) noexcept;
    ~Lease() { release(); }
    void release();

   private:
    Lanes* lanes_ = nullptr;
    std::shared_ptr<Ticket> ticket_;
  };

  using Turn = std::function<void(Lease)>;
  using Run = std::function<void(std::function<void()>)>;

  // `run` executes the turns that had to wait.
  explicit Lanes(Run run) : run_(std::move(run)) {}

  // `turn` runs when all lanes are free for it: at once, on this thread, if
  // they are free already. Whoever enters while holding a lease must follow
  // one order of kinds of lanes everywhere: conditions first, then cases.
  void enter(std::vector<std::string> keys, Turn turn);

 private:
  void leave(const std::shared_ptr<Ticket>& ticket);
  void start(const std::shared_ptr<Ticket>& ticket);

  Run run_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::deque<std::shared_ptr<Ticket>>> lanes_;
};

}  // namespace gateway::server
