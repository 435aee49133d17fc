// Ticked lists: [data-checklist] with items [data-checklist-item], and, optional,
// [data-checklist-all], [data-checklist-count], [data-checklist-search].

function boxes(list) {
  return [...list.querySelectorAll("[data-checklist-item] input[type=checkbox]")];
}

function shownBoxes(list) {
  return boxes(list).filter((box) => !box.closest("[data-checklist-item]").hidden);
}

function refresh(list) {
  const all = boxes(list);
  const ticked = all.filter((box) => box.checked).length;
  const count = list.querySelector("[data-checklist-count]");
  if (count) count.textContent = `已选 ${ticked} / ${all.length}`;
  const master = list.querySelector("[data-checklist-all]");
  if (master) {
    const shown = shownBoxes(list);
    const shownTicked = shown.filter((box) => box.checked).length;
    master.checked = shown.length > 0 && shownTicked === shown.length;
    master.indeterminate = shownTicked > 0 && shownTicked < shown.length;
  }
}

function search(list, text) {
  const wanted = text.trim().toLowerCase();
  for (const item of list.querySelectorAll("[data-checklist-item]")) {
    const words = `${item.textContent} ${item.dataset.checklistItem}`.toLowerCase();
    item.hidden = !words.includes(wanted);
  }
}

function enhance(root) {
  const lists = [...root.querySelectorAll("[data-checklist]")];
  if (root.matches?.("[data-checklist]")) lists.push(root);
  for (const list of lists) {
    for (const tool of list.querySelectorAll("[data-checklist-tool]")) tool.hidden = false;
    refresh(list);
  }
}

document.addEventListener("change", (event) => {
  const list = event.target.closest?.("[data-checklist]");
  if (!list) return;
  if (event.target.matches("[data-checklist-all]")) {
    for (const box of shownBoxes(list)) box.checked = event.target.checked;
  }
  refresh(list);
});

document.addEventListener("input", (event) => {
  const list = event.target.closest?.("[data-checklist]");
  if (!list || !event.target.matches("[data-checklist-search]")) return;
  search(list, event.target.value);
  refresh(list);
});

document.addEventListener("keydown", (event) => {
  // Enter in the search box would send the form half filled in.
  if (event.key === "Enter" && event.target.matches?.("[data-checklist-search]")) {
    event.preventDefault();
  }
});

document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
enhance(document);
