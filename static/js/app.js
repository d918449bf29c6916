// One small module; every page works without it. No eval, no HTML built from text.
const doc = document;
const root = doc.documentElement;
const $ = (selector, within = doc) => within.querySelector(selector);
const $$ = (selector, within = doc) => [...within.querySelectorAll(selector)];
const typing = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && !el.matches(".tick"));
const ROW = "main .table tbody tr";
const LINK = ".row-link, td a[href]";

// The page's one live region: what it says is read, once.
const say = (words) => {
  const place = $("#say");
  if (place) place.textContent = words;
};

// Buttons that need scripts are hidden until here; the keys have their Mac names on a Mac.
const reveal = (part) => {
  for (const el of $$("[data-copy][hidden], [data-dialog][hidden], [data-tick-all][hidden], [data-show][hidden]", part)) el.hidden = false;
  if (/Mac|iPhone|iPad/.test(navigator.platform)) for (const el of $$("[data-jump-key]", part)) el.textContent = "⌘K";
};
reveal(doc);

// Keys: Ctrl-K or ⌘K to the search; Escape closes what is open and returns to its button; single keys unless they're off.
const jump = () => {
  const box = $("#search");
  if (box?.offsetParent) box.select();
  else $(".jump-phone")?.click();
};
const step = (by) => {
  const rows = $$(ROW).filter((row) => $(LINK, row));
  const at = rows.indexOf(doc.activeElement?.closest("tr"));
  const row = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
  if (row) $(LINK, row).focus();
};
const escape = (el) => {
  const open = el?.closest("details.menu[open], details.drawer[open]") ?? $("details.menu[open], details.drawer[open]");
  if (open) {
    open.open = false;
    $("summary", open)?.focus();
  } else if (el?.id === "search") el.blur();
  else $("[data-cancel], .form-actions a.button-quiet", el?.closest("form.edit") ?? doc.createElement("p"))?.click();
};
const KEYS = {
  "/": () => {
    const box = $("main [data-search]");
    if (box) box.select();
    else jump();
  },
  "?": () => $("#help")?.showModal(),
  j: () => step(1),
  k: () => step(-1),
  r: () => $("#reply textarea")?.focus(),
  x: () => $(".tick", doc.activeElement?.closest("tr") ?? doc.createElement("p"))?.click(),
};
doc.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.isComposing || $("dialog:modal")) return;
  if (key === "Escape") escape(doc.activeElement);
  else if (key === "Enter" && (event.ctrlKey || event.metaKey) && target.matches("#reply textarea")) {
    const button = $(event.shiftKey ? "[data-send-close]" : "[data-send]", target.form);
    if (button) {
      event.preventDefault();
      target.form.requestSubmit(button);
    }
  } else if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "k" && $("#search")) {
    event.preventDefault();
    jump();
  } else if (key === "ArrowDown" && target.id === "search") {
    event.preventDefault();
    $("#jump-list a")?.focus();
  } else if (!typing(target) && !event.ctrlKey && !event.metaKey && !event.altKey && root.dataset.keys !== "off" && Object.hasOwn(KEYS, key)) {
    event.preventDefault();
    KEYS[key]();
  }
});

// Copy: over plain http browsers have no clipboard for pages; then the digits are selected, and the page says what to press.
const copied = async (button) => {
  const label = button.getAttribute("aria-label");
  let done = "Copied";
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("is-done");
  } catch {
    getSelection().selectAllChildren(button.previousElementSibling ?? button.parentElement);
    done = "This browser can't copy here. The text is selected: press Ctrl+C or ⌘C.";
    button.dataset.failed = done;
  }
  say(done);
  button.setAttribute("aria-label", done);
  setTimeout(
    () => {
      button.classList.remove("is-done");
      delete button.dataset.failed;
      button.setAttribute("aria-label", label);
    },
    button.dataset.failed ? 6000 : 1500,
  );
};

// Clicks: copy, show a password, open and close dialogs; beside a menu closes it; on a row opens it.
const show = (button) => {
  const box = button.parentElement.querySelector("input");
  const shown = box.type === "password";
  box.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
};
doc.addEventListener("click", (event) => {
  const { target } = event;
  const el = target.closest("[data-copy], [data-dialog], [data-close], [data-clear], [data-show]");
  for (const menu of $$("details.menu[open], details.drawer[open]")) if (!menu.contains(target)) menu.open = false;
  if (!el) {
    if (target.matches?.("dialog:modal")) target.close(); // a click on the veil
    else if (!target.closest("a, button, input, select, label, summary, form") && !getSelection().toString())
      $(LINK, target.closest(ROW) ?? doc.createElement("p"))?.click();
    return;
  }
  if (el.dataset.copy) copied(el);
  else if ("show" in el.dataset) show(el);
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
  for (const box of $$("tbody .tick", event.target.closest("table"))) box.checked = event.target.checked;
});

// A selection outlives pages, sorts and filters of its list: one hidden field holds what is ticked, until the page is left.
const selected = () => {
  const form = $("[data-selection]");
  const field = form && $("[name=held]", form);
  if (!field) return;
  const held = new Set(field.value.split(" ").filter(Boolean));
  const boxes = $$(`.tick[form="${form.id}"][name=numbers]`);
  return { form, field, held, boxes };
};
const showSelected = () => {
  const found = selected();
  const bar = $("[data-selected]");
  if (!found || !bar) return;
  for (const box of found.boxes) box.checked = found.held.has(box.value);
  const all = $("[name=all]", bar).checked;
  bar.hidden = !found.held.size && !all;
  $("[data-selected-count]", bar).textContent = all ? "All selected" : `${found.held.size.toLocaleString("en-US")} selected`;
};
doc.addEventListener("change", ({ target }) => {
  const found = target.matches(".tick") && selected();
  if (!found) return;
  for (const box of found.boxes) found.held[box.checked ? "add" : "delete"](box.value);
  found.field.value = [...found.held].join(" ");
  showSelected();
});
showSelected();

// Limits show a counter from 75 %.
doc.addEventListener("input", ({ target }) => {
  const most = Number(target.dataset.most) || target.maxLength; // data-most counts, and cuts nothing off
  const place = most > 0 && target.closest(".field")?.querySelector("[data-count]");
  if (place) place.textContent = target.value.length >= most * 0.75 ? `${target.value.length} of ${most} characters` : "";
});

// The theme, the height of rows and the keys change at once; the cookie is set by the server, as without scripts.
doc.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (form.matches("[data-display]") && button?.name) {
    event.preventDefault();
    const body = new FormData(form);
    body.set(button.name, button.value);
    fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (button.value) root.dataset[button.name] = button.value;
    else delete root.dataset[button.name];
    for (const other of $$("button", button.parentElement)) other.setAttribute("aria-pressed", String(other === button));
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
  for (const form of $$("form[data-sending]")) {
    delete form.dataset.sending;
    form.classList.remove("is-sending");
  }
});
addEventListener("beforeprint", () => {
  for (const el of $$("[data-printed]"))
    el.textContent = `Printed ${new Date().toLocaleString("en-US", { dateStyle: "medium", timeStyle: "short" })} from the VoiceTel portal`;
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
// What looks at VoiceTel rests while nobody sees the page.
doc.addEventListener("htmx:beforeRequest", (event) => {
  if (doc.hidden && event.target.matches?.("[data-when-visible]")) event.preventDefault();
});
// A sentence that the live region holds already isn't said again; what a person just pressed isn't taken away before its answer.
doc.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if ($(".htmx-request", target)) event.detail.shouldSwap = false;
  if (target.id === "say" && target.textContent.trim() === fragment.textContent.trim()) event.detail.shouldSwap = false;
});
doc.addEventListener("htmx:afterSettle", (event) => {
  const { elt: part, requestConfig, successful, xhr } = event.detail;
  reveal(part.parentElement ?? part);
  showSelected();
  if (requestConfig?.verb === "post" && successful) part.classList.add("just-changed"); // it fades in 2 s
  if (requestConfig?.elt.closest?.(".pager")) (part.closest(".list") ?? part).scrollIntoView({ block: "start" });
  const id = left.get(xhr);
  if (id === undefined || (doc.activeElement !== doc.body && !$("[aria-invalid]", part))) return;
  const again =
    $("[aria-invalid]", part) || (id && doc.getElementById(id)) || $(FIELDS, part) || $("[id$=-change]", part) || $("a, button, summary", part) || part;
  if (again === part) part.tabIndex = -1;
  again.focus({ preventScroll: true });
});

// htmx can't say that nothing answered: do it in words, where messages are.
doc.addEventListener("htmx:sendError", (event) => {
  const place = $("#messages");
  if (!place) return;
  const said = doc.createElement("p");
  said.className = "message message-error";
  said.textContent =
    event.detail.requestConfig?.verb === "get"
      ? "We couldn't reach the portal. Check your connection and try again."
      : "The connection dropped. Your change may have been saved: reload the page and check before you send it again.";
  place.replaceChildren(said);
});
