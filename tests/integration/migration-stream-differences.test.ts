import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RecordedChange } from '../support/change-recorder';
import { random } from '../support/pgoutput-streams';
import { commits, startStreamed, STREAMING, type Followed, type StreamedServer } from '../support/streamed-server';

const SEED = Number(process.env['HOWDAH_SEED'] ?? Math.floor(Math.random() * 1e6));
const WRITERS = 3;
const STATEMENTS = 220;
/** Each writer has keys of its own: nobody waits for another. */
const KEYS = 1_000_000;

interface Writer {
  readonly client: Client;
  readonly number: number;
  next: number;
  open: boolean;
  savepoints: number;
}

/** Writes at random in transactions that overlap, with savepoints and changed tables; returns how many of them are to be seen. */
class Workload {
  committed = 0;
  private columns = 0;
  /** Who has changed the table and not ended yet: everybody else would wait for that. */
  private alone: Writer | null = null;

  constructor(
    private readonly table: string,
    private readonly writers: readonly Writer[],
    private readonly below: (below: number) => number,
  ) {}

  async run(): Promise<void> {
    for (let statement = 0; statement < STATEMENTS; statement += 1) {
      const writer = this.alone ?? this.writers[this.below(this.writers.length)];
      if (writer) await this.step(writer);
    }
    for (const writer of this.writers) if (writer.open) await this.end(writer, true);
  }

  private async step(writer: Writer): Promise<void> {
    if (!writer.open) {
      await writer.client.query('BEGIN');
      // A transaction that changed nothing is told by old servers, and left out by others.
      await this.insert(writer, 1);
      writer.open = true;
      return;
    }
    const steps = [
      () => this.insert(writer, 1 + this.below(900)),
      () => this.insert(writer, 1 + this.below(30)),
      () => this.change(writer, `UPDATE ${this.table} SET pad = 'updated' || id`),
      () => this.change(writer, `UPDATE ${this.table} SET id = -id`),
      () => this.change(writer, `DELETE FROM ${this.table}`),
      () => this.savepoint(writer),
      () => this.backTo(writer),
      () => this.backTo(writer),
      () => this.release(writer),
      () => this.alter(writer),
      () => this.end(writer, this.below(4) > 0),
    ];
    await steps[this.below(steps.length)]?.();
  }

  private async insert(writer: Writer, rows: number): Promise<void> {
    const from = writer.number * KEYS + writer.next;
    writer.next += rows;
    await writer.client.query(
      `INSERT INTO ${this.table} (id, pad) SELECT i, repeat('p', i % 90) FROM generate_series(${from}, ${from + rows - 1}) i`,
    );
  }
  private async change(writer: Writer, statement: string): Promise<void> {
    const from = writer.number * KEYS + this.below(writer.next);
    await writer.client.query(`${statement} WHERE id BETWEEN ${from} AND ${from + this.below(400)}`);
  }
  private async savepoint(writer: Writer): Promise<void> {
    await writer.client.query(`SAVEPOINT s${(writer.savepoints += 1)}`);
    await this.insert(writer, 1 + this.below(300));
  }
  private async backTo(writer: Writer): Promise<void> {
    if (writer.savepoints === 0) return;
    const kept = this.below(writer.savepoints);
    await writer.client.query(`ROLLBACK TO s${kept + 1}; RELEASE s${kept + 1}`);
    writer.savepoints = kept;
  }
  private async release(writer: Writer): Promise<void> {
    if (writer.savepoints === 0) return;
    await writer.client.query(`RELEASE s${writer.savepoints}`);
    writer.savepoints -= 1;
  }
  /** Only while nobody else holds a lock on the table. */
  private async alter(writer: Writer): Promise<void> {
    if (this.writers.some((other) => other !== writer && other.open)) return;
    this.alone = writer;
    const statements = [
      `ALTER TABLE ${this.table} ADD c${(this.columns += 1)} int DEFAULT ${this.columns}`,
      `TRUNCATE ${this.table}`,
      `ALTER TABLE ${this.table} REPLICA IDENTITY ${this.below(2) === 0 ? 'FULL' : 'DEFAULT'}`,
    ];
    await writer.client.query(statements[this.below(statements.length)] ?? '');
    await this.insert(writer, 1 + this.below(300));
  }
  private async end(writer: Writer, commit: boolean): Promise<void> {
    await writer.client.query(commit ? 'COMMIT' : 'ROLLBACK');
    if (commit) this.committed += 1;
    writer.open = false;
    writer.savepoints = 0;
    this.alone = null;
  }
}

/** Everything but when tables are told: a server tells them again as it likes. */
const essence = ({ recorder }: Followed): RecordedChange[] =>
  recorder.changes.filter(({ kind }) => kind !== 'relation');

describe.each([14, 16, 18])(`a server of version %i (seed ${SEED}, HOWDAH_SEED repeats it)`, (major) => {
  let on: StreamedServer;
  beforeAll(async () => {
    on = await startStreamed(major, [STREAMING]);
  });
  afterEach(() => on.endTest());
  afterAll(() => on?.stop());

  test('tells the same whether transactions are sent while they run or at their commit', async () => {
    const slot = await on.prepare((name) => `CREATE TABLE ${name} (id int PRIMARY KEY, pad text)`);
    await on.server.sql(`SELECT pg_create_logical_replication_slot('whole', 'pgoutput')`);
    const streamed = await on.follow(slot, { protocol: 2 });
    const whole = await on.follow(slot, { slot: 'whole' });
    const writers = await Promise.all(
      Array.from({ length: WRITERS }, async (_, number) => ({
        client: await on.connect(),
        number,
        next: 1,
        open: false,
        savepoints: 0,
      })),
    );
    const work = new Workload(slot, writers, random(SEED + major));
    await work.run();
    const all = expect.poll(() => [commits(streamed), commits(whole)]).toEqual([work.committed, work.committed]);
    // What ends a stream says more than that it is not complete.
    await Promise.race([all, streamed.ended, whole.ended]);
    await all;
    expect(essence(streamed)).toEqual(essence(whole));
    // The statistics of a slot come a moment after what they count.
    const sent = (): Promise<unknown> =>
      on.server.sql(`SELECT stream_count > 0 AS some FROM pg_stat_replication_slots WHERE slot_name = '${slot}'`);
    await expect.poll(sent).toEqual([{ some: true }]);
  });
});
