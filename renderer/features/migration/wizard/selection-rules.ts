import type { ObjectSelection } from '../../../../shared/model/migration';
import type { Problems, Rule } from '../model';

/** What is wrong with a selection, by the key of its line; `selection` for the whole: pure. */

/** Key of a line of the selection. */
export const keyOf = (...path: readonly string[]): string => JSON.stringify(path);

const bytes = (text: string): number => new TextEncoder().encode(text).length;

const nameRule = (newName: string, reserved: boolean): Rule | null => {
  if (newName === '') return null;
  if (bytes(newName) > 63) return 'identifier';
  return reserved && newName.startsWith('pg_') ? 'reserved' : null;
};

interface Named {
  readonly key: string;
  readonly name: string;
  readonly newName: string;
}

function check(named: readonly Named[], reserved: boolean, found: Record<string, Rule>): void {
  const taken = new Map<string, number>();
  for (const { name, newName } of named) {
    const last = newName === '' ? name : newName;
    taken.set(last, (taken.get(last) ?? 0) + 1);
  }
  for (const { key, newName } of named) {
    const rule = nameRule(newName, reserved) ?? (newName !== '' && (taken.get(newName) ?? 0) > 1 ? 'nameTwice' : null);
    if (rule !== null) found[key] = rule;
  }
}

/** @param databases all of the source: in an entire instance a new name may be that of one which keeps its own */
export function selectionProblems(selection: ObjectSelection, databases: readonly string[]): Problems {
  const found: Record<string, Rule> = {};
  if (selection.mode === 'partial' && selection.databases.length === 0) found['selection'] = 'nothingChosen';
  if (selection.roleMode === 'partial' && selection.roles.length === 0) found['roles'] = 'choose';
  const named = selection.databases.map(({ name, newName }) => ({ key: keyOf(name), name, newName }));
  const others =
    selection.mode === 'partial'
      ? []
      : databases
          .filter((name) => !named.some((each) => each.name === name))
          .map((name) => ({ key: keyOf(name), name, newName: '' }));
  check([...named, ...others], false, found);
  if (selection.mode === 'all') return found;
  for (const database of selection.databases) {
    const at = database.name;
    check(
      database.schemas.map(({ name, newName }) => ({ key: keyOf(at, name), name, newName })),
      true,
      found,
    );
    for (const { name: schema, tables } of database.schemas) {
      check(
        tables.map(({ name, newName }) => ({ key: keyOf(at, schema, 'tables', name), name, newName })),
        false,
        found,
      );
    }
  }
  return found;
}
