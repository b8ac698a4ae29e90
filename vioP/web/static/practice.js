// The practice call: our own picture and sound, by way of the room server.
import { openDevices } from "./tech_devices.js";
import { EchoLine } from "./tech_line.js";
import { showLevel } from "./room_media.js";
import { inWords } from "./words.js";

const LASTS_MS = 180000;
const WORDS = {
  denied: inWords("The browser may not use your camera or microphone. The device check says how to allow it."),
  dismissed: inWords("The browser asked for your camera and microphone and got no answer. Start again, and choose Allow."),
  missing: inWords("No camera and no microphone was found."),
  busy: inWords("Another program is using your camera or microphone. Close it and start again."),
  failed: inWords("Your camera and microphone gave nothing. Start again."),
};
const ENDS = {
  elsewhere: inWords("Appointments meet at a video service that cannot be tried from here."),
  busy: inWords("Many people are practising just now. Try again in a minute."),
  down: inWords("Our video rooms did not answer. This is our fault. Try again in a few minutes."),
  failed: inWords("The video room could not be reached. The device check says what to do."),
};
const byId = (id) => document.getElementById(id);
const say = (text) => { byId("said").textContent = text; };

function show(inCall) {
  byId("start").hidden = inCall;
  for (const id of ["mute", "dark", "hang-up", "pictures"]) byId(id).hidden = !inCall;
  byId(inCall ? "hang-up" : "start").focus();
}

// A button that turns one of our tracks off and on.
function toggle(id, track) {
  const button = byId(id);
  button.hidden = !track;
  button.setAttribute("aria-pressed", "false");
  button.onclick = () => {
    track.enabled = !track.enabled;
    button.setAttribute("aria-pressed", String(!track.enabled));
  };
}

async function call() {
  say(inWords("Please allow the camera and microphone."));
  const { camera, microphone } = await openDevices();
  const tracks = [microphone.track, camera.track].filter(Boolean);
  if (!tracks.length) {
    say(WORDS[microphone.trouble] ?? WORDS.failed);
    return;
  }
  const { base } = byId("practice").dataset;
  const begun = await (await fetch(`${base}/start`, { cache: "no-store" })).json();
  const line = new EchoLine(base);
  const stopLevel = microphone.track ? showLevel(microphone.track, byId("level")) : () => {};
  const stream = new MediaStream();
  byId("back").srcObject = stream;
  byId("back").muted = false;
  const hungUp = new Promise((resolve) => { byId("hang-up").onclick = resolve; });
  try {
    say(inWords("Calling the video room."));
    await line.open();
    const ended = line.call({
      servers: Object.values(begun.relays),
      tracks,
      until: hungUp,
      ms: LASTS_MS,
      show: (track) => stream.addTrack(track),
      connected: () => {
        show(true);
        toggle("mute", microphone.track);
        toggle("dark", camera.track);
        say(inWords("You are in. Say something: you hear yourself a moment later."));
      },
    });
    const { outcome } = await ended;
    say(outcome === "connected" ? inWords("The call is over. That is all an appointment needs.") : ENDS[outcome]);
  } catch {
    say(ENDS.down);
  } finally {
    line.close();
    stopLevel();
    for (const each of tracks) each.stop();
    show(false);
  }
}

const practice = byId("practice");
if (practice) {
  practice.hidden = false;
  byId("start").addEventListener("click", call);
}
