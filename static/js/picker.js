// Turn select[data-picker] into a search box. The plain select keeps working without it.

const { pickerScript, pickerStyle } = document.querySelector("[data-picker-script]").dataset;
let loading = null;

function load() {
  loading ??= import(pickerScript).then(() => {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = pickerStyle;
    // Before our own sheets, so that they win.
    document.querySelector("link[rel=stylesheet]").after(style);
  });
  return loading;
}

function enhance(select) {
  if (select.tomselect) return;
  const isMany = select.multiple;
  const picker = new window.TomSelect(select, {
    maxOptions: 200,
    plugins: isMany ? { remove_button: { title: "移除" } } : {},
    hideSelected: isMany,
    searchField: ["text", "pinyin"],
    dataAttr: null,
    onInitialize() {
      // data-pinyin on an option lets 张伟 be found by zw or zhangwei.
      for (const option of Object.values(this.options)) {
        option.pinyin = option.$option?.dataset.pinyin ?? "";
      }
    },
    render: {
      no_results: () => '<div class="no-results">没有找到</div>',
    },
  });
  picker.control_input.setAttribute("autocomplete", "off");
  // The label now names the search box; the select behind it would be a nameless twin.
  select.setAttribute("aria-hidden", "true");
}

async function enhanceAll(root) {
  const selects = [...root.querySelectorAll("select[data-picker]")];
  if (root.matches?.("select[data-picker]")) selects.push(root);
  if (!selects.length) return;
  await load();
  selects.forEach(enhance);
}

document.addEventListener("htmx:load", (event) => enhanceAll(event.detail.elt));
enhanceAll(document);
