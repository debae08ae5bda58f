import type { DatabaseChoice } from '../../../../shared/model/migration';
import type { ClosureNote } from '../../../../shared/model/migration-api';
import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import { readClosure } from '../plan/closure';
import type { Check, CheckContext, CheckedDatabase } from './check';
import { EXISTING, existingRelations } from './conflict-existing';
import {
  count,
  databaseFinding,
  forDatabases,
  itemsCheck,
  passed,
  RELATION_NAME,
  RELATIONS,
  scopeOf,
} from './object-scope';

const choiceOf = (context: CheckContext, database: CheckedDatabase): DatabaseChoice | undefined =>
  context.options.objects.databases.find(({ name }) => name === database.plan.source);

const needed = ({ needs }: ClosureNote): string =>
  `${needs.kind} ${needs.kind === 'schema' || needs.schema === '' ? quoteIdent(needs.name) : quoteQualified(needs.schema, needs.name)}`;

/** Notes whose need the target fulfils already by a relation of that name. */
async function fulfilled(
  database: CheckedDatabase,
  notes: readonly ClosureNote[],
  signal: AbortSignal,
): Promise<ReadonlySet<ClosureNote>> {
  if (database.target === null) return new Set();
  const schemas = new Map(database.plan.schemas.map(({ name, targetName }) => [name, targetName]));
  const place = ({ needs }: ClosureNote) => ({ schema: schemas.get(needs.schema) ?? needs.schema, name: needs.name });
  const there = new Set(
    (await existingRelations(database.target, notes.map(place), signal)).map(
      ({ schema, name }) => `${schema}\0${name}`,
    ),
  );
  return new Set(
    notes.filter((note) => {
      const { schema, name } = place(note);
      return there.has(`${schema}\0${name}`);
    }),
  );
}

/** `$1` chosen relations: foreign keys to tables that are not among them. */
const CUT = `SELECT pg_catalog.format('%s: %I to %I.%I', ${RELATION_NAME}, k.conname, o.nspname, r.relname) AS item,
o.nspname || '.' || r.relname AS needed FROM ${RELATIONS} JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f'
JOIN pg_catalog.pg_class r ON r.oid = k.confrelid JOIN pg_catalog.pg_namespace o ON o.oid = r.relnamespace
WHERE c.oid = ANY ($1::oid[]) AND NOT c.relispartition AND NOT r.oid = ANY ($1::oid[]) ORDER BY 1`;
/** `$1` chosen relations: others that their views read, or that they inherit from. */
const HARD = `SELECT DISTINCT o.nspname || '.' || r.relname AS needed FROM (
SELECT d.refobjid AS oid FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = w.oid
WHERE w.ev_class = ANY ($1::oid[]) AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
UNION SELECT inhparent FROM pg_catalog.pg_inherits WHERE inhrelid = ANY ($1::oid[])) k
JOIN pg_catalog.pg_class r ON r.oid = k.oid JOIN pg_catalog.pg_namespace o ON o.oid = r.relnamespace WHERE NOT r.oid = ANY ($1::oid[])`;

const WORDS: Readonly<Record<string, string>> = {
  partitioned: 'partitioned table',
  foreign: 'foreign table',
  materialized: 'materialized view',
};

/** Without what only a foreign key asks for, and what that would need in turn: the key is left out, the table travels. */
export function withoutKeys(
  notes: readonly ClosureNote[],
  soft: ReadonlySet<string>,
  hard: ReadonlySet<string>,
): ClosureNote[] {
  const left = new Set<string>();
  return notes.filter(({ object, needs }) => {
    const name = `${needs.schema}.${needs.name}`;
    const only = !hard.has(name) && (soft.has(name) || left.has(object));
    if (only) left.add(`${WORDS[needs.kind] ?? needs.kind} ${name}`);
    return !only;
  });
}

/** Foreign keys between what travels and what does not. */
export const cutKeys: Check = itemsCheck({
  id: 'foreign-keys-cut',
  step: 'DependencyCheck',
  title: 'Foreign keys to tables that do not travel',
  applies: ({ databases }) => databases.some(({ plan }) => !plan.whole),
  sql: CUT,
  params: ({ relations }) => [relations],
  level: 'warning',
  none: 'No chosen table refers to one that is not chosen',
  found: (many) => `${count(many, 'foreign key')} to tables that do not travel`,
  effect: 'These foreign keys will not exist on the target: it takes rows that refer to nothing.',
  remedy: 'Choose the other tables as well, or create the foreign keys on the target afterwards.',
});

/** Whether everything that chosen objects need travels with them or is on the target. */
export const closure: Check = {
  id: 'closure',
  step: 'DependencyCheck',
  title: 'What chosen objects need',
  applies: ({ databases }) => databases.some(({ plan }) => !plan.whole),
  run: (context) =>
    forDatabases(context, async (database) => {
      const choice = choiceOf(context, database);
      if (!choice || database.plan.whole) return null;
      const { relations } = scopeOf(database.plan);
      const ask = async (sql: string): Promise<ReadonlySet<string>> =>
        new Set(
          (await database.source.query<{ needed: string }>(sql, [relations], context.signal)).map(
            ({ needed: name }) => name,
          ),
        );
      const all = await readClosure(database.source, choice, context.signal);
      const notes = withoutKeys(all, await ask(CUT), await ask(HARD)).filter(({ how }) => how !== 'comes');
      const have = await fulfilled(database, notes, context.signal);
      const missing = notes.filter((note) => !have.has(note));
      if (missing.length === 0)
        return passed(
          database,
          'both',
          EXISTING,
          'What chosen objects need is chosen, comes with them, or is on the target',
        );
      return databaseFinding(
        database,
        'both',
        EXISTING,
        missing.map((note) => `${note.object} needs ${needed(note)}`),
        {
          level: 'failed',
          found: `${count(missing.length, 'object')} needed by chosen ones and left behind`,
          effect: 'What needs them cannot be made on the target: views, defaults, tables with their rows.',
          remedy: 'Choose what is needed as well, leave out what needs it, or create it on the target first.',
        },
      );
    }),
};
