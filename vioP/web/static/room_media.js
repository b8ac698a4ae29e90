// Our own camera and microphone: chosen, shown, muted, turned off.
import { inWords } from "./words.js";
const REASONS = {
  NotAllowedError: inWords("The browser was not allowed to use the camera or microphone. Look for a camera sign beside the address, and allow it. You can go in without."),
  NotFoundError: inWords("No camera or microphone was found. You can go in and listen."),
  NotReadableError: inWords("Another program is using the camera or microphone. Close it and try again, or go in without."),
};
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 24, max: 30 } };
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

export class Media {
  constructor(changed) {
    this.changed = changed;
    this.camera = null;
    this.microphone = null;
    this.chosen = { camera: "", microphone: "" };
    this.muted = false;
  }

  // Turn on what there is; answers what went wrong, in words, or nothing.
  async start() {
    let trouble = "";
    const note = (error) => { trouble = REASONS[error.name] ?? inWords("It did not work ({reason}).", { reason: error.name }); };
    await this.turnOn("camera").catch(note);
    await this.turnOn("microphone").catch(note);
    return trouble;
  }

  async turnOn(which) {
    const id = this.chosen[which];
    const device = id ? { deviceId: { exact: id } } : {};
    const wanted = which === "camera" ? { video: { ...PICTURE, ...device } } : { audio: { ...SOUND, ...device } };
    const stream = await navigator.mediaDevices.getUserMedia(wanted);
    this[which]?.stop();
    const [track] = stream.getTracks();
    this[which] = track;
    if (which === "microphone") track.enabled = !this.muted;
    track.onended = () => { if (this[which] === track) { this[which] = null; this.changed(); } };
    this.changed();
  }

  turnOff(which) {
    this[which]?.stop();
    this[which] = null;
    this.changed();
  }

  mute(muted) {
    this.muted = muted;
    if (this.microphone) this.microphone.enabled = !muted;
    this.changed();
  }

  stop() {
    this.turnOff("camera");
    this.turnOff("microphone");
  }

  // Fill the two lists with what there is; names show only once the browser has allowed it.
  async list(camera, microphone) {
    const devices = await navigator.mediaDevices.enumerateDevices();
    for (const [list, kind] of [[camera, "videoinput"], [microphone, "audioinput"]]) {
      const options = devices
        .filter((each) => each.kind === kind && each.label && each.deviceId !== "default")
        .map((each) => new Option(each.label, each.deviceId));
      list.replaceChildren(list.options[0], ...options);
    }
  }
}

// Show how loud a microphone is, until told to stop.
export function showLevel(track, meter) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getByteTimeDomainData(samples);
    meter.value = Math.min(100, 2 * Math.max(...samples.map((each) => Math.abs(each - 128))));
  }, 100);
  return () => { clearInterval(timer); context.close(); };
}
