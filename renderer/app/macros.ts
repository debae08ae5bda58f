import type { Macro } from '../../shared/model/library';
import { api, listen } from '../api';
import { presentError } from '../ui/error-presenter';

let macros: readonly Macro[] = [];
let following = false;

const read = () => {
  api.library.macros({}).then((now) => {
    macros = now;
  }, presentError);
};

/** Reads the macros and keeps them up to date from then on. Safe to call often. */
export function followMacros(): void {
  if (following) return;
  following = true;
  listen('library', 'changed', ({ what }) => {
    if (what === 'macros') read();
  });
  read();
}

/** The macro whose keys are pressed. */
export const macroOfKeys = (isPressed: (keys: string) => boolean): Macro | undefined =>
  macros.find(({ keys }) => keys !== '' && isPressed(keys));

/** The macros that are known in this window. */
export const knownMacros = (): readonly Macro[] => macros;
