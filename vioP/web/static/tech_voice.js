// Three digits to be heard: spoken by the service, else by the browser, else beeped.
import { sleep } from "./tech_devices.js";
import { inWords } from "./words.js";

const WORDS = [inWords("zero"), inWords("one"), inWords("two"), inWords("three"), inWords("four"), inWords("five"), inWords("six"), inWords("seven"), inWords("eight"), inWords("nine")];
const LANGUAGE = document.documentElement.lang;
const VOICES_MS = 1000;

async function playFile(address) {
  const context = new AudioContext();
  const answer = await fetch(address);
  if (!answer.ok) throw new Error("no voice");
  const sound = await context.decodeAudioData(await answer.arrayBuffer());
  const source = context.createBufferSource();
  source.buffer = sound;
  source.connect(context.destination);
  source.start();
  await new Promise((resolve) => { source.onended = resolve; });
  await context.close();
}

async function hasVoice() {
  if (!("speechSynthesis" in globalThis)) return false;
  if (!speechSynthesis.getVoices().length) await sleep(VOICES_MS);
  return speechSynthesis.getVoices().some((each) => each.lang.startsWith(LANGUAGE));
}

async function speak(digits) {
  for (const each of digits) {
    const word = new SpeechSynthesisUtterance(WORDS[Number(each)]);
    word.lang = `${LANGUAGE}-US`;
    word.rate = 0.8;
    await new Promise((resolve) => {
      word.onend = resolve;
      word.onerror = resolve;
      speechSynthesis.speak(word);
    });
    await sleep(300);
  }
}

async function beep(digits) {
  const context = new AudioContext();
  for (const each of digits) {
    for (let turn = 0; turn < (Number(each) || 10); turn += 1) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      volume.gain.value = 0.2;
      tone.frequency.value = 660;
      tone.connect(volume).connect(context.destination);
      tone.start();
      tone.stop(context.currentTime + 0.15);
      await sleep(320);
    }
    await sleep(900);
  }
  await context.close();
}

// Play them; answers how, so that the page can say what to count.
export async function playDigits(base, nonce, digits) {
  if (!digits) {
    await playFile(`${base}/digits/${nonce}`);
    return "spoken";
  }
  if (await hasVoice()) {
    await speak(digits);
    return "spoken";
  }
  await beep(digits);
  return "beeped";
}
