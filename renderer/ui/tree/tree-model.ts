/** One visible line of a tree; the tree knows nothing of what it means. */
export interface TreeLine {
  readonly key: string;
  /** 1 at the root. */
  readonly level: number;
  readonly expandable: boolean;
  readonly expanded: boolean;
  /** 1-based place among its siblings, and their number. */
  readonly position: number;
  readonly siblings: number;
}

/** What a key asks of the tree. */
export type TreeMove =
  | { readonly to: number }
  | { readonly toggle: number }
  | { readonly open: number }
  | { readonly menu: number }
  | null;

/**
 * The WAI-ARIA tree keys over the visible lines: arrows, Home, End, Page keys, Enter, menu key. `at` is the active line, -1 none;
 * `page` the number of lines that fit.
 */
export function moveByKey(lines: readonly TreeLine[], at: number, key: string, shift: boolean, page: number): TreeMove {
  const last = lines.length - 1;
  if (last < 0) return null;
  const clamp = (index: number): TreeMove => ({ to: Math.max(0, Math.min(last, index)) });
  const line = lines[at];
  switch (key) {
    case 'ArrowDown':
      return clamp(at + 1);
    case 'ArrowUp':
      return clamp(at < 0 ? last : at - 1);
    case 'PageDown':
      return clamp(at + page);
    case 'PageUp':
      return clamp(at - page);
    case 'Home':
      return clamp(0);
    case 'End':
      return clamp(last);
    case 'ArrowRight':
      if (!line?.expandable) return null;
      if (!line.expanded) return { toggle: at };
      return (lines[at + 1]?.level ?? 0) > line.level ? { to: at + 1 } : null;
    case 'ArrowLeft':
      if (!line) return null;
      return line.expandable && line.expanded ? { toggle: at } : parentMove(lines, at);
    case 'Enter':
      return line ? { open: at } : null;
    case 'ContextMenu':
      return line ? { menu: at } : null;
    case 'F10':
      return line && shift ? { menu: at } : null;
    default:
      return null;
  }
}

function parentMove(lines: readonly TreeLine[], at: number): TreeMove {
  const level = lines[at]?.level ?? 1;
  for (let index = at - 1; index >= 0; index--) {
    if ((lines[index]?.level ?? 0) < level) return { to: index };
  }
  return null;
}
