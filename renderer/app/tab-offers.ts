import type { TabActionOffer } from '../ui/workbench';

/** What is added to a tab's content when it moves, see `TabHandle.setMove`. */
export type TabMove = () => Readonly<Record<string, string>>;

/** What the views of the open tabs offer, by tab and part of the view. */
const offers = new Map<string, Map<string, readonly TabActionOffer[]>>();
const moves = new Map<string, TabMove>();

/** Every action that a view has offered in this window so far, by id: what keys can be chosen for. */
const known = new Map<string, TabActionOffer>();

export function offerTabActions(tab: string, part: string, actions: readonly TabActionOffer[] | null): void {
  const parts = offers.get(tab) ?? new Map<string, readonly TabActionOffer[]>();
  if (actions === null) parts.delete(part);
  else {
    parts.set(part, actions);
    for (const action of actions) known.set(action.id, action);
  }
  if (parts.size === 0) offers.delete(tab);
  else offers.set(tab, parts);
}

/** What can be done in a tab, in the order in which its parts offered it. */
export const tabActions = (tab: string | null | undefined): readonly TabActionOffer[] =>
  tab === null || tab === undefined ? [] : [...(offers.get(tab)?.values() ?? [])].flat();

export const knownTabActions = (): readonly TabActionOffer[] => [...known.values()];

export function setTabMove(tab: string, move: TabMove | null): void {
  if (move === null) moves.delete(tab);
  else moves.set(tab, move);
}

export const tabMove = (tab: string): TabMove | undefined => moves.get(tab);

/** The tab is gone. */
export function forgetOffers(tab: string): void {
  offers.delete(tab);
  moves.delete(tab);
}
