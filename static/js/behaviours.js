// Small behaviours of every page: menus, notices, passwords, printing.

const RESEND_AFTER_MS = 4000;

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

function togglePassword(button) {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  if (!input) return;
  const isShown = input.type === "text";
  input.type = isShown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!isShown));
}

function reveal(root) {
  // These controls do nothing without JavaScript, so they arrive hidden.
  const selector = "[data-password-toggle], [data-dismiss], [data-print]";
  for (const control of root.querySelectorAll(selector)) control.hidden = false;
  const summary = root.querySelector("[data-error-summary]");
  if (summary) summary.focus();
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details[data-menu]"));
  const dismiss = event.target.closest("[data-dismiss]");
  if (dismiss) dismiss.closest(".notice").remove();
  const toggle = event.target.closest("[data-password-toggle]");
  if (toggle) togglePassword(toggle);
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("submit", (event) => {
  // A second click on a slow line must not send the form twice.
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  // A form that answers with a file leaves the page standing: let it be sent again.
  window.setTimeout(() => { delete form.dataset.sent; }, RESEND_AFTER_MS);
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
  }
});

document.addEventListener("htmx:load", (event) => reveal(event.detail.elt));
reveal(document);
