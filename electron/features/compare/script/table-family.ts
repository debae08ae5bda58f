import type { ShapePiece } from '../../../../shared/model/compare-shape';

/** Pieces of one database by what they need. */
export function byNeed(pieces: readonly ShapePiece[]): ReadonlyMap<string, readonly ShapePiece[]> {
  const needers = new Map<string, ShapePiece[]>();
  for (const piece of pieces) {
    for (const need of piece.needs) {
      const known = needers.get(need);
      if (known) known.push(piece);
      else needers.set(need, [piece]);
    }
  }
  return needers;
}

/** A table with all that inherit its columns: children and partitions, theirs too. */
export function familyOf(
  table: ShapePiece,
  needers: ReadonlyMap<string, readonly ShapePiece[]>,
  siblings: ReadonlyMap<string, readonly ShapePiece[]>,
): readonly ShapePiece[] {
  const family = [table];
  for (const parent of family) {
    for (const piece of needers.get(parent.key) ?? []) {
      const child =
        piece.sort === 'attach'
          ? siblings.get(piece.item)?.find((each) => each.table !== null)
          : piece.table?.parents.includes(parent.name)
            ? piece
            : undefined;
      if (child && !family.includes(child)) family.push(child);
    }
  }
  return family;
}

/** Whether a piece is a foreign key. */
export const isForeignKey = (piece: ShapePiece): boolean =>
  piece.sort === 'pg_constraint' && (piece.statements[0]?.includes(' FOREIGN KEY ') ?? false);
