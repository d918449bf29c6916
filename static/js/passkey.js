// Passkeys. A form with data-passkey ("get" or "create") asks the portal what to ask the device, then the device, and posts the answer.
// Where this does not run, or the browser has no passkeys, the page says what to do instead.
const SENTENCES = {
  NotAllowedError: "Nothing was chosen, or it took too long. Press the button to try again.",
  AbortError: "Nothing was chosen, or it took too long. Press the button to try again.",
  InvalidStateError: "This device has a passkey of yours already.",
  NotSupportedError: "This device cannot keep a passkey here. It must ask for a fingerprint, a face or a PIN.",
  ConstraintError: "This device cannot keep a passkey here. It must ask for a fingerprint, a face or a PIN.",
  SecurityError: "Passkeys do not work at the address that this page was opened at.",
  TypeError: "The portal could not be reached. Check your connection and try again.",
};
const ELSE = "That did not work. Reload the page and try again, or go another way.";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

// What the portal sent, with bytes where the browser wants bytes.
const asked = ({ publicKey }) => {
  const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (options.user) options.user = { ...options.user, id: bytes(options.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"])
    if (options[list]) options[list] = options[list].map((each) => ({ ...each, id: bytes(each.id) }));
  return { publicKey: options };
};

// What the device said, as text.
const said = (credential) => {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[part]) response[part] = text(credential.response[part]);
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
};

const say = (form, words) => {
  const place = form.querySelector("[data-said]");
  place.textContent = words;
  place.hidden = !words;
};

const ask = async (form) => {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
  if (answer.redirected) {
    location.assign(answer.url); // the sign-in ended, or has to be confirmed first
    return null;
  }
  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Error("a page came back");
  const told = await answer.json();
  if (told.said) {
    say(form, told.said);
    return null;
  }
  return navigator.credentials[form.dataset.passkey](asked(told));
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const able = window.PublicKeyCredential && navigator.credentials && isSecureContext;
  form.querySelector(able ? "[data-able]" : "[data-unable]").hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return; // on its way, as any form
    event.preventDefault();
    event.stopPropagation();
    if (form.classList.contains("is-sending")) return;
    form.classList.add("is-sending");
    say(form, "");
    try {
      const credential = await ask(form);
      if (credential) form.elements.answer.value = said(credential);
    } catch (error) {
      say(form, SENTENCES[error.name] ?? ELSE);
    }
    form.classList.remove("is-sending");
    if (form.elements.answer.value) form.requestSubmit();
  });
  addEventListener("pageshow", () => {
    form.elements.answer.value = ""; // back from the next page: it worked once
  });
}
