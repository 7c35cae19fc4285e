// The views of an exam: findings on and off, windows, inversion, hanging, and one view moved and enlarged.
// What was chosen holds for the next exam too, as long as the browser's tab is open.
"use strict";

const ZOOM_STEP = 1.25;
const MAX_ZOOM = 8; // screen pixels per image pixel
const views = document.querySelector(".views");
const main = document.querySelector("main");
const stage = document.querySelector(".stage");
const choice = Object.assign(
  { findings: true, inverted: false, pairs: false, window: 1 },
  JSON.parse(sessionStorage.getItem("choice") ?? "{}"),
);

// A choice holds only on pages that offer it.
function offers(action) {
  return document.querySelector(`button[data-action="${action}"]`) !== null;
}

function apply() {
  sessionStorage.setItem("choice", JSON.stringify(choice));
  document.body.classList.toggle("no-findings", offers("findings") && !choice.findings);
  views?.classList.toggle("pairs", choice.pairs);
  const offered = document.querySelectorAll('button[data-action^="window-"]').length || 1;
  const shown = Math.min(choice.window, offered);
  press("findings", choice.findings);
  press("invert", choice.inverted);
  press("hanging", choice.pairs);
  for (let n = 1; n <= offered; n += 1) press(`window-${n}`, n === shown);
  showAll(shown);
  measure();
}

function press(action, isOn) {
  document.querySelector(`button[data-action="${action}"]`)?.setAttribute("aria-pressed", String(isOn));
}

function addressOf(image, window) {
  const address = new URL(image.dataset.isFull ? image.dataset.full : image.dataset.preview, location.href);
  const number = Math.min(window, Number(image.dataset.windows));
  if (number > 1) address.searchParams.set("window", number);
  if (offers("invert") && choice.inverted) address.searchParams.set("inverted", "true");
  return address.pathname + address.search;
}

// All views change at once, when every new picture is there; until then the old ones stay.
let wanted = 0;
async function showAll(window) {
  const turn = (wanted += 1);
  const changing = [...document.querySelectorAll("image[data-preview]")]
    .map((image) => [image, addressOf(image, window)])
    .filter(([image, address]) => image.getAttribute("href") !== address);
  main.setAttribute("aria-busy", "true");
  await Promise.allSettled(
    changing.map(([, address]) => {
      const ahead = new Image();
      ahead.src = address;
      return ahead.decode();
    }),
  );
  if (turn !== wanted) return;
  for (const [image, address] of changing) image.setAttribute("href", address);
  main.setAttribute("aria-busy", "false");
}

// Text in a pane is in millimetres of the breast; this tells the style how many of them a screen pixel is.
function measure() {
  for (const pane of document.querySelectorAll("svg[data-pane-width]")) {
    const { width, height } = pane.getBoundingClientRect();
    const scale = Math.min(width / pane.dataset.paneWidth, height / pane.dataset.paneHeight);
    if (scale > 0) pane.style.setProperty("--unit", 1 / scale);
  }
}

if (offers("findings")) actions.findings = () => { choice.findings = !choice.findings; apply(); };
if (offers("invert")) actions.invert = () => { choice.inverted = !choice.inverted; apply(); };
if (views) actions.hanging = () => { choice.pairs = !choice.pairs; apply(); };
for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
  actions[`window-${n}`] = () => {
    if (!offers(`window-${n}`)) return;
    choice.window = n;
    apply();
  };
}

for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const number = event.target.closest?.("[data-finding]")?.dataset.finding;
    for (const one of document.querySelectorAll("[data-finding]")) {
      one.classList.toggle("here", one.dataset.finding === number);
    }
  });
}

if (stage) enlarge();
addEventListener("resize", measure);
apply();

function enlarge() {
  const pane = stage.querySelector("svg");
  const image = pane.querySelector("image");
  const [paneWidth, paneHeight] = [Number(pane.dataset.paneWidth), Number(pane.dataset.paneHeight)];
  let zoom = 0; // screen pixels per image pixel; 0 shows the whole view

  const fitting = () => {
    const scale = Math.min(stage.clientWidth / paneWidth, stage.clientHeight / paneHeight);
    return (scale * paneWidth * devicePixelRatio) / pane.dataset.columns;
  };

  function zoomTo(wanted, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
    const before = pane.getBoundingClientRect();
    const frame = stage.getBoundingClientRect();
    const [across, down] = [(frame.left + x - before.left) / before.width, (frame.top + y - before.top) / before.height];
    zoom = wanted < Math.min(fitting(), 1) ? 0 : Math.min(wanted, MAX_ZOOM);
    const width = (zoom * pane.dataset.columns) / devicePixelRatio;
    pane.style.width = zoom ? `${width}px` : "";
    pane.style.height = zoom ? `${(width * paneHeight) / paneWidth}px` : "";
    const after = pane.getBoundingClientRect();
    stage.scrollLeft += after.left - frame.left + across * after.width - x;
    stage.scrollTop += after.top - frame.top + down * after.height - y;
    if ((zoom || fitting()) * pane.dataset.rows > 1728) image.dataset.isFull = "yes";
    document.querySelector("[data-zoom]").textContent = zoom ? `${Math.round(zoom * 100)} %` : "fit";
    press("zoom-toggle", zoom > 0);
    apply();
  }

  actions["zoom-in"] = () => zoomTo((zoom || fitting()) * ZOOM_STEP);
  actions["zoom-out"] = () => zoomTo((zoom || fitting()) / ZOOM_STEP);
  actions["zoom-toggle"] = () => zoomTo(zoom ? 0 : 1);

  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    const frame = stage.getBoundingClientRect();
    const factor = event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP;
    zoomTo((zoom || fitting()) * factor, event.clientX - frame.left, event.clientY - frame.top);
  }, { passive: false });
  stage.addEventListener("dblclick", (event) => {
    const frame = stage.getBoundingClientRect();
    zoomTo(zoom ? 0 : 1, event.clientX - frame.left, event.clientY - frame.top);
  });
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    stage.setPointerCapture(event.pointerId);
    stage.classList.add("held");
  });
  stage.addEventListener("pointermove", (event) => {
    if (!stage.classList.contains("held")) return;
    stage.scrollLeft -= event.movementX;
    stage.scrollTop -= event.movementY;
  });
  for (const kind of ["pointerup", "pointercancel"]) stage.addEventListener(kind, () => stage.classList.remove("held"));
}
