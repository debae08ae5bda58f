import { randomBytes } from 'node:crypto';
import { AppError } from '../../../shared/errors';
import { NEW_SERVER } from '../../../shared/model/server';
import { openSession, type PgSession } from '../../adapters/postgres/session';
import { superuserProfile } from '../cluster/session';
import { pause } from '../processes';
import { mustGet, type Ground } from './context';
import { clusterNode } from './node-of';
import { primaryOf } from './record';

/** Somebody who writes one row after the other into an instance, the way its clients do, and remembers what was acknowledged. */
export interface Probe {
  /** Waits for the acknowledgement of a row that is begun from now on; false when the time is over. */
  nextCommit(ms: number): Promise<boolean>;
  /** Stops writing and counts what is there. */
  finish(): Promise<{ acknowledged: number; lost: number }>;
  /** Stops writing and takes the probe's table away, as far as that is possible; whether it is gone. */
  end(): Promise<boolean>;
  /** Name of that table. */
  readonly table: string;
}

const CONNECT_S = 15;
const AGAIN_MS = 10;

/**
 * Begins to write through the first private address. TLS instances refuse the internal superuser on the network, and security groups may keep
 * this machine out: then it writes to the serving node directly, which tells the same about the commits.
 */
export async function startProbe(ground: Ground, id: string): Promise<Probe> {
  const table = `howdah_drill_${randomBytes(6).toString('hex')}`;
  let direct = mustGet(ground.repository, id).ssl.enabled;

  const connect = (): Promise<PgSession> => {
    const record = mustGet(ground.repository, id);
    const inside = superuserProfile(clusterNode(ground.place, record, primaryOf(record)));
    const [address] = record.networks;
    if (direct || !address) return openSession({ ...inside, connectTimeout: CONNECT_S });
    return openSession({
      ...inside,
      host: address.host,
      port: address.port,
      ssl: { ...NEW_SERVER.ssl, mode: 'disable' },
      applicationName: 'howdah drill',
      connectTimeout: CONNECT_S,
    });
  };

  const first = async (): Promise<PgSession> => {
    try {
      return await connect();
    } catch (error) {
      if (direct) throw error;
      direct = true;
      return connect();
    }
  };

  let session: PgSession | null = await first();
  await session.query(`CREATE TABLE ${table} (n bigint PRIMARY KEY)`);
  const acknowledged = new Set<number>();
  let [next, stopping] = [0, false];
  let ended: Promise<boolean> | null = null;
  let waiting: { from: number; done: (came: boolean) => void }[] = [];

  const write = async (): Promise<void> => {
    while (!stopping) {
      try {
        session ??= await connect();
        const n = (next += 1);
        await session.query(`INSERT INTO ${table} VALUES ($1)`, [n]);
        acknowledged.add(n);
        for (const each of waiting) if (n >= each.from) each.done(true);
        waiting = waiting.filter(({ from }) => n < from);
      } catch {
        const broken: PgSession | null = session;
        session = null;
        await broken?.end().catch(() => undefined);
        await pause(AGAIN_MS);
      }
    }
  };
  const writing = write();

  const stop = async (): Promise<void> => {
    stopping = true;
    for (const each of waiting) each.done(false);
    await writing;
    await session?.end().catch(() => undefined);
    session = null;
  };

  const drop = async (): Promise<boolean> => {
    const last = await connect().catch(() => null);
    const gone = await last?.query(`DROP TABLE IF EXISTS ${table}`).then(
      () => true,
      () => false,
    );
    await last?.end().catch(() => undefined);
    return gone === true;
  };

  return {
    nextCommit: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve(false), ms);
        waiting.push({
          from: next + 1,
          done: (came) => {
            clearTimeout(timer);
            resolve(came);
          },
        });
      }),
    async finish() {
      await stop();
      const reader = await connect();
      try {
        const rows = await reader.query<{ n: string }>(`SELECT n FROM ${table}`);
        const there = new Set(rows.map(({ n }) => Number(n)));
        if (acknowledged.size === 0) throw new AppError({ code: 'conflict', message: 'Nothing was acknowledged' });
        return { acknowledged: acknowledged.size, lost: [...acknowledged].filter((n) => !there.has(n)).length };
      } finally {
        await reader.end();
      }
    },
    end: () => (ended ??= stop().then(drop)),
    table,
  };
}
