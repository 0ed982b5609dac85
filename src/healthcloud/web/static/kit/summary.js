// The error summary takes the focus, also where the browser keeps `autofocus` for fields only.
const summary = document.querySelector("[data-kit-summary]");
if (summary instanceof HTMLElement) summary.focus();
