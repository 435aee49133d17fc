// Recording an activity: what the kind usually brings is filled in, until it is changed
// by hand. Without JavaScript the server does the same when the form comes in.

// The ticked list has its own 全部到会 that shows whom it ticked.
for (const plain of document.querySelectorAll("[data-plain]")) plain.remove();

const form = document.querySelector("form[data-record]");
const source = document.getElementById("kind-defaults");

if (form && source) {
  const defaults = JSON.parse(source.textContent);
  const prefilled = form.elements.prefilled;

  const titleFor = (kind) => {
    const [year, month] = form.elements.starts_at.value.split("-");
    return year && month ? `${year}年${Number(month)}月${defaults[kind].label}` : "";
  };
  const tickedItems = () => [...form.querySelectorAll("input[name=items]:checked")]
    .map((box) => Number(box.value)).sort().join();

  let shownTitle = prefilled.value ? titleFor(prefilled.value) : "";

  form.addEventListener("change", (event) => {
    const { name, value } = event.target;
    if (name !== "kind" && name !== "starts_at") return;
    const before = prefilled.value;
    const kind = name === "kind" ? value : before;
    if (!defaults[kind]) return;
    const { title, hours } = form.elements;
    if (title.value === "" || title.value === shownTitle) title.value = titleFor(kind);
    shownTitle = titleFor(kind);
    if (name !== "kind") return;
    const old = defaults[before] ?? { hours: "", items: [] };
    if (hours.value === "" || Number(hours.value) === Number(old.hours)) {
      hours.value = defaults[kind].hours;
    }
    if (tickedItems() === [...old.items].sort().join()) {
      for (const box of form.querySelectorAll("input[name=items]")) {
        box.checked = defaults[kind].items.includes(Number(box.value));
      }
    }
    prefilled.value = kind;
  });
}
