import { keysInForce, sameSpelling, type KeyChoices } from '../../../shared/model/keymap';

/** An action that keys can be given to. */
export interface Bindable {
  readonly id: string;
  /** Name that a person reads. */
  readonly label: string;
  /** Part of the list in which it stands; a tab's actions: the part of their id before the dot. */
  readonly area: string;
  /** Where its keys count: everywhere, or in tabs of a kind. */
  readonly scope: string;
  /** The keys that it comes with; undefined for the shell's, which has them in the keymap. */
  readonly usual: string | readonly string[] | undefined;
}

export const keysOf = ({ id, usual }: Bindable, choices: KeyChoices): readonly string[] =>
  keysInForce(id, usual, choices);

/** Which other action of the same scope has the keys; null when they are free. The shell's F5 and a tab's don't meet: the tab's comes first. */
export function takenBy(
  keys: string,
  wanted: Bindable,
  all: readonly Bindable[],
  choices: KeyChoices,
  mac: boolean,
): Bindable | null {
  const spelled = sameSpelling(keys, mac);
  const has = (each: Bindable) => keysOf(each, choices).some((own) => sameSpelling(own, mac) === spelled);
  return all.find((each) => each.scope === wanted.scope && each.id !== wanted.id && has(each)) ?? null;
}

/** The choices with an action's keys changed; what an action comes with is no choice. `from` loses them. */
export function withKeys(choices: KeyChoices, action: Bindable, keys: string, from: Bindable | null): KeyChoices {
  const { [action.id]: _before, ...others } = choices;
  const usual = keysOf(action, {});
  const same = usual.length === 0 ? keys === '' : usual.length === 1 && usual[0] === keys;
  const chosen = same ? others : { ...others, [action.id]: keys };
  return from === null ? chosen : { ...chosen, [from.id]: '' };
}

/** The choices with an action's own keys again. */
export function withoutChoice(choices: KeyChoices, { id }: Bindable): KeyChoices {
  const { [id]: _gone, ...others } = choices;
  return others;
}
