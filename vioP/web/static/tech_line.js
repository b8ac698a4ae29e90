// The line, measured through the real servers: bytes both ways, a socket, the room and back.
import { sleep } from "./tech_devices.js";

const DOWN_BYTES = 4 * 1024 * 1024;
const DOWN_MS = 2500;
const UP_BYTES = [32 * 1024, 256 * 1024, 2 * 1024 * 1024];
const UP_ENOUGH_MS = 700;
const PATIENCE_MS = 6000;
const PINGS = 11;
const PAUSE_MS = 50; // spread out, pings meet the line at more than one moment
const CONNECT_MS = 7000;
const RANDOM = 65536; // so many bytes are given at a time

const speed = (bytes, ms) => (bytes * 8) / Math.max(ms, 1);

// Kilobits a second to here, or null when nothing came.
export async function measureDown(base) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  let [bytes, begun] = [0, performance.now()];
  try {
    const answer = await fetch(`${base}/down?bytes=${DOWN_BYTES}`, { cache: "no-store", signal: stop.signal });
    if (!answer.ok) return null;
    const reader = answer.body.getReader();
    begun = performance.now();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.length;
      if (performance.now() - begun > DOWN_MS) { stop.abort(); break; }
    }
  } catch { /* what came until then counts */ } finally { clearTimeout(timer); }
  return bytes ? speed(bytes, performance.now() - begun) : null;
}

// Kilobits a second from here, or null when nothing went through.
export async function measureUp(base) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  let found = null;
  try {
    for (const size of UP_BYTES) {
      const bytes = new Uint8Array(size);
      for (let at = 0; at < size; at += RANDOM) crypto.getRandomValues(bytes.subarray(at, at + RANDOM));
      const begun = performance.now();
      const answer = await fetch(`${base}/up`, { method: "POST", body: bytes, signal: stop.signal });
      if (!answer.ok) break;
      const ms = performance.now() - begun;
      found = speed(size, ms);
      if (ms > UP_ENOUGH_MS) break;
    }
  } catch { /* what went until then counts */ } finally { clearTimeout(timer); }
  return found;
}

// The socket of a check: pings, and calls to the room server and back.
export class EchoLine {
  constructor(base) {
    this.address = `${location.origin.replace(/^http/, "ws")}${base}/echo`;
    this.pings = new Map();
    this.calls = 0;
    this.heard = () => {};
  }

  open() {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(this.address);
      this.socket = socket;
      const timer = setTimeout(() => { socket.close(); reject(new Error("no answer")); }, PATIENCE_MS);
      socket.onopen = () => { clearTimeout(timer); resolve(); };
      socket.onclose = () => { clearTimeout(timer); this.heard({ viop: "down" }); reject(new Error("closed")); };
      socket.onmessage = ({ data }) => {
        const said = JSON.parse(data);
        if (said.viop === "pong") this.pings.get(said.n)?.();
        else this.heard(said);
      };
    });
  }

  say(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  close() {
    this.socket?.close(1000);
  }

  // The median round trip in milliseconds, or null when answers stay away.
  async roundTrip(pings = PINGS) {
    const times = [];
    const begun = performance.now();
    for (let n = 0; n < pings && performance.now() - begun < PATIENCE_MS; n += 1) {
      const sent = performance.now();
      const answer = new Promise((resolve) => { this.pings.set(n, () => resolve(true)); });
      this.say({ viop: "ping", n });
      if (!(await Promise.race([answer, sleep(PATIENCE_MS).then(() => false)]))) break;
      times.push(performance.now() - sent);
      await sleep(PAUSE_MS);
    }
    times.sort((a, b) => a - b);
    return times.length ? times[times.length >> 1] : null;
  }

  // Call the room server; what it sends back is counted for some time, or until hung up.
  // show: what to do with each track that comes back; connected: told once.
  async call({ servers = [], policy = "all", tracks = [], ms = 4000, show = null, until = null, connected = null }) {
    const peer = new RTCPeerConnection({ iceServers: servers, iceTransportPolicy: policy });
    this.peer = peer;
    for (const track of tracks) peer.addTrack(track);
    if (show) peer.ontrack = ({ track }) => show(track);
    peer.onicecandidate = ({ candidate }) => {
      this.say({ viop: "candidate", candidate: candidate ? candidate.toJSON() : { completed: true } });
    };
    const begun = performance.now();
    this.calls += 1;
    this.answer = new Promise((resolve) => { this.answered = resolve; });
    const ended = new Promise((resolve) => {
      const timer = setTimeout(() => resolve("failed"), CONNECT_MS);
      peer.onconnectionstatechange = () => {
        if (peer.connectionState === "connected") { clearTimeout(timer); resolve("connected"); }
        if (peer.connectionState === "failed") { clearTimeout(timer); resolve("failed"); }
      };
      this.heard = (said) => this.follow(peer, said, (word) => { clearTimeout(timer); resolve(word); });
    });
    try {
      await peer.setLocalDescription(await peer.createOffer());
      this.say({ viop: "offer", sdp: peer.localDescription.sdp });
      const outcome = await ended;
      if (outcome !== "connected") return { outcome };
      const connect_ms = performance.now() - begun;
      connected?.();
      const over = new Promise((resolve) => {
        this.heard = (said) => this.follow(peer, said, resolve);
        peer.onconnectionstatechange = () => { if (peer.connectionState === "failed") resolve(); };
      });
      await Promise.race([sleep(ms), over, ...(until ? [until] : [])]);
      return { outcome, connect_ms, ...(await figures(peer)) };
    } finally {
      this.heard = () => {};
      peer.close();
    }
  }

  follow(peer, said, end) {
    if (said.call && said.call !== this.calls) return; // about a call that is over
    // A candidate may come before the answer, and is of use only after it.
    if (said.viop === "answer") this.answered(peer.setRemoteDescription({ type: "answer", sdp: said.sdp }));
    else if (said.viop === "candidate" && said.candidate.candidate) {
      this.answer.then(() => peer.addIceCandidate(said.candidate)).catch(() => end("failed"));
    }
    else if (said.viop === "hung_up") end("failed");
    else if (["elsewhere", "busy", "down"].includes(said.viop)) end(said.viop);
  }
}

async function figures(peer) {
  const all = [...(await peer.getStats()).values()];
  const of = (type) => all.filter((each) => each.type === type);
  const inbound = of("inbound-rtp");
  const back = of("remote-inbound-rtp");
  const pair = of("candidate-pair").find((each) => each.nominated && each.state === "succeeded");
  const sum = (list, name) => list.reduce((total, each) => total + (each[name] ?? 0), 0);
  const [received, lost] = [sum(inbound, "packetsReceived"), Math.max(0, sum(inbound, "packetsLost"))];
  const out = Math.max(0, ...back.map((each) => each.fractionLost ?? 0));
  const rtts = [...back.map((each) => each.roundTripTime), pair?.currentRoundTripTime].filter((each) => each > 0);
  return {
    received,
    loss: 100 * Math.max(out, received + lost ? lost / (received + lost) : 0),
    rtt_ms: rtts.length ? 1000 * Math.max(...rtts) : null,
    jitter_ms: 1000 * Math.max(0, ...inbound.map((each) => each.jitter ?? 0)),
  };
}

// A track that says nothing, for whoever has no microphone to send.
export function silence() {
  const context = new AudioContext();
  const source = context.createConstantSource();
  const volume = context.createGain();
  volume.gain.value = 0;
  const target = context.createMediaStreamDestination();
  source.connect(volume).connect(target);
  source.start();
  context.resume();
  return target.stream.getAudioTracks()[0];
}
