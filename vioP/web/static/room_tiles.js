// Everybody's tile: a name, a picture where there is one, and words for every state.
import { inWords } from "./words.js";

// What the service adds to a name, in the reader's language.
function inTheirWords(said) {
  const [host, phone] = [" (host)", ", on the phone"];
  if (said.endsWith(host)) return inWords("{name} (host)", { name: said.slice(0, -host.length) });
  if (said.endsWith(phone)) return inWords("{name}, on the phone", { name: said.slice(0, -phone.length) });
  return said;
}

export class Tiles {
  constructor(list) {
    this.list = list;
    this.tiles = new Map();
    this.states = new Map();
  }

  add(feed, said, own = false) {
    if (this.tiles.has(feed)) return;
    const name = inTheirWords(said);
    const tile = document.createElement("li");
    tile.className = "tile";
    tile.dataset.feed = feed;
    if (own) tile.dataset.own = "";
    const video = document.createElement("video");
    video.autoplay = true;
    video.playsInline = true;
    video.muted = own;
    video.srcObject = new MediaStream();
    video.setAttribute("aria-label", own ? inWords("Your own picture") : inWords("Picture of {name}", { name }));
    const word = document.createElement("span");
    word.className = "tile-word";
    const label = document.createElement("span");
    label.className = "tile-name";
    tile.append(video, word, label);
    this.tiles.set(feed, { tile, video, word, label, name: own ? inWords("{name} (you)", { name }) : name, sound: true, speaking: false, quiet: inWords("Camera is off") });
    // The others come first; one's own picture is the last.
    this.list.insertBefore(tile, own ? null : this.list.querySelector("[data-own]"));
    this.name(feed);
    if (this.states.has(feed)) this.media(feed, this.states.get(feed));
  }

  // Somebody who is there by telephone has no camera to be off.
  addPhone(feed, name) {
    this.add(feed, name);
    this.tiles.get(feed).quiet = inWords("By phone");
  }

  name(feed) {
    const { label, name, sound, speaking } = this.tiles.get(feed);
    label.textContent = [name, ...(sound ? [] : [inWords("muted")]), ...(speaking && sound ? [inWords("speaking")] : [])].join(" · ");
  }

  track(feed, track) {
    const found = this.tiles.get(feed);
    if (!found) return;
    const stream = found.video.srcObject;
    stream.getTracks().filter((each) => each.kind === track.kind).forEach((each) => stream.removeTrack(each));
    stream.addTrack(track);
    found.video.play().catch(() => {});
  }

  // What somebody sends: sound, picture; or that they are lost.
  media(feed, state) {
    this.states.set(feed, state); // it may be said before they are shown
    const { audio, video, lost } = state;
    const found = this.tiles.get(feed);
    if (!found) return;
    found.sound = audio;
    found.tile.toggleAttribute("data-video", video);
    found.tile.toggleAttribute("data-lost", lost);
    found.word.textContent = lost ? inWords("Connection lost") : video ? "" : found.quiet;
    this.name(feed);
  }

  // Our own line is down: we see nobody any more.
  allLost() {
    for (const [feed, { tile }] of this.tiles) {
      if (!("own" in tile.dataset)) this.media(feed, { audio: true, ...this.states.get(feed), lost: true });
    }
  }

  speaking(feed, yes) {
    const found = this.tiles.get(feed);
    if (!found) return;
    found.speaking = yes;
    found.tile.toggleAttribute("data-speaking", yes);
    this.name(feed);
  }

  remove(feed) {
    this.tiles.get(feed)?.tile.remove();
    this.tiles.delete(feed);
  }

  clear() {
    for (const feed of [...this.tiles.keys()]) this.remove(feed);
    this.states.clear();
  }
}
