import type { RowDifference } from '../../../../shared/model/migration-api';
import { bothSettled, type Candidate, type Pair, type Readers } from './find-differences';
import type { FoundValues } from './side-reader';
import type { TableShape } from './table-shape';

const SHOWN = 200;

const valuesById = (rows: readonly FoundValues[]): Map<string, FoundValues> =>
  new Map(rows.map((row) => [row.id, row]));

/** Which columns of rows that differ do so, with their values. */
export async function describeRows(
  pair: Pair,
  readers: Readers,
  shape: TableShape,
  rows: readonly Candidate[],
  signal: AbortSignal,
): Promise<RowDifference[]> {
  const keys = rows.flatMap(({ kind, key }) => (kind === 'changed' ? [key] : []));
  const [source, target] = await bothSettled(
    readers.source.values(pair.source, keys, signal),
    readers.target.values(pair.target, keys, signal),
  );
  const [here, there] = [valuesById(source), valuesById(target)];
  return rows.map(({ id, key, kind }) => {
    const [own, other] = [here.get(id), there.get(id)];
    return {
      kind,
      key: shape.key.map((column, at) => ({ column, value: key[at]?.slice(0, SHOWN) ?? null })),
      columns:
        kind === 'changed' && own && other
          ? shape.columns.flatMap((column, at) =>
              own.hashes[at] === other.hashes[at]
                ? []
                : [{ column, source: own.shown[at] ?? null, target: other.shown[at] ?? null }],
            )
          : [],
    };
  });
}
