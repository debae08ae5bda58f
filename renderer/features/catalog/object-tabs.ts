import type { ObjectKind } from '../../../shared/model/catalog';

const COUNTED = new Set<ObjectKind>([
  'database',
  'role',
  'tablespace',
  'schema',
  'table',
  'materialized-view',
  'foreign-table',
  'sequence',
  'function',
  'procedure',
  'trigger-function',
  'column',
  'index',
  'constraint',
  'statistics-object',
  'subscription',
  'replica',
]);

/** Kinds of which the server counts something. */
export const hasStatistics = (kind: ObjectKind): boolean => COUNTED.has(kind);

/** Kinds that have entries in the dependency catalogs. */
export const hasRelations = (kind: ObjectKind): boolean => kind !== 'replica';
