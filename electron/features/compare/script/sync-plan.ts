import type { CompareItem, CompareOptions, ScriptWarning } from '../../../../shared/model/compare';
import type { Shape, ShapePiece } from '../../../../shared/model/compare-shape';
import { byItem, samePiece } from '../compare-shapes';
import { hasParsedBody, namesAny, namesColumns } from './drop-statement';
import type { Change, ChangeContext } from './outcome';
import { pieceChanges } from './piece-changes';
import { checkName, nameSpace } from './settle';
import { byNeed, familyOf, isForeignKey } from './table-family';
import { usesType } from './swap-type';
import { readSaying } from './undo-statement';

/** What of the differences a script brings about. */
export interface SyncChoice {
  readonly items: readonly CompareItem[];
  /** Keys of objects that are left as they are. */
  readonly excluded: ReadonlySet<string>;
  /** Whether objects of the target alone are dropped. */
  readonly drop: boolean;
  readonly options: CompareOptions;
}

/** What becomes of every piece. */
export interface SyncPlan {
  /** Made where the target has none. */
  readonly create: ReadonlySet<string>;
  /** Gone for good. */
  readonly remove: ReadonlySet<string>;
  /** Taken away before anything is altered; those not in `remove` are made anew afterwards. */
  readonly early: ReadonlySet<string>;
  readonly changes: ReadonlyMap<string, Change>;
  /** Types that are made anew while the columns that use them are text. */
  readonly swaps: ReadonlySet<string>;
  readonly warnings: readonly ScriptWarning[];
}

/** Kinds of pieces that go before anything is altered: nothing that stays can need them. */
const EARLY_SORTS = new Set([
  'default',
  'owned',
  'attach',
  'pg_constraint',
  'pg_trigger',
  'pg_rewrite',
  'pg_policy',
  'pg_default_acl',
  'refresh',
]);
const isEarly = ({ sort, object }: ShapePiece): boolean =>
  EARLY_SORTS.has(sort) ||
  ['index', 'view', 'materialized-view', 'event-trigger', 'publication', 'statistics-object'].includes(object.kind);

/** Things over columns that keep them from being altered. */
const overColumns = (piece: ShapePiece): boolean =>
  ['pg_rewrite', 'pg_policy'].includes(piece.sort) ||
  ['view', 'materialized-view'].includes(piece.object.kind) ||
  (piece.sort === 'pg_trigger' && namesColumns(piece)) ||
  (piece.sort === 'pg_publication' && piece.statements.some((sql) => /TABLE ONLY .*(\(| WHERE )/s.test(sql))) ||
  hasParsedBody(piece);

/** Plans what has to go, to come and to change. */
export function planSync(source: Shape, target: Shape, choice: SyncChoice): SyncPlan {
  return new Planner(source, target, choice).plan();
}

class Planner {
  readonly #target: Shape;
  readonly #choice: SyncChoice;
  readonly #context: ChangeContext;
  readonly #left: ReadonlyMap<string, ShapePiece>;
  readonly #right: ReadonlyMap<string, ShapePiece>;
  readonly #siblings: ReadonlyMap<string, readonly ShapePiece[]>;
  readonly #needers: ReadonlyMap<string, readonly ShapePiece[]>;
  readonly #create = new Set<string>();
  readonly #remove = new Set<string>();
  readonly #early = new Set<string>();
  readonly #swaps = new Set<string>();
  readonly #changes = new Map<string, Change>();
  readonly #warnings: ScriptWarning[] = [];

  constructor(source: Shape, target: Shape, choice: SyncChoice) {
    this.#target = target;
    this.#choice = choice;
    this.#context = { options: choice.options, sourceVersion: source.version, targetVersion: target.version };
    this.#left = new Map(source.pieces.map((piece) => [piece.key, piece]));
    this.#right = new Map(target.pieces.map((piece) => [piece.key, piece]));
    this.#siblings = byItem(target);
    this.#needers = byNeed(target.pieces);
  }

  plan(): SyncPlan {
    const { items, excluded, drop } = this.#choice;
    const states = new Map(
      items
        .filter(({ key, state }) => !excluded.has(key) && (state !== 'only-target' || drop))
        .map(({ key, state }) => [key, state]),
    );
    const both: [ShapePiece, ShapePiece][] = [];
    for (const [key, piece] of this.#left) {
      const state = states.get(piece.item);
      const other = this.#right.get(key);
      if (state === 'only-source' || (state === 'different' && !other)) this.#create.add(key);
      else if (state === 'different' && other && !samePiece(piece, other, this.#context)) both.push([piece, other]);
    }
    for (const [key, piece] of this.#right) {
      const state = states.get(piece.item);
      if (state === 'only-target' || (state === 'different' && !this.#left.has(key))) this.#remove.add(key);
    }
    this.#clearNames();
    for (const key of this.#remove) {
      const piece = this.#right.get(key);
      if (piece && isEarly(piece)) this.#takeAway(piece);
    }
    // What parts partitions from their tables decides whose the columns are: it comes first.
    for (const [left, right] of both.toSorted(
      ([one], [two]) => Number(two.sort === 'attach') - Number(one.sort === 'attach'),
    )) {
      this.#change(left, right);
    }
    if (this.#create.size > 0)
      for (const piece of this.#target.pieces) if (piece.sort === 'pg_default_acl') this.#takeAway(piece);
    return {
      create: this.#create,
      remove: this.#remove,
      early: this.#early,
      changes: this.#changes,
      swaps: this.#swaps,
      warnings: this.#warnings,
    };
  }

  /** What comes may have the name of something else that goes: that goes first. */
  #clearNames(): void {
    const coming = new Set<string>();
    for (const key of this.#create) {
      const piece = this.#left.get(key);
      if (piece) coming.add(nameSpace(piece));
    }
    for (const piece of this.#left.values()) {
      for (const check of piece.table?.checks ?? [])
        coming.add(checkName(piece.object.schema, piece.object.name, check.name));
    }
    for (const piece of this.#target.pieces) {
      const { schema, table, name } = piece.object;
      const isBlocked =
        (coming.has(nameSpace(piece)) && !this.#left.has(piece.key)) ||
        (piece.sort === 'pg_constraint' && !this.#left.has(piece.key) && coming.has(checkName(schema, table, name)));
      if (isBlocked && this.#remove.has(piece.key)) this.#takeAway(piece);
    }
  }

  #change(source: ShapePiece, target: ShapePiece): void {
    const detached = (this.#siblings.get(target.item) ?? []).some(
      (piece) => piece.sort === 'attach' && this.#early.has(piece.key),
    );
    const change = this.#withoutOwner(target, pieceChanges(source, target, detached, this.#context));
    this.#warnings.push(...change.warnings);
    this.#changes.set(source.key, change);
    if (change.how === 'rebuild') this.#takeAway(target);
    if (change.how === 'swap') this.#swap(target);
    if (change.how !== 'alter' || !target.table) return;
    const { freesColumns, renewsColumns, retypesColumns } = change;
    for (const piece of this.#needers.get(target.key) ?? []) {
      if (overColumns(piece) && namesAny(piece, freesColumns)) this.#takeAway(piece);
    }
    if (renewsColumns.length > 0 || retypesColumns.length > 0)
      this.#clearColumns(target, renewsColumns, retypesColumns);
  }

  /** What goes along with columns that are made anew, and foreign keys whose columns change their types, of children too. */
  #clearColumns(table: ShapePiece, renewed: readonly string[], retyped: readonly string[]): void {
    for (const { key } of familyOf(table, this.#needers, this.#siblings)) {
      for (const piece of this.#needers.get(key) ?? []) {
        const isPart = piece.table === null && piece.sort !== 'owned' && piece.sort !== 'attach';
        const isOver = isPart && namesAny(piece, renewed);
        if (isOver || (isForeignKey(piece) && namesAny(piece, retyped))) this.#takeAway(piece);
      }
    }
  }

  /** A sequence that belongs to a column has the owner of its table, and changes it with the table alone. */
  #withoutOwner(target: ShapePiece, change: Change): Change {
    const isOwned = (this.#siblings.get(target.item) ?? []).some(
      (piece) => piece.sort === 'owned' && !this.#early.has(piece.key),
    );
    if (!isOwned) return change;
    return { ...change, statements: change.statements.filter(({ sql }) => readSaying(sql, '').sort !== 'owner') };
  }

  /** Goes early, with all that depends on it. */
  #takeAway(piece: ShapePiece): void {
    if (this.#early.has(piece.key)) return;
    this.#early.add(piece.key);
    this.#takeNeeders(piece);
    // The index of a partition goes with the index that it is attached to.
    if (piece.sort === 'attach-index') {
      const own = this.#siblings.get(piece.item)?.find((each) => each.sort !== 'attach-index');
      if (own) this.#takeAway(own);
    }
  }

  #takeNeeders(piece: ShapePiece): void {
    for (const needer of this.#needers.get(piece.key) ?? []) {
      // Saying whose column a sequence belongs to keeps nothing; what only follows the thing goes with it.
      if (needer.table && !this.#remove.has(needer.key)) {
        if (piece.table === null && piece.sort !== 'default')
          this.#warnings.push({ code: 'needs-table', name: `${piece.name} → ${needer.name}` });
        else if (piece.table !== null) this.#takeAway(needer);
      } else if (needer.type && !this.#remove.has(needer.key) && piece.type) this.#swap(needer);
      else if (!this.#swaps.has(needer.key)) this.#takeAway(needer);
    }
  }

  /** A type that columns use: its columns are text while it is made anew. */
  #swap(piece: ShapePiece): void {
    if (this.#swaps.has(piece.key)) return;
    this.#swaps.add(piece.key);
    for (const needer of this.#needers.get(piece.key) ?? []) {
      if (needer.type) this.#swap(needer);
      else if (!needer.table && needer.sort !== 'owned') this.#takeAway(needer);
    }
    for (const needer of this.#needers.get(piece.key) ?? []) {
      if (!needer.table) continue;
      const columns = needer.table.columns.filter(({ type }) => usesType(type, piece.name)).map(({ name }) => name);
      for (const each of this.#needers.get(needer.key) ?? []) {
        if (overColumns(each) || (isForeignKey(each) && namesAny(each, columns))) this.#takeAway(each);
      }
    }
  }
}
