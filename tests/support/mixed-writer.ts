import { Client } from 'pg';
import type { TestServer } from './postgres';

/**
 * An application that never stops: several sessions with transactions that overlap, so that the order of their begins is not the order of
 * their commits, and every kind of change: keys that change, values swapped over a unique key, long values left as they are, duplicates in
 * a table without a key, rolled back parts, cascades, emptied tables.
 */
export interface MixedWriter {
  /** Transactions that the server acknowledged. */
  commits(): number;
  /** Those of them that emptied a table. */
  truncates(): number;
  /** Resolves when so many more are acknowledged; fails after a minute. */
  more(count: number): Promise<void>;
  /** No new transactions until `go`; resolves when none is under way. */
  rest(): Promise<void>;
  go(): void;
  /** Ends it. */
  stop(): Promise<void>;
  /** Names of acknowledged transactions that a server does not have. */
  lostOn(server: TestServer, database: string): Promise<string[]>;
}

export interface MixedWriterOptions {
  readonly server: TestServer;
  readonly database: string;
  readonly random: () => number;
  readonly sessions?: number;
  /** Milliseconds between two statements of a session, at most. */
  readonly pauseMs?: number;
  /** Each transaction of the first session after so many empties a table. */
  readonly empties?: number;
  /** Errors that are part of the game, e.g. read-only, as SQLSTATE. */
  readonly tolerate?: readonly string[];
}

/** The tables of the writer in the schema `flow`; from 11 on with a partitioned one. */
export const flowSql = (server: TestServer): string => `
CREATE SCHEMA flow;
CREATE TYPE flow.mood AS ENUM ('calm', 'busy', 'done');
CREATE TABLE flow.ledger (name text PRIMARY KEY);
CREATE TABLE flow.account (id bigint PRIMARY KEY, name text NOT NULL UNIQUE, balance numeric(20, 4), mood flow.mood, note text, at timestamptz DEFAULT now());
ALTER TABLE flow.account ALTER COLUMN note SET STORAGE EXTERNAL;
CREATE TABLE flow.entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account bigint REFERENCES flow.account ON DELETE CASCADE ON UPDATE CASCADE, amount float8, extra jsonb, bits bytea);
CREATE TABLE flow.pair (a int, b text, value int, PRIMARY KEY (a, b));
CREATE TABLE flow.whole (x int, word text);
ALTER TABLE flow.whole REPLICA IDENTITY FULL;
CREATE TABLE flow.indexed (p int, code text NOT NULL, at timestamp NOT NULL, value text);
CREATE UNIQUE INDEX indexed_code ON flow.indexed (code, at);
ALTER TABLE flow.indexed REPLICA IDENTITY USING INDEX indexed_code;
CREATE TABLE flow.lines (word text, at timestamptz DEFAULT clock_timestamp());
ALTER TABLE flow.lines REPLICA IDENTITY FULL;
CREATE TABLE flow.emptied (id int PRIMARY KEY, word text);
${
  server.major >= 11
    ? `CREATE TABLE flow.parts (id int, day date, word text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE flow.parts_1 PARTITION OF flow.parts FOR VALUES FROM ('2024-01-01') TO ('2024-07-01');
CREATE TABLE flow.parts_2 PARTITION OF flow.parts FOR VALUES FROM ('2024-07-01') TO ('2025-01-01');`
    : 'CREATE TABLE flow.parts (id int, day date, word text, PRIMARY KEY (id, day));'
}
CREATE SEQUENCE flow.numbers;
INSERT INTO flow.account SELECT n, 'first ' || n, n / 7.0, 'calm', repeat(md5(n::text), 100) FROM generate_series(1, 400) n;
INSERT INTO flow.entry (account, amount) SELECT 1 + n % 400, n / 3.0 FROM generate_series(1, 2000) n;
INSERT INTO flow.whole SELECT n % 10, 'same' FROM generate_series(1, 100) n;
`;

const LONG = 3000;
/** Even. Seldom, unless it is what is looked at: a walsender that begins anew beside a TRUNCATE was seen to fail ("could not map filenode"). */
const EMPTIES = 200;
/** Deadlock, serialization, a duplicate, a row that another session took away. */
const OF_THE_GAME = new Set(['40P01', '40001', '23505', '23503', '55P03', '57014']);

/** Statements of one transaction of session `of`; keys are its own, so that sessions seldom wait for one another. */
function statementsOf(
  session: number,
  sessions: number,
  serial: number,
  empties: boolean,
  random: () => number,
): string[] {
  const whole = (below: number): number => Math.floor(random() * below);
  const key = (): number => whole(120) * sessions + session + 1;
  const fresh = 10_000 + serial * sessions + session;
  const name = `s${session} t${serial}`;
  const long = `repeat(md5('${name}'), ${Math.ceil(LONG / 32)})`;
  const day = `date '2024-01-01' + ${whole(365)}`;
  const changes: readonly (() => string)[] = [
    () => `INSERT INTO flow.account VALUES (${fresh}, '${name}', ${whole(9999)}.5, 'busy', ${long})`,
    () => `UPDATE flow.account SET balance = balance + ${whole(50)}, mood = 'done' WHERE id = ${key()}`,
    () => `UPDATE flow.account SET note = ${long} WHERE id = ${key()}`,
    () => `UPDATE flow.account SET id = id + 1000000 WHERE id = ${fresh - sessions}`,
    () => `UPDATE flow.account SET name = name || '!', note = NULL WHERE id = ${key()}`,
    () =>
      `WITH two AS (SELECT id, name FROM flow.account WHERE id IN (${key()}, ${key()}) ORDER BY id FOR UPDATE) UPDATE flow.account a SET name = a.name || ' of ${name} ' || a.id FROM two WHERE a.id = two.id`,
    () => `DELETE FROM flow.account WHERE id = ${key()}`,
    () => `DELETE FROM flow.account WHERE id = ${fresh - 2 * sessions}`,
    () =>
      `INSERT INTO flow.entry (account, amount, extra, bits) SELECT id, 'NaN', '{"é": "\\t", "n": 1.0}', '\\xdeadbeef' FROM flow.account WHERE id = ${key()}`,
    () =>
      `UPDATE flow.entry SET amount = random() * 1e-300 WHERE id = (SELECT max(id) FROM flow.entry WHERE account = ${key()})`,
    () => `INSERT INTO flow.pair VALUES (${session}, 'b ${whole(300)}', ${serial})`,
    () => `UPDATE flow.pair SET b = b || '.', value = value + 1 WHERE a = ${session} AND value % 7 = ${whole(7)}`,
    () => `DELETE FROM flow.pair WHERE a = ${session} AND value % 11 = ${whole(11)}`,
    () => `INSERT INTO flow.whole SELECT ${whole(10)}, 'same' FROM generate_series(1, ${whole(3)})`,
    () =>
      `UPDATE flow.whole SET word = 'other ${name}' WHERE ctid = (SELECT ctid FROM flow.whole WHERE x = ${whole(10)} LIMIT 1)`,
    () => `DELETE FROM flow.whole WHERE ctid = (SELECT ctid FROM flow.whole WHERE x = ${whole(10)} LIMIT 1)`,
    () =>
      `INSERT INTO flow.indexed VALUES (${serial}, '${name}', '2024-02-29 12:00:00.123456', E'tab\\there\\nand \\\\ there')`,
    () => `UPDATE flow.indexed SET value = NULL WHERE code = 's${session} t${whole(serial + 1)}'`,
    () => `UPDATE flow.indexed SET code = code || '+' WHERE code = 's${session} t${whole(serial + 1)}'`,
    () => `DELETE FROM flow.indexed WHERE code = 's${session} t${whole(serial + 1)}'`,
    () => `INSERT INTO flow.lines SELECT '${name}' FROM generate_series(1, ${whole(4)})`,
    () => `INSERT INTO flow.parts VALUES (${fresh}, ${day}, '${name}') ON CONFLICT DO NOTHING`,
    () => `UPDATE flow.parts SET day = ${day} WHERE id = ${fresh - sessions}`,
    () => `DELETE FROM flow.parts WHERE id = ${fresh - 5 * sessions}`,
    () =>
      `INSERT INTO flow.emptied VALUES (${fresh}, '${name}') ON CONFLICT (id) DO UPDATE SET word = excluded.word || '!'`,
    () => `UPDATE flow.account SET mood = mood WHERE id = ${key()}`,
    () => "SELECT nextval('flow.numbers')",
  ];
  // Nothing else is in it that could fail.
  if (empties)
    return [
      'TRUNCATE flow.emptied',
      `INSERT INTO flow.emptied VALUES (${fresh}, '${name}')`,
      `INSERT INTO flow.ledger VALUES ('${name}')`,
    ];
  const pick = (): string => changes[whole(changes.length)]?.() ?? '';
  const chosen = Array.from({ length: 1 + whole(6) }, pick);
  if (random() < 0.15) chosen.push('SAVEPOINT half', pick(), pick(), 'ROLLBACK TO SAVEPOINT half', pick());
  if (random() < 0.15) chosen.push('SAVEPOINT kept', pick(), 'RELEASE SAVEPOINT kept');
  return [...chosen, `INSERT INTO flow.ledger VALUES ('${name}')`];
}

const later = (ms: number): Promise<void> =>
  new Promise((done) => {
    setTimeout(done, ms);
  });

/** Begins to write; `flowSql` must have been run. It connects again when it is cut off. */
export function startMixedWriter(options: MixedWriterOptions): MixedWriter {
  const { server, database, random, sessions = 4, pauseMs = 4, empties = EMPTIES, tolerate = [] } = options;
  const acknowledged: string[] = [];
  let stopping = false;
  let resting: Promise<void> | null = null;
  let wake: () => void = () => undefined;
  let underWay = 0;
  let truncates = 0;

  const work = async (session: number): Promise<void> => {
    let client: Client | null = null;
    for (let serial = 1; !stopping; serial += 1) {
      if (resting) await resting;
      underWay += 1;
      const emptying = session === 0 && serial % empties === empties / 2;
      try {
        if (!client) {
          client = new Client({ connectionString: server.uri(database) });
          client.on('error', () => undefined);
          await client.connect();
        }
        await client.query(random() < 0.5 ? 'BEGIN' : 'BEGIN ISOLATION LEVEL REPEATABLE READ');
        for (const statement of statementsOf(session, sessions, serial, emptying, random)) {
          await client.query(statement);
          if (random() < 0.3) await later(random() * pauseMs);
        }
        const { command } = await client.query('COMMIT');
        if (command === 'COMMIT') acknowledged.push(`s${session} t${serial}`);
        if (command === 'COMMIT' && emptying) truncates += 1;
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : '';
        const alive: boolean = OF_THE_GAME.has(code) || tolerate.includes(code);
        // What is neither of the game nor a lost connection is a fault of this writer.
        if (!alive && /^(?:42|22|23)/.test(code)) throw error;
        if (client && alive) await client.query('ROLLBACK').catch(() => undefined);
        else {
          void client?.end().catch(() => undefined);
          client = null;
          await later(20);
        }
      } finally {
        underWay -= 1;
      }
    }
    await client?.end().catch(() => undefined);
  };
  const all = Promise.all(Array.from({ length: sessions }, (_none, session) => work(session)));
  let failed: unknown = null;
  all.catch((error: unknown) => (failed = error));

  const go = (): void => {
    wake();
    resting = null;
  };
  return {
    commits: () => acknowledged.length,
    truncates: () => truncates,
    async more(count) {
      const wanted = acknowledged.length + count;
      for (const deadline = Date.now() + 60_000; acknowledged.length < wanted; await later(10)) {
        if (failed) throw failed;
        if (Date.now() > deadline) throw new Error('the writer does not get on');
      }
    },
    async rest() {
      resting ??= new Promise((done) => (wake = done));
      while (underWay > 0) await later(5);
    },
    go,
    async stop() {
      stopping = true;
      go();
      await all;
    },
    async lostOn(other, name) {
      const rows = await other.sql('SELECT name FROM flow.ledger', name);
      const there = new Set(rows.map((row) => String(row['name'])));
      return acknowledged.filter((each) => !there.has(each));
    },
  };
}
