import type { ScriptWarning } from '../../../../shared/model/compare';
import type { ColumnShape, Shape, ShapePiece } from '../../../../shared/model/compare-shape';
import { quoteIdent } from '../../../../shared/model/quote';
import { byNeed } from './table-family';

export interface SettledSerials {
  readonly target: Shape;
  /** Keys of objects that can't be changed. */
  readonly leaveOut: readonly string[];
  readonly warnings: readonly ScriptWarning[];
}

/**
 * Serial columns of the target that become identities go on counting where they are. A sequence with the name that the identity's gets
 * makes room for it: it is no piece any more, the change of the column does away with it.
 */
export function settleSerials(source: Shape, target: Shape, isChosen: (item: string) => boolean): SettledSerials {
  const wanted = new Map(source.pieces.map((piece) => [piece.key, piece]));
  const needers = byNeed(target.pieces);
  const sequences = new Map(
    target.pieces
      .filter(({ object, sort }) => object.kind === 'sequence' && sort === 'pg_class')
      .map((piece) => [piece.name, piece]),
  );
  const owners = new Map(
    target.pieces
      .filter(({ sort }) => sort === 'owned')
      .map((piece) => [/ OWNED BY (.*);$/s.exec(piece.statements[0] ?? '')?.[1] ?? '', piece.name]),
  );
  const consumed = new Set<string>();
  const leaveOut: string[] = [];
  const warnings: ScriptWarning[] = [];
  const serialOf = (table: ShapePiece, column: ColumnShape, next: ColumnShape | undefined): ColumnShape => {
    if (!next || next.identity === '' || column.identity !== '') return column;
    const serial = owners.get(`${table.name}.${quoteIdent(column.name)}`) ?? null;
    const inTheWay = sequences.get(next.identitySequence ?? '');
    if (inTheWay && inTheWay.name === serial) {
      const others = (needers.get(inTheWay.key) ?? []).filter(
        ({ sort, item, key }) => sort !== 'owned' && key !== table.key && !(sort === 'default' && item === table.item),
      );
      const shares = table.table?.columns.some(
        ({ name, default: value }) => name !== column.name && value?.includes(inTheWay.name) === true,
      );
      if (others.length === 0 && shares !== true) consumed.add(inTheWay.item);
      else {
        leaveOut.push(table.item);
        warnings.push({ code: 'name-taken', name: `${table.name} ← ${inTheWay.name}` });
      }
    }
    return serial === null ? column : { ...column, serial };
  };
  const pieces = target.pieces.map((piece) => {
    const next = wanted.get(piece.key)?.table;
    if (!piece.table || !next || !isChosen(piece.item)) return piece;
    const nextOf = new Map(next.columns.map((column) => [column.name, column]));
    const columns = piece.table.columns.map((column) => serialOf(piece, column, nextOf.get(column.name)));
    return columns.some(({ serial }) => serial !== undefined)
      ? { ...piece, table: { ...piece.table, columns } }
      : piece;
  });
  return { target: { ...target, pieces: pieces.filter(({ item }) => !consumed.has(item)) }, leaveOut, warnings };
}
