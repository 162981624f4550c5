// Everything works without this: it keeps the focus and warns of typed answers that are not saved.
(() => {
  "use strict";
  const summary = document.getElementById("summary");
  if (summary) summary.focus();

  // A link to a question focuses its box, and unfolds what it is folded away in.
  const reach = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    const found = name && (document.getElementById(name) || document.getElementById(name + "_0"));
    if (!found) return;
    const fold = found.closest("details");
    if (fold) fold.open = true;
    const box = found.matches("fieldset") ? found.querySelector("input") : found;
    if (box && box.matches("input, select, textarea")) box.focus();
  };
  window.addEventListener("hashchange", reach);
  if (!summary) reach();
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".summary a[href^='#']");
    if (!link) return;
    const box = document.getElementById(link.hash.slice(1));
    if (!box) return;
    event.preventDefault();
    const fold = box.closest("details");
    if (fold) fold.open = true;
    box.focus();
  });

  // Typed, and not saved.
  let typed = false;
  document.addEventListener("input", (event) => { if (event.target.closest("[data-guard]")) typed = true; });
  document.addEventListener("submit", () => { typed = false; });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });

  // A scan that is chosen is attached; a meal that is chosen was furnished.
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.type === "file" && box.files.length) {
      const status = document.getElementById(box.id.replace("file-", "status-"));
      if (status) status.value = "attached";
    }
    if (box.name && box.name.includes(".meals.") && box.value !== "none") {
      const yes = document.getElementById("furnished_1");
      if (yes) yes.checked = true;
    }
  }, true);

  // "Orlando, FL" chosen as a city is a city and a state.
  document.addEventListener("change", (event) => {
    const box = event.target;
    const found = box.name && box.name.endsWith(".city") && /^(.+), ([A-Z]{2})$/.exec(box.value);
    const state = found && document.getElementById(box.id.replace(/-city$/, "-state"));
    if (state && (!state.value || state.value === found[2])) { box.value = found[1]; state.value = found[2]; }
  }, true);
})();
