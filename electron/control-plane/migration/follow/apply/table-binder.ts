import type { Lsn, Relation } from '../change-stream';
import { FollowHalt, PROGRESS_SCHEMA, type Decisions, type Routes, type TableRoute } from '../follow-model';
import { bindTable, structureHalt, unknownHalt, type BoundTable } from './bound-table';
import type { Lane } from './lane';

interface BinderOptions {
  readonly routes: Routes;
  readonly decisions: Decisions;
  onNote(text: string): void;
}

/** Ties tables of the source to those of the receiving side, and remembers them. */
export class TableBinder {
  private byRelation = new WeakMap<Relation, BoundTable | null>();
  /** The source tells a table anew more often than it changes. */
  private readonly byShape = new Map<string, BoundTable | null>();
  private lastSync: Lsn = 0n;

  constructor(
    private readonly options: BinderOptions,
    private readonly lane: Lane,
    private readonly tables: BoundTable[],
  ) {}

  /** Undefined: it must be bound first; null: its changes are left out. */
  get(relation: Relation): BoundTable | null | undefined {
    return this.byRelation.get(relation);
  }

  /** Whether changes of a transaction are in no copy of any table. */
  allSynced(commitLsn: Lsn): boolean {
    return commitLsn >= this.lastSync;
  }

  /** Takes what is known of a table of this shape. */
  known(relation: Relation): boolean {
    const route = this.routeOf(relation);
    const found = route === 'left-out' ? null : route && this.byShape.get(shapeOf(relation, route));
    if (found === undefined) return false;
    this.byRelation.set(relation, found);
    return true;
  }

  /** The structure may have changed on the receiving side: everything is looked up again. */
  forget(): void {
    this.byRelation = new WeakMap();
    this.byShape.clear();
  }

  async bind(relation: Relation): Promise<void> {
    if (this.known(relation)) return;
    const route = this.routeOf(relation);
    if (route === 'left-out') return;
    if (route === undefined) {
      this.leaveOut(relation, unknownHalt(relation));
      this.byRelation.set(relation, null);
      return;
    }
    const target = await this.lane.describe(route.schema, route.name);
    let table: BoundTable | null = null;
    try {
      if (target === null) throw structureHalt(relation, route, 'the receiving side has no such table');
      table = bindTable(this.tables.length, relation, route, target);
      this.tables.push(table);
    } catch (error) {
      this.leaveOut(relation, error);
    }
    if (route.syncedAt > this.lastSync) this.lastSync = route.syncedAt;
    this.byShape.set(shapeOf(relation, route), table);
    this.byRelation.set(relation, table);
  }

  /** Throws what stands in the way, unless a person has decided to leave the table out. */
  private leaveOut(relation: Relation, error: unknown): void {
    if (!(error instanceof FollowHalt) || this.options.decisions.get(error.halt.id)?.choice !== 'skip') throw error;
    this.options.onNote(`Left out by decision: changes of ${relation.schema}.${relation.name}`);
  }

  /** What is ours on the sending side never travels. */
  private routeOf(relation: Relation): ReturnType<Routes> {
    return relation.schema === PROGRESS_SCHEMA ? 'left-out' : this.options.routes(relation);
  }
}

const shapeOf = (relation: Relation, route: TableRoute): string =>
  JSON.stringify([
    relation.oid,
    relation.schema,
    relation.name,
    relation.identity,
    relation.columns.map(({ name, typeOid, typeModifier, key }) => [name, typeOid, typeModifier, key]),
    route.schema,
    route.name,
    [...(route.columns ?? [])],
    route.syncedAt.toString(),
  ]);
