// The commands of a review with the reviewer's name in them, as typed once and remembered by the tab.
"use strict";

const by = document.getElementById("by");

// A name of letters, digits, dots and dashes needs no quotes in a shell; any other one gets them.
function quoted(name) {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}

function fill() {
  const name = sessionStorage.getItem("by");
  for (const one of document.querySelectorAll("[data-command]")) {
    const command = name ? one.dataset.command.replace("--by NAME", () => `--by ${quoted(name)}`) : one.dataset.command;
    one.dataset.copy = command;
    const shown = one.parentElement.querySelector("code");
    if (shown) shown.textContent = command;
  }
}

if (by) {
  by.value = sessionStorage.getItem("by") ?? "";
  by.addEventListener("input", () => {
    sessionStorage.setItem("by", by.value.trim());
    fill();
  });
}
fill();
