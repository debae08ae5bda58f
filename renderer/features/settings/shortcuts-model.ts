import { keysInForce, sameSpelling, type KeyChoices } from '../../../shared/model/keymap';

/** An action that keys can be given to. */
export interface Bindable {
  readonly id: string;
  /** Name that a person reads. */
  readonly label: string;
  /** Part of the list in which it stands; a tab's actions: the part of their id before the dot. */
  readonly area: string;
  /** Kinds of tabs in which its keys count; none is everywhere. */
  readonly scopes: readonly string[];
  /** The keys that it comes with; undefined for the shell's, which has them in the keymap. */
  readonly usual: string | readonly string[] | undefined;
}

export const keysOf = ({ id, usual }: Bindable, choices: KeyChoices): readonly string[] =>
  keysInForce(id, usual, choices);

const spelledIn = (keys: readonly string[], spelled: string, mac: boolean): boolean =>
  keys.some((own) => sameSpelling(own, mac) === spelled);

/** Which other action has the keys where they count; null when they are free. */
export function takenBy(
  keys: string,
  wanted: Bindable,
  all: readonly Bindable[],
  choices: KeyChoices,
  mac: boolean,
): Bindable | null {
  const spelled = sameSpelling(keys, mac);
  const isUsual = (of: Bindable) => spelledIn(keysOf(of, {}), spelled, mac);
  const meets = (each: Bindable) => {
    const bothTabs = each.scopes.length > 0 && wanted.scopes.length > 0;
    if (bothTabs) return each.scopes.some((scope) => wanted.scopes.includes(scope));
    // Keys that a tab's action and the shell's both come with are meant so: the tab's comes first.
    return each.scopes.length === wanted.scopes.length || !(isUsual(each) && isUsual(wanted));
  };
  const has = (each: Bindable) => spelledIn(keysOf(each, choices), spelled, mac);
  return all.find((each) => each.id !== wanted.id && has(each) && meets(each)) ?? null;
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
