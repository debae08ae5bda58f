import type { SerializedDockview } from 'dockview-react';
import { isTabContent, keptContent, type TabContent } from './tabs';

/** Limits of the Explorer's width in pixels. */
export const SIDE_PANEL = { least: 180, most: 640, usual: 280 } as const;

/** What `settings.layout` holds, as JSON. */
export interface SavedLayout {
  readonly version: 1;
  readonly sidePanel: { readonly open: boolean; readonly width: number };
  readonly dock: SerializedDockview | null;
}

export const NEW_LAYOUT: SavedLayout = {
  version: 1,
  sidePanel: { open: true, width: SIDE_PANEL.usual },
  dock: null,
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

export const clampWidth = (width: number): number =>
  Number.isFinite(width) ? Math.round(Math.max(SIDE_PANEL.least, Math.min(SIDE_PANEL.most, width))) : SIDE_PANEL.usual;

function isDock(value: unknown): value is SerializedDockview {
  if (!isRecord(value) || !isRecord(value['grid']) || !isRecord(value['panels'])) return false;
  return Object.values(value['panels']).every(
    (panel) => isRecord(panel) && isRecord(panel['params']) && isTabContent(panel['params']['content']),
  );
}

/** Reads what was saved. What can't be used is left out: a window must open whatever the file holds. */
export function readLayout(text: string): SavedLayout {
  if (text === '') return NEW_LAYOUT;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return NEW_LAYOUT;
  }
  if (!isRecord(value) || value['version'] !== 1 || !isRecord(value['sidePanel'])) return NEW_LAYOUT;
  const { open, width } = value['sidePanel'];
  return {
    version: 1,
    sidePanel: { open: open !== false, width: clampWidth(Number(width)) },
    dock: isDock(value['dock']) ? value['dock'] : null,
  };
}

/** The dock as it is kept: every tab reduced to what may be kept of it. */
export function keptDock(dock: SerializedDockview): SerializedDockview {
  const panels = Object.entries(dock.panels).map(([id, panel]) => {
    const content: unknown = panel.params?.['content'];
    const kept: TabContent = isTabContentOfAnyAge(content) ? keptContent(content) : { view: 'start' };
    return [id, { ...panel, params: { content: kept } }] as const;
  });
  return { ...dock, panels: Object.fromEntries(panels) };
}

/** A live tab may hold query text, which a saved one may not. */
function isTabContentOfAnyAge(value: unknown): value is TabContent {
  if (isRecord(value) && value['view'] === 'query')
    return isTabContent({ ...value, initialSql: '', runAtOnce: false, sessionId: undefined });
  if (isRecord(value) && value['view'] === 'terminal')
    return isTabContent({ ...value, start: false, terminalId: undefined });
  return isTabContent(value);
}
