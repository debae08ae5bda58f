import type { ObjectKind } from '../../../../shared/model/catalog';
import type { PropertiesDefinition } from '../kinds/kind';
import { columnStatistics, statisticsObjectStatistics } from './column-statistics';
import { databaseStatistics } from './database-statistics';
import { functionStatistics } from './function-statistics';
import { constraintStatistics, indexStatistics } from './index-statistics';
import { replicaStatistics, subscriptionStatistics } from './replication-statistics';
import { roleStatistics, tablespaceStatistics } from './role-statistics';
import { schemaStatistics } from './schema-statistics';
import { foreignTableStatistics, sequenceStatistics, tableStatistics } from './table-statistics';

/** What is asked for by the kind of an object; the server counts nothing of the kinds that aren't here. */
export const STATISTICS: Readonly<Partial<Record<ObjectKind, PropertiesDefinition>>> = {
  database: databaseStatistics,
  role: roleStatistics,
  tablespace: tablespaceStatistics,
  replica: replicaStatistics,
  schema: schemaStatistics,
  table: tableStatistics,
  'foreign-table': foreignTableStatistics,
  'materialized-view': tableStatistics,
  sequence: sequenceStatistics,
  function: functionStatistics,
  procedure: functionStatistics,
  'trigger-function': functionStatistics,
  'statistics-object': statisticsObjectStatistics,
  subscription: subscriptionStatistics,
  column: columnStatistics,
  constraint: constraintStatistics,
  index: indexStatistics,
};
