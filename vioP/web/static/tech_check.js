// The device check: shows the picture and the sound level, plays a tone, measures the delay.
const form = document.getElementById("check");
const word = (id, text) => { document.getElementById(id).textContent = text; };
const choose = (name, value) => {
  form.querySelector(`input[name="${name}"][value="${value}"]`).checked = true;
};

function showLevel(stream) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  const meter = document.getElementById("level");
  const draw = () => {
    analyser.getByteTimeDomainData(samples);
    const level = Math.max(...samples.map((each) => Math.abs(each - 128)));
    meter.value = Math.min(100, level * 2);
    if (level > 8) {
      choose("microphone", "yes");
      word("microphone-word", "Your microphone is heard.");
    }
    requestAnimationFrame(draw);
  };
  draw();
}

const REASONS = {
  NotAllowedError: "The browser was not allowed to use it. Look for a camera sign beside the address, and allow it.",
  NotFoundError: "No camera or microphone was found. Is one plugged in?",
  NotReadableError: "Another program is using it. Close other video programs and try again.",
};

async function turnOn() {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    const picture = document.getElementById("picture");
    picture.srcObject = stream;
    picture.hidden = false;
    await picture.play();
    choose("camera", "yes");
    word("camera-word", "Your camera works.");
    showLevel(stream);
  } catch (error) {
    choose("camera", "no");
    word("camera-word", REASONS[error.name] ?? `It did not work (${error.name}).`);
  }
}

function playTone() {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const volume = context.createGain();
  volume.gain.value = 0.2;
  tone.frequency.value = 440;
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 1);
}

async function measure() {
  const times = [];
  for (let turn = 0; turn < 7; turn += 1) {
    const begun = performance.now();
    const answer = await fetch("/me/ping", { cache: "no-store" });
    if (!answer.ok) throw new Error("no answer");
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  const median = Math.round(times[3]);
  document.getElementById("round-trip").value = String(median);
  word("connection-word", `An answer takes ${median} milliseconds.`);
}

document.getElementById("start").addEventListener("click", turnOn);
document.getElementById("tone").addEventListener("click", playTone);
measure().catch(() => word("connection-word", "The connection did not answer. Try again in a moment."));
