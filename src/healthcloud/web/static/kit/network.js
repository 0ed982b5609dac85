// Without a network a form stays as it was filled in, and the page says so; it is not sent into nowhere.
const notice = document.querySelector("[data-kit-offline]");

function tell() {
  if (notice instanceof HTMLElement) notice.hidden = navigator.onLine;
}

window.addEventListener("online", tell);
window.addEventListener("offline", tell);
tell();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (navigator.onLine || event.defaultPrevented || !(form instanceof HTMLFormElement) || form.method === "dialog") return;
  event.preventDefault();
  tell();
  notice?.scrollIntoView({ block: "center" });
});
