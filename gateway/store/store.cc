#include "store/store.h"

namespace gateway::store {

std::string_view name(MessageState state) {
  switch (state) {
    case MessageState::accepted:
      return "accepted";
    case MessageState::held:
      return "held";
    case MessageState::rejected:
      return "rejected";
    case MessageState::unparsed:
      return "unparsed";
    case MessageState::refused:
      return "refused";
  }
  return "refused";
}

}  // namespace gateway::store
