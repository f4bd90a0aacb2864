// @medplum/core's validateResource beside our own bench program, on the same
// documents: validations per CPU second, parsing of JSON in both, and the
// ratio.
//
//   npm ci
//   node validate_peer.mjs DEFINITIONS EXAMPLES BENCH IMAGE
//
// DEFINITIONS is the folder of R4 definitions that npm installs for the build,
// EXAMPLES the folder of official examples, BENCH validate_bench, IMAGE the
// definitions image.
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { indexStructureDefinitionBundle, validateResource } from "@medplum/core";

const [definitions, examples, bench, image] = process.argv.slice(2);
if (!image) {
  console.error("DEFINITIONS, EXAMPLES, BENCH and IMAGE are needed");
  process.exit(2);
}
for (const name of ["profiles-types", "profiles-resources"]) {
  const file = join(definitions, `${name}.json`);
  indexStructureDefinitionBundle(JSON.parse(readFileSync(file, "utf8")));
}
const wanted = /^(ServiceRequest|Claim|Patient|Coverage)-.*\.json$/;
const texts = readdirSync(examples, { recursive: true })
  .map(String)
  .filter((path) => wanted.test(path.slice(path.lastIndexOf("/") + 1)))
  .map((path) => readFileSync(join(examples, path), "utf8"));

// Refusals cost as much as anything else: they are thrown, and counted.
let refused = 0;
function round() {
  refused = 0;
  for (const text of texts) {
    try {
      validateResource(JSON.parse(text));
    } catch {
      ++refused;
    }
  }
}

round();
const rates = [];
for (let run = 0; run < 5; ++run) {
  const begin = process.cpuUsage();
  let done = 0;
  let seconds = 0;
  while (seconds < 0.5) {
    round();
    done += texts.length;
    const used = process.cpuUsage(begin);
    seconds = (used.user + used.system) / 1e6;
  }
  rates.push(done / seconds);
}
const peer = rates.sort((a, b) => a - b)[2];
const ours = spawnSync(bench, [image, examples], { encoding: "utf8" });
process.stdout.write(ours.stdout);
const own = /per CPU second +(\d+)/.exec(ours.stdout);
console.log(
  `@medplum/core         ${peer.toFixed(0)} documents per CPU second` +
    ` (${refused} of ${texts.length} refused)`,
);
if (own) console.log(`ratio                 ${(own[1] / peer).toFixed(1)}x`);
