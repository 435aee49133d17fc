// Django's search boxes (Select2) say nothing to a screen reader: lend them the label.

window.addEventListener("load", () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const text = select.labels[0]?.textContent.replace(/[:：]\s*$/, "").trim();
    const box = select.parentElement.querySelector(".select2-selection");
    if (!text || !box) continue;
    for (const part of [box, box.querySelector("[role=textbox]")]) {
      part?.setAttribute("aria-label", text);
      part?.removeAttribute("aria-labelledby");
    }
  }
});
