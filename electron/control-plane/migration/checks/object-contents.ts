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
} from './object-scope';

const definitionsOnly: Check = itemsCheck({
  id: 'definitions-only',
  step: 'ObjectCheck',
  title: 'Views, materialized views and foreign tables',
  sql: `SELECT CASE c.relkind WHEN 'f' THEN 'foreign table ' WHEN 'm' THEN 'materialized view ' ELSE 'view ' END || ${RELATION_NAME} AS item
FROM ${RELATIONS} WHERE c.oid = ANY ($1::oid[]) AND c.relkind IN ('f', 'm', 'v') ORDER BY 1`,
  params: ({ relations }) => [relations],
  level: 'info',
  none: 'Nothing travels as a definition only',
  found: (many) => `${count(many, 'object')} of which the definition travels, not the rows`,
  effect:
    'Foreign tables read the same server as before, which has to be reachable from the target; materialized views are filled anew at the end.',
  remedy: 'Check the addresses of foreign servers and their user mappings on the target.',
});

const LARGE_OBJECTS = 'SELECT count(*)::text AS many FROM pg_catalog.pg_largeobject_metadata';
const largeObjects: Check = {
  id: 'large-objects',
  step: 'ObjectCheck',
  title: 'Large objects',
  applies: ({ options, databases }) => options.type !== 'structure' && databases.length > 0,
  run: (context) =>
    forDatabases(context, async (database) => {
      const [row] = await database.source.query<{ many: string }>(LARGE_OBJECTS, [], context.signal);
      const many = Number(row?.many ?? 0);
      const found = count(many, 'large object');
      if (many === 0 || database.plan.largeObjects) return passed(database, 'source', LARGE_OBJECTS, found);
      return databaseFinding(database, 'source', LARGE_OBJECTS, [], {
        level: 'warning',
        found: `${found} that do not travel: they belong to no schema, and only a part of the database was chosen`,
        effect: 'Columns that hold the numbers of large objects (oid, lo) refer to nothing on the target.',
        remedy: 'Choose the whole database when its applications use large objects.',
      });
    }),
};

/** A partitioned table takes its partitions along by itself. */
const partitions: Check = itemsCheck({
  id: 'partitions',
  step: 'ObjectCheck',
  title: 'Partitions without their table',
  applies: ({ databases }) => databases.some(({ plan }) => !plan.whole),
  sql: `SELECT pg_catalog.format('%s: its table %I.%I is not chosen', ${RELATION_NAME}, o.nspname, r.relname) AS item
FROM ${RELATIONS} JOIN pg_catalog.pg_inherits h ON h.inhrelid = c.oid JOIN pg_catalog.pg_class r ON r.oid = h.inhparent
JOIN pg_catalog.pg_namespace o ON o.oid = r.relnamespace
WHERE c.oid = ANY ($1::oid[]) AND NOT r.oid = ANY ($1::oid[]) AND c.relispartition ORDER BY 1`,
  params: ({ relations }) => [relations],
  level: 'warning',
  none: 'No partition is chosen without its table',
  found: (many) => `${count(many, 'partition')} chosen without the partitioned table`,
  effect:
    'They arrive as tables by themselves; keys and indexes that they have from the partitioned table may be missing.',
  remedy: 'Choose the partitioned table: all of its partitions come with it.',
});

const inheritance: Check = itemsCheck({
  id: 'inheritance',
  step: 'ObjectCheck',
  title: 'Inherited tables',
  sql: `SELECT ${RELATION_NAME} AS item FROM ${RELATIONS} WHERE c.oid = ANY ($1::oid[]) AND NOT c.relispartition AND c.relkind = 'r'
AND EXISTS (SELECT 1 FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid) ORDER BY 1`,
  level: 'info',
  none: 'No table inherits from another one',
  found: (many) => `${count(many, 'table')} inherited from another one`,
  effect: 'Each table gives its own rows only, so that none arrives twice.',
  remedy: '',
});

const generated: Check = itemsCheck({
  id: 'generated-columns',
  step: 'ObjectCheck',
  title: 'Generated columns',
  applies: ({ source }) => source.major >= 12,
  sql: `SELECT ${COLUMN_NAME} AS item FROM ${COLUMNS} WHERE a.attgenerated <> '' ORDER BY 1`,
  level: 'info',
  none: 'There are no generated columns',
  found: (many) => count(many, 'generated column'),
  effect: 'They are not copied; the target computes them from the same expressions.',
  remedy: 'Functions in the expressions must give the same results on both servers.',
});

const identity: Check = itemsCheck({
  id: 'identity-always',
  step: 'ObjectCheck',
  title: 'Identity columns that are generated always',
  sql: `SELECT ${COLUMN_NAME} AS item FROM ${COLUMNS} WHERE a.attidentity = 'a' ORDER BY 1`,
  level: 'info',
  none: 'There are no such columns',
  found: (many) => `${count(many, 'identity column')} GENERATED ALWAYS`,
  effect: 'Their values are copied as they are; their sequences are set at the end.',
  remedy: '',
});

const sequences: Check = itemsCheck({
  id: 'sequences',
  step: 'ObjectCheck',
  title: 'Sequences that go round or come to their end',
  sql: `SELECT pg_catalog.format('%I.%I: %s of %s%s', s.schemaname, s.sequencename, coalesce(s.last_value::text, '-'),
CASE WHEN s.increment_by > 0 THEN s.max_value ELSE s.min_value END, CASE WHEN s.cycle THEN ', cycles' ELSE '' END) AS item
FROM pg_catalog.pg_sequences s JOIN pg_catalog.pg_namespace n ON n.nspname = s.schemaname
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = s.sequencename
WHERE c.oid = ANY ($1::oid[]) AND (s.cycle OR CASE WHEN s.increment_by > 0
THEN (s.last_value::numeric - s.min_value) > 0.9 * (s.max_value::numeric - s.min_value)
ELSE (s.max_value::numeric - s.last_value) > 0.9 * (s.max_value::numeric - s.min_value) END) ORDER BY 1`,
  params: ({ relations }) => [relations],
  level: 'info',
  none: 'No sequence goes round, and all have room',
  found: (many) => `${count(many, 'sequence')} cycling, or with nine tenths of the values used`,
  effect:
    'They are set as on the source; the application meets the end of a sequence on the target as it would have on the source.',
  remedy: 'Give the columns a larger type and the sequences a larger maximum in time.',
});

export const CONTENT_CHECKS: readonly Check[] = [
  definitionsOnly,
  largeObjects,
  partitions,
  inheritance,
  generated,
  identity,
  sequences,
];
