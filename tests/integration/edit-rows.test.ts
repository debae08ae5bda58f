import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { editBench, insert, remove, update, type EditBench } from '../support/edits';
import { startServer, type TestServer } from '../support/postgres';
import { queryBench, type QueryBench } from '../support/query';

const none = { signal: new AbortController().signal };

// Attacks: each makes a save reach a row that the person did not see.
describe.each([10, 18])('PostgreSQL %i', (major) => {
  let server: TestServer;
  let bench: QueryBench;
  let session: string;
  const edit = (sql: string): Promise<EditBench> => editBench(bench, session, sql);
  const reason = async (sql: string): Promise<string> => {
    const answer = await bench.feature.handlers.editTarget({ resultId: (await edit(sql)).resultId }, none);
    return 'reason' in answer ? answer.reason : 'editable';
  };
  beforeAll(async () => {
    server = await startServer({ major });
    bench = await queryBench(server);
    session = await bench.open();
    await server.sql(`CREATE TABLE emp (id int PRIMARY KEY, boss int, city text); INSERT INTO emp VALUES (1, 2, 'Rome'), (2, NULL, 'Rome');
      CREATE TABLE "É" (id int PRIMARY KEY); CREATE VIEW part_of AS SELECT * FROM emp`);
  });
  afterAll(async () => {
    await bench?.close();
    await server?.stop();
  });

  it('refuses rows that are put together: self-joins in every disguise', async () => {
    const several = [
      'SELECT e.id, b.city FROM emp e JOIN emp b ON b.id = e.boss',
      'SELECT e.id, b.city FROM emp e, emp b WHERE b.id = e.boss',
      'SELECT e.id, b.city FROM (emp e JOIN emp b ON b.id = e.boss)',
      'SELECT * FROM (SELECT e.id, b.city FROM emp e CROSS JOIN emp b) x',
      'SELECT e.id, l.city FROM emp e, LATERAL (SELECT b.city FROM emp b WHERE b.id = e.boss) l',
      'SELECT a.id, b.boss FROM emp a JOIN emp b USING (city)',
      'SELECT id AS from, b.city FROM (SELECT id FROM emp) e NATURAL JOIN (SELECT city FROM emp) b',
      "UPDATE emp SET city = 'Rome' FROM emp b WHERE b.id = emp.boss RETURNING emp.id, b.city",
    ];
    for (const sql of several) expect([sql, await reason(sql)]).toEqual([sql, 'several-tables']);
    const others = [
      'WITH x AS (SELECT e.id, b.city FROM emp e JOIN emp b ON b.id = e.boss) SELECT * FROM x',
      'WITH "É" AS (SELECT e.id, b.city FROM emp e JOIN emp b ON b.id = e.boss) SELECT * FROM É',
      'WITH U&"\\0078" AS (SELECT e.id, b.city FROM emp e JOIN emp b ON b.id = e.boss) SELECT * FROM x',
      'SELECT id, city FROM emp GROUP BY ROLLUP (id, city)',
      'SELECT id, city FROM emp UNION ALL SELECT id, city FROM emp',
      '(SELECT id, city FROM emp) UNION ALL SELECT id, city FROM emp',
      'SELECT id, city FROM emp GROUP BY id HAVING count(*) > 0',
      'BEGIN; DECLARE c CURSOR FOR SELECT e.id, b.city FROM emp e JOIN emp b ON b.id = e.boss; FETCH ALL FROM c',
      'ROLLBACK; PREPARE p AS SELECT e.id, b.city FROM emp e JOIN emp b ON b.id = e.boss; EXECUTE p',
      ...(major >= 18 ? ["UPDATE emp SET city = 'Rome' RETURNING old.id, new.city"] : []),
    ];
    for (const sql of others) expect([sql, await reason(sql)]).toEqual([sql, 'not-a-table']);
    const fine = [
      'SELECT * FROM emp',
      '(SELECT * FROM ONLY public.emp AS e (a, b, c) WHERE a IS DISTINCT FROM 3 ORDER BY a LIMIT 5)',
      'TABLE emp',
      'SELECT DISTINCT id, city, row_number() OVER (ORDER BY id), extract(year FROM now()) FROM emp TABLESAMPLE SYSTEM (100) WHERE id IN (SELECT b.boss FROM emp JOIN emp b USING (id)) OR true',
      'SELECT * FROM (SELECT id, city FROM emp) "x y" -- , emp b',
      'WITH x AS (SELECT 1 AS id) SELECT * FROM emp WHERE id IN (SELECT id FROM x)',
      "UPDATE emp SET city = 'Rome' RETURNING *",
      "INSERT INTO emp VALUES (9, 1, 'x') RETURNING id, city",
    ];
    for (const sql of fine) expect([sql, await reason(sql)]).toEqual([sql, 'editable']);
    // Without all columns of a view, a row that is not shown could be alike.
    expect(await reason('SELECT city FROM part_of WHERE id = 1')).toBe('key-not-selected');
    expect(await reason('SELECT * FROM part_of')).toBe('editable');
  });

  it('takes no date for another: DateStyle changes between reading and saving', async () => {
    await server.sql(
      `CREATE TABLE dated (d date PRIMARY KEY, t text); INSERT INTO dated VALUES ('2024-01-02', 'a'), ('2024-02-01', 'a')`,
    );
    const read = "SET datestyle = 'SQL, DMY'; SELECT * FROM dated WHERE d = date '2024-02-01'";
    for (const style of ['ISO, MDY', 'SQL, MDY']) {
      const held = await edit(`${read}; SET datestyle = '${style}'`);
      await expect(held.save(update(0, { 1: 'b' }))).rejects.toMatchObject({ info: { code: 'conflict' } });
      await expect(held.overwrite(remove(0))).rejects.toMatchObject({ info: { code: 'conflict' } });
    }
    const iso = await edit(
      "SET datestyle = 'ISO, MDY'; SELECT * FROM dated WHERE d = date '2024-02-01'; SET datestyle = 'SQL, DMY'",
    );
    expect(await iso.save(update(0, { 1: 'mine' }))).toMatchObject({ saved: true });
    // The row is now known as it was written by the save.
    await expect(iso.save(update(0, { 1: 'mine 2' }))).resolves.toMatchObject({ saved: true });
    await bench.run(session, 'RESET datestyle');
    expect(await server.sql('SELECT t FROM dated ORDER BY d')).toEqual([{ t: 'a' }, { t: 'mine 2' }]);
  });

  it('forgets what was saved in a transaction that is rolled back', async () => {
    const { handlers } = bench.feature;
    await server.sql("CREATE TABLE back (id int PRIMARY KEY, t text); INSERT INTO back VALUES (1, 'x'), (2, 'x')");
    const own = await bench.open();
    await handlers.setMode({ sessionId: own, mode: { autocommit: false, onError: 'stop' } }, none);
    const transact = (deed: 'commit' | 'rollback' | 'savepoint' | 'rollback-to') =>
      handlers.transact(
        { sessionId: own, deed, ...(deed.includes('to') || deed === 'savepoint' ? { name: 's' } : {}) },
        none,
      );
    const rows = await editBench(bench, own, 'SELECT * FROM back ORDER BY id');
    await transact('commit');
    for (const undo of ['rollback', 'rollback-to'] as const) {
      if (undo === 'rollback-to') {
        await handlers.transact({ sessionId: own, deed: 'begin' }, none);
        await transact('savepoint');
      }
      expect(await rows.save(remove(1), update(0, { 0: '2' }), insert({ 0: '3', 1: 'x' }))).toMatchObject({
        saved: true,
        open: true,
      });
      if (undo === 'rollback') expect((await bench.state(own)).open).not.toBeNull();
      await transact(undo);
      expect(await rows.save(update(0, { 1: undo }), update(1, { 1: `two ${undo}` }))).toMatchObject({ saved: true });
      await expect(rows.save(update(undo === 'rollback' ? 2 : 3, { 1: 'gone' }))).rejects.toMatchObject({
        info: { code: 'not-found' },
      });
      if (undo === 'rollback') await transact('rollback');
      else await transact('commit');
    }
    expect(await server.sql('SELECT id, t FROM back ORDER BY id')).toEqual([
      { id: 1, t: 'rollback-to' },
      { id: 2, t: 'two rollback-to' },
    ]);
    // A commit keeps it, whatever is rolled back after.
    expect(await rows.save(update(0, { 0: '5' }))).toMatchObject({ saved: true, open: true });
    await transact('commit');
    await handlers.transact({ sessionId: own, deed: 'begin' }, none);
    await transact('rollback');
    expect(await rows.save(update(0, { 1: 'five' }))).toMatchObject({ saved: true, rows: [['5', 'five']] });
    // So does the loss of the connection undo what was not committed.
    await handlers.pin({ resultId: rows.resultId, pinned: true }, none);
    expect(await rows.save(update(1, { 0: '7' }), update(0, { 0: '2' }))).toMatchObject({ saved: true, open: true });
    const { backendPid } = await handlers.attach({ sessionId: own }, none);
    await server.sql(`SELECT pg_terminate_backend(${backendPid})`);
    await bench.until(own, ({ transaction }) => transaction === 'lost');
    await bench.run(own, 'SELECT 1');
    await bench.run(own, 'SELECT 1; COMMIT');
    expect(await rows.save(update(1, { 1: 'after loss' }))).toEqual({
      saved: false,
      conflicts: [{ edit: 0, now: ['2', 'two rollback-to'] }],
    });
    expect(await rows.save(update(1, { 1: 'after loss' }))).toMatchObject({ saved: true, rows: [['2', 'after loss']] });
  });

  it('changes no row of a child table in place of one of the parent', async () => {
    await server.sql(
      `CREATE TABLE par (id int PRIMARY KEY, t text); CREATE TABLE child (more int) INHERITS (par); INSERT INTO par VALUES (1, 'a'), (2, 'a')`,
    );
    const rows = await edit('SELECT * FROM ONLY par ORDER BY id');
    await server.sql("DELETE FROM par WHERE id = 1; INSERT INTO child VALUES (1, 'a', 7)");
    expect(await rows.save(update(0, { 1: 'mine' }))).toMatchObject({ saved: false, conflicts: [{ now: null }] });
    expect(await rows.save(update(1, { 1: 'mine' }))).toMatchObject({ saved: true });
    expect(await server.sql('SELECT t FROM child')).toEqual([{ t: 'a' }]);
    expect(await reason('SELECT id FROM par')).toBe('key-not-selected');
  });

  it('changes no row that got the key of a vanished one within the same save', async () => {
    await server.sql("CREATE TABLE chain (id int PRIMARY KEY, t text); INSERT INTO chain VALUES (1, 'x'), (2, 'x')");
    const rows = await edit('SELECT * FROM chain ORDER BY id');
    await server.sql('DELETE FROM chain WHERE id = 2');
    expect(await rows.save(update(0, { 0: '2' }), update(1, { 1: 'mine' }))).toEqual({
      saved: false,
      conflicts: [{ edit: 1, now: null }],
    });
    expect(await server.sql('SELECT id, t FROM chain')).toEqual([{ id: 1, t: 'x' }]);
  });

  it('changes nothing in a table that has taken the name since', async () => {
    await server.sql("CREATE TABLE named (id int PRIMARY KEY, a text, b text); INSERT INTO named VALUES (1, 'x', 'x')");
    const rows = await edit('SELECT * FROM named');
    await rows.target();
    await server.sql('ALTER TABLE named RENAME TO older; CREATE TABLE named AS TABLE older');
    expect(await rows.save(update(0, { 1: 'mine' }))).toMatchObject({ saved: true });
    await server.sql('ALTER TABLE older RENAME a TO c; ALTER TABLE older RENAME b TO a');
    expect(await rows.save(update(0, { 1: 'again' }))).toMatchObject({ saved: true });
    expect(await server.sql('SELECT c, a FROM older')).toEqual([{ c: 'again', a: 'x' }]);
    const open = await edit('SELECT * FROM older');
    await open.target();
    await bench.feature.handlers.pin({ resultId: open.resultId, pinned: true }, none);
    await bench.run(
      session,
      'BEGIN; ALTER TABLE older RENAME TO oldest; CREATE TABLE older AS TABLE oldest; ALTER TABLE older ADD PRIMARY KEY (id)',
    );
    await expect(open.save(update(0, { 1: 'mine' }))).rejects.toMatchObject({
      info: { code: 'conflict', message: 'The table has another name now, or is gone' },
    });
    await bench.run(session, 'ROLLBACK');
    await bench.feature.handlers.pin({ resultId: open.resultId, pinned: false }, none);
    expect(await server.sql('SELECT a FROM named')).toEqual([{ a: 'x' }]);
  });

  it('keeps texts apart that are equal to the server', async () => {
    await server.sql("CREATE TABLE blanks (k bpchar PRIMARY KEY, t text); INSERT INTO blanks VALUES ('a ', 'x')");
    const blanks = await edit('SELECT * FROM blanks');
    await server.sql("UPDATE blanks SET k = 'a'");
    expect(await blanks.save(update(0, { 1: 'mine' }))).toMatchObject({ saved: false });
    if (major < 12) return;
    await server.sql(`CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      CREATE TABLE folded (k text COLLATE loose PRIMARY KEY, t text COLLATE loose); INSERT INTO folded VALUES ('abc', 'x')`);
    const key = await edit('SELECT * FROM folded');
    await server.sql("UPDATE folded SET k = 'ABC'");
    expect(await key.save(update(0, { 1: 'mine' }))).toMatchObject({ saved: false });
    const value = await edit('SELECT * FROM folded');
    await server.sql("UPDATE folded SET t = 'X'");
    expect(await value.save(update(0, { 1: 'mine' }))).toMatchObject({
      saved: false,
      conflicts: [{ now: ['ABC', 'X'] }],
    });
  });
});
