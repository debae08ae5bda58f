import type { CompareOptions } from '../../../../shared/model/compare';
import { readSaying } from './undo-statement';

/** Whether a comparison looks at a statement after CREATE. */
export function looksAt(sql: string, options: CompareOptions): boolean {
  const { sort } = readSaying(sql, 'EXTENDED');
  if (sort === 'owner') return !options.ignoreOwners;
  if (sort === 'privilege' || sort === 'session') return !options.ignorePrivileges;
  if (sort === 'comment' || sort === 'label') return !options.ignoreComments;
  if (options.ignoreTablespaces && / SET TABLESPACE [^ ]+;$/.test(sql)) return false;
  return !(options.ignoreStorageOptions && / SET (?:\(.*\)|STATISTICS -?\d+|STORAGE \w+|COMPRESSION \w+);$/s.test(sql));
}

/** Statements of a grantor other than the owner stand in three; they go together. */
function units(statements: readonly string[]): string[][] {
  const groups: string[][] = [];
  let open: string[] | null = null;
  for (const sql of statements) {
    if (open) {
      open.push(sql);
      if (sql.startsWith('RESET SESSION AUTHORIZATION')) open = null;
    } else {
      const group = [sql];
      groups.push(group);
      if (sql.startsWith('SET SESSION AUTHORIZATION')) open = group;
    }
  }
  return groups;
}

/**
 * What turns the statements after CREATE of the target into those of the source: what the target says too much is taken back, in reverse,
 * then what is missing is said. `storageOf` gives what the type of the column in a statement stores by.
 */
export function restChanges(
  source: readonly string[],
  target: readonly string[],
  storageOf: (sql: string) => string,
): string[] {
  const wanted = units(source);
  const has = units(target);
  const text = (unit: readonly string[]): string => unit.join('\n');
  const sourceTexts = new Set(wanted.map(text));
  const targetTexts = new Set(has.map(text));
  const surplus = has.filter((unit) => !sourceTexts.has(text(unit)));
  const surplusPrivileges = surplus.some((unit) => unit.some((sql) => readSaying(sql, '').sort === 'privilege'));
  const subjects = new Set(
    wanted
      .flatMap((unit) => unit.map((sql) => readSaying(sql, '')))
      .flatMap(({ sort, subject }) => (sort === 'privilege' || sort === 'session' ? [] : [subject])),
  );
  // The order of privileges matters: once one is taken back, all are given anew.
  const isPrivilege = (unit: readonly string[]): boolean =>
    unit.some((sql) => readSaying(sql, '').sort === 'privilege');
  const backs = has.filter((unit) => (surplusPrivileges && isPrivilege(unit)) || !sourceTexts.has(text(unit)));
  const undone = backs.toReversed().flatMap((unit) =>
    unit.length === 1
      ? unit.flatMap((sql) => {
          const { undo, subject, sort } = readSaying(sql, storageOf(sql));
          return undo === null || (sort !== 'privilege' && subjects.has(subject)) ? [] : [undo];
        })
      : unit.map((sql) => readSaying(sql, '').undo ?? sql),
  );
  const said = wanted.filter((unit) => (surplusPrivileges && isPrivilege(unit)) || !targetTexts.has(text(unit)));
  const owner = said.flat().filter((sql) => readSaying(sql, '').sort === 'owner');
  return [...undone, ...owner, ...said.flat().filter((sql) => !owner.includes(sql))];
}
