// While somebody reads their join page: is anything worse than at the last check? It asks
// nothing, stops nothing, and is over within eight seconds.
import { features, measureMicrophone, sleep } from "./tech_devices.js";
import { EchoLine, silence } from "./tech_line.js";

const WHOLE_MS = 8000;
const LISTEN_MS = 1500;
const box = document.getElementById("recheck");

async function permission(name) {
  try {
    return (await navigator.permissions.query({ name })).state;
  } catch {
    return "prompt";
  }
}

// The microphone is tried only where it is allowed already: nothing must be asked here.
async function microphone() {
  const state = await permission("microphone");
  if (state === "denied") return { trouble: "denied" };
  if (state !== "granted") return null;
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const [track] = stream.getTracks();
    try {
      return await measureMicrophone(track, LISTEN_MS);
    } finally {
      track.stop();
    }
  } catch (error) {
    return { trouble: { NotFoundError: "missing", NotReadableError: "busy" }[error.name] ?? "failed" };
  }
}

async function line(base) {
  const echo = new EchoLine(base);
  try {
    await echo.open();
    const socket_ms = await echo.roundTrip(7);
    const begun = await (await fetch(`${base}/start`, { cache: "no-store" })).json();
    if (!begun.room || !features().webrtc) return { socket_ms };
    const servers = Object.values(begun.relays);
    return { socket_ms, room: await echo.call({ servers, tracks: [silence()], ms: 1000 }) };
  } catch {
    return { socket_ms: null };
  } finally {
    echo.close();
  }
}

async function recheck() {
  const { base } = box.dataset;
  const measured = Promise.all([microphone(), line(base)]);
  const found = await Promise.race([measured, sleep(WHOLE_MS).then(() => [null, { socket_ms: null }])]);
  const report = { features: features(), microphone: found[0], ...found[1] };
  const answer = await fetch(`${base}/again`, { method: "POST", body: JSON.stringify(report) });
  const { worse } = await answer.json();
  box.dataset.done = "yes";
  if (!worse.length) return;
  document.getElementById("worse").textContent = worse[0];
  box.hidden = false;
}

// Whatever goes wrong here, joining goes on.
if (box) recheck().catch(() => { box.dataset.done = "no"; });
