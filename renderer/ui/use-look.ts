import { useSyncExternalStore } from 'react';

const ROOT = document.documentElement;
const LOOK = ['data-mantine-color-scheme', 'data-contrast', 'data-editor-size'];

function follow(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(ROOT, { attributes: true, attributeFilter: LOOK });
  return () => observer.disconnect();
}

const current = (): string => LOOK.map((name) => ROOT.getAttribute(name) ?? '').join(' ');

/**
 * Changes whenever the tokens do (light, dark, high contrast, size of the editor's text), e.g. `dark high 12.5`: what draws by itself (canvas, editor) reads them again
 * then, for by that time they are in force.
 */
export const useLook = (): string => useSyncExternalStore(follow, current);
