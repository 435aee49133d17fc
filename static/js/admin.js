// Django's search boxes (Select2) say nothing to a screen reader: lend them the label.

const lendLabels = () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const text = select.labels[0]?.textContent.replace(/[:：]\s*$/, "").trim();
    const box = select.parentElement.querySelector(".select2-selection");
    if (!text || !box) continue;
    for (const part of [box, box.querySelector("[role=textbox]")]) {
      part?.setAttribute("aria-label", text);
      part?.removeAttribute("aria-labelledby");
    }
  }
};

// Where all files come from the cache, the page is loaded before jQuery has drawn the
// boxes; whatever is handed to it now has its turn after them.
window.addEventListener("load", () => window.django?.jQuery?.(lendLabels));
