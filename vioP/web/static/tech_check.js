// The device check: it measures and reports; the service judges.
import { features, measureCamera, measureMicrophone, network, openDevices } from "./tech_devices.js";
import { EchoLine, measureDown, measureUp, silence } from "./tech_line.js";
import { inWords } from "./words.js";

// A browser asks for six files at a time: what is needed only later does not keep the page waiting.
const voice = import("./tech_voice.js");
voice.catch(() => {}); // whoever waits for it is told

const MICROPHONE_MS = 3000;
const byId = (id) => document.getElementById(id);
const { base } = byId("check").dataset;
const say = (text) => { byId("now").textContent = text; };
const progress = (value) => { byId("progress").value = value; };

async function beginning() {
  const sent = Date.now();
  const answer = await fetch(`${base}/start`, { cache: "no-store" });
  const here = (sent + Date.now()) / 2;
  const there = Date.parse(answer.headers.get("Date"));
  return { ...(await answer.json()), clock_ms: Number.isNaN(there) ? null : here - there };
}

// Camera and microphone at once; what is measured goes into the report.
async function tryDevices(report) {
  const { camera, microphone } = await openDevices();
  progress(15);
  report.camera = { trouble: camera.trouble };
  report.microphone = { trouble: microphone.trouble };
  say(microphone.track ? inWords("Say a few words.") : inWords("One moment."));
  byId("talk").hidden = !microphone.track;
  const meter = byId("level");
  const [seen, heard] = await Promise.allSettled([
    camera.track ? measureCamera(camera.track, byId("picture")) : null,
    microphone.track ? measureMicrophone(microphone.track, MICROPHONE_MS, (level) => { meter.value = level; }) : null,
  ]);
  const failed = { trouble: "failed" };
  if (camera.track) report.camera = seen.status === "fulfilled" ? seen.value : failed;
  if (microphone.track) report.microphone = heard.status === "fulfilled" ? heard.value : failed;
  byId("talk").hidden = true;
  progress(30);
  return [microphone.track, camera.track].filter(Boolean);
}

async function tryLine(report, begun, tracks) {
  const line = new EchoLine(base);
  try {
    await line.open();
    report.socket_ms = await line.roundTrip();
  } catch {
    report.socket_ms = null;
  }
  progress(40);
  report.down_kbps = await measureDown(base);
  progress(55);
  report.up_kbps = await measureUp(base);
  progress(70);
  if (report.features.webrtc && line.socket?.readyState === WebSocket.OPEN) {
    const sent = tracks.length ? tracks : [silence()];
    const relays = Object.values(begun.relays);
    report.room = await line.call({ servers: relays, tracks: sent });
    progress(85);
    for (const [transport, server] of Object.entries(begun.relays)) {
      if (report.room.outcome === "elsewhere") break;
      report[`relay_${transport}`] = await line.call({ servers: [server], policy: "relay", tracks: [sent[0]], ms: 300 });
    }
  }
  line.close();
  progress(100);
}

// Ask for the digits; resolves once the person has answered.
function listen(begun, report) {
  byId("listen").hidden = false;
  byId("listen-title").focus();
  const play = async () => {
    byId("play").disabled = true;
    try {
      const { playDigits } = await voice;
      const how = await playDigits(base, begun.nonce, begun.digits);
      if (how === "beeped") say(inWords("Count the beeps of each group. Ten beeps are a 0."));
    } catch {
      say(inWords("The numbers could not be played. Choose: I hear nothing."));
    }
    byId("play").disabled = false;
    byId("play").textContent = inWords("Play them again");
  };
  byId("play").addEventListener("click", play);
  play();
  return new Promise((resolve) => {
    const done = () => { byId("listen").hidden = true; resolve(); };
    const typed = () => {
      report.heard = byId("heard").value.replace(/\D/g, "").slice(0, 6);
      if (report.heard) done();
      else byId("heard").focus();
    };
    byId("typed").addEventListener("click", typed);
    byId("heard").addEventListener("keydown", (event) => { if (event.key === "Enter") typed(); });
    byId("unheard").addEventListener("click", () => { report.unheard = true; done(); });
  });
}

async function run() {
  byId("before").hidden = true;
  byId("during").hidden = false;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  const report = { features: features(), zone, network: network() };
  const begun = await beginning();
  report.clock_ms = begun.clock_ms;
  progress(5);
  const tracks = await tryDevices(report);
  say(inWords("Your line is measured meanwhile."));
  const heard = listen(begun, report).then(() => say(inWords("One moment: your line is being measured.")));
  await Promise.all([tryLine(report, begun, tracks), heard]);
  for (const each of tracks) each.stop();
  say(inWords("Done."));
  byId("nonce").value = begun.nonce;
  byId("report").value = JSON.stringify(report);
  byId("report-form").submit();
}

byId("before").hidden = false;
byId("start").addEventListener("click", () => {
  run().catch(() => {
    byId("during").hidden = true;
    byId("before").hidden = false;
    byId("start").textContent = inWords("It stopped by itself. Start again");
    byId("start").focus();
  });
});
if (location.search.includes("done")) byId("result")?.focus();
