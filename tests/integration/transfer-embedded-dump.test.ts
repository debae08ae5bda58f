import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHandover } from '../../electron/adapters/postgres/handover';
import { startEmbeddedDump } from '../../electron/adapters/tools/embedded/embedded-pg-dump';
import { startServer, type TestServer } from '../support/postgres';

async function dump(server: TestServer, database: string, args: readonly string[], signal: AbortSignal) {
  const handover = await openHandover(server.profile(database), signal);
  const lines: string[] = [];
  const running = startEmbeddedDump({
    stream: handover.stream,
    database,
    user: 'postgres',
    parameters: handover.parameters,
    args,
    signal,
    onErrorLine: (line) => lines.push(line),
  });
  const parts: Buffer[] = [];
  try {
    for await (const part of running.stdout) parts.push(part as Buffer);
    await running.done;
  } finally {
    handover.release();
  }
  return { text: Buffer.concat(parts).toString('utf8'), lines };
}

describe.each([13, 18])('the built-in pg_dump on a server of version %i', (major) => {
  let server: TestServer;
  const odd = 'odd = name';
  beforeAll(async () => {
    server = await startServer({ major, password: 'a secret' });
    await server.createDatabase(odd);
    await server.sql(
      `CREATE TABLE item (id int PRIMARY KEY, word text);
       INSERT INTO item SELECT n, repeat('é', 300) || n FROM generate_series(1, 20000) n;
       CREATE TABLE page (id int PRIMARY KEY, body text);
       INSERT INTO page SELECT n, repeat('x', 5000 * n) FROM generate_series(1, 200) n;
       COMMENT ON TABLE item IS '中文';`,
      odd,
    );
  });
  afterAll(() => server?.stop());

  it('dumps every row, in a database whose name looks like a connection string', async () => {
    const { text, lines } = await dump(server, odd, ['--verbose'], AbortSignal.timeout(60_000));
    expect(lines.join('\n')).toContain('dumping contents of table "public.item"');
    expect(text).toContain("COMMENT ON TABLE public.item IS '中文'");
    const rows = text.slice(text.indexOf('COPY public.item')).split('\n');
    expect(rows.indexOf('\\.') - 1).toBe(20_000);
    const pages = text.slice(text.indexOf('COPY public.page'), text.indexOf('PostgreSQL database dump complete'));
    expect(
      pages
        .match(/x{5000,}/g)
        ?.map((body) => body.length)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 200 }, (_, n) => 5000 * (n + 1)));
  });

  it('fails with the words of pg_dump', async () => {
    await expect(
      dump(server, odd, ['--table=missing', '--strict-names'], AbortSignal.timeout(60_000)),
    ).rejects.toMatchObject({ info: { code: 'tool', message: expect.stringContaining('no matching tables') } });
  });

  it('stops when it is cancelled', async () => {
    const ender = new AbortController();
    const handover = await openHandover(server.profile(odd));
    const running = startEmbeddedDump({
      stream: handover.stream,
      database: odd,
      user: 'postgres',
      parameters: handover.parameters,
      args: [],
      signal: ender.signal,
      onErrorLine: () => undefined,
    });
    running.stdout.once('data', () => ender.abort());
    await expect(running.done).rejects.toMatchObject({ info: { code: 'cancelled' } });
    handover.release();
    await expect
      .poll(() => server.sql("SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE 'COPY%'"))
      .toEqual([{ n: 0 }]);
  });
});
