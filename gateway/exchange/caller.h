// Caller is the partner on whose behalf a request is answered, and what its
// role lets it see. Whatever a caller may not see does not exist for it: both
// get the same answer.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "exchange/site.h"
#include "store/store.h"

namespace gateway::exchange {

enum class Role : std::uint8_t { ehr, clearinghouse, operator_ };

struct Caller {
  std::string partner{};
  Role role = Role::ehr;
  std::vector<std::string> serves{};  // clearinghouse: whose claims it forwards
};

// An EHR: its own; a clearinghouse: what it sent and the partners it serves,
// without draft claims; an operator: everything.
store::Scope scope_of(const Caller& caller);

bool may_write(const Caller& caller, std::string_view type);
bool may_read_log(const Caller& caller);

// A clearinghouse sees claims, and of the rest only what its claims refer to.
// REQUIRES: `resource` came through scope_of(caller).
Result<bool> may_see(const Caller& caller,
                     const store::StoredResource& resource, store::Store& store,
                     const Site& site);

}  // namespace gateway::exchange
