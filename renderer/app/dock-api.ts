import type { DockviewApi, IDockviewPanel } from 'dockview-react';
import { api } from '../api';
import { presentError } from '../ui/error-presenter';
import { forgetTab, tabState, useShell } from './store';
import { forgetOffers, tabMove } from './tab-offers';
import { movedContent, tabIdOf, type TabContent } from './tabs';
import { windowId } from './this-window';

let dock: DockviewApi | null = null;
let lastFresh = 0;

/** The dock that stands in the window; null before it is ready. */
export const currentDock = (): DockviewApi | null => dock;

export function setDock(next: DockviewApi): void {
  dock = next;
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
  const shown = content.view === 'query' ? { ...content, draftId: content.draftId ?? fresh() } : content;
  const there = dock.getPanel(id);
  if (there === undefined) {
    dock.addPanel({ id, component: 'view', params: { content: shown }, renderer: 'always' });
    return;
  }
  there.api.updateParameters({ content: shown });
  there.api.setActive();
}

const contentOf = (panel: IDockviewPanel): TabContent => panel.params?.['content'] as TabContent;

function takeOff(panel: IDockviewPanel): void {
  panel.api.close();
  forgetTab(panel.id);
  forgetOffers(panel.id);
}

function closePanel(panel: IDockviewPanel): void {
  const content = contentOf(panel);
  takeOff(panel);
  // Whoever closes a tab has done with its text; one that moves, or ends with the program, keeps it.
  if (content.view === 'query' && content.draftId !== undefined)
    api.library.dropDraft({ id: content.draftId }).catch(presentError);
}

/** Whether a tab can go to another window without losing what is in it. */
export function canMove(id: string): boolean {
  const panel = dock?.getPanel(id);
  if (panel === undefined) return false;
  const { view } = contentOf(panel);
  return tabMove(id) !== undefined || view === 'query' || (view !== 'terminal' && !tabState(id).dirty);
}

/** Moves a tab to another window, or to a new one of its own when none is named. */
export async function moveTabTo(id: string, target?: number): Promise<void> {
  const panel = dock?.getPanel(id);
  if (dock === null || panel === undefined || !canMove(id)) return;
  const added = tabMove(id)?.() ?? {};
  const content = movedContent(contentOf(panel), added);
  const sessionId = added['sessionId'] ?? added['terminalId'];
  const tab = { content: JSON.stringify(content), ...(sessionId === undefined ? {} : { sessionId }) };
  try {
    if (target === undefined) await api.app.openWindow({ tab });
    else await api.app.moveTab({ windowId: target, tab });
  } catch (error) {
    // It has let go of its session: a tab like the one that the other window would have got goes on here.
    takeOff(panel);
    openTab(content);
    throw error;
  }
  takeOff(panel);
  // A window that was opened for tabs has no use without any.
  if (dock.totalPanels === 0 && !useShell.getState().mainWindow) await api.app.closeWindow({ windowId });
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
