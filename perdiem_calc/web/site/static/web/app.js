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

  // Two minutes before an office server ends the session, a message offers to stay.
  const ending = document.getElementById("session");
  if (ending) {
    let timer;
    const wait = (left) => {
      clearTimeout(timer);
      ending.hidden = true;
      timer = setTimeout(() => { ending.hidden = false; }, Math.max(0, left - 120) * 1000);
    };
    wait(Number(ending.dataset.left));
    document.addEventListener("htmx:afterRequest", (event) => {
      const left = event.detail.xhr && event.detail.xhr.getResponseHeader("Session-Ends");
      if (left) wait(Number(left));
    });
    ending.querySelector("button").addEventListener("click", async () => {
      const answer = await fetch(ending.dataset.stay, { credentials: "same-origin" });
      const left = answer.headers.get("Session-Ends");
      if (left) wait(Number(left));
      else ending.textContent = "You were signed out. Save now: what you typed is kept, and shown again once you signed in.";
    });
  }

  // Typed, and not saved.
  let typed = false;
  document.addEventListener("input", (event) => { if (event.target.closest("[data-guard]")) typed = true; });
  document.addEventListener("submit", () => { typed = false; });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });

  // A scan that is chosen is attached; a meal that is chosen was furnished.
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.type === "file" && box.id.startsWith("file-") && box.files.length) {
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
