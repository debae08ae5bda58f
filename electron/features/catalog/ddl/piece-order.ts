import type { Piece } from './piece';

export interface Ordered {
  readonly pieces: readonly Piece[];
  /** Names of pieces that need each other in a circle that no placeholder opens; they stand where their phase puts them. */
  readonly circular: readonly string[];
}

/**
 * Pieces so that each comes after what it needs; among those that are free to go, phase and then name decide. `extra` are needs by id that
 * the catalogs know. Needs of ids that no piece has are ignored: they are there already.
 */
export function orderPieces(pieces: readonly Piece[], extra: ReadonlyMap<string, ReadonlySet<string>>): Ordered {
  const ranked = pieces.toSorted(
    (left, right) => left.phase - right.phase || (left.name < right.name ? -1 : left.name > right.name ? 1 : 0),
  );
  const rankOf = new Map(ranked.map((piece, rank) => [piece.id, rank]));
  const waitsFor: number[] = ranked.map(() => 0);
  const frees: number[][] = ranked.map(() => []);
  const waits: number[][] = ranked.map(() => []);
  ranked.forEach((piece, rank) => {
    const needed = new Set([...piece.needs, ...(extra.get(piece.id) ?? [])]);
    for (const id of needed) {
      const before = rankOf.get(id);
      if (before === undefined || before === rank) continue;
      frees[before]?.push(rank);
      waits[rank]?.push(before);
      waitsFor[rank] = (waitsFor[rank] ?? 0) + 1;
    }
  });
  const ready = new RankHeap();
  waitsFor.forEach((count, rank) => {
    if (count === 0) ready.add(rank);
  });
  const ordered: Piece[] = [];
  const circular: string[] = [];
  const done = ranked.map(() => false);
  let oldest = 0;
  /** Ranks of pieces whose placeholder is there. */
  const held = new Set<number>();
  const free = (rank: number): void => {
    for (const next of frees[rank] ?? []) {
      const left = (waitsFor[next] ?? 0) - 1;
      waitsFor[next] = left;
      if (left === 0 && !done[next]) ready.add(next);
    }
  };
  while (ordered.length < ranked.length + held.size) {
    let rank = ready.take();
    if (rank === undefined) {
      while (done[oldest]) oldest += 1;
      const circle = circleFrom(oldest, (at) => waits[at]?.find((before) => !done[before] && !held.has(before)));
      const open = circle.find((at) => ranked[at]?.placeholder !== undefined && !held.has(at));
      const opening = open === undefined ? undefined : ranked[open];
      if (open !== undefined && opening?.placeholder) {
        held.add(open);
        ordered.push({ ...opening, id: `placeholder:${opening.id}`, sql: opening.placeholder.sql, needs: [] });
        free(open);
        continue;
      }
      rank = Math.min(...circle);
      circular.push(ranked[rank]?.name ?? '');
    }
    const piece = ranked[rank];
    if (!piece || done[rank]) continue;
    done[rank] = true;
    ordered.push(held.has(rank) && piece.placeholder ? { ...piece, sql: piece.placeholder.replacement } : piece);
    if (!held.has(rank)) free(rank);
  }
  return { pieces: ordered, circular };
}

/** Ranks of the circle that one comes to by asking what each waits for; the last alone where there is none. */
function circleFrom(from: number, waitsFor: (rank: number) => number | undefined): number[] {
  const path: number[] = [];
  const placeOf = new Map<number, number>();
  for (let at: number | undefined = from; at !== undefined; at = waitsFor(at)) {
    const place = placeOf.get(at);
    if (place !== undefined) return path.slice(place);
    placeOf.set(at, path.push(at) - 1);
  }
  return path.slice(-1);
}

/** A binary heap that gives the lowest rank first. */
class RankHeap {
  readonly #ranks: number[] = [];

  add(rank: number): void {
    const ranks = this.#ranks;
    let at = ranks.push(rank) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((ranks[parent] ?? 0) <= rank) break;
      ranks[at] = ranks[parent] ?? 0;
      at = parent;
    }
    ranks[at] = rank;
  }

  take(): number | undefined {
    const ranks = this.#ranks;
    const first = ranks[0];
    const last = ranks.pop();
    if (last === undefined || ranks.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= ranks.length) break;
      if (child + 1 < ranks.length && (ranks[child + 1] ?? 0) < (ranks[child] ?? 0)) child += 1;
      if ((ranks[child] ?? 0) >= last) break;
      ranks[at] = ranks[child] ?? 0;
      at = child;
    }
    ranks[at] = last;
    return first;
  }
}
