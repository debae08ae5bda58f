import type { ScriptMark, ScriptStatement, ScriptWarning, SyncScript } from '../../../../shared/model/compare';
import type { Shape, ShapePiece } from '../../../../shared/model/compare-shape';
import { inThisDatabase } from '../../../../shared/model/compare-database';
import { byItem } from '../compare-shapes';
import { dropStatements } from './drop-statement';
import { forVersion } from './for-version';
import type { ChangeContext, ChangeStatement } from './outcome';
import { pieceChanges } from './piece-changes';
import { settle, type Settled } from './settle';
import { freedShape, freeTable, moveColumns } from './swap-type';
import { planSync, type SyncChoice, type SyncPlan } from './sync-plan';

/** Settings of the script: names are qualified, and a body may name what comes later. */
const HEAD = ["SELECT pg_catalog.set_config('search_path', '', true);", 'SET LOCAL check_function_bodies = false;'];

/**
 * The statements that turn the target into the source, ordered by what needs what: what must go first (in reverse), what is altered and
 * made, what can go at last. All but those marked `outside` run in one transaction.
 */
export function syncScript(source: Shape, target: Shape, choice: SyncChoice): SyncScript {
  const settled = settle(source, target, choice);
  const plan = planSync(settled.source, settled.target, settled.choice);
  return new ScriptWriter(settled, plan).write();
}

class ScriptWriter {
  readonly #source: Shape;
  readonly #target: Shape;
  readonly #plan: SyncPlan;
  readonly #context: ChangeContext;
  readonly #left: ReadonlyMap<string, ShapePiece>;
  readonly #right: ReadonlyMap<string, ShapePiece>;
  readonly #swapped: readonly ShapePiece[];
  /** Pieces of the target by object, and its tables and views by name. */
  readonly #siblings: ReadonlyMap<string, readonly ShapePiece[]>;
  readonly #relations = new Map<string, ShapePiece[]>();
  readonly #out: ScriptStatement[] = [];
  readonly #warnings: ScriptWarning[];

  constructor({ source, target, choice, warnings }: Settled, plan: SyncPlan) {
    this.#source = source;
    this.#target = target;
    this.#plan = plan;
    this.#context = { options: choice.options, sourceVersion: source.version, targetVersion: target.version };
    this.#left = new Map(source.pieces.map((piece) => [piece.key, piece]));
    this.#right = new Map(target.pieces.map((piece) => [piece.key, piece]));
    this.#swapped = target.pieces.filter((piece) => plan.swaps.has(piece.key));
    this.#warnings = [...warnings, ...plan.warnings];
    this.#siblings = byItem(target);
    for (const piece of target.pieces) {
      const { schema, name, table } = piece.object;
      const key = JSON.stringify([schema, name]);
      if (table === null && piece.sort === 'pg_class')
        this.#relations.set(key, [...(this.#relations.get(key) ?? []), piece]);
    }
  }

  write(): SyncScript {
    this.#takeAway();
    this.#bringAbout();
    this.#bringBack();
    this.#dropLast();
    if (this.#out.length === 0) return { statements: [], warnings: this.#warnings };
    const outside = this.#out.filter((each) => each.outside === true);
    const inside = this.#out.filter((each) => each.outside !== true);
    const head: ScriptStatement[] = inside.length === 0 ? [] : HEAD.map((sql) => ({ sql, item: '' }));
    return { statements: [...outside, ...head, ...inside], warnings: unique(this.#warnings) };
  }

  #put(piece: ShapePiece, statements: readonly (string | ChangeStatement)[], mark?: ScriptMark): void {
    for (const each of statements) {
      const statement = typeof each === 'string' ? { sql: each } : each;
      const shown = statement.mark ?? mark;
      const known = forVersion(statement.sql, this.#context.targetVersion);
      const sql = known === null ? null : inThisDatabase(known);
      if (sql === null) continue;
      this.#out.push({
        sql,
        item: piece.item,
        ...(statement.outside ? { outside: true } : {}),
        ...(shown ? { mark: shown } : {}),
      });
    }
  }

  /** Whether the table or index that a piece belongs to goes, and the piece with it. */
  #goesAlong(piece: ShapePiece, gone: (piece: ShapePiece) => boolean): boolean {
    if (piece.sort === 'pg_constraint' && piece.statements[0]?.includes(' FOREIGN KEY ')) return false;
    const { schema, table } = piece.object;
    const siblings = this.#siblings.get(piece.item) ?? [];
    const isAttached = siblings.some(
      (other) =>
        other.sort === 'attach-index' &&
        gone(other) &&
        other.needs.some((need) => need !== piece.key && this.#plan.early.has(need)),
    );
    if (isAttached) return true;
    const containers = table === null ? siblings : (this.#relations.get(JSON.stringify([schema, table])) ?? []);
    return containers.some(
      (other) =>
        other.key !== piece.key &&
        (table !== null || other.sort !== piece.sort) &&
        (other.sort === 'pg_class' || (table === null && other.sort === 'pg_type')) &&
        gone(other),
    );
  }

  /** Whether something else that goes can't go while this is there. */
  #holds(piece: ShapePiece): boolean {
    return piece.needs.some((need) => {
      const needed = this.#right.get(need);
      const isOther = needed !== undefined && needed.item !== piece.item && needed.object.name !== piece.object.table;
      return isOther && needed.object.table === null && this.#plan.remove.has(need) && !this.#plan.early.has(need);
    });
  }

  #takeAway(): void {
    const { early, remove } = this.#plan;
    const isEarly = (piece: ShapePiece): boolean => early.has(piece.key);
    // Parts of a table that is dropped at the end go along with it, but what ties them to others.
    const isGone = (piece: ShapePiece): boolean =>
      early.has(piece.key) || (remove.has(piece.key) && piece.table !== null);
    for (const piece of this.#target.pieces.toReversed()) {
      if (!isEarly(piece)) continue;
      const isTie = piece.sort === 'attach' || piece.sort === 'owned' || piece.sort === 'default';
      if (this.#goesAlong(piece, isTie ? isEarly : isGone) && !this.#holds(piece)) continue;
      if (piece.sort === 'refresh' && !remove.has(piece.key)) continue;
      if (remove.has(piece.key)) this.#put(piece, dropStatements(piece), this.#lossOf(piece));
      else this.#put(piece, dropStatements(piece), this.#mayHold(piece) ? 'loss' : 'rebuild');
    }
    for (const type of this.#swapped) {
      for (const table of this.#tablesOf(type)) this.#put(table, freeTable(table, type));
    }
    for (const type of this.#swapped.toReversed()) this.#put(type, dropStatements(type), 'rebuild');
  }

  #lossOf(piece: ShapePiece): ScriptMark | undefined {
    const isStore = piece.table !== null && piece.table.kind !== 'f';
    if (isStore) this.#warnings.push({ code: 'drop-table', name: piece.name });
    return this.#mayHold(piece) && piece.table?.kind !== 'f' ? 'loss' : undefined;
  }

  /** Whether rows or values go with a thing; those of an extension may be tables. */
  #mayHold(piece: ShapePiece): boolean {
    const isSequence = piece.object.kind === 'sequence' && piece.sort === 'pg_class';
    return piece.table !== null || isSequence || piece.sort === 'pg_extension';
  }

  #tablesOf(type: ShapePiece): ShapePiece[] {
    const { early, remove } = this.#plan;
    return this.#target.pieces.filter(
      (piece) => piece.table && piece.needs.includes(type.key) && !early.has(piece.key) && !remove.has(piece.key),
    );
  }

  #bringAbout(): void {
    const { create, early, changes, swaps } = this.#plan;
    const moved = new Set<string>();
    for (const piece of this.#source.pieces) {
      const { key } = piece;
      if (swaps.has(key)) {
        this.#put(piece, piece.statements, 'rebuild');
        for (const table of this.#target.pieces) if (this.#isMoved(table, key, moved)) this.#move(table);
      } else if (create.has(key)) this.#put(piece, piece.statements);
      else if (early.has(key))
        this.#put(piece, (this.#isLeftOut(key) ? this.#right.get(key) : piece)?.statements ?? []);
      else this.#alter(piece, changes.get(key)?.statements ?? []);
    }
  }

  /** Once the last type that a table uses is there, its columns move. */
  #isMoved(table: ShapePiece, key: string, moved: Set<string>): boolean {
    const types = this.#swapped.filter((type) => this.#tablesOf(type).includes(table));
    moved.add(key);
    return types.some((type) => type.key === key) && types.every((type) => moved.has(type.key));
  }

  #move(table: ShapePiece): void {
    const types = this.#swapped.filter((type) => this.#tablesOf(type).includes(table));
    for (const type of types) this.#put(table, moveColumns(table, type));
  }

  /** Whether the person left a difference out: what was taken away comes back as it was. */
  #isLeftOut(key: string): boolean {
    const left = this.#left.get(key);
    const right = this.#right.get(key);
    return (
      left !== undefined &&
      right !== undefined &&
      !this.#plan.changes.has(key) &&
      left.statements.join() !== right.statements.join()
    );
  }

  #alter(piece: ShapePiece, statements: readonly ChangeStatement[]): void {
    const target = this.#right.get(piece.key);
    const types = target ? this.#swapped.filter((type) => this.#tablesOf(type).includes(target)) : [];
    if (!target?.table || types.length === 0) {
      this.#put(piece, statements);
      return;
    }
    // Defaults and checks that were in the way of a type come back here.
    const shape = types.reduce((freed, type) => freedShape(freed, type), target.table);
    const isChosen = this.#plan.changes.has(piece.key);
    const wanted = isChosen ? piece : target;
    this.#put(piece, pieceChanges(wanted, { ...target, table: shape }, false, this.#context).statements);
  }

  #bringBack(): void {
    const { early, remove } = this.#plan;
    for (const piece of this.#target.pieces) {
      if (!early.has(piece.key) || remove.has(piece.key)) continue;
      if (!this.#left.has(piece.key)) this.#put(piece, piece.statements);
    }
  }

  #dropLast(): void {
    const { early, remove } = this.#plan;
    const isDropped = (piece: ShapePiece): boolean => remove.has(piece.key) && !early.has(piece.key);
    for (const piece of this.#target.pieces.toReversed()) {
      if (!isDropped(piece) || this.#goesAlong(piece, isDropped)) continue;
      this.#put(piece, dropStatements(piece), this.#lossOf(piece));
    }
  }
}

function unique(warnings: readonly ScriptWarning[]): ScriptWarning[] {
  const seen = new Set<string>();
  return warnings.filter(({ code, name }) => {
    const key = `${code} ${name}`;
    return seen.has(key) ? false : (seen.add(key), true);
  });
}
