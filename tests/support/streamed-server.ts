import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { openReplicationSession, type ReplicationSession } from '../../electron/adapters/postgres/replication-session';
import { createPgoutputDecoder } from '../../electron/control-plane/migration/follow/decode/pgoutput';
import { openTransactionSpool } from '../../electron/control-plane/migration/follow/decode/transaction-spool';
import { walsenderProfile } from '../../electron/control-plane/migration/follow/decode/walsender-options';
import type { ConnectionProfile } from '../../electron/ports';
import { createRecorder, type ChangeRecorder, type RecordedChange } from './change-recorder';
import { startServer, type TestServer } from './postgres';

const SETTINGS = ['wal_level = logical', 'max_replication_slots = 20', 'max_wal_senders = 20'];
/** So little that a transaction of some thousand rows is sent while it runs. */
export const STREAMING = 'logical_decoding_work_mem = 64kB';

/** A stream that is being read and written down. */
export interface Followed {
  readonly session: ReplicationSession;
  readonly recorder: ChangeRecorder;
  readonly ended: Promise<void>;
  /** End of the last transaction that came. */
  readonly endLsn: () => bigint;
  /** Of the last keep-alive. */
  readonly keptAlive: () => bigint;
}

export interface FollowOptions {
  readonly protocol?: 1 | 2 | 4;
  readonly profile?: ConnectionProfile;
  readonly recorder?: ChangeRecorder;
  /** Another one than that of the publication. */
  readonly slot?: string;
}

/** A server whose changes are followed, and what a test opens on it. */
export interface StreamedServer {
  readonly server: TestServer;
  readonly versionNum: number;
  /** Of the spools, one for each slot. */
  readonly spoolOf: (slot: string) => string;
  /** A walsender. */
  open(profile?: ConnectionProfile): Promise<ReplicationSession>;
  /** A session of an application. */
  connect(): Promise<Client>;
  /** A table, made by `ddl`, with a publication and a slot of the same name, which is returned. */
  prepare(ddl: (name: string) => string, profile?: ConnectionProfile): Promise<string>;
  follow(publication: string, options?: FollowOptions): Promise<Followed>;
  /** Whether somebody reads from the slot. */
  isActive(slot: string): Promise<unknown>;
  /** To be ended with the test. */
  track<T extends { end(): Promise<void> }>(opened: T): T;
  endTest(): Promise<void>;
  stop(): Promise<void>;
}

export async function startStreamed(major: number, settings: readonly string[] = []): Promise<StreamedServer> {
  const server = await startServer({ major, settings: [...SETTINGS, ...settings] });
  const versionNum = Number((await server.sql('SHOW server_version_num'))[0]?.['server_version_num']);
  const folder = await mkdtemp(join(tmpdir(), 'howdah-stream-'));
  const living: { end(): Promise<void> }[] = [];
  let serial = 0;
  const track: StreamedServer['track'] = (opened) => {
    living.push(opened);
    return opened;
  };
  const open: StreamedServer['open'] = async (profile = server.profile()) =>
    track(await openReplicationSession(walsenderProfile(profile, versionNum)));

  return {
    server,
    versionNum,
    spoolOf: (slot) => join(folder, slot),
    open,
    track,
    async connect() {
      const client = new Client(server.uri());
      await client.connect();
      return track(client);
    },
    async prepare(ddl, profile = server.profile()) {
      serial += 1;
      const name = `t${major}_${serial}`;
      await server.sql(`${ddl(name)}; CREATE PUBLICATION ${name} FOR TABLE ${name}`, profile.database);
      const session = await open(profile);
      await session.query(`CREATE_REPLICATION_SLOT ${name} LOGICAL pgoutput`);
      await session.end();
      return name;
    },
    async follow(publication, { protocol = 1, profile, recorder = createRecorder(), slot = publication } = {}) {
      const session = await open(profile);
      const spool = protocol > 1 ? await openTransactionSpool({ folder: join(folder, slot), maxBytes: 1e9 }) : null;
      const decoder = createPgoutputDecoder(recorder, { protocol, spool });
      track({ end: () => decoder.close() });
      let keptAlive = 0n;
      const streaming = protocol > 1 ? ", streaming 'on'" : '';
      const { ended } = await session.start(
        `START_REPLICATION SLOT ${slot} LOGICAL 0/0 (proto_version '${protocol}', publication_names '${publication}'${streaming})`,
        { data: (payload) => decoder.push(payload), keepalive: (walEnd) => void (keptAlive = walEnd) },
      );
      ended.catch(() => undefined);
      return {
        session,
        recorder,
        ended,
        endLsn: () => recorder.changes.reduce((end, change) => (change.kind === 'commit' ? change.endLsn : end), 0n),
        keptAlive: () => keptAlive,
      };
    },
    async isActive(slot) {
      const [row] = await server.sql(`SELECT active FROM pg_replication_slots WHERE slot_name = '${slot}'`);
      return row?.['active'];
    },
    async endTest() {
      await Promise.all(living.splice(0).map((each) => each.end()));
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** How many transactions came. */
export const commits = ({ recorder }: Followed): number =>
  recorder.changes.filter(({ kind }) => kind === 'commit').length;
/** The first value of each row, or what else came. */
export const firstValues = (changes: readonly RecordedChange[]): unknown[] =>
  changes.map((change) => ('values' in change ? change.values[0] : change.kind));
/** Tells the server one position for everything, at once. */
export function confirm({ session }: Followed, lsn: bigint): void {
  session.report({ received: lsn, flushed: lsn, applied: lsn }, true);
}
