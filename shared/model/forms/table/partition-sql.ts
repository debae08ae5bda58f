import type { Statement } from '../../catalog';
import { quoteIdent, quoteQualified } from '../../quote';
import { listChanges } from '../list-changes';
import { boundSql } from './bound';
import { elementSql } from './element-shape';
import { boundKind, type Partition, type Table } from './table-shape';

/** The partitioned table whose partitions change. */
interface PartitionedTable {
  /** As SQL writes it. */
  readonly table: string;
  readonly schema: string;
  /** Bounds of partitions that don't say their own kind. */
  readonly bound: string;
}

const partedAgain = ({ strategy, keys, accessMethod }: Partition): string =>
  [
    strategy === '' ? '' : ` PARTITION BY ${strategy} (${keys.map(elementSql).join(', ')})`,
    accessMethod === '' ? '' : ` USING ${quoteIdent(accessMethod)}`,
  ].join('');

export const attachmentOf = (table: Table): PartitionedTable => ({
  table: quoteQualified(table.schema, table.name),
  schema: table.schema,
  bound: boundKind(table.strategy),
});

/** What turns the list of partitions into another: those that are no longer in it are detached, never dropped. */
export function partitionChanges(
  { table, schema, bound }: PartitionedTable,
  before: readonly Partition[],
  after: readonly Partition[],
): Statement[] {
  const { added, removed, changed } = listChanges(before, after, (row) => row.id);
  const boundOfRow = (row: Partition): string => boundSql({ ...row, bound: row.bound === '' ? bound : row.bound });
  const moved = changed.filter((pair) => boundOfRow(pair.before) !== boundOfRow(pair.after));
  const detach = (row: Partition): Statement => ({ sql: `ALTER TABLE ${table} DETACH PARTITION ${row.partition}` });
  const attach = (row: Partition): Statement => ({
    sql: `ALTER TABLE ${table} ATTACH PARTITION ${row.partition} ${boundOfRow(row)}`,
  });
  return [
    ...removed.map(detach),
    ...moved.map((pair) => detach(pair.before)),
    ...moved.map((pair) => attach(pair.after)),
    ...added.map((row) =>
      row.how === 'create'
        ? {
            sql: `CREATE TABLE ${quoteQualified(schema, row.name)} PARTITION OF ${table} ${boundOfRow(row)}${partedAgain(row)}`,
          }
        : attach(row),
    ),
  ];
}
