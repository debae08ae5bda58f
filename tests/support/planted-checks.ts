import type { Found } from '../../electron/control-plane/migration/checks/check';
import { CHECKS } from '../../electron/control-plane/migration/checks/registry';
import {
  databaseChoice,
  migrationOptions,
  objectSelection,
  type DatabaseChoice,
  type MigrationOptions,
} from '../../shared/model/migration';
import { runCheck, type CheckContextOptions } from './check-context';

/** A choice as it is written in a test; what is left out is as the window would leave it. */
export const choiceOf = (choice: unknown): DatabaseChoice => databaseChoice.parse(choice);

export const wholeDatabase = (name: string): DatabaseChoice => choiceOf({ name, mode: 'all' });

/** Tables of the schema `public`. */
export const onlyTables = (database: string, ...tables: string[]): DatabaseChoice =>
  choiceOf({
    name: database,
    mode: 'partial',
    schemas: [{ name: 'public', mode: 'partial', tables: tables.map((name) => ({ name })) }],
  });

export interface PlantedOptions extends Omit<CheckContextOptions, 'plans' | 'databases'> {
  readonly databases: readonly DatabaseChoice[];
}

/** Roles do not travel unless it is said. */
export function optionsOf(o: PlantedOptions): MigrationOptions {
  const objects = objectSelection.parse({ mode: 'partial', roleMode: 'none', databases: o.databases });
  return migrationOptions.parse({ type: 'full', objects, ...o.options });
}

/** What one check of the list finds where something was planted. */
export const look = (id: string, o: PlantedOptions): Promise<Found[]> =>
  runCheck(CHECKS, id, { ...o, options: optionsOf(o) });

export type Seen = Found & Required<Pick<Found, 'items' | 'effect' | 'remedy'>>;

/** The only finding of a check. */
export async function see(id: string, o: PlantedOptions): Promise<Seen> {
  const all = await look(id, o);
  const [first] = all;
  if (!first || all.length !== 1) throw new Error(`${id} found ${all.length} things`);
  return { ...first, items: first.items ?? [], remedy: first.remedy ?? '', effect: first.effect ?? '' };
}
