// What htmx leaves open: telling the user of a failed request, and leaving no trace.

const TEXTS = {
  0: "网络不通，内容没有更新。请检查网络后重试。",
  403: "页面已失效或没有权限，请刷新页面后重试。",
  404: "没有找到这条记录，可能已被移动或不在您的工作范围内。",
  413: "文件太大，请拆分后再上传。",
  429: "操作太频繁，请稍后再试。",
};
const FALLBACK = "系统出错，这次操作没有完成。请稍后重试。";
const SHOWN_MS = 8000;

let timer = 0;

function show(text) {
  let box = document.getElementById("network-error");
  if (!box) {
    box = document.createElement("p");
    box.id = "network-error";
    box.className = "network-error";
    box.setAttribute("role", "alert");
    document.body.append(box);
  }
  box.textContent = text;
  box.hidden = false;
  window.clearTimeout(timer);
  timer = window.setTimeout(() => { box.hidden = true; }, SHOWN_MS);
}

// htmx notes the last address, with its search words, in sessionStorage. It only reads
// the note when its own memory is empty, so on a shared desk it is better not there.
function forgetAddress() {
  window.sessionStorage.removeItem("htmx-current-path-for-history");
}

const ADDRESS_EVENTS = [
  "htmx:load", "htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore",
];
for (const name of ADDRESS_EVENTS) document.addEventListener(name, forgetAddress);
window.addEventListener("pagehide", forgetAddress);
forgetAddress();

document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status === 401) window.location.reload();
  show(TEXTS[status] ?? FALLBACK);
});
document.addEventListener("htmx:sendError", () => show(TEXTS[0]));
document.addEventListener("htmx:timeout", () => show(TEXTS[0]));
