// A hospital's day by one of two FHIR clients, unmodified; prints what it came to, as JSON.
import { createRequire } from "node:module";

const [, , which, base, header, system, number] = process.argv;
const require = createRequire(import.meta.url);
const headers = { "x-test-caller": header };
const patient = {
  resourceType: "Patient",
  identifier: [{ system, value: `JS-${which}` }, { system: "urn:oid:2.16.156.10011.1.3", value: number }],
  name: [{ text: "欧阳试" }],
};
const visitOf = (id) => ({
  resourceType: "Encounter",
  identifier: [{ system, value: `JSV-${which}` }],
  status: "arrived",
  class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "EMER" },
  subject: { reference: `Patient/${id}` },
});

async function byKit() {
  const { Client } = await import("fhir-kit-client");
  const client = new Client({ baseUrl: base, customHeaders: headers });
  const statement = await client.capabilityStatement();
  const made = await client.create({ resourceType: "Patient", body: patient });
  const visit = await client.create({ resourceType: "Encounter", body: visitOf(made.id) });
  const changed = await client.update({ resourceType: "Encounter", id: visit.id, body: { ...visit, status: "finished" } });
  const patched = await client.patch({
    resourceType: "Encounter",
    id: visit.id,
    jsonPatch: [{ op: "replace", path: "/status", value: "in-progress" }],
  });
  const found = await client.search({ resourceType: "Encounter", searchParams: { patient: made.id, _sort: "-date" } });
  const past = await client.resourceHistory({ resourceType: "Encounter", id: visit.id });
  const old = await client.vread({ resourceType: "Encounter", id: visit.id, version: "1" });
  const batch = await client.batch({
    body: { resourceType: "Bundle", type: "batch", entry: [{ request: { method: "GET", url: `Patient/${made.id}` } }] },
  });
  const missing = await client.read({ resourceType: "Encounter", id: made.id }).catch((error) => error.response);
  const pages = await client.search({ resourceType: "Location", searchParams: { _count: 1 } });
  const next = pages.link.some((one) => one.relation === "next") ? await client.nextPage({ bundle: pages }) : pages;
  return {
    version: statement.fhirVersion,
    statuses: [visit.status, changed.status, patched.status, old.status],
    found: [found.total, found.entry[0].resource.id === visit.id],
    past: past.entry.length,
    batch: batch.entry[0].resource.id === made.id,
    missing: [missing.status, missing.data.resourceType],
    next: next.resourceType,
  };
}

async function bySmart() {
  const { FhirClient } = require("fhirclient");
  const client = new FhirClient(base);
  const made = await client.create(patient, { headers });
  const visit = await client.create(visitOf(made.id), { headers });
  const changed = await client.update({ ...visit, status: "finished" }, { headers });
  const patched = await client.patch(
    `Encounter/${visit.id}`,
    [{ op: "replace", path: "/status", value: "in-progress" }],
    { headers },
  );
  const found = await client.fhirRequest(`Encounter?patient=${made.id}`, { headers });
  const version = await client.getFhirVersion();
  const old = await client.fhirRequest(`Encounter/${visit.id}/_history/1`, { headers });
  const past = await client.fhirRequest(`Encounter/${visit.id}/_history`, { headers });
  const place = await client.fhirRequest(`Organization?name=${encodeURIComponent("演示")}&_count=1`, { headers });
  const missing = await client.fhirRequest(`Encounter/${made.id}`, { headers }).catch((error) => error);
  return {
    version,
    statuses: [visit.status, changed.status, patched.status, old.status],
    found: [found.total, found.entry[0].resource.id === visit.id],
    past: past.entry.length,
    batch: true,
    missing: [missing.status ?? missing.statusCode, "OperationOutcome"],
    next: place.resourceType,
  };
}

console.log(JSON.stringify(await (which === "kit" ? byKit() : bySmart())));
