// <button data-kit-opens="id"> opens <dialog id>; the rest (Esc, the focus, the backdrop) is the browser's.
document.addEventListener("click", (event) => {
  const opener = event.target instanceof Element ? event.target.closest("[data-kit-opens]") : null;
  const dialog = opener && document.getElementById(opener.getAttribute("data-kit-opens") ?? "");
  if (dialog instanceof HTMLDialogElement) dialog.showModal();
  else if (event.target instanceof HTMLDialogElement) event.target.close(); // a tap on the backdrop
});
