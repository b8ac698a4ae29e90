// Camera and microphone, measured. Nothing here names a device: only numbers come out.
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 24, max: 30 } };
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const SMALL = [64, 48];
const FULL = 0.99;
export const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

function has(kind, name) {
  const codecs = globalThis.RTCRtpReceiver?.getCapabilities?.(kind)?.codecs ?? [];
  return codecs.some((each) => each.mimeType.toLowerCase() === `${kind}/${name}`);
}

export function features() {
  return {
    secure: isSecureContext,
    webrtc: "RTCPeerConnection" in globalThis,
    devices: Boolean(navigator.mediaDevices?.getUserMedia),
    vp8: has("video", "vp8"),
    opus: has("audio", "opus"),
  };
}

export function network() {
  const type = navigator.connection?.type;
  return { wifi: "wifi", cellular: "cellular", ethernet: "wired" }[type] ?? "unknown";
}

// Whether the browser will not even ask: told so before, or by its settings.
async function isDenied(name) {
  try {
    return (await navigator.permissions.query({ name })).state === "denied";
  } catch {
    return true; // this browser does not say; the remedy for a block is the safer one
  }
}

async function trouble(error, name) {
  if (error.name === "NotAllowedError" || error.name === "SecurityError") {
    return (await isDenied(name)) ? "denied" : "dismissed";
  }
  if (error.name === "NotFoundError" || error.name === "OverconstrainedError") return "missing";
  if (error.name === "NotReadableError" || error.name === "AbortError") return "busy";
  return "failed";
}

async function one(wanted, name) {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(wanted);
    return { track: stream.getTracks()[0], trouble: null };
  } catch (error) {
    return { track: null, trouble: await trouble(error, name) };
  }
}

// Both with one question where there are both; each alone where one is missing or busy.
export async function openDevices() {
  const missing = { track: null, trouble: "failed" };
  if (!features().devices) return { camera: missing, microphone: missing };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: PICTURE, audio: SOUND });
    return {
      camera: { track: stream.getVideoTracks()[0], trouble: null },
      microphone: { track: stream.getAudioTracks()[0], trouble: null },
    };
  } catch (error) {
    if (error.name === "NotAllowedError") {
      return {
        camera: { track: null, trouble: await trouble(error, "camera") },
        microphone: { track: null, trouble: await trouble(error, "microphone") },
      };
    }
    return { microphone: await one({ audio: SOUND }, "microphone"), camera: await one({ video: PICTURE }, "camera") };
  }
}

const decibel = (energy) => Math.max(-120, 10 * Math.log10(energy + 1e-12));

// How loud a microphone is over some time: the loudest and quietest tenth of a second.
export async function measureMicrophone(track, ms, show) {
  const context = new AudioContext();
  await context.resume();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const levels = [];
  let clipped = 0;
  const turns = Math.round(ms / 100);
  for (let turn = 0; turn < turns; turn += 1) {
    await sleep(100);
    analyser.getFloatTimeDomainData(samples);
    let energy = 0;
    for (const each of samples) {
      energy += each * each;
      if (Math.abs(each) >= FULL) clipped += 1;
    }
    levels.push(decibel(energy / samples.length));
    show?.(Math.max(0, 100 + levels.at(-1) * 1.6));
  }
  await context.close();
  levels.sort((a, b) => a - b);
  return { peak: levels.at(-1), floor: levels[0], clipped: clipped / (turns * samples.length) };
}

// How bright a camera's picture is, whether it moves, and how many pictures come a second.
export async function measureCamera(track, video) {
  video.srcObject = new MediaStream([track]);
  video.hidden = false;
  await video.play();
  await sleep(500);
  const canvas = new OffscreenCanvas(...SMALL);
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const shot = () => {
    brush.drawImage(video, 0, 0, ...SMALL);
    return brush.getImageData(0, 0, ...SMALL).data;
  };
  const frames = () => video.getVideoPlaybackQuality().totalVideoFrames;
  const [before, count, begun] = [shot(), frames(), performance.now()];
  await sleep(1200);
  const after = shot();
  const fps = ((frames() - count) * 1000) / (performance.now() - begun);
  let [light, change] = [0, 0];
  for (let at = 0; at < after.length; at += 4) {
    light += 0.2126 * after[at] + 0.7152 * after[at + 1] + 0.0722 * after[at + 2];
    change += Math.abs(after[at] - before[at]);
  }
  const points = after.length / 4;
  return { luma: light / points, motion: change / points, fps };
}
