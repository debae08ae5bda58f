import type { Relation } from '../../electron/control-plane/migration/follow/change-stream';
import type { RecordedChange, RecordedValue } from './change-recorder';
import { table, write } from './pgoutput-writer';

const TABLES = 4;

/** Small deterministic random numbers, so that a failure can be repeated by its seed. */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return Math.floor((state / 0x8000_0000) * below);
  };
}

/** A message, and what is to come of it at once. */
export interface Step {
  readonly payload: Buffer;
  readonly changes: readonly RecordedChange[];
}
interface Running {
  readonly xid: number;
  /** Open subtransactions, the innermost last, each with those that ended well within it. */
  readonly open: number[][];
  subs: number;
  kept: { readonly sub: number; readonly change: RecordedChange }[];
  readonly told: Set<number>;
  begun: boolean;
}

/** Writes a stream as a server would, with transactions that are sent while they run among the others. */
export class StreamWriter {
  readonly steps: Step[] = [];
  private readonly tables: Relation[];
  private readonly told = new Set<number>();
  private running: Running[] = [];
  private lsn = 1000n;
  private xid = 1;

  constructor(private readonly below: (below: number) => number) {
    this.tables = Array.from({ length: TABLES }, (_, index) => this.newTable(100 + index));
    for (let turn = 0; turn < 12; turn += 1) this.turn();
    while (this.running.length > 0) this.endRunning();
  }

  private newTable(oid: number): Relation {
    const columns = Array.from({ length: this.below(6) }, (_, index) => `c${index}`);
    return table(oid, `t${oid}_${this.below(1000)}`, columns, { identity: this.below(3) === 0 ? 'full' : 'default' });
  }
  private add(payload: Buffer, ...changes: RecordedChange[]): void {
    this.steps.push({ payload, changes });
  }
  private position(): bigint {
    return (this.lsn += BigInt(1 + this.below(100_000)));
  }
  private value(): string | null {
    const kinds = [null, '', 'x'.repeat(this.below(300)), String(this.below(1e9)), 'é\u0001🐘', 'N'];
    return kinds[this.below(kinds.length)] ?? null;
  }

  private turn(): void {
    const turns = [
      () => this.whole(),
      () => this.whole(),
      () => this.block(),
      () => this.block(),
      () => this.endRunning(),
      () => this.rollBackSub(),
      () => this.alter(),
      () => this.add(...this.outside()),
    ];
    turns[this.below(turns.length)]?.();
  }

  private outside(): [Buffer, RecordedChange] {
    const content = this.value() ?? '';
    return [
      write.message('p', content, { transactional: false }),
      { kind: 'message', prefix: 'p', content, transactional: false },
    ];
  }

  private alter(): void {
    const index = this.below(TABLES);
    const oid = 100 + index;
    // Nobody can alter a table that a running transaction has written to.
    if (this.running.some(({ told, kept }) => told.has(oid) || kept.length > 0)) return;
    this.tables[index] = this.newTable(oid);
    this.told.delete(oid);
  }

  private whole(): void {
    const xid = this.xid++;
    const commitLsn = this.position();
    const endLsn = this.position();
    this.add(write.begin(xid, commitLsn, 5000), { kind: 'begin', xid, commitLsn, committedAt: 5000 });
    if (this.below(4) === 0) this.add(write.origin('o'), { kind: 'origin', name: 'o' });
    for (let rows = this.below(8); rows > 0; rows -= 1) {
      for (const [payload, change] of this.change(this.told)) this.add(payload, ...(change ? [change] : []));
    }
    this.add(write.commit(commitLsn, endLsn, 6000), { kind: 'commit', commitLsn, endLsn, committedAt: 6000 });
  }

  private block(): void {
    let running = this.running[this.below(3)];
    if (!running) {
      const xid = this.xid;
      this.xid += 10;
      running = { xid, open: [[xid]], subs: 0, kept: [], told: new Set(), begun: false };
      this.running.push(running);
    }
    const { xid } = running;
    this.add(write.streamStart(xid, !running.begun));
    running.begun = true;
    const { open } = running;
    for (let rows = this.below(8); rows > 0; rows -= 1) {
      if (running.subs < 9 && this.below(4) === 0) open.push([xid + (running.subs += 1)]);
      else if (open.length > 1 && this.below(6) === 0) open.at(-2)?.push(...(open.pop() ?? []));
      const sub = open.at(-1)?.[0] ?? xid;
      for (const [payload, change] of this.change(running.told, sub)) {
        this.add(payload);
        if (change) running.kept.push({ sub, change });
      }
    }
    this.add(write.streamStop());
  }

  private rollBackSub(): void {
    const running = this.running[this.below(3)];
    if (!running || running.open.length < 2) return;
    const ended = running.open.pop() ?? [];
    for (const sub of ended.toReversed()) this.add(write.streamAbort(running.xid, sub));
    running.kept = running.kept.filter(({ sub }) => !ended.includes(sub));
    running.told.clear();
  }

  private endRunning(): void {
    const running = this.running.shift();
    if (!running) return;
    const { xid, kept } = running;
    if (this.below(3) === 0) {
      this.add(write.streamAbort(xid, xid));
      return;
    }
    const commitLsn = this.position();
    const endLsn = this.position();
    const changes = kept.map(({ change }) => change);
    for (const change of changes) if (change.kind === 'relation') this.told.add(change.relation.oid);
    this.add(
      write.streamCommit(xid, commitLsn, endLsn, 7000),
      { kind: 'begin', xid, commitLsn, committedAt: 7000 },
      ...changes,
      { kind: 'commit', commitLsn, endLsn, committedAt: 7000 },
    );
  }

  /** A change, after the table it needs. */
  private change(told: Set<number>, xid?: number): [Buffer, RecordedChange | null][] {
    const messages: [Buffer, RecordedChange | null][] = [];
    const relation = this.tables[this.below(TABLES)] ?? this.newTable(100);
    const { oid } = relation;
    const name = `${relation.schema}.${relation.name}`;
    if (this.below(8) === 0) messages.push([write.type(500, 'public', 'mood', xid), null]);
    if (!told.has(oid)) {
      told.add(oid);
      messages.push([write.relation(relation, xid), { kind: 'relation', relation }]);
    }
    const row = (): (string | null)[] => relation.columns.map(() => this.value());
    const lacking = (): RecordedValue[] => row().map((value) => (this.below(4) === 0 ? undefined : value));
    const kind = relation.identity === 'full' ? 'full' : 'key';
    const made: (() => [Buffer, RecordedChange])[] = [
      () => {
        const values = row();
        return [write.insert(oid, values, xid), { kind: 'insert', table: name, values }];
      },
      () => {
        const values = lacking();
        return [
          write.update(oid, null, values, xid),
          { kind: 'update', table: name, old: 'none', oldValues: null, values },
        ];
      },
      () => {
        const [oldValues, values] = [row(), lacking()];
        return [
          write.update(oid, { kind, values: oldValues }, values, xid),
          { kind: 'update', table: name, old: kind, oldValues, values },
        ];
      },
      () => {
        const oldValues = row();
        return [write.delete(oid, kind, oldValues, xid), { kind: 'delete', table: name, old: kind, oldValues }];
      },
      () => [
        write.truncate([oid, oid], true, false, xid),
        { kind: 'truncate', tables: [name, name], cascade: true, restartIdentity: false },
      ],
      () => [
        write.message('m', 'text', xid === undefined ? {} : { xid }),
        { kind: 'message', prefix: 'm', content: 'text', transactional: true },
      ],
    ];
    const chosen = made[this.below(made.length)];
    return chosen ? [...messages, chosen()] : messages;
  }
}
