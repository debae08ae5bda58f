import type { Check } from './check';
import { lackingCheck } from './lacking-check';
import { count, itemsCheck, RELATION_NAME, RELATIONS } from './object-scope';

/** Storage parameters and the first version that knows them. Source: "Storage Parameters" of CREATE TABLE and CREATE INDEX, 10 to 18. */
const PARAMETERS: readonly (readonly [name: string, since: number])[] = [
  ['toast_tuple_target', 11],
  ['vacuum_cleanup_index_scale_factor', 11],
  ['vacuum_index_cleanup', 12],
  ['vacuum_truncate', 12],
  ['autovacuum_vacuum_insert_threshold', 13],
  ['autovacuum_vacuum_insert_scale_factor', 13],
  ['deduplicate_items', 13],
  ['autovacuum_vacuum_max_threshold', 18],
  ['vacuum_max_eager_freeze_failure_rate', 18],
];

const parameters: Check = itemsCheck({
  id: 'downgrade-storage-parameters',
  step: 'ObjectCheck',
  title: 'Storage parameters that the target lacks',
  applies: ({ source, target }) => PARAMETERS.some(([, since]) => source.major >= since && target.major < since),
  sql: ({ target }) => `SELECT pg_catalog.format('%s: %s', ${RELATION_NAME}, o.option_name) AS item FROM ${RELATIONS}
LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid,
pg_catalog.pg_options_to_table(c.reloptions || coalesce(t.reloptions, '{}')) o
WHERE (c.oid = ANY ($1::oid[]) OR i.indrelid = ANY ($1::oid[])) AND o.option_name = ANY ('{${PARAMETERS.filter(
    ([, since]) => target.major < since,
  )
    .map(([name]) => name)
    .join(',')}}') ORDER BY 1`,
  level: 'info',
  none: 'No table and no index uses such a parameter',
  found: (many) => `${count(many, 'storage parameter')} the target does not know`,
  effect: 'The objects are made without these parameters; their rows are the same.',
  remedy: 'Set what the target has instead, where the parameters mattered.',
});

const TARGET_OPCLASSES = `SELECT m.amname || ' ' || o.opcname AS name FROM pg_catalog.pg_opclass o
JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace AND n.nspname = 'pg_catalog'`;
const SOURCE_OPCLASSES = `SELECT DISTINCT ${RELATION_NAME} AS item, m.amname || ' ' || o.opcname AS name
FROM ${RELATIONS} JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
JOIN pg_catalog.pg_opclass o ON o.oid = ANY (i.indclass::oid[]) JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod
JOIN pg_catalog.pg_namespace s ON s.oid = o.opcnamespace AND s.nspname = 'pg_catalog' WHERE i.indrelid = ANY ($1::oid[]) ORDER BY 1`;

const operatorClasses: Check = lackingCheck({
  id: 'downgrade-operator-classes',
  title: 'Operator classes of indexes that the target lacks',
  applies: ({ source, target }) => target.major < source.major,
  side: 'source',
  used: SOURCE_OPCLASSES,
  scope: 'tables',
  known: TARGET_OPCLASSES,
  level: 'warning',
  none: 'The target has the operator classes of all indexes',
  found: (many) => `${count(many, 'index', 'indexes')} of an operator class that the target lacks`,
  effect: 'These indexes will not exist on the target: queries that they serve are slower.',
  remedy: () => 'Make them with another operator class on the target afterwards.',
});

export const DOWNGRADE_OPTION_CHECKS: readonly Check[] = [parameters, operatorClasses];
