// What is wrong with a page for somebody who uses a screen reader or no mouse; empty when nothing is.
() => {
  const faults = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const isShown = (one) => one.checkVisibility();
  const nameOf = (one) =>
    [one.getAttribute("aria-label"), ...(one.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent),
      ...[...(one.labels ?? [])].map((label) => label.textContent), one.textContent].filter(Boolean).join(" ").trim();
  if (all("main").length !== 1) faults.push("not one main");
  if (all("h1").filter(isShown).length !== 1) faults.push("not one h1");
  let level = 1;
  for (const heading of all("main h1, main h2, main h3").filter(isShown)) {
    const here = Number(heading.tagName[1]);
    if (here > level + 1) faults.push(`heading skips a level: ${heading.textContent}`);
    level = here;
  }
  for (const one of all("input, select, textarea").filter(isShown)) {
    const labels = [...(one.labels ?? [])].map((label) => label.textContent).join("").trim();
    if (!labels && !one.getAttribute("aria-label")) faults.push(`field without a label: ${one.outerHTML}`);
  }
  for (const one of all("button, a, summary").filter(isShown)) {
    if (!nameOf(one)) faults.push(`nothing says what it does: ${one.outerHTML}`);
    if (one.tabIndex < 0 && one.id !== "content") faults.push(`not reached by keyboard: ${one.outerHTML}`);
  }
  for (const table of all("main table").filter(isShown)) {
    if (table.querySelectorAll("th[scope]").length === 0) faults.push("a table without headings");
  }
  for (const svg of all("main svg:not([data-combobox-chevron])")) {
    const isTold = svg.getAttribute("role") === "img" && svg.querySelector("title") !== null && svg.querySelector("desc") !== null;
    if (!isTold && svg.getAttribute("aria-hidden") !== "true") faults.push(`a picture that says nothing: ${svg.outerHTML.slice(0, 80)}`);
  }
  const ids = all("[id]").map((one) => one.id);
  for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) faults.push(`two have the id ${id}`);
  return faults;
};
