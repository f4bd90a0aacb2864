// The MeasureReport of a period: computed on each request from what the caller
// may see, and kept nowhere.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/zone.h"
#include "exchange/caller.h"
#include "exchange/measures.h"
#include "exchange/query.h"
#include "exchange/refusal.h"
#include "exchange/site.h"
#include "store/store.h"

namespace gateway::exchange {

// Both days belong to the period, and are days of the zone.
struct MeasurePeriod {
  LocalDate start;
  LocalDate end;
  Zone zone = Zone::utc();
};

// periodStart and periodEnd, each a FHIR date of any precision: "2026-04" is
// the whole month. Refused (400) where one is missing, no date, or the end
// lies before the start.
OrRefusal<MeasurePeriod> measure_period(
    const std::vector<QueryParameter>& query, Zone zone);

OrRefusal<std::string> measure_report(const MeasureDefinition& measure,
                                      const MeasurePeriod& period,
                                      const Caller& caller, store::Store& store,
                                      const Site& site);

}  // namespace gateway::exchange
