() => {
  const found = [];
  const seen = (el) => el.checkVisibility({ visibilityProperty: true });
  const body = getComputedStyle(document.body);
  if (body.fontSize !== "15px" || body.lineHeight !== "24px") found.push(`body ${body.fontSize}/${body.lineHeight}`);
  for (const cell of document.querySelectorAll(".table td")) {
    if (!seen(cell) || cell.closest(".sr-only")) continue;
    const { fontSize, lineHeight } = getComputedStyle(cell);
    if (fontSize !== "14px" || lineHeight !== "20px") found.push(`cell ${fontSize}/${lineHeight}: ${cell.className}`);
  }
  for (const row of document.querySelectorAll("main .table tbody tr:not(:has(.wrap, .from-to, .sub, .row-strip))")) {
    const { height } = row.getBoundingClientRect();
    if (seen(row) && Math.abs(height - 40) > 1) found.push(`row of ${height}: ${row.textContent.trim().slice(0, 30)}`);
  }
  for (const el of document.querySelectorAll("main .button:not(.button-small, .button-wide), main .input, main select")) {
    const { height } = el.getBoundingClientRect();
    if (seen(el) && !el.matches("textarea, .table select") && Math.abs(height - 32) > 1) found.push(`control of ${height}: ${el.className} ${el.textContent.trim().slice(0, 20)}`);
  }
  for (const link of document.querySelectorAll(".side .nav-link")) {
    const { fontSize, lineHeight } = getComputedStyle(link);
    if (fontSize !== "14px" || lineHeight !== "20px") found.push(`navigation ${fontSize}/${lineHeight}`);
  }
  return [...new Set(found)].slice(0, 12);
}
