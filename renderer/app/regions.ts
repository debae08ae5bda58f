/** The parts of the window that F6 goes through, in reading order; each carries `data-region`. */
const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select, textarea, [tabindex]:not([tabindex="-1"]), [contenteditable="true"]';

const canFocus = (element: HTMLElement): boolean => element.checkVisibility({ checkVisibilityCSS: true });

/** Moves the focus to the first thing that takes it in the next part of the window. */
export function focusNextRegion(): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(canFocus);
  const current = regions.findIndex((region) => region.contains(document.activeElement));
  for (let step = 1; step <= regions.length; step++) {
    const region = regions[(current + step + regions.length) % regions.length];
    const target = [...(region?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])].find(canFocus);
    if (target !== undefined) {
      target.focus();
      return;
    }
  }
}
