// A week as seen by foreign software: fhir-kit-client plays the EHR and the
// clearinghouse. Prints one line per step; the exit code says whether all held.
// usage: session.mjs BASE_URL DEMO_FOLDER

import assert from 'node:assert/strict';
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {Client} from 'fhir-kit-client';

const [baseUrl, folder] = process.argv.slice(2);
const partner = (name) =>
  new Client({baseUrl, customHeaders: {'X-Workgate-Partner': name}});
const ehr = partner('demo-ehr');
const clearinghouse = partner('demo-clearinghouse');
const sample = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const step = (text) => console.log(`ok: ${text}`);

const metadata = await ehr.capabilityStatement();
assert.equal(metadata.fhirVersion, '4.0.1');
step('reads the CapabilityStatement');

const referral = await ehr.transaction({body: sample('referral.json')});
assert.equal(referral.type, 'transaction-response');
assert.ok(referral.entry.every((entry) => entry.response.status.startsWith('201')));
step('sends the referral as a transaction');

for (const name of readdirSync(folder).filter((n) => n.startsWith('session-')).sort()) {
  await ehr.transaction({body: sample(name)});
}
step('sends five sessions');

const found = await ehr.search({
  resourceType: 'Procedure', searchParams: {_count: 2, status: 'completed'}});
assert.equal(found.entry.length, 2);
const next = await ehr.nextPage({bundle: found});
assert.equal(next.entry.length, 2);
const last = await ehr.nextPage({bundle: next});
assert.equal(last.entry.length, 1);
step('pages through what it sent');

const patient = (await ehr.search({resourceType: 'Patient'})).entry[0].resource;
const again = await ehr.create({
  resourceType: 'Patient', body: patient,
  options: {headers: {'If-None-Exist': 'identifier=https://ehr.example/mrn|MRN-20417'}}});
assert.equal(again.id, patient.id);
step('creates conditionally, without a second patient');

const changed = {...patient, birthDate: '1984-05-13'};
const stale = await ehr.update({
  resourceType: 'Patient', id: patient.id, body: changed,
  options: {headers: {'If-Match': 'W/"7"'}}}).catch((error) => error);
assert.equal(stale.response.status, 412);
const updated = await ehr.update({
  resourceType: 'Patient', id: patient.id, body: changed,
  options: {headers: {'If-Match': 'W/"1"'}}});
assert.equal(updated.meta.versionId, '2');
const first = await ehr.vread({resourceType: 'Patient', id: patient.id, version: '1'});
assert.equal(first.birthDate, patient.birthDate);
step('updates with If-Match and reads versions');

const drafts = await clearinghouse.search({
  resourceType: 'Claim', searchParams: {status: 'draft'}});
assert.equal(drafts.entry, undefined);
const claims = await clearinghouse.search({
  resourceType: 'Claim', searchParams: {status: 'active', use: 'claim'}});
const cents = claims.entry
  .map((entry) => Math.round(entry.resource.total.value * 100))
  .reduce((sum, value) => sum + value, 0);
assert.equal(claims.entry.length, 5);
assert.equal(cents, 141800);
step('pulls five claims over 1418.00');

const claim = claims.entry[0].resource;
const proof = await ehr.request(`Claim/${claim.id}/$explain`);
assert.equal(proof.resourceType, 'Parameters');
assert.ok(proof.parameter.some((parameter) => parameter.name === 'line'));
step('explains a claim');

const refused = await ehr.create({
  resourceType: 'Procedure',
  body: {resourceType: 'Procedure', subject: {reference: 'Patient/x'}},
}).catch((error) => error);
assert.equal(refused.response.status, 422);
assert.equal(refused.response.data.resourceType, 'OperationOutcome');
step('reads why a resource was refused');
