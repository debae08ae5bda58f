import type { ScriptWarning } from '../../../../shared/model/compare';
import type { Shape, ShapePiece } from '../../../../shared/model/compare-shape';
import { quoteIdent } from '../../../../shared/model/quote';
import { byItem, restOf } from '../compare-shapes';
import { namesAny } from './drop-statement';
import { partIn } from './piece-changes';
import { settleSerials } from './settle-serials';
import { madeSubscription, notEnabled, plainSubscription } from './subscription-changes';
import type { SyncChoice } from './sync-plan';
import { byNeed, familyOf } from './table-family';

/** What a script is made of, once what can't be brought about without touching what isn't chosen is left out. */
export interface Settled {
  readonly source: Shape;
  readonly target: Shape;
  readonly choice: SyncChoice;
  readonly warnings: readonly ScriptWarning[];
}

/** Which names of different sorts stand in each other's way. */
export const nameSpace = ({ sort, name }: ShapePiece): string => `${sort} ${name}`;

/** The name of a check of a table, which a constraint that is a piece of its own may have too. */
export const checkName = (schema: string, table: string | null, name: string): string =>
  `check ${JSON.stringify([schema, table, name])}`;

/** Leaves out of both sides and the choice what would take away things that the person didn't choose. */
export function settle(source: Shape, target: Shape, choice: SyncChoice): Settled {
  return new Settler(source, target, choice).settle();
}

class Settler {
  #source: Shape;
  #target: Shape;
  readonly #choice: SyncChoice;
  readonly #states: ReadonlyMap<string, string>;
  readonly #excluded: Set<string>;
  readonly #left: ReadonlyMap<string, ShapePiece>;
  readonly #right: ReadonlyMap<string, ShapePiece>;
  readonly #warnings: ScriptWarning[] = [];

  constructor(source: Shape, target: Shape, choice: SyncChoice) {
    this.#source = source;
    this.#target = target;
    this.#choice = choice;
    this.#states = new Map(choice.items.map(({ key, state }) => [key, state]));
    this.#excluded = new Set(choice.excluded);
    this.#left = new Map(source.pieces.map((piece) => [piece.key, piece]));
    this.#right = new Map(target.pieces.map((piece) => [piece.key, piece]));
  }

  settle(): Settled {
    this.#settleSubscriptions();
    const serials = settleSerials(this.#source, this.#target, (item) => this.#isChosen(item));
    this.#target = serials.target;
    this.#warnings.push(...serials.warnings);
    for (const item of serials.leaveOut) this.#excluded.add(item);
    this.#settleNames();
    this.#source = { ...this.#source, pieces: this.#source.pieces.map((piece) => this.#keepColumns(piece)) };
    return {
      source: this.#source,
      target: this.#target,
      choice: { ...this.#choice, excluded: this.#excluded },
      warnings: this.#warnings,
    };
  }

  #isChosen(item: string): boolean {
    const state = this.#states.get(item);
    if (state === undefined || state === 'equal' || this.#excluded.has(item)) return false;
    return state !== 'only-target' || this.#choice.drop;
  }

  /** Dropping a subscription drops its slot on another server, which no transaction takes back. */
  #settleSubscriptions(): void {
    for (const { item, sort, name } of this.#target.pieces) {
      if (sort !== 'pg_subscription' || this.#states.get(item) !== 'only-target' || !this.#isChosen(item)) continue;
      this.#excluded.add(item);
      this.#warnings.push({ code: 'subscription', name });
    }
    const plain = (piece: ShapePiece): ShapePiece =>
      piece.sort === 'pg_subscription' ? plainSubscription(piece) : piece;
    this.#target = { ...this.#target, pieces: this.#target.pieces.map(plain) };
    const pieces = this.#source.pieces.map((piece) => {
      if (piece.sort !== 'pg_subscription') return piece;
      const old = this.#right.get(piece.key);
      if (!old) return madeSubscription(plain(piece));
      // One without a slot can't be enabled.
      return old.statements[0]?.includes('slot_name = NONE') ? notEnabled(plain(piece)) : plain(piece);
    });
    this.#source = { ...this.#source, pieces };
  }

  /** What comes under the name of something that isn't chosen to go is left out, with all that needs it. */
  #settleNames(): void {
    const taken = new Map<string, string>();
    for (const piece of this.#target.pieces) {
      if (this.#left.has(piece.key) || this.#isChosen(piece.item)) continue;
      taken.set(nameSpace(piece), piece.name);
      const { schema, table, name } = piece.object;
      if (piece.sort === 'pg_constraint') taken.set(checkName(schema, table, name), piece.name);
    }
    const missing = new Set<string>();
    for (const piece of this.#source.pieces) {
      const { key, item, name, needs, object } = piece;
      const comes = this.#isChosen(item) && !this.#right.has(key);
      const checks = this.#isChosen(item) && this.#right.has(key) ? (piece.table?.checks ?? []) : [];
      const blocked =
        (comes && taken.has(nameSpace(piece))) ||
        checks.some((check) => taken.has(checkName(object.schema, object.name, check.name)));
      if (blocked) this.#warnings.push({ code: 'name-taken', name });
      const lacks = this.#isChosen(item) && needs.some((need) => missing.has(need));
      if (lacks && !blocked) this.#warnings.push({ code: 'left-out', name });
      if (blocked || lacks) this.#excluded.add(item);
      if ((blocked || lacks || this.#excluded.has(item)) && !this.#right.has(key)) missing.add(key);
    }
  }

  /** A table of the source with those columns that only the target has but that something there still names. */
  #keepColumns(piece: ShapePiece): ShapePiece {
    const target = this.#right.get(piece.key);
    if (!piece.table || !target?.table || !this.#isChosen(piece.item)) return piece;
    const wanted = new Set(piece.table.columns.map(({ name }) => name));
    const gone = target.table.columns.filter(({ name }) => !wanted.has(name));
    if (gone.length === 0) return piece;
    const needers = byNeed(this.#target.pieces);
    const family = familyOf(target, needers, byItem(this.#target));
    const staying = family.flatMap(({ key }) => needers.get(key) ?? []).filter((each) => this.#stays(each));
    const kept = gone.filter(({ name, own }) => {
      const holder = staying.find((each) => namesAny(each, [name]));
      if (holder && own)
        this.#warnings.push({ code: 'column-kept', name: `${piece.name}.${quoteIdent(name)} ← ${holder.name}` });
      return holder !== undefined;
    });
    if (kept.length === 0) return piece;
    const { sourceVersion, targetVersion } = {
      sourceVersion: this.#source.version,
      targetVersion: this.#target.version,
    };
    const parts = new Set(kept.map(({ name }) => `column ${name}`));
    const said = restOf(target, { options: this.#choice.options, sourceVersion, targetVersion });
    return {
      ...piece,
      statements: [...piece.statements, ...said.filter((sql) => parts.has(partIn(sql)))],
      table: { ...piece.table, columns: [...piece.table.columns, ...kept] },
    };
  }

  /** Whether a piece of the target stays as it is though the source has another or none. */
  #stays(piece: ShapePiece): boolean {
    const { key, item, sort } = piece;
    if (piece.table !== null || sort === 'owned' || sort === 'attach' || this.#isChosen(item)) return false;
    return this.#left.get(key)?.statements.join() !== piece.statements.join();
  }
}
