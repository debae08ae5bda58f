import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConnectionProfile } from '../../electron/ports';
import { NEW_SERVER } from '../../shared/model/server';
import { startServer, type TestServer } from '../support/postgres';
import { startSshHost, type SshHost } from '../support/ssh-server';
import { checksums, runImport, SHOP } from '../support/transfer';

let server: TestServer;
let host: SshHost;
beforeAll(async () => {
  server = await startServer({ major: 15, password: 'secret' });
  host = await startSshHost({ user: 'tunneller', password: 'ssh secret' });
});
afterAll(async () => {
  await host?.stop();
  await server?.stop();
});

const through = (profile: ConnectionProfile): ConnectionProfile => ({
  ...profile,
  ssh: {
    ...NEW_SERVER.ssh,
    enabled: true,
    host: '127.0.0.1',
    port: host.port,
    user: 'tunneller',
    hostKey: host.fingerprint,
  },
  sshPassword: 'ssh secret',
});

it('a file, then the database it became, both ends through an SSH tunnel', async () => {
  const first = await runImport({ from: SHOP, to: server, database: 'shop', through });
  expect(first.report).toMatchObject({ outcome: 'succeeded', error: null });
  const from = { server, database: 'shop' };
  for (const withoutTools of [false, true]) {
    const before = host.forwarded.length;
    const database = withoutTools ? 'copy_own' : 'copy';
    const { report, left } = await runImport({ from, to: server, database, through, withoutTools });
    expect(report).toMatchObject({ outcome: 'succeeded', error: null });
    expect(report.tables.every(({ sourceRows, targetRows }) => sourceRows === targetRows)).toBe(true);
    expect(left).toEqual([]);
    expect(new Set(host.forwarded.slice(before))).toEqual(new Set([`127.0.0.1:${server.port}`]));
    expect(await checksums(server, database)).toEqual(await checksums(server, 'shop'));
  }
  await expect.poll(() => host.open()).toBe(0);
});

it('a tunnel that breaks half-way is an error, and the state of the target is told', async () => {
  await server.createDatabase('large');
  await server.sql(
    'CREATE TABLE t AS SELECT i, repeat(md5(i::text), 20) AS s FROM generate_series(1, 400000) i',
    'large',
  );
  let cut = false;
  const { report, left } = await runImport({
    from: { server, database: 'large' },
    to: server,
    database: 'broken',
    through,
    onProgress: (_fraction, note) => {
      if (!cut && note.includes('t')) {
        cut = true;
        host.cut();
      }
    },
  });
  expect(cut).toBe(true);
  expect(report.outcome).toBe('failed');
  expect(report.error?.message).not.toBe('');
  expect(report.targetState).not.toBe('');
  expect(left).toEqual([]);
});
