import { Client } from 'pg';

/** Writes one row after the other through an address and keeps what the server acknowledged; connects again when it is cut. */
export interface CommitWriter {
  /** Rows that were acknowledged so far. */
  acknowledged(): number;
  /** The longest time between two acknowledgements since the last call of `reset`. */
  longestGapMs(): number;
  reset(): void;
  /** Errors that open sessions got. */
  errors(): number;
  /** Resolves at the next acknowledgement of a row that is begun from now on. */
  nextCommit(): Promise<void>;
  /** Ends the writer and returns the rows that were acknowledged and are not in the table. */
  stop(): Promise<{ acknowledged: number; lost: number[] }>;
}

export interface WriterTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** `postgres` when it is missing. */
  readonly database?: string;
}

let writers = 0;

export async function startCommitWriter(target: WriterTarget): Promise<CommitWriter> {
  const table = `acknowledged_${process.pid}_${(writers += 1)}`;
  const connect = async (): Promise<Client> => {
    const client = new Client({ database: 'postgres', ...target, connectionTimeoutMillis: 20_000 });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  let client: Client | null = await connect();
  await client.query(`CREATE TABLE ${table} (n int PRIMARY KEY)`);
  const acknowledged: number[] = [];
  let [next, errors, last, gap, stopping] = [0, 0, Date.now(), 0, false];
  let waiting: { from: number; done: () => void }[] = [];
  const note = (n: number): void => {
    acknowledged.push(n);
    const now = Date.now();
    gap = Math.max(gap, now - last);
    last = now;
    for (const each of waiting) if (n >= each.from) each.done();
    waiting = waiting.filter(({ from }) => n < from);
  };
  const work = (async () => {
    while (!stopping) {
      try {
        client ??= await connect();
        const n = (next += 1);
        await client.query(`INSERT INTO ${table} VALUES ($1)`, [n]);
        note(n);
      } catch {
        errors += 1;
        const broken = client;
        client = null;
        await broken?.end().catch(() => undefined);
        if (!stopping) await new Promise((done) => setTimeout(done, 10));
      }
    }
  })();
  return {
    acknowledged: () => acknowledged.length,
    longestGapMs: () => Math.max(gap, Date.now() - last),
    reset() {
      [gap, last] = [0, Date.now()];
    },
    errors: () => errors,
    nextCommit: () => new Promise((done) => waiting.push({ from: next + 1, done })),
    async stop() {
      stopping = true;
      await work;
      await client?.end().catch(() => undefined);
      const reader = await connect();
      const { rows } = await reader.query<{ n: number }>(`SELECT n FROM ${table}`);
      await reader.query(`DROP TABLE ${table}`);
      await reader.end();
      const there = new Set(rows.map(({ n }) => n));
      return { acknowledged: acknowledged.length, lost: acknowledged.filter((n) => !there.has(n)) };
    },
  };
}
