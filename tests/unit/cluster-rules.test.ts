import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerBinaries } from '../../electron/control-plane/cluster/binaries';
import {
  installCertificate,
  installedCertificate,
  openAuthority,
} from '../../electron/control-plane/cluster/certificates';
import { writeConfiguration } from '../../electron/control-plane/cluster/configuration';
import { dataFolderThere } from '../../electron/control-plane/cluster/data-folder';
import { checkEngine, engineOf, noteEngine } from '../../electron/control-plane/cluster/engine';
import { createLagClock } from '../../electron/control-plane/cluster/lag-clock';
import { binariesOf, parseServerVersion } from '../../electron/control-plane/cluster/machine-binaries';
import { ALONE, type ClusterNode } from '../../electron/control-plane/cluster/node';
import { formatLsn, parseLsn } from '../../electron/control-plane/cluster/replication';
import { divergence, reasonInLog } from '../../electron/control-plane/cluster/server-log';

let base = '';
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'howdah-rules-'));
  await mkdir(join(base, 'data'));
  await mkdir(join(base, 'log'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

const node = (change: Partial<ClusterNode> = {}): ClusterNode => ({
  id: 'n2',
  role: 'primary',
  base,
  data: join(base, 'data'),
  log: join(base, 'log'),
  socket: join(base, 'run'),
  account: null,
  major: 17,
  charset: 'UTF8',
  superuserPassword: 'secret',
  settings: [],
  tls: null,
  replication: ALONE,
  ...change,
});
const standby = (major: number): ClusterNode =>
  node({ role: 'standby', major, replication: { ...ALONE, primary: { socket: "/it's", password: 'a:b\\c' } } });
const written = (name: string): Promise<string> => readFile(join(base, name), 'utf8');

describe('configuration', () => {
  it('makes a standby by settings from 12 on, the password in a file', async () => {
    await writeConfiguration(standby(12), node().data);
    const settings = await written('data/howdah.conf');
    expect(settings).toContain(
      String.raw`primary_conninfo = 'host=''/it\''s'' port=''5432'' user=''postgres'' passfile=`,
    );
    expect(settings).toContain("primary_slot_name = 'n2'");
    expect(settings).toContain("synchronous_standby_names = ''");
    expect(settings).not.toContain('max_slot_wal_keep_size');
    expect(settings).not.toContain('a:b');
    expect(await written('data/standby.signal')).toBe('');
    expect(await written('primary.pass')).toBe('*:*:*:postgres:a\\:b\\\\c\n');
    expect((await stat(join(base, 'primary.pass'))).mode & 0o777).toBe(0o600);
  });

  it('makes a standby by recovery.conf up to 11', async () => {
    await writeConfiguration(standby(11), node().data);
    expect(await written('data/recovery.conf')).toMatch(
      /^standby_mode = 'on'\nprimary_conninfo = [\s\S]*timeline = 'latest'\n$/,
    );
    expect(await written('data/howdah.conf')).not.toContain('primary_conninfo');
  });

  it('does not make a primary of a standby that was never promoted', async () => {
    await writeConfiguration(standby(17), node().data);
    await writeConfiguration(node(), node().data);
    expect(await written('data/standby.signal')).toBe('');
    expect(await written('data/howdah.conf')).not.toContain('primary_conninfo');
  });

  it('names the standby that commits wait for, and TLS where it can be had', async () => {
    const tls = { cert: 'server.crt', key: 'server.key' };
    const replication = { ...ALONE, standbys: ['n1'], synchronous: 'n1' };
    await writeConfiguration(node({ tls, listen: { host: '127.9.9.9', port: 5433 }, replication }), node().data);
    const settings = await written('data/howdah.conf');
    expect(settings).toContain(`synchronous_standby_names = '"n1"'`);
    expect(settings).toContain(`ssl_key_file = '${base}/server.key'`);
    expect(settings).toContain("listen_addresses = '127.9.9.9'\nport = '5433'");
    expect(await written('data/pg_hba.conf')).toMatch(
      /^host +all +postgres +samehost +reject\nhost +all +all +samehost/m,
    );
  });
});

describe('certificates', () => {
  const handshake = async (cert: string, key: string, ca: string, host: string): Promise<string> => {
    const server = createServer({ cert, key });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      return await new Promise<string>((resolve) => {
        const socket = connect({ host, port: (server.address() as AddressInfo).port, ca });
        socket.once('secureConnect', () => resolve(socket.authorized ? 'authorized' : 'refused'));
        socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
        socket.once('close', () => resolve('closed'));
        setTimeout(() => socket.destroy(), 5000).unref();
      });
    } finally {
      server.close();
    }
  };

  it('are trusted by whoever trusts the authority, for their addresses alone', async () => {
    const folder = join(base, 'authority');
    const [authority, same] = await Promise.all([openAuthority(folder), openAuthority(folder)]);
    expect(same.certificate).toBe(authority.certificate);
    expect((await stat(join(folder, 'authority.pem'))).mode & 0o777).toBe(0o600);
    const good = await authority.issue(['127.0.0.1', 'db.example']);
    const other = await authority.issue(['127.0.0.2']);
    const stranger = await openAuthority(join(base, 'stranger'));
    expect(await handshake(good.cert, good.key, authority.certificate, '127.0.0.1')).toBe('authorized');
    expect(await handshake(other.cert, other.key, authority.certificate, '127.0.0.1')).toBe(
      'ERR_TLS_CERT_ALTNAME_INVALID',
    );
    expect(await handshake(good.cert, good.key, stranger.certificate, '127.0.0.1')).toMatch(
      /UNABLE_TO_VERIFY|SELF_SIGNED/,
    );

    expect(await installedCertificate(node())).toBeNull();
    expect(await installCertificate(node(), good)).toEqual({ cert: 'server.crt', key: 'server.key' });
    expect(await installedCertificate(node())).toMatchObject({ addresses: ['127.0.0.1', 'db.example'] });
    expect((await stat(join(base, 'server.key'))).mode & 0o777).toBe(0o600);
  });

  it('do not begin anew over an authority that cannot be read', async () => {
    await writeFile(join(base, 'authority.pem'), 'half');
    await expect(openAuthority(base)).rejects.toMatchObject({ info: { code: 'storage' } });
  });
});

describe('builds of PostgreSQL', () => {
  const binaries = (origin: string): ServerBinaries => ({ major: 17, version: '17.10', bin: '/x', origin });

  it('stay with the data they made', async () => {
    await checkEngine(node(), binaries('/usr/lib/postgresql/17/bin'));
    await noteEngine(node(), binaries('embedded'));
    expect(await engineOf(node())).toEqual({ major: 17, origin: 'embedded' });
    await checkEngine(node(), binaries('embedded'));
    await expect(checkEngine(node(), binaries('/usr/lib/postgresql/17/bin'))).rejects.toMatchObject({
      info: { code: 'conflict' },
    });
    await noteEngine(node(), binaries('/nowhere/17/bin'));
    await expect(binariesOf(node())).rejects.toMatchObject({ info: { code: 'not-found' } });
  });

  it('tell their version', () => {
    expect(parseServerVersion('postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n')).toEqual({
      major: 15,
      version: '15.20',
    });
    expect(parseServerVersion('postgres (PostgreSQL) 19devel')).toBeNull();
  });
});

describe('positions and lag', () => {
  it('reads and writes positions', () => {
    expect(parseLsn('16/B374D848')).toBe(0x16_b374_d848n);
    expect(formatLsn(0x16_b374_d848n)).toBe('16/B374D848');
    expect(formatLsn(parseLsn('0/0'))).toBe('0/0');
  });

  it('counts from when the log went beyond what a standby has', () => {
    const clock = createLagClock();
    expect(clock.secondsBehind(0, 0n)).toBe(0);
    clock.tick(1000, 100n);
    clock.tick(2000, 200n);
    clock.tick(3000, 200n);
    expect(clock.secondsBehind(5000, 200n)).toBe(0);
    expect(clock.secondsBehind(5000, 150n)).toBe(3);
    expect(clock.secondsBehind(5000, 50n)).toBe(4);
    for (let at = 0; at < 5000; at += 1) clock.tick(10_000 + at * 1000, 300n + BigInt(at));
    // Most samples are joined by now: exact for what is recent, never too short for what is old.
    expect(clock.secondsBehind(5_010_000, 5279n)).toBe(20);
    expect(clock.secondsBehind(5_010_000, 250n)).toBeGreaterThanOrEqual(5000);
    expect(clock.secondsBehind(5_010_000, 3000n)).toBeGreaterThanOrEqual(2299);
    clock.tick(6_000_000, 10n);
    expect(clock.secondsBehind(6_001_000, 5n)).toBe(1);
  });
});

describe('what the log tells', () => {
  const stamp = (ms: number): string => `${new Date(ms).toISOString().replace('T', ' ').slice(0, 23)} UTC [1]`;

  it('finds the reason and not its consequences', async () => {
    const now = Date.now();
    await writeFile(
      join(base, 'log', 'postgresql-Mon.log'),
      [
        `${stamp(now - 60_000)} PANIC:  an old story`,
        `${stamp(now)} PANIC:  could not write to file "pg_wal/xlogtemp.7": No space left on device`,
        `${stamp(now)} FATAL:  the database system is shutting down`,
        `${stamp(now)} LOG:  startup process (PID 3) was terminated by signal 6: Aborted`,
      ].join('\n'),
    );
    expect(reasonInLog(node(), now)).toBe('could not write to file "pg_wal/xlogtemp.7": No space left on device');
    expect(reasonInLog(node(), now + 30_000)).toBe('');
    await writeFile(join(base, 'log', 'start.log'), 'postgres: max_wal_senders (27) is too many\n');
    await rm(join(base, 'log', 'postgresql-Mon.log'));
    expect(reasonInLog(node(), now)).toBe('max_wal_senders (27) is too many');
  });

  it('knows a standby that needs a new copy', async () => {
    const now = Date.now();
    await writeFile(
      join(base, 'log', 'postgresql-Mon.log'),
      `${stamp(now)} LOG:  new timeline 2 forked off current database system timeline 1 before current recovery point 0/5000098\n`,
    );
    expect(divergence(node(), now)).toContain('new timeline 2 forked off');
    expect(divergence(node(), now + 30_000)).toBe('');
  });

  it('sees at once that a data folder is gone', async () => {
    expect(dataFolderThere(node())).toBe(false);
    await mkdir(join(base, 'data', 'global'));
    await writeFile(join(base, 'data', 'global', 'pg_control'), '');
    expect(dataFolderThere(node())).toBe(true);
  });
});
