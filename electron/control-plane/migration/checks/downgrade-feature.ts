import { COLUMN_NAME, COLUMNS, RELATION_NAME, RELATIONS, type Scope } from './object-scope';

/** Something that servers know only from a major version on. */
export interface ServerFeature {
  /** Part of the id of its check. */
  readonly id: string;
  readonly since: number;
  /** In the plural, as it goes into a sentence. */
  readonly name: string;
  /** Runs on servers that have the feature only; answers `item`. */
  readonly sql: string;
  /** Default: the tables. */
  readonly params?: (scope: Scope) => readonly unknown[];
  /** `info`: it arrives in other words. Default: `warning`. */
  readonly level?: 'info';
  /** What becomes of the objects on an older server. */
  readonly effect: string;
  readonly remedy: string;
}

/** Statements over what a condition holds of; `n` is the schema. */
export const tablesWhere = (where: string, joins = ''): string =>
  `SELECT ${RELATION_NAME} AS item FROM ${RELATIONS} ${joins} WHERE c.oid = ANY ($1::oid[]) AND ${where} ORDER BY 1`;
export const columnsWhere = (where: string): string =>
  `SELECT ${COLUMN_NAME} AS item FROM ${COLUMNS} WHERE ${where} ORDER BY 1`;
export const indexesWhere = (where: string): string =>
  `SELECT ${RELATION_NAME} AS item FROM ${RELATIONS} JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
WHERE i.indrelid = ANY ($1::oid[]) AND ${where} ORDER BY 1`;
export const constraintsWhere = (where: string): string =>
  `SELECT pg_catalog.format('%I.%I: %I', n.nspname, c.relname, k.conname) AS item
FROM ${RELATIONS} JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid WHERE c.oid = ANY ($1::oid[]) AND ${where} ORDER BY 1`;
export const routinesWhere = (where: string): string =>
  `SELECT pg_catalog.format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)) AS item
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = ANY ($1::oid[]) AND ${where} ORDER BY 1`;
export const collationsWhere = (where: string): string =>
  `SELECT pg_catalog.format('%I.%I', n.nspname, l.collname) AS item FROM pg_catalog.pg_collation l
JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace WHERE n.nspname = ANY ($1::text[]) AND ${where} ORDER BY 1`;
export const statisticsWhere = (where: string): string =>
  `SELECT pg_catalog.format('%I.%I', n.nspname, s.stxname) AS item FROM pg_catalog.pg_statistic_ext s
JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace WHERE s.stxrelid = ANY ($1::oid[]) AND ${where} ORDER BY 1`;

/** What a statement is given. */
export const functions = (scope: Scope): readonly unknown[] => [scope.functions];
export const schemas = (scope: Scope): readonly unknown[] => [scope.schemas];
export const relations = (scope: Scope): readonly unknown[] => [scope.relations];
