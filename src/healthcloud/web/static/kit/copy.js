// <button data-kit-copy="id"> copies the text of that element; it shows only where the browser can.
for (const button of document.querySelectorAll("button[data-kit-copy]")) {
  if (!(button instanceof HTMLButtonElement) || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.kitCopy ?? "")?.textContent ?? "";
    await navigator.clipboard.writeText(text.trim());
    button.textContent = button.dataset.done ?? "";
  });
}
