import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutOver, expectCleaned, followOf, LOGICAL, startFollow, untilPhase } from '../support/migration-follow';
import { contentsOf, structureOf } from '../support/migration-mixed';
import type { TestWorker } from '../support/migration-worker';
import { startServer, type TestServer } from '../support/postgres';

const DATABASE = 'shop';

describe.each([
  [11, 16],
  [16, 18],
])('the structure of a source %i changes while a target %i follows', (from, to) => {
  let source: TestServer;
  let target: TestServer;
  let folder: string;
  let worker: TestWorker;
  let client: Client;

  beforeAll(async () => {
    [source, target] = await Promise.all([
      startServer({ major: from, settings: LOGICAL }),
      startServer({ major: to, settings: LOGICAL }),
    ]);
    folder = await mkdtemp(join(tmpdir(), 'howdah-ddl-'));
    await source.createDatabase(DATABASE);
    client = new Client(source.uri(DATABASE));
    await client.connect();
    for (const statement of [
      'CREATE SCHEMA app',
      `CREATE TYPE app.mood AS ENUM ('sad', 'happy')`,
      'CREATE TABLE app.item (id int PRIMARY KEY, name text, price numeric(6, 2) DEFAULT 1)',
      'CREATE TABLE app.part (id int NOT NULL, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)',
      `CREATE TABLE app.part_1 PARTITION OF app.part FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')`,
      'INSERT INTO app.item SELECT n, n::text FROM generate_series(1, 100) n',
      `INSERT INTO app.part VALUES (1, '2024-05-05')`,
    ])
      await client.query(statement);
    worker = await startFollow(source, target, { folder, database: DATABASE });
  }, 180_000);
  afterAll(async () => {
    worker?.kill();
    await client?.end();
    await Promise.all([source?.stop(), target?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  const halts = () => followOf(worker, DATABASE)?.halts ?? [];
  const rows = async (server: TestServer): Promise<[string, string][]> =>
    Object.entries(await contentsOf(server, DATABASE)).filter(([name]) => !/howdah_migration|^sequence/.test(name));
  const structure = async (server: TestServer): Promise<string[]> =>
    (await structureOf(server, DATABASE)).filter((line) => !/howdah_/.test(line));
  const expectSame = async (): Promise<void> => {
    const until = { timeout: 15_000, interval: 100 };
    const wanted = { rows: await rows(source), structure: await structure(source) };
    const orHalts = async <T>(read: (server: TestServer) => Promise<T>): Promise<unknown> =>
      halts().length > 0 ? halts() : read(target);
    await expect.poll(() => orHalts(rows), until).toEqual(wanted.rows);
    await expect.poll(() => orHalts(structure), until).toEqual(wanted.structure);
  };
  /** One after the other, each sent by itself. */
  const run = async (...statements: string[]): Promise<void> => {
    for (const statement of statements) await client.query(statement);
  };
  let id = 1000;
  const insert = (): string => `INSERT INTO app.item (id) VALUES (${(id += 1)})`;

  it('begins to follow', () => untilPhase(worker, 'ready'));

  it.each<[string, ...string[]]>([
    ['a column with a constant default', `ALTER TABLE app.item ADD COLUMN kind text NOT NULL DEFAULT 'plain'`],
    ['a column without a default', 'ALTER TABLE app.item ADD COLUMN IF NOT EXISTS note text'],
    [
      'a column with a stable default',
      ...(from >= 11 ? ['ALTER TABLE app.item ADD COLUMN seen timestamptz DEFAULT now()'] : []),
    ],
    [
      'a new default',
      'ALTER TABLE app.item ALTER COLUMN note SET DEFAULT 5::text',
      'ALTER TABLE app.item ALTER price DROP DEFAULT',
    ],
    ['another name of a column', 'ALTER TABLE app.item RENAME COLUMN note TO remark'],
    [
      'several at once',
      `ALTER TABLE app.item DROP COLUMN remark, ADD COLUMN a int, ADD b int DEFAULT 7, ALTER COLUMN kind DROP NOT NULL`,
    ],
    [
      'a wider type without new rows',
      'ALTER TABLE app.item ADD COLUMN short varchar(5)',
      'ALTER TABLE app.item ALTER short TYPE varchar(50)',
    ],
    [
      'checks and keys',
      'ALTER TABLE app.item ADD CONSTRAINT low CHECK (price < 1000)',
      'ALTER TABLE app.item ADD CONSTRAINT only_b UNIQUE (id, b)',
      'ALTER TABLE app.item RENAME CONSTRAINT low TO lower_price',
      'ALTER TABLE app.item DROP CONSTRAINT only_b',
    ],
    ['NOT NULL', `UPDATE app.item SET kind = 'x' WHERE kind IS NULL`, 'ALTER TABLE app.item ALTER kind SET NOT NULL'],
    [
      'indexes',
      'CREATE INDEX item_kind ON app.item (kind) WHERE price > 1',
      'CREATE UNIQUE INDEX item_two ON app.item (id, kind)',
      'DROP INDEX app.item_kind',
    ],
    [
      'views',
      'CREATE VIEW app.cheap AS SELECT id, name FROM app.item WHERE price < 5',
      'CREATE OR REPLACE VIEW app.cheap AS SELECT id, name, kind FROM app.item',
      'CREATE VIEW app.cheaper AS SELECT * FROM app.cheap',
      'DROP VIEW app.cheap CASCADE',
    ],
    [
      'a column that a view needs',
      'ALTER TABLE app.item ADD COLUMN doomed int',
      'CREATE VIEW app.dooms AS SELECT doomed FROM app.item',
      'ALTER TABLE app.item DROP COLUMN doomed CASCADE',
    ],
    [
      'functions, types, sequences',
      `CREATE FUNCTION app.twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2'`,
      'CREATE SEQUENCE app.numbers AS int START 5 INCREMENT 5',
      `CREATE TYPE app.pair AS (a int, b text)`,
      'CREATE DOMAIN app.small AS int CHECK (VALUE < 10)',
      'ALTER SEQUENCE app.numbers INCREMENT 7',
      'DROP FUNCTION app.twice(int)',
      'DROP TYPE app.pair',
    ],
    [
      'comments and privileges',
      `COMMENT ON TABLE app.item IS 'it''s an item'`,
      'GRANT SELECT ON app.item TO PUBLIC',
      'REVOKE SELECT ON app.item FROM PUBLIC',
    ],
    ['a value of an enumeration', 'ALTER TABLE app.item ADD COLUMN m app.mood'],
    [
      'a schema',
      'CREATE SCHEMA other',
      'ALTER TABLE app.item SET SCHEMA other',
      'ALTER TABLE other.item SET SCHEMA app',
    ],
    [
      'another name of the table',
      'ALTER TABLE app.item RENAME TO things',
      'INSERT INTO app.things (id, kind) VALUES (555, 1)',
      'ALTER TABLE app.things RENAME TO item',
    ],
  ])('%s, between rows of one transaction', async (_what, ...statements) => {
    const row = (): string =>
      `${insert()
        .replace('(id)', '(id, name)')
        .replace(/\((\d+)\)$/, `($1, 'n')`)}`;
    await run('BEGIN', row(), `UPDATE app.item SET name = name || '.' WHERE id < 5`);
    for (const statement of statements)
      await run(
        statement,
        ...(/VIEW|INDEX|TYPE|DOMAIN|FUNCTION|SEQUENCE|SET SCHEMA other|RENAME TO things|things/.test(statement)
          ? []
          : [`UPDATE app.item SET name = name || '!' WHERE id < 9`]),
      );
    await run(`DELETE FROM app.item WHERE id = ${id - 1}`, 'COMMIT');
    await run(`UPDATE app.item SET name = 'after' WHERE id = ${id}`);
    await expectSame();
  });

  it('new values of enumerations, used at once', async () => {
    await run(
      `ALTER TYPE app.mood ADD VALUE 'calm' AFTER 'sad'`,
      `UPDATE app.item SET m = 'calm' WHERE id < 4`,
      `ALTER TYPE app.mood ADD VALUE 'first' BEFORE 'sad'`,
      `ALTER TYPE app.mood RENAME VALUE 'first' TO 'start'`,
      `UPDATE app.item SET m = 'start' WHERE id = 7`,
    );
    await expectSame();
  });

  it('indexes that are built concurrently', async () => {
    await run(
      'CREATE INDEX CONCURRENTLY item_name ON app.item (name)',
      insert()
        .replace('(id)', '(id, kind)')
        .replace(/\((\d+)\)$/, '($1, 1)'),
    );
    await expectSame();
    await run('DROP INDEX CONCURRENTLY app.item_name');
    await expectSame();
  });

  it('new tables, with rows from before they are published', async () => {
    await run(
      'BEGIN',
      "CREATE TABLE app.fresh (id serial PRIMARY KEY, word text DEFAULT md5('a'), n int GENERATED ALWAYS AS IDENTITY)",
      `INSERT INTO app.fresh (word) VALUES ('one'), ('two')`,
      'COMMIT',
      `INSERT INTO app.fresh (word) SELECT n::text FROM generate_series(1, 500) n`,
      'ALTER TABLE app.fresh ADD COLUMN late int DEFAULT 3',
      `UPDATE app.fresh SET late = id WHERE id % 2 = 0`,
      'CREATE TABLE app.like_it (LIKE app.fresh INCLUDING ALL)',
      `INSERT INTO app.like_it (id, word) VALUES (1, 'x')`,
      'CREATE UNLOGGED TABLE app.scratch (id int)',
    );
    await expectSame();
    await run(
      `UPDATE app.fresh SET word = 'later' WHERE id < 10`,
      'DELETE FROM app.fresh WHERE id > 400',
      `INSERT INTO app.like_it (id, word) VALUES (2, 'y')`,
    );
    await expectSame();
    await run('DROP TABLE app.like_it', 'DROP TABLE app.fresh, app.scratch');
    await expectSame();
  });

  it('a new table without a key halts until it has one', async () => {
    await run('CREATE TABLE app.keyless (id int, word text)', `INSERT INTO app.keyless VALUES (1, 'a')`);
    await expect.poll(() => halts()[0]?.text ?? '', { timeout: 20_000 }).toMatch(/without a primary key/);
    await run('ALTER TABLE app.keyless ADD PRIMARY KEY (id)', `INSERT INTO app.keyless VALUES (2, 'b')`);
    worker.send({ command: 'decide', decision: { database: DATABASE, id: halts()[0]?.id ?? '', choice: 'retry' } });
    await expect.poll(() => halts()).toEqual([]);
    await expectSame();
    await run("UPDATE app.keyless SET word = 'c'");
    await expectSame();
  });

  it('partitions that come under traffic', async () => {
    for (let year = 2025; year < 2028; year += 1)
      await run(
        `CREATE TABLE app.part_${year} PARTITION OF app.part FOR VALUES FROM ('${year}-01-01') TO ('${year + 1}-01-01')`,
        `INSERT INTO app.part SELECT n, '${year}-01-01'::date + n FROM generate_series(1, 50) n`,
        `UPDATE app.part SET id = id + 1000 WHERE at = '${year}-01-03'`,
      );
    await expectSame();
    await run('DROP TABLE app.part_2026');
    await expectSame();
  });

  it('what is not safe halts, shows its statement, and goes on as decided', async () => {
    await run(
      'ALTER TABLE app.item ADD COLUMN dice float8 DEFAULT random()',
      insert()
        .replace('(id)', '(id, kind)')
        .replace(/\((\d+)\)$/, '($1, 1)'),
    );
    await expect.poll(() => halts()[0]?.statement ?? '', { timeout: 20_000 }).toMatch(/ADD COLUMN dice/);
    expect(halts()).toMatchObject([{ kind: 'ddl', schema: 'app', table: 'item', choices: ['apply', 'skip', 'retry'] }]);
    worker.send({ command: 'decide', decision: { database: DATABASE, id: halts()[0]?.id ?? '', choice: 'apply' } });
    await expect.poll(() => halts()).toEqual([]);
    await expectSame();

    await run(`DO $$ BEGIN EXECUTE 'COMMENT ON TABLE app.item IS ''hidden'''; END $$`);
    await expect.poll(() => halts()[0]?.text ?? '', { timeout: 20_000 }).toMatch(/inside of a function/);
    worker.send({ command: 'decide', decision: { database: DATABASE, id: halts()[0]?.id ?? '', choice: 'skip' } });
    await run(`COMMENT ON TABLE app.item IS 'seen'`);
    await expect.poll(() => halts()).toEqual([]);
    await expectSame();

    await run('ALTER TABLE app.item ALTER COLUMN b TYPE bigint');
    await expect.poll(() => halts()[0]?.statement ?? '', { timeout: 20_000 }).toMatch(/TYPE bigint/);
    const statement = 'ALTER TABLE app.item ALTER COLUMN b TYPE bigint USING b::bigint';
    worker.send({
      command: 'decide',
      decision: { database: DATABASE, id: halts()[0]?.id ?? '', choice: 'apply', statement },
    });
    await expect.poll(() => halts()).toEqual([]);
    await expectSame();
  });

  it('is cut over, and leaves nothing of the task', async () => {
    const wanted = [await rows(source), await structure(source)];
    await cutOver(worker);
    expect([await rows(target), await structure(target)]).toEqual(wanted);
    await expectCleaned(source, [DATABASE]);
    await expectCleaned(target, [DATABASE]);
  });
});
