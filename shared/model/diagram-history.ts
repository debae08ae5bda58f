import type { Diagram } from './diagram';

/** The diagram as it is, what it was and what was taken back. */
export interface DiagramHistory {
  readonly past: readonly Diagram[];
  readonly present: Diagram;
  readonly future: readonly Diagram[];
  /** The diagram that is in the file (or was read); the tab is dirty while it isn't the present one. */
  readonly saved: Diagram;
}

/** Steps that can be taken back. Diagrams share what they have in common, so that a step is small. */
const MOST_STEPS = 200;

export const startHistory = (diagram: Diagram): DiagramHistory => ({
  past: [],
  present: diagram,
  future: [],
  saved: diagram,
});

/** A step that can be taken back; none when nothing changed. */
export function step(history: DiagramHistory, next: Diagram): DiagramHistory {
  if (next === history.present) return history;
  return { ...history, past: [...history.past, history.present].slice(-MOST_STEPS), present: next, future: [] };
}

export function undo(history: DiagramHistory): DiagramHistory {
  const before = history.past.at(-1);
  if (!before) return history;
  return {
    ...history,
    past: history.past.slice(0, -1),
    present: before,
    future: [history.present, ...history.future],
  };
}

export function redo(history: DiagramHistory): DiagramHistory {
  const after = history.future[0];
  if (!after) return history;
  return {
    ...history,
    past: [...history.past, history.present],
    present: after,
    future: history.future.slice(1),
  };
}

export const markSaved = (history: DiagramHistory, diagram: Diagram): DiagramHistory => ({
  ...history,
  saved: diagram,
});

export const isDirty = (history: DiagramHistory): boolean => history.present !== history.saved;
