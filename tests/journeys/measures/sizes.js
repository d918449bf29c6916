// What is pressed or typed in, and is there: its own box, the label's that belongs to it, or the
// row's that its link covers. A link within a sentence is as high as the sentence.
() => {
  const found = [];
  const box = (el) => {
    const label = el.matches(".tick, .tick input") && (el.closest("label") ?? el.labels?.[0]);
    const boxes = [el, ...(label ? [label] : [])].map((each) => each.getBoundingClientRect());
    const cover = el.matches(".table td:is(:first-child, .tick-cell + td) a, .table .row-link") && el.closest("tr");
    if (cover) boxes.push(cover.getBoundingClientRect());
    return boxes.reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a));
  };
  for (const el of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    if (!el.checkVisibility({ visibilityProperty: true }) || el.matches(".skip, [type=hidden], .sr-only *")) continue;
    if (el.closest("thead")?.getBoundingClientRect().width < 2) continue; // on a phone it's for screen readers alone
    const { width, height } = box(el);
    if (width < 2) continue;
    const style = getComputedStyle(el);
    const text = /^(INPUT|SELECT|TEXTAREA)$/.test(el.tagName) && !el.matches("[type=checkbox], [type=radio]");
    if (text && parseFloat(style.fontSize) < 16) found.push(`${el.name}: text of ${style.fontSize}`);
    const prose = style.display === "inline" && el.parentElement.textContent.trim().length > el.textContent.trim().length;
    if (!prose && (width < 43.5 || height < 43.5))
      found.push(`${el.tagName.toLowerCase()}.${el.className} "${el.textContent.trim().slice(0, 30)}" ${Math.round(width)}x${Math.round(height)}`);
  }
  return [...new Set(found)];
}
