// What has the focus: whether anything covers it, at its middle or at all four corners.
() => {
  const el = document.activeElement;
  if (el === document.body) return "";
  const { left, right, top, bottom } = el.getBoundingClientRect();
  const points = [[(left + right) / 2, (top + bottom) / 2], [left + 2, top + 2], [right - 2, bottom - 2]];
  const seen = points.some(([x, y]) => {
    const hit = document.elementFromPoint(x, y);
    return hit && (el.contains(hit) || hit.contains(el) || [...(el.labels ?? [])].some((label) => label.contains(hit)));
  });
  return seen ? "" : `${el.tagName} ${el.className} ${el.textContent.trim().slice(0, 30)} at ${Math.round(top)}`;
}
