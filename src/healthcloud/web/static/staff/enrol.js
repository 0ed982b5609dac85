// The invitation's token stands behind # in the link: put it into its field, and out of the address and the history.
const token = /** @type {HTMLInputElement} */ (document.getElementById("token"));
if (location.hash.length > 1) {
  token.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  document.getElementById("password")?.focus();
}
