// Zoom's own library as a receiver of webhooks: prints its port, and answers until it is ended.
// node rivet.mjs FOLDER SECRET, where FOLDER holds node_modules/@zoom/rivet.
import { pathToFileURL } from "node:url";

const [folder, secret] = process.argv.slice(2);
const library = pathToFileURL(`${folder}/node_modules/@zoom/rivet/meetings/meetings.mjs`);
const { MeetingsS2SAuthClient, LogLevel } = await import(library.href);
const client = new MeetingsS2SAuthClient({
  clientId: "client", clientSecret: "any", accountId: "acc",
  webhooksSecretToken: secret, port: 0, logLevel: LogLevel.ERROR,
});
const server = await client.start();
console.log(server.address().port);
