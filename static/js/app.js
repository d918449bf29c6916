// One small module; every page works without it. No eval, no HTML built from text.
const doc = document;
const $ = (selector, within = doc) => within.querySelector(selector);
const typing = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));

// Buttons that need scripts stand hidden until here.
const reveal = (root) => {
  for (const el of root.querySelectorAll("[data-copy][hidden], [data-dialog][hidden], [data-tick-all][hidden]")) el.hidden = false;
};
reveal(doc);

// Keys: "/" to the search, "?" for help, Escape closes an open menu and returns to its button.
doc.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = doc.activeElement?.closest("details.menu[open], details.drawer[open]") ?? $("details.menu[open], details.drawer[open]");
    if (open) {
      open.open = false;
      $("summary", open)?.focus();
    }
    return;
  }
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || $("dialog:modal")) return;
  if (event.key === "/") {
    const box = $("main [data-search]") ?? $("#search");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  } else if (event.key === "?") {
    event.preventDefault();
    $("#help")?.showModal();
  }
});

// Clicks: copy digits, open and close dialogs, tick all, and a click beside a menu closes it.
const copied = async (button) => {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    return; // refused by the browser: the digits are on the page to be selected
  }
  const label = button.getAttribute("aria-label");
  button.classList.add("is-done");
  button.setAttribute("aria-label", "Copied");
  setTimeout(() => {
    button.classList.remove("is-done");
    button.setAttribute("aria-label", label);
  }, 1500);
};

doc.addEventListener("click", (event) => {
  const el = event.target.closest("[data-copy], [data-dialog], [data-close], [data-clear]");
  for (const menu of doc.querySelectorAll("details.menu[open], details.drawer[open]")) if (!menu.contains(event.target)) menu.open = false;
  if (!el) {
    if (event.target.matches?.("dialog:modal")) event.target.close(); // a click on the veil
    return;
  }
  if (el.dataset.copy) copied(el);
  else if (el.dataset.dialog) {
    const dialog = doc.getElementById(el.dataset.dialog);
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
    }
  } else if ("close" in el.dataset) el.closest("dialog")?.close();
  else {
    const box = $("main [data-search]");
    if (box) {
      box.value = "";
      box.focus();
    }
  }
});

doc.addEventListener("change", (event) => {
  if (!event.target.matches("[data-tick-all]")) return;
  for (const box of event.target.closest("table").querySelectorAll("tbody .tick")) box.checked = event.target.checked;
});

// The theme and the height of rows change at once; the cookie is set by the server, as without scripts.
doc.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (form.matches("[data-display]") && button?.name) {
    event.preventDefault();
    const body = new FormData(form);
    body.set(button.name, button.value);
    fetch(form.action, { method: "POST", body, redirect: "manual" });
    const root = doc.documentElement;
    if (button.value) root.dataset[button.name] = button.value;
    else delete root.dataset[button.name];
    for (const other of button.parentElement.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
    return;
  }
  // A second click on a form that is on its way sends nothing. (The server ends both at one change anyhow.)
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sending) event.preventDefault();
  else {
    form.dataset.sending = "1";
    form.classList.add("is-sending");
  }
});
addEventListener("pageshow", () => {
  for (const form of doc.querySelectorAll("form[data-sending]")) {
    delete form.dataset.sending;
    form.classList.remove("is-sending");
  }
});

// After a swap: reveal, and keep the focus where the person was, or bring it to what took that place.
const FIELDS = "[aria-invalid], input:not([type=hidden]), select, textarea";
const left = new WeakMap(); // for each answer: where in its target the person was
doc.addEventListener("htmx:beforeSwap", (event) => {
  const { target, requestConfig, xhr } = event.detail;
  // A part that asks again and again stays when the portal is away for a moment: the next answer is right again.
  if (xhr.status >= 500 && requestConfig.elt === target && /^every /.test(target.getAttribute("hx-trigger"))) event.detail.shouldSwap = false;
  const el = doc.activeElement;
  if (target?.contains(el)) left.set(xhr, el.closest("details.menu")?.querySelector("summary")?.id || el.id);
});
doc.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt;
  reveal(part.parentElement ?? part);
  if (event.detail.requestConfig?.verb === "post" && event.detail.successful) part.classList.add("just-changed"); // it fades in 2 s
  const id = left.get(event.detail.xhr);
  if (id === undefined || (doc.activeElement !== doc.body && !$("[aria-invalid]", part))) return;
  const again = $("[aria-invalid]", part) || (id && doc.getElementById(id)) || $(FIELDS, part) || $("a, button, summary", part) || part;
  if (again === part) part.tabIndex = -1;
  again.focus({ preventScroll: true });
});

// htmx cannot say that nothing answered: do it in words, where the messages stand.
doc.addEventListener("htmx:sendError", (event) => {
  const place = $("#messages");
  if (!place) return;
  const said = doc.createElement("p");
  said.className = "message message-error";
  said.textContent =
    event.detail.requestConfig?.verb === "get"
      ? "The portal could not be reached. Check your connection and try again."
      : "The connection was cut. What you sent may have arrived: reload the page and look before you send it again.";
  place.replaceChildren(said);
});
