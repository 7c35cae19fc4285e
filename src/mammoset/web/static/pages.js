// What every page can do: copy a pseudonym, send a filter when it changes, and the keys of the help's own table.
"use strict";

const actions = { help: toggleHelp };

function toggleHelp() {
  const help = document.getElementById("help");
  if (help.open) help.close();
  else help.showModal();
}

function bindings() {
  const found = new Map();
  for (const row of document.querySelectorAll("#help tr[data-keys]")) {
    for (const key of row.dataset.keys.split(" ")) found.set(key, row.dataset.action);
  }
  return found;
}

function act(name) {
  if (actions[name]) return actions[name]();
  const control = document.querySelector(`a[data-action="${name}"], button[data-action="${name}"]`);
  if (control && !control.disabled) control.click();
}

// A key alone: with a modifier it belongs to the browser, in a field to the text. Shift is how some characters are
// typed, so it counts only with keys that are none.
function isAlone(event) {
  const isHeld = ["Control", "Meta", "Alt", "AltGraph"].some((name) => event.getModifierState(name));
  return !isHeld && !(event.shiftKey && event.key.length > 1) && !event.isComposing;
}

document.addEventListener("keydown", (event) => {
  if (!isAlone(event) || event.target.closest("input, select, textarea, [contenteditable]")) return;
  if (event.key === "Enter" && event.target.closest("a, button, summary")) return; // it has its own meaning there
  const name = bindings().get(event.key);
  const isHelpOpen = document.getElementById("help")?.open; // Escape closes it by itself
  if (!name || (isHelpOpen && name !== "help")) return;
  event.preventDefault();
  act(name);
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.copy) {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), 1500);
  } else if (button.dataset.action && actions[button.dataset.action]) {
    actions[button.dataset.action]();
  }
});

document.querySelector("form[data-autosubmit]")?.addEventListener("change", (event) => event.currentTarget.requestSubmit());

// A part of the page that the server is still making: ask for the page again until that part is there.
const SECONDS_BETWEEN = 2;

async function askAgain() {
  const part = document.querySelector("[data-being-made]");
  if (!part) return;
  const answer = await fetch(location.href).catch(() => null);
  const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  const made = page && page.getElementById(part.id);
  if (!made) return;
  part.replaceWith(made);
  setTimeout(askAgain, SECONDS_BETWEEN * 1000);
}

if (document.querySelector("[data-being-made]")) setTimeout(askAgain, 500);
