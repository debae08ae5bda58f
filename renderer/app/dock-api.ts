import type { DockviewApi, IDockviewPanel } from 'dockview-react';
import { forgetTab, tabState, useShell } from './store';
import { tabIdOf, type TabContent } from './tabs';

let dock: DockviewApi | null = null;
let lastFresh = 0;

/** The dock that stands in the window; null before it is ready. */
export const currentDock = (): DockviewApi | null => dock;

export function setDock(api: DockviewApi): void {
  dock = api;
}

/** A number that no tab of this or an earlier run has. */
const fresh = (): string => {
  lastFresh = Math.max(lastFresh + 1, Date.now());
  return lastFresh.toString(36);
};

/** Opens a tab, or focuses it (with the new content) when it is there. */
export function openTab(content: TabContent): void {
  if (dock === null) return;
  const id = tabIdOf(content, fresh);
  const there = dock.getPanel(id);
  if (there === undefined) {
    dock.addPanel({ id, component: 'view', params: { content }, renderer: 'always' });
    return;
  }
  there.api.updateParameters({ content });
  there.api.setActive();
}

function closePanel(panel: IDockviewPanel): void {
  panel.api.close();
  forgetTab(panel.id);
}

/** Closes a tab; one with unsaved work asks first. */
export function closeTab(id: string): void {
  const panel = dock?.getPanel(id);
  if (panel === undefined) return;
  if (tabState(id).dirty) {
    panel.api.setActive();
    useShell.setState({ closing: id });
  } else closePanel(panel);
}

/** Closes a tab whatever it holds. */
export function closeTabNow(id: string): void {
  const panel = dock?.getPanel(id);
  if (panel !== undefined) closePanel(panel);
}

/** Closes the clean tabs of the same group; those with unsaved work stay. */
export function closeTabs(id: string, which: 'others' | 'all'): void {
  const group = dock?.getPanel(id)?.group;
  if (group === undefined) return;
  for (const panel of group.panels.toReversed()) {
    if (which === 'others' && panel.id === id) continue;
    if (!tabState(panel.id).dirty) closePanel(panel);
  }
}

/** Moves a tab into a new group beside or below. */
export function splitTab(id: string, direction: 'right' | 'below'): void {
  const panel = dock?.getPanel(id);
  if (dock === null || panel === undefined) return;
  const group = dock.addGroup({ referencePanel: panel, direction });
  panel.api.moveTo({ group });
}

export function floatOrDockTab(id: string): void {
  const panel = dock?.getPanel(id);
  if (dock === null || panel === undefined) return;
  if (panel.api.location.type === 'floating') {
    const home =
      dock.groups.find((group) => group.api.location.type === 'grid') ?? dock.addGroup({ direction: 'right' });
    panel.api.moveTo({ group: home });
  } else dock.addFloatingGroup(panel, { width: 720, height: 480 });
}

/** Activates the neighbour of the active tab, round the end, across groups. */
export function stepTab(step: 1 | -1): void {
  if (dock === null) return;
  const panels = dock.groups.flatMap((group) => group.panels);
  const at = panels.findIndex((panel) => panel.id === dock?.activePanel?.id);
  const next = panels[(at + step + panels.length) % panels.length];
  next?.api.setActive();
  next?.focus();
}
