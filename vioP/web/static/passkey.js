// Passkeys: asks the service for a question, the device for the answer, and tells it back.
import { inWords } from "./words.js";

const box = document.getElementById("passkey");
const said = document.getElementById("passkey-said");
const go = document.getElementById("passkey-go");
const name = document.getElementById("passkey-name");

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function post(address, fields = {}) {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams(fields) });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.problem ?? "");
  return body;
}

// What the service asks, with bytes where the browser wants bytes.
function question(asked) {
  const ids = (list = []) => list.map((each) => ({ ...each, id: bytes(each.id) }));
  const found = { ...asked, challenge: bytes(asked.challenge) };
  if (asked.user) found.user = { ...asked.user, id: bytes(asked.user.id) };
  if (asked.excludeCredentials) found.excludeCredentials = ids(asked.excludeCredentials);
  if (asked.allowCredentials) found.allowCredentials = ids(asked.allowCredentials);
  return found;
}

// What the device answers, with text where the service wants text.
function answer(credential) {
  const { response } = credential;
  const told = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) told[part] = text(response[part]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: told,
    clientExtensionResults: {},
  });
}

async function run() {
  go.disabled = true;
  said.textContent = "";
  try {
    const publicKey = question(await post(box.dataset.ask));
    const credential = name
      ? await navigator.credentials.create({ publicKey })
      : await navigator.credentials.get({ publicKey });
    const fields = { said: answer(credential) };
    if (name) fields.name = name.value;
    const { go: where } = await post(box.dataset.tell, fields);
    location.assign(where);
  } catch (error) {
    const stopped = error.name === "NotAllowedError" || !error.message;
    said.textContent = stopped ? inWords("It did not work, or was stopped. Try again, or choose another way.") : error.message;
  } finally {
    go.disabled = false;
  }
}

if (box && globalThis.PublicKeyCredential) {
  box.hidden = false;
  go.addEventListener("click", run);
}
