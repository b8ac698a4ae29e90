// Captions made on this device, or none: what is said in a session is sent to nobody for them.
// A browser that can only have speech recognised elsewhere gets no button, only the help text.
import { inWords } from "./words.js";
const Recognition = globalThis.SpeechRecognition;
const KEPT = 3;
const AGAIN = 500;
const part = (id) => document.getElementById(id);
const wish = { langs: [navigator.language || "en-US"], processLocally: true };

// "available", "downloadable", "downloading", or "unavailable" where it would leave the device.
async function standing() {
  if (!Recognition?.available || !("processLocally" in Recognition.prototype)) return "unavailable";
  return Recognition.available(wish).catch(() => "unavailable");
}

// Everything that is heard here, as one track: others' sound, never our own microphone.
class Mix {
  constructor() {
    this.context = new AudioContext();
    this.out = this.context.createMediaStreamDestination();
    this.sources = new Map();
    this.timer = setInterval(() => this.gather(), 1000);
    this.gather();
  }

  get track() {
    return this.out.stream.getAudioTracks()[0];
  }

  gather() {
    const heard = [...part("inside").querySelectorAll("audio, video")]
      .filter((each) => !each.muted && each.srcObject)
      .flatMap((each) => each.srcObject.getAudioTracks());
    for (const track of heard) {
      if (this.sources.has(track)) continue;
      const source = this.context.createMediaStreamSource(new MediaStream([track]));
      source.connect(this.out);
      this.sources.set(track, source);
    }
    for (const [track, source] of this.sources) {
      if (heard.includes(track)) continue;
      source.disconnect();
      this.sources.delete(track);
    }
  }

  close() {
    clearInterval(this.timer);
    this.context.close();
  }
}

class Captions {
  constructor() {
    this.lines = [];
    this.mix = new Mix();
    this.listen();
  }

  listen() {
    const recognition = new Recognition();
    recognition.processLocally = true;
    [recognition.lang] = wish.langs;
    recognition.continuous = true;
    recognition.interimResults = true;
    recognition.onresult = (event) => this.hear(event);
    recognition.onerror = ({ error }) => {
      if (["language-not-supported", "service-not-allowed", "not-allowed"].includes(error)) turnOff(inWords("Your browser cannot make captions here. See the help below."));
    };
    recognition.onend = () => { if (this.recognition === recognition) this.timer = setTimeout(() => this.listen(), AGAIN); };
    this.recognition = recognition;
    recognition.start(this.mix.track);
  }

  hear({ resultIndex, results }) {
    let unsure = "";
    for (const result of [...results].slice(resultIndex)) {
      if (result.isFinal) this.lines.push(said(result[0].transcript));
      else unsure += result[0].transcript;
    }
    this.lines = this.lines.slice(-KEPT);
    show([...this.lines, ...(unsure ? [said(unsure)] : [])]);
  }

  stop() {
    const { recognition } = this;
    this.recognition = null;
    clearTimeout(this.timer);
    recognition.abort();
    this.mix.close();
  }
}

// A line with who speaks, where the room shows exactly one.
function said(text) {
  const speaking = [...document.querySelectorAll(".tile[data-speaking]:not([data-own]) .tile-name")];
  const name = speaking.length === 1 ? `${speaking[0].textContent.split(" · ")[0]}: ` : "";
  return name + text.trim();
}

function show(lines) {
  part("caption-lines").replaceChildren(...lines.map((line) => {
    const item = document.createElement("p");
    item.textContent = line;
    return item;
  }));
}

let captions = null;

function turnOff(word = "") {
  captions?.stop();
  captions = null;
  show(word ? [word] : []);
  part("captions").setAttribute("aria-pressed", "false");
  part("caption-lines").hidden = !word;
}

async function turnOn() {
  part("captions").setAttribute("aria-pressed", "true");
  part("caption-lines").hidden = false;
  if (await standing() !== "available") {
    show([inWords("Your browser fetches a language pack from its maker first. Nothing that is said leaves this device.")]);
    if (!await Recognition.install(wish).catch(() => false)) {
      turnOff(inWords("The language pack did not come. See the help below."));
      return;
    }
  }
  show([inWords("Captions are on. They are made on this device and kept nowhere.")]);
  captions = new Captions();
}

part("captions").addEventListener("click", () => {
  if (part("captions").getAttribute("aria-pressed") === "true") turnOff();
  else turnOn();
});
new MutationObserver(() => { if (part("inside").hidden) turnOff(); })
  .observe(part("inside"), { attributes: true, attributeFilter: ["hidden"] });
part("captions").hidden = await standing() === "unavailable";
