// Sends HL7 v2 files over MLLP with mutual TLS, one after the other, each
// after the answer to the one before. Exits 0 if all were answered by AA.
//
//   node mllp.mjs PORT AUTHORITY CERTIFICATE KEY FILE...
import fs from "node:fs";
import Client, { Message } from "node-hl7-client";

const [port, authority, certificate, key, ...files] = process.argv.slice(2);

const client = new Client({
  host: "127.0.0.1",
  version: "2.5.1",
  tls: {
    ca: fs.readFileSync(authority),
    cert: fs.readFileSync(certificate),
    key: fs.readFileSync(key),
    rejectUnauthorized: true,
  },
});

let answered = () => {};
const connection = client.createConnection({ port: Number(port) }, async (res) => {
  answered(res.getMessage());
});

const deadline = setTimeout(() => {
  console.error("no answer in two minutes");
  process.exit(1);
}, 120_000);

for (const file of files) {
  const text = fs.readFileSync(file, "utf8").trimEnd().replace(/\r?\n/g, "\r");
  const answer = new Promise((resolve) => (answered = resolve));
  await connection.sendMessage(new Message({ text }));
  const received = await answer;
  const code = received.get("MSA.1").toString();
  console.log(`${file}: ${code}`);
  if (code !== "AA") {
    console.log(received.toString().replaceAll("\r", "\n"));
    process.exit(1);
  }
}
clearTimeout(deadline);
await connection.close();
process.exit(0);
