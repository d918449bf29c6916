// Counts a message as apps/messaging/segments.py does, by the table that the page carries, and looks for newer messages
// while the page is seen. Every page works without it.
const doc = document;
const $ = (selector, within = doc) => within.querySelector(selector);

const given = $("#messaging-table");
const table = given ? JSON.parse(given.textContent) : null;
const sets = table && { basic: new Set(table.basic), extension: new Set(table.extension), outer: new Set(table.outer) };

export const clean = (text) => {
  const letters = [...text.replace(/\r\n?/g, "\n").normalize("NFC")];
  while (letters.length && sets.outer.has(letters[0])) letters.shift();
  while (letters.length && sets.outer.has(letters.at(-1))) letters.pop();
  return letters;
};

export const count = (letters) => {
  const odd = [...new Set(letters.filter((each) => !sets.basic.has(each) && !sets.extension.has(each)))];
  const size = (each) => (odd.length ? each.length : sets.extension.has(each) ? 2 : 1);
  const [one, many] = odd.length ? [70, 67] : [160, 153];
  const units = letters.reduce((sum, each) => sum + size(each), 0);
  if (units <= one) return { segments: letters.length ? 1 : 0, left: one - units, odd };
  let [segments, room] = [1, many];
  for (const each of letters) {
    if (size(each) > room) [segments, room] = [segments + 1, many];
    room -= size(each);
  }
  return { segments, left: room, odd };
};

const plainer = (text) =>
  [...text]
    .map((each) => {
      if (sets.basic.has(each) || sets.extension.has(each)) return each;
      if (each in table.plain) return table.plain[each];
      const base = [...each.normalize("NFD")][0];
      return sets.basic.has(base) ? base : each;
    })
    .join("");

const dollars = (micro) => {
  const [whole, part] = [Math.floor(micro / 1e6), String(micro % 1e6).padStart(6, "0").replace(/0+$/, "").padEnd(2, "0")];
  return `$${whole.toLocaleString("en-US")}.${part}`;
};

const form = $("[data-composer]");
if (form && table) {
  const text = $("[data-text]", form);
  const media = $("[data-media]", form);
  const [cost, send, odd, price] = ["[data-cost]", "[data-send]", "[data-odd]", "[name=price]"].map((each) => $(each, form));
  const anyway = send.textContent.trim() === "Send anyway" ? "Send anyway" : "Send";
  const show = () => {
    const letters = clean(text.value);
    const counted = count(letters);
    const pictured = Boolean(media?.value.trim());
    const rate = Number(pictured ? form.dataset.rateMms : form.dataset.rate);
    const known = (pictured ? form.dataset.rateMms : form.dataset.rate) !== "";
    const parts = pictured ? 1 : Math.max(counted.segments, Math.ceil(letters.length / 160));
    const marked = !pictured && counted.odd.length > 0;
    odd.hidden = !marked;
    if (marked) {
      const plain = count(clean(plainer(text.value)));
      const which = counted.odd.slice(0, 5).map((each) => `“${each}”`).join(" ");
      const less = plain.segments < counted.segments ? ` Plain characters make it ${plain.segments}.` : "";
      $("[data-odd-words]", odd).textContent = `${which} makes each segment hold 70 characters instead of 160.${less}`;
    }
    price.value = known && letters.length ? String(parts * rate) : "";
    if (!known) return;
    if (!letters.length && !pictured) {
      cost.textContent = `${dollars(rate)} a segment`;
      send.textContent = anyway;
      return;
    }
    const what = pictured ? "Picture message" : `${counted.segments} segment${counted.segments === 1 ? "" : "s"}`;
    cost.textContent = `${what}, ${dollars(parts * rate)} at most · ${letters.length.toLocaleString("en-US")} characters`;
    send.textContent = letters.length ? `${anyway} for ${dollars(parts * rate)}` : anyway;
  };
  for (const each of [text, media]) each?.addEventListener("input", show);
  $("[data-plain]", form).addEventListener("click", () => {
    text.value = plainer(text.value);
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  });
  show();

  // What is typed is kept, a second after the last key.
  let timer = 0;
  if (form.dataset.draft)
    text.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const { csrfmiddlewaretoken, account } = Object.fromEntries(new FormData(form));
        const body = new URLSearchParams({ csrfmiddlewaretoken, account, text: text.value });
        fetch(form.dataset.draft, { method: "POST", body });
      }, 1000);
    });
  form.addEventListener("submit", () => clearTimeout(timer));
}

// Newer messages: asked for while the page is seen, and no longer than 15 minutes after the last key or click.
const IDLE = 15 * 60 * 1000;
let [touched, stopped] = [Date.now(), false];
for (const kind of ["keydown", "pointerdown", "focus"]) addEventListener(kind, () => ([touched, stopped] = [Date.now(), false]), true);
const look = (name) => () => {
  if (doc.visibilityState !== "visible" || stopped) return;
  if (Date.now() - touched > IDLE) {
    stopped = true;
    const place = $("#say");
    if (place) place.textContent = "Updates are paused. Press any key to go on.";
    return;
  }
  doc.body.dispatchEvent(new CustomEvent(name));
};
setInterval(look("messaging-newer"), 5000);
setInterval(look("messaging-list"), 15000);
