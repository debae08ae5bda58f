import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PlannedDatabase } from '../plan-model';
import type { Check } from './check';
import {
  COLUMN_NAME,
  COLUMNS,
  count,
  databaseFinding,
  forDatabases,
  itemsCheck,
  passed,
  RELATION_NAME,
  RELATIONS,
  scopeOf,
} from './object-scope';

const control: Check = itemsCheck({
  id: 'names-control',
  step: 'ObjectCheck',
  title: 'Names with invisible characters',
  sql: `SELECT ${RELATION_NAME} AS item FROM ${RELATIONS} WHERE c.oid = ANY ($1::oid[]) AND c.relname ~ '[[:cntrl:]]|^[[:space:]]|[[:space:]]$'
UNION ALL SELECT ${COLUMN_NAME} FROM ${COLUMNS} WHERE a.attname ~ '[[:cntrl:]]|^[[:space:]]|[[:space:]]$' ORDER BY 1`,
  params: ({ relations }) => [relations],
  level: 'warning',
  none: 'No name begins or ends with a blank or holds a control character',
  found: (many) => `${count(many, 'name')} with control characters or blanks at an end`,
  effect: 'They travel exactly as they are; other programs that read the target may stumble over them.',
  remedy: 'Rename them on the source when nothing depends on the names.',
});

const twins: Check = itemsCheck({
  id: 'names-twins',
  step: 'ObjectCheck',
  title: 'Names that differ in case only',
  sql: `SELECT pg_catalog.string_agg(${RELATION_NAME}, ', ' ORDER BY c.relname) AS item FROM ${RELATIONS}
WHERE c.oid = ANY ($1::oid[]) GROUP BY n.nspname, pg_catalog.lower(c.relname) HAVING count(*) > 1 ORDER BY 1`,
  params: ({ relations }) => [relations],
  level: 'info',
  none: 'No two names differ in case only',
  found: (many) => `${count(many, 'group')} of names differing in upper and lower case only`,
  effect: 'They travel as they are, each by itself.',
  remedy: '',
});

const MOST_BYTES = 63;
const bytes = (name: string): number => new TextEncoder().encode(name).length;

/** New names, as `kind old: new`, and where they arrive, to see which meet. */
function newNames(plan: PlannedDatabase): { readonly long: string[]; readonly meet: string[] } {
  const long: string[] = [];
  const places = new Map<string, string[]>();
  const put = (kind: string, old: string, place: string): void => {
    const key = `${kind} ${place}`;
    places.set(key, [...(places.get(key) ?? []), old]);
  };
  if (bytes(plan.target) > MOST_BYTES) long.push(`database ${quoteIdent(plan.target)}`);
  for (const { name, targetName } of plan.schemas) {
    if (bytes(targetName) > MOST_BYTES) long.push(`schema ${quoteIdent(targetName)}`);
    put('schema', quoteIdent(name), quoteIdent(targetName));
  }
  for (const { schema, name, targetSchema, targetName } of plan.tables) {
    if (bytes(targetName) > MOST_BYTES) long.push(`table ${quoteIdent(targetName)}`);
    put('relation', quoteQualified(schema, name), quoteQualified(targetSchema, targetName));
  }
  for (const { schema, name, targetSchema } of [
    ...plan.views,
    ...plan.materializedViews,
    ...plan.foreignTables,
    ...plan.sequences,
  ])
    put('relation', quoteQualified(schema, name), quoteQualified(targetSchema, name));
  const meet = [...places]
    .filter(([, from]) => from.length > 1)
    .map(([place, from]) => `${from.join(', ')} → ${place.slice(place.indexOf(' ') + 1)}`);
  return { long, meet };
}

const renamed: Check = {
  id: 'new-names',
  step: 'ObjectCheck',
  title: 'New names on the target',
  applies: ({ databases }) => databases.length > 0,
  async run(context) {
    const found = await forDatabases(context, async (database) => {
      const { long, meet } = newNames(database.plan);
      const items = [...long, ...meet];
      if (items.length === 0) return passed(database, 'both', '', 'Every object arrives under a name of its own');
      return databaseFinding(database, 'both', '', items, {
        level: 'failed',
        found: `${count(items.length, 'new name')} longer than ${MOST_BYTES} bytes or meeting another one`,
        effect: 'The server would cut the names, or rows of different tables would go into one.',
        remedy: 'Choose other names.',
      });
    });
    const databases = new Map<string, string[]>();
    for (const { plan } of context.databases)
      databases.set(plan.target, [...(databases.get(plan.target) ?? []), plan.source]);
    const meet = [...databases].filter(([, from]) => from.length > 1);
    if (meet.length === 0) return found;
    return [
      ...found,
      {
        level: 'failed' as const,
        side: 'both' as const,
        database: '',
        found: `${count(meet.length, 'database')} of the target that several databases of the source go into`,
        items: meet.map(([target, from]) => `${from.join(', ')} → ${target}`),
        effect: 'Objects of the same name would meet.',
        remedy: 'Choose other names.',
        sql: '',
      },
    ];
  },
};

/** Bodies are strings: nothing but their text tells what they name. Names are quoted for the pattern. */
const BODIES = `SELECT pg_catalog.format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)) AS item
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE p.oid = ANY ($1::oid[]) AND (p.prosrc ~ $2 OR pg_catalog.array_to_string(p.proconfig, ' ') ~ $2) ORDER BY 1`;

/** A pattern of the server's regular expressions that finds one of these names as a whole word. */
const wordPattern = (names: readonly string[]): string =>
  `(^|[^[:alnum:]_])(${names.map((name) => name.replaceAll(/[^\p{L}\p{N}_ ]/gu, String.raw`\$&`)).join('|')})([^[:alnum:]_]|$)`;

const bodies: Check = {
  id: 'renamed-in-bodies',
  step: 'ObjectCheck',
  title: 'Functions that name what gets another name',
  applies: ({ databases }) => databases.length > 0,
  run: (context) =>
    forDatabases(context, async (database) => {
      const { plan } = database;
      const names = [
        ...plan.schemas.filter(({ name, targetName }) => name !== targetName).map(({ name }) => name),
        ...plan.tables.filter(({ name, targetName }) => name !== targetName).map(({ name }) => name),
      ];
      if (names.length === 0) return passed(database, 'source', BODIES, 'No schema and no table gets another name');
      const rows = await database.source.query<{ item: string }>(
        BODIES,
        [scopeOf(plan).functions, wordPattern(names)],
        context.signal,
      );
      if (rows.length === 0)
        return passed(database, 'source', BODIES, 'No body of a function names what gets another name');
      const items = rows.map(({ item }) => item);
      return databaseFinding(database, 'source', BODIES, items, {
        level: 'warning',
        found: `${count(items.length, 'function')} whose body or settings hold an old name (${names.slice(0, 5).join(', ')})`,
        effect:
          'Bodies are not rewritten: on the target these functions look for the old names and fail when they are called.',
        remedy: 'Change the functions on the target afterwards, or keep the names.',
      });
    }),
};

export const NAME_CHECKS: readonly Check[] = [control, twins, renamed, bodies];
