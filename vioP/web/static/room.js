// The room page: from the mirror, through the waiting room, to the tiles, and out again.
import { Call } from "./room_call.js";
import { Line, MOVED } from "./room_line.js";
import { Media, showLevel } from "./room_media.js";
import { Tiles } from "./room_tiles.js";
import { showWaiting } from "./room_waiting.js";
import { inWords } from "./words.js";

const page = document.getElementById("room");
const part = (id) => document.getElementById(id);
const isHost = "host" in page.dataset;
const PARTS = ["ready", "elsewhere", "lobby", "inside", "gone"];
const tiles = new Tiles(part("tiles"));
const media = new Media(sourcesChanged);
media.muted = "quiet" in page.dataset;
let call = null;
let line = null;
let stopLevel = () => {};
let ownPhone = "";
let wasMuted = false;

function word(text) {
  part("word").textContent = text;
}

// One part at a time. Whoever was in the one that goes is in the one that comes, by keyboard too.
function show(wanted) {
  const before = PARTS.map(part).find((each) => !each.hidden);
  if (before.id === wanted) return;
  const focused = document.activeElement;
  const isTaken = focused === document.body || before.contains(focused);
  for (const id of PARTS) part(id).hidden = id !== wanted;
  if (!isTaken) return;
  part(wanted).focus({ preventScroll: true });
  scrollTo(0, 0);
}

// Tell everybody, ourselves included, what we send.
function sourcesChanged() {
  const audio = media.microphone !== null && !media.muted;
  const video = media.camera !== null;
  part("mute").toggleAttribute("data-off", !audio);
  part("mute").textContent = audio ? inWords("Mute") : inWords("Unmute");
  part("camera-off").toggleAttribute("data-off", !video);
  part("camera-off").textContent = video ? inWords("Camera off") : inWords("Camera on");
  line?.say({ viop: audio ? "on" : "off", leg: "audio" });
  line?.say({ viop: video ? "on" : "off", leg: "video" });
  if (call) {
    call.mute(!audio);
    call.send().catch(() => line.again());
    tiles.media(call.feed, { audio, video, lost: false });
    if (media.camera) tiles.track(call.feed, media.camera);
  }
}

// Whoever is here by phone too hears and is heard by that alone: two at once would echo.
function beSilent(feed) {
  if (!ownPhone) wasMuted = media.muted;
  ownPhone = feed;
  part("sound").muted = true;
  part("mute").disabled = true;
  media.mute(true);
  word(inWords("You are on the phone. Speak and listen there: this page makes no sound."));
}

function speakAgain() {
  if (!ownPhone) return;
  ownPhone = "";
  part("sound").muted = false;
  part("mute").disabled = false;
  media.mute(wasMuted);
}

async function lookInTheMirror() {
  if (!navigator.mediaDevices) {
    part("device-word").textContent = inWords("This browser shows no camera here. You can go in and listen.");
    return;
  }
  const trouble = await media.start();
  part("device-word").textContent = trouble || inWords("Your camera and microphone work.");
  part("devices").open = Boolean(trouble);
  await media.list(part("camera"), part("microphone"));
  reflect();
}

function reflect() {
  const mirror = part("mirror");
  mirror.srcObject = media.camera ? new MediaStream([media.camera]) : null;
  if (media.camera) mirror.play().catch(() => {});
  stopLevel();
  stopLevel = media.microphone ? showLevel(media.microphone, part("level")) : () => {};
}

for (const which of ["camera", "microphone"]) {
  part(which).addEventListener("change", async (event) => {
    media.chosen[which] = event.target.value;
    await media.turnOn(which).catch(() => { part("device-word").textContent = inWords("This one did not start. Choose another."); });
    reflect();
  });
}

const tell = {
  elsewhere() {
    word("");
    show("elsewhere");
  },
  wait() {
    word("");
    show("lobby");
  },
  async enter(welcome) {
    word("");
    call?.end();
    tiles.clear();
    speakAgain(); // if our phone is still here, we are told so next
    call = new Call(line, welcome, { media, sound: part("sound"), show: tiles, muted: media.muted });
    tiles.add(welcome.feed, welcome.name, true);
    sourcesChanged();
    show("inside");
    await call.begin().catch(() => line.again());
  },
  media({ feed, ...state }) {
    tiles.media(feed, state);
  },
  phone({ feed, name, yours }) {
    tiles.addPhone(feed, name);
    if (yours) beSilent(feed);
  },
  speech({ feed, speaks }) {
    tiles.speaking(feed, speaks);
  },
  phone_gone({ feed }) {
    tiles.remove(feed);
    if (feed !== ownPhone) return;
    speakAgain();
    word(inWords("Your phone has left. Speak and listen here again."));
  },
  waiting({ people }) {
    showWaiting(people, (who) => line.say({ viop: "admit", who }));
  },
  event(said) {
    call?.event(said);
  },
  async down() {
    call?.end();
    tiles.allLost();
    word(inWords("The connection is lost. Trying again …"));
    // The room may have moved, or closed: then its page leads elsewhere, and so do we.
    if (line.failures < 2) return;
    const answer = await fetch(location.pathname).catch(() => null);
    if (answer?.redirected) location.replace(answer.url);
  },
  over(code) {
    end();
    word("");
    if (code !== MOVED) part("gone-word").textContent = inWords("Your place in this room was closed. Questions? Call the number below.");
    else part("gone-word").textContent = inWords("You are here on another device now.");
  },
};

function goIn() {
  allowGoingIn(false); // pressed twice it would come in twice, and the second puts out the first
  stopLevel();
  word(inWords("Connecting …"));
  line = new Line(page.dataset.line, tell);
  line.open();
}

function end() {
  call?.end();
  call = null;
  media.stop();
  tiles.clear();
  show("gone");
}

function allowGoingIn(yes) {
  part("enter").disabled = !yes;
  part("enter-quiet").disabled = !yes;
}

part("enter").addEventListener("click", goIn);
part("enter-quiet").addEventListener("click", () => {
  media.turnOff("camera");
  goIn();
});
part("take-over").addEventListener("click", () => line.say({ viop: "take_over" }));
part("mute").addEventListener("click", async () => {
  if (media.microphone) media.mute(!media.muted);
  else await media.turnOn("microphone").catch(() => word(inWords("The microphone did not start.")));
});
part("camera-off").addEventListener("click", async () => {
  if (media.camera) media.turnOff("camera");
  else await media.turnOn("camera").catch(() => word(inWords("The camera did not start.")));
});
for (const button of page.querySelectorAll("[data-leave]")) {
  button.addEventListener("click", () => {
    line.leave();
    end();
  });
}
if (isHost) part("admit-all").addEventListener("click", () => line.say({ viop: "admit", who: "everybody" }));
// Asking to be called does not leave the room.
part("call-me")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch(event.target.action, { method: "POST" }).catch(() => ({ ok: false }));
  part("call-word").textContent = answer.ok
    ? inWords("Thank you. Somebody will call you. Keep your phone near you.")
    : inWords("That did not reach us. Please call the number above.");
});
part("come-back").href = location.pathname;
addEventListener("pagehide", () => line?.leave());

// Only now does pressing them do something.
allowGoingIn(true);
lookInTheMirror();
