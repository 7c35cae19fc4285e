/** Put the focus on the first link of the next row (1) or the one before (-1); on the first row when none has it. */
export function moveRow(list: HTMLElement | null, step: 1 | -1): void {
  const links = [...(list?.querySelectorAll<HTMLAnchorElement>('tbody tr a:first-of-type') ?? [])]
  const here = links.findIndex((link) => link === document.activeElement)
  const there = here === -1 ? 0 : Math.min(Math.max(here + step, 0), links.length - 1)
  links[there]?.focus()
}
