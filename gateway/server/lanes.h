// Lanes give each message its turn: messages that touch the same patient are
// decided one after the other, in the order in which they came, and all others
// at the same time. Who only reads what others may write shares its lane with
// whoever else reads. No thread waits for a lane; the turn is run when it
// comes.

#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
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

  // Lanes of its own, and lanes that it shares; the former where it is both.
  struct Keys {
    std::vector<std::string> own;
    std::vector<std::string> shared{};
  };

  using Turn = std::function<void(Lease)>;
  using Run = std::function<void(std::function<void()>)>;

  // `run` executes the turns that had to wait.
  explicit Lanes(Run run) : run_(std::move(run)) {}

  // `turn` runs when all lanes are free for it: at once, on this thread, if
  // they are free already. Whoever enters while holding a lease must follow
  // one order of kinds of lanes everywhere: conditions first, then cases.
  void enter(Keys keys, Turn turn);
  void enter(std::vector<std::string> own, Turn turn) {
    enter(Keys{.own = std::move(own)}, std::move(turn));
  }

 private:
  struct Place {
    std::shared_ptr<Ticket> ticket;
    bool shared = false;
    bool admitted = false;  // always the first of a lane, or its first shared
  };
  using Lane = std::deque<Place>;
  using Tickets = std::vector<std::shared_ptr<Ticket>>;

  static void admit(Lane& lane, Tickets& ready);
  void leave(const std::shared_ptr<Ticket>& ticket);
  void start(const std::shared_ptr<Ticket>& ticket);

  Run run_;
  std::mutex mutex_;
  std::unordered_map<std::string, Lane> lanes_;
};

}  // namespace gateway::server
