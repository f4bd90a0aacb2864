// The expressions of tests/bench/fhirpath_expressions.txt by fhirpath.js
// (compiled, R4 model) and by our own bench program: evaluations per CPU
// second, the ratio of each, and their geometric mean. Parsing of expressions
// and of the resource is in neither.
//
//   node fhirpath_peer.mjs PATIENT.json EXPRESSIONS.txt [BENCH IMAGE]
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import fhirpath from "fhirpath";
import r4 from "fhirpath/fhir-context/r4/index.js";

const [patientFile, expressionsFile, bench, image] = process.argv.slice(2);
if (!expressionsFile) {
  console.error("PATIENT.json and EXPRESSIONS.txt are needed");
  process.exit(2);
}
const patient = JSON.parse(readFileSync(patientFile, "utf8"));
const expressions = readFileSync(expressionsFile, "utf8")
  .split("\n")
  .filter((line) => line);

// The median of five runs of a fifth of a second of CPU time.
function perSecond(evaluate) {
  const rates = [];
  for (let run = 0; run < 5; ++run) {
    const begin = process.cpuUsage();
    let done = 0;
    let seconds = 0;
    while (seconds < 0.2) {
      for (let i = 0; i < 50; ++i) evaluate(patient);
      done += 50;
      const used = process.cpuUsage(begin);
      seconds = (used.user + used.system) / 1e6;
    }
    rates.push(done / seconds);
  }
  return rates.sort((a, b) => a - b)[2];
}

const peer = expressions.map((expression) =>
  perSecond(fhirpath.compile(expression, r4)),
);
const ours = new Map();
if (bench) {
  const run = spawnSync(bench, [image, patientFile, expressionsFile], {
    encoding: "utf8",
  });
  if (run.status !== 0) {
    console.error(run.stderr);
    process.exit(1);
  }
  for (const line of run.stdout.trim().split("\n")) {
    const [rate, expression] = line.split("\t");
    ours.set(expression, Number(rate));
  }
}

let logarithms = 0;
for (const [index, expression] of expressions.entries()) {
  const own = ours.get(expression);
  const ratio = own ? own / peer[index] : NaN;
  logarithms += Math.log(ratio);
  console.log(
    [Math.round(own ?? 0), Math.round(peer[index]), ratio.toFixed(1), expression]
      .join("\t"),
  );
}
if (bench) {
  const mean = Math.exp(logarithms / expressions.length);
  console.log(`geometric mean of the ratios: ${mean.toFixed(1)}`);
}
