import { Client } from 'pg';
import { pause } from './wait';

/** Where writers write: the address of an instance. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

export interface Writers {
  /** Commits that were acknowledged so far. */
  acknowledged(): number;
  /** The outage is measured from here on. */
  reset(): void;
  /** The longest time without an acknowledged commit since `reset`. */
  longestOutageMs(): number;
  /** Resolves when one of the writers has a commit acknowledged that it began from now on; fails when the time is over. */
  nextCommit(ms: number): Promise<void>;
  /** Writes larger rows until the server refuses one, so that what comes next needs space. */
  fill(): Promise<void>;
  /** The rows that a reader sees now, acknowledged or not. */
  visible(ms: number): Promise<number[]>;
  /** Ends the writers and compares what they were told with what is there. */
  finish(): Promise<WritersResult>;
}

export interface WritersResult {
  readonly acknowledged: number;
  readonly lost: readonly number[];
  /** Committed, but the writer was told of an error: it cannot know. */
  readonly unacknowledged: number;
  /** Errors that writers got. */
  readonly errors: readonly string[];
}

/** A statement that gets no answer for so long is given up: nobody cut its session. */
const STUCK_MS = 60_000;

async function connect(address: Address, ms = STUCK_MS): Promise<Client> {
  const client = new Client({
    ...address,
    database: 'postgres',
    connectionTimeoutMillis: Math.min(ms, 15_000),
    query_timeout: ms,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

let tables = 0;

/**
 * Two writers that keep their session as long as it lasts and two that connect for each commit, each writing rows with numbers of their own
 * through the address. A row counts as acknowledged only when the server said so.
 */
export async function startWriters(address: Address): Promise<Writers> {
  const table = `acknowledged_${process.pid}_${(tables += 1)}`;
  const maker = await connect(address);
  await maker.query(`CREATE TABLE ${table} (n int PRIMARY KEY)`);
  await maker.query(`CREATE SEQUENCE ${table}_fill OWNED BY ${table}.n`);
  await maker.end();
  const acknowledged: number[] = [];
  const errors: string[] = [];
  let [next, last, longest, stopping] = [0, performance.now(), 0, false];
  let waiting: { from: number; done: () => void }[] = [];

  const write = async (client: Client): Promise<void> => {
    const n = (next += 1);
    await client.query(`INSERT INTO ${table} VALUES ($1)`, [n]);
    acknowledged.push(n);
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    for (const each of waiting) if (n > each.from) each.done();
    waiting = waiting.filter(({ from }) => n <= from);
  };
  const writer = async (persistent: boolean): Promise<void> => {
    let client: Client | null = null;
    while (!stopping) {
      try {
        client ??= await connect(address);
        await write(client);
        if (!persistent) {
          await client.end();
          client = null;
        }
        await pause(persistent ? 5 : 15);
      } catch (error) {
        errors.push(error instanceof Error ? error.message : String(error));
        const broken: Client | null = client;
        client = null;
        // Not waited for: the other side may be silent.
        void broken?.end().catch(() => undefined);
        await pause(10);
      }
    }
    await Promise.race([client?.end().catch(() => undefined), pause(1_000)]);
  };
  const working = [true, true, false, false].map(writer);

  return {
    acknowledged: () => acknowledged.length,
    reset() {
      [longest, last] = [0, performance.now()];
    },
    longestOutageMs: () => Math.max(longest, performance.now() - last),
    async nextCommit(ms) {
      const begun = next;
      const commit = new Promise<true>((done) => waiting.push({ from: begun, done: () => done(true) }));
      const limit = new AbortController();
      const found = await Promise.race([commit, pause(ms, limit.signal).then(() => false)]);
      limit.abort();
      if (!found) throw new Error(`no commit within ${ms} ms; the last errors: ${errors.slice(-3).join(' | ')}`);
    },
    async fill() {
      const client = await connect(address, 20_000);
      try {
        for (;;)
          await client.query(`INSERT INTO ${table} SELECT -nextval('${table}_fill') FROM generate_series(1, 2000)`);
      } catch {
        // As it should be.
      } finally {
        void client.end().catch(() => undefined);
      }
    },
    async visible(ms) {
      const reader = await connect(address, ms);
      try {
        return (await reader.query<{ n: number }>(`SELECT n FROM ${table}`)).rows.map(({ n }) => n);
      } finally {
        void reader.end().catch(() => undefined);
      }
    },
    async finish() {
      stopping = true;
      await Promise.all(working);
      const reader = await connect(address);
      const { rows } = await reader.query<{ n: number }>(`SELECT n FROM ${table} WHERE n > 0`);
      await reader.query(`DROP TABLE ${table}`);
      await reader.end();
      const there = new Set(rows.map(({ n }) => n));
      const lost = acknowledged.filter((n) => !there.has(n));
      return {
        acknowledged: acknowledged.length,
        lost,
        unacknowledged: rows.length - (acknowledged.length - lost.length),
        errors,
      };
    },
  };
}
