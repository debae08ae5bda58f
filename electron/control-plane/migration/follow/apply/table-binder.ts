import type { Lsn, Relation } from '../change-stream';
import { FollowHalt, type Decisions, type Routes } from '../follow-model';
import { bindTable, structureHalt, type BoundTable } from './bound-table';
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
    const route = this.options.routes(relation);
    const found = route === undefined ? null : this.byShape.get(shapeOf(relation, route));
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
    const route = this.options.routes(relation);
    if (route === undefined || this.known(relation)) {
      if (route === undefined) this.byRelation.set(relation, null);
      return;
    }
    const target = await this.lane.describe(route.schema, route.name);
    let table: BoundTable | null = null;
    try {
      if (target === null) throw structureHalt(relation, route, 'the receiving side has no such table');
      table = bindTable(this.tables.length, relation, route, target);
      this.tables.push(table);
    } catch (error) {
      if (!(error instanceof FollowHalt) || this.options.decisions.get(error.halt.id)?.choice !== 'skip') throw error;
      this.options.onNote(`Left out by decision: changes of ${relation.schema}.${relation.name}`);
    }
    if (route.syncedAt > this.lastSync) this.lastSync = route.syncedAt;
    this.byShape.set(shapeOf(relation, route), table);
    this.byRelation.set(relation, table);
  }
}

const shapeOf = (relation: Relation, route: NonNullable<ReturnType<Routes>>): string =>
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
