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

// A form[data-patient] waits on its page while the portal is not reached, with all that
// was typed and every photo, and is sent as soon as it is.
const RETRY_MS = 4000;
const ANSWER_MS = 6000;

async function isReached() {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    return (await fetch("/healthz", { cache: "no-store", signal })).ok;
  } catch {
    return false;
  }
}

async function sendWhenReached(form, submitter) {
  const note = form.querySelector("[data-waiting]");
  while (!(await isReached())) {
    if (note) note.hidden = false;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  form.dataset.reached = "yes";
  form.requestSubmit(submitter);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-patient]");
  if (!form || form.dataset.reached) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.asked) return;
  form.dataset.asked = "yes";
  sendWhenReached(form, event.submitter);
}, true);
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-patient]")) {
    delete form.dataset.reached;
    delete form.dataset.asked;
  }
});
