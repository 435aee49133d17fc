// Warn before leaving a form[data-draft] with unsent text.
// Nothing is stored: desks are shared, and drafts may hold personal data.

const dirty = new Set();

function formOf(event) {
  return event.target.closest?.("form[data-draft]");
}

document.addEventListener("input", (event) => {
  const form = formOf(event);
  if (form) dirty.add(form);
});
document.addEventListener("submit", (event) => {
  const form = formOf(event);
  if (form) dirty.delete(form);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (form && event.detail.successful) dirty.delete(form);
});
window.addEventListener("beforeunload", (event) => {
  const isUnsent = [...dirty].some((form) => form.isConnected);
  if (isUnsent) event.preventDefault();
});
