import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { copyFrom } from '../../electron/control-plane/cluster/base-copy';
import { installCertificate, openAuthority } from '../../electron/control-plane/cluster/certificates';
import { ALONE, type ClusterNode } from '../../electron/control-plane/cluster/node';
import { fence, stopPostmaster } from '../../electron/control-plane/cluster/postmaster';
import { promote } from '../../electron/control-plane/cluster/promote';
import { positionOf, replicationOf, waitReplayed } from '../../electron/control-plane/cluster/replication';
import { divergence } from '../../electron/control-plane/cluster/server-log';
import { asSuperuser, superuserProfile } from '../../electron/control-plane/cluster/session';
import { ensureSlots } from '../../electron/control-plane/cluster/slots';
import { setSynchronous } from '../../electron/control-plane/cluster/synchronous';
import { eventually, openCluster, type TestCluster } from '../support/cluster';
import { freePort } from '../support/postgres';

let cluster: TestCluster | null = null;
const begin = async (major: number): Promise<TestCluster> => (cluster = await openCluster(major));
afterEach(async () => {
  await cluster?.close();
  cluster = null;
});

const standbyOf = (test: TestCluster, of: ClusterNode, id: string): ClusterNode =>
  test.node(id, {
    role: 'standby',
    replication: { ...ALONE, primary: { socket: of.socket, password: of.superuserPassword } },
  });

const slots = (test: TestCluster, node: ClusterNode): Promise<unknown> =>
  test.sql(node, 'SELECT slot_name FROM pg_replication_slots ORDER BY 1');

/** Writes until it is told to stop or fails; the numbers whose commit was acknowledged. */
function writeOn(node: ClusterNode, sql: string): { acknowledged: number[]; stop(): Promise<void> } {
  const acknowledged: number[] = [];
  let going = true;
  const work = asSuperuser(node, async (session) => {
    for (let number = 1; going; number += 1) {
      await session.query(sql, [number]);
      acknowledged.push(number);
    }
  }).catch(() => undefined);
  return {
    acknowledged,
    async stop() {
      going = false;
      await work;
    },
  };
}

/** The older and the newer protocol of base backups. */
describe.each([11, 17])('PostgreSQL %i', (major) => {
  it('is copied whole while it is written to', async () => {
    const test = await begin(major);
    const n1 = await test.primary();
    await test.sql(
      n1,
      'CREATE TABLE filled AS SELECT id, repeat(id::text, 20) AS text FROM generate_series(1, 50000) AS id',
    );
    await test.sql(n1, 'CREATE INDEX ON filled (text)');
    const writing = writeOn(
      n1,
      `WITH more AS (INSERT INTO filled SELECT id, md5(id::text) FROM generate_series(1, 200) AS id RETURNING 1),
            less AS (DELETE FROM filled WHERE id = $1 RETURNING 1)
       SELECT count(*) FROM more, less`,
    );
    const n2 = standbyOf(test, n1, 'n2');
    await eventually('some writes', async () => writing.acknowledged.length > 5);
    await copyFrom(n1, n2);
    await test.start(n2);
    await writing.stop();
    await waitReplayed(n2, (await positionOf(n1)).flushed, { timeoutMs: 20_000 });
    const sum = `SELECT count(*), sum(hashtext(text)::bigint), sum(id) FROM filled`;
    expect(await test.sql(n2, sum)).toEqual(await test.sql(n1, sum));
    await test.sql(n1, 'CREATE EXTENSION amcheck');
    await waitReplayed(n2, (await positionOf(n1)).flushed, { timeoutMs: 20_000 });
    await test.sql(n2, `SELECT bt_index_check('filled_text_idx')`);
  });

  it('leaves nothing of a copy that was cut, and copies again over what was left', async () => {
    const test = await begin(major);
    const n1 = await test.primary();
    const n2 = standbyOf(test, n1, 'n2');
    const nothing = async (): Promise<void> => {
      expect(existsSync(n2.data)).toBe(false);
      expect((await readdir(n2.base)).filter((name) => name.startsWith('data'))).toEqual([]);
      expect(await slots(test, n1)).toEqual([]);
    };
    const stopping = new AbortController();
    const stopAt = (done: number): void => void (done > 3_000_000 && stopping.abort());
    await expect(copyFrom(n1, n2, { signal: stopping.signal, onProgress: stopAt })).rejects.toMatchObject({
      info: { code: 'cancelled' },
    });
    await nothing();

    let cutting: Promise<unknown> | null = null;
    const cut = (done: number): void => {
      if (done < 3_000_000 || cutting) return;
      cutting = test.sql(n1, `SELECT pg_terminate_backend(pid) FROM pg_stat_replication WHERE state = 'backup'`);
    };
    const failed = await copyFrom(n1, n2, { onProgress: cut }).then(
      () => null,
      (error: unknown) => error,
    );
    // The last bytes may have been under way already: then the copy is whole.
    if (failed !== null) await nothing();

    await mkdir(join(dirname(n2.data), 'data.new', 'base'), { recursive: true });
    await writeFile(join(dirname(n2.data), 'data.new', 'PG_VERSION'), 'from a run that was killed');
    await copyFrom(n1, n2);
    await test.start(n2);
    await eventually('streaming', async () => (await replicationOf(n1)).some(({ state }) => state === 'streaming'));
    expect(await slots(test, n1)).toEqual([{ slot_name: 'n2' }]);
    await expect(copyFrom(n1, n2)).rejects.toMatchObject({ info: { code: 'conflict' } });
  });
});

describe('a standby', () => {
  it('holds every acknowledged row when its primary is killed in synchronous mode', async () => {
    const test = await begin(18);
    const n1 = await test.primary();
    await test.sql(n1, 'CREATE TABLE acknowledged (id int)');
    const n2 = await test.standby(n1, 'n2');
    await eventually('streaming', async () => (await replicationOf(n1)).some(({ state }) => state === 'streaming'));
    await setSynchronous(n1, 'n2');
    const writing = writeOn(n1, 'INSERT INTO acknowledged VALUES ($1)');
    await eventually('300 rows', async () => writing.acknowledged.length > 300);
    await test.kill(n1);
    await fence(n1);
    await writing.stop();
    const promoted = test.node('n2', { replication: { ...ALONE, standbys: ['n1'] } });
    const from = performance.now();
    await promote(n2, { timeoutMs: 10_000 });
    expect(performance.now() - from).toBeLessThan(5000);
    const rows = await test.sql(promoted, 'SELECT id FROM acknowledged');
    const survived = new Set(rows.map(({ id }) => id));
    expect(writing.acknowledged.filter((id) => !survived.has(id))).toEqual([]);

    // The old primary wrote what nobody else has: as a standby it can be read, but does not stream, and says why.
    await test.start(test.node('n1'));
    await test.sql(n1, 'INSERT INTO acknowledged SELECT generate_series(1, 1000)');
    await stopPostmaster(n1);
    const since = Date.now();
    const lost = standbyOf(test, promoted, 'n1');
    await ensureSlots(promoted, ['n1']);
    await test.start(lost);
    expect(await eventually('a reason', async () => divergence(lost, since) || null)).toMatch(
      /forked off|not in this server's history|ahead of/,
    );
    await stopPostmaster(lost);
    await copyFrom(promoted, lost);
    await test.start(lost);
    await eventually('streaming again', async () =>
      (await replicationOf(promoted)).some(({ id, state }) => id === 'n1' && state === 'streaming'),
    );
  });

  it('lets commits wait when it is away, until they are let go', async () => {
    const test = await begin(13);
    const n1 = await test.primary({ replication: { ...ALONE, standbys: ['n2'] } });
    await test.sql(n1, 'CREATE TABLE waiting (id int)');
    await setSynchronous(n1, 'n2');
    const writing = writeOn(n1, 'INSERT INTO waiting VALUES ($1)');
    await eventually(
      'a commit that waits',
      async () => (await test.sql(n1, `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'`)).length > 0,
    );
    expect(writing.acknowledged).toEqual([]);
    await setSynchronous(n1, null);
    await eventually('commits', async () => writing.acknowledged.length > 10);
    await writing.stop();
    await ensureSlots(n1, ['n2', 'n3']);
    await ensureSlots(n1, ['n3']);
    expect(await slots(test, n1)).toEqual([{ slot_name: 'n3' }]);
  });

  it('that was not promoted is, when it is to start as a primary', async () => {
    const test = await begin(10);
    const n1 = await test.primary();
    const n2 = await test.standby(n1, 'n2');
    await stopPostmaster(n1);
    await stopPostmaster(n2);
    const taken = test.node('n2');
    await test.start(taken);
    expect(
      await test.sql(taken, 'SELECT timeline_id FROM pg_control_checkpoint(), pg_is_in_recovery() AS r WHERE NOT r'),
    ).toHaveLength(1);
    await stopPostmaster(taken);
    await test.start(taken);
    expect((await positionOf(taken)).inRecovery).toBe(false);
  });
});

describe('a server', () => {
  it('with tablespaces elsewhere is not copied', async () => {
    const test = await begin(17);
    const n1 = await test.primary();
    const elsewhere = join(n1.log, 'elsewhere');
    await test.sql(n1, `COPY (SELECT 1) TO PROGRAM 'mkdir ${elsewhere}'`);
    await test.sql(n1, `CREATE TABLESPACE elsewhere LOCATION '${elsewhere}'`);
    const n2 = standbyOf(test, n1, 'n2');
    await expect(copyFrom(n1, n2)).rejects.toMatchObject({ info: { code: 'unsupported' } });
    expect(existsSync(n2.data)).toBe(false);
  });

  it('with a certificate offers TLS at its address, which the authority vouches for', async () => {
    const test = await begin(18);
    const authority = await openAuthority(join(test.folder, 'authority'));
    const ca = join(test.folder, 'ca.pem');
    await writeFile(ca, authority.certificate);
    const listen = { host: '127.0.0.1', port: await freePort() };
    const n1 = await test.primary({ listen });
    const tls = await installCertificate(n1, await authority.issue([listen.host]));
    await stopPostmaster(n1);
    const secured = test.node('n1', { listen, tls });
    await test.start(secured);
    await test.sql(secured, `CREATE ROLE guest LOGIN PASSWORD 'Guest-1234'`);
    const profile = superuserProfile(secured);
    const session = await openSession({
      ...profile,
      ...listen,
      user: 'guest',
      password: 'Guest-1234',
      ssl: { ...profile.ssl, mode: 'verify-full', rootCert: ca },
    });
    expect(session.tls).toContain('TLSv1.3');
    await session.end();
    await expect(openSession({ ...profile, ...listen })).rejects.toThrow('pg_hba.conf rejects connection');
  });
});
