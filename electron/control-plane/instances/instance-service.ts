import type { Charset } from '../../../shared/model/instance-rules';
import type { Drill, DrillView, SyncMode } from '../../../shared/model/instance';
import type { PgSession } from '../../adapters/postgres/session';
import type { ClusterNode } from '../cluster/node';
import type { Addresses } from './address-exchange';
import type { Address } from './addresses';
import type { InstanceRecord, OperationInput, OperationKind } from './record';

/** One instance to be made, already checked. */
export interface NewInstance {
  readonly name: string;
  readonly region: string;
  /** Zone of the primary, then of the standby if there is to be one. */
  readonly zones: readonly string[];
  readonly major: number;
  readonly version: string;
  readonly classCode: string;
  readonly storageGb: number;
  readonly charset: Charset;
  readonly adminUser: string;
  readonly adminVerifier: string;
  readonly projectId: number;
  readonly tags: InstanceRecord['tags'];
  readonly deletionProtection: boolean;
  readonly syncMode: SyncMode;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly securityGroupIds: readonly string[];
}

/** What may be changed without an operation; it holds at once. */
export type InstanceChange = Partial<
  Pick<InstanceRecord, 'name' | 'projectId' | 'tags' | 'deletionProtection' | 'maintenance' | 'accounts'>
>;

/** What is measured of a node right now. */
export interface NodeHealth {
  readonly id: string;
  readonly zone: string;
  readonly role: 'primary' | 'standby';
  /** The record's state, or `down` for a server that does not run. */
  readonly state: 'ready' | 'building' | 'lost' | 'down';
  readonly problem: string;
  /** `sync`, `async`, `quorum`, `potential` of pg_stat_replication; empty for the primary and while not connected. */
  readonly sync: string;
  /** Of a standby that streams: bytes not replayed and the replay lag in seconds; null is unknown. */
  readonly lagBytes: number | null;
  readonly lagSeconds: number | null;
  /** Process id of the postmaster; 0 when it does not run. */
  readonly pid: number;
}

/** When an operation that ends with a switch does so. */
export type SwitchTime =
  | { readonly at: 'now' }
  /** Milliseconds since the epoch. `tag`: 1 between two times that were asked for, 2 in the maintenance window. */
  | { readonly at: 'window'; readonly tag?: 1 | 2; readonly from: number; readonly until: number };

type Begun = Exclude<OperationKind, 'create'>;

/** All instances of this control plane. Operations are accepted at once and go on by themselves. */
export interface Instances {
  list(): readonly InstanceRecord[];
  get(id: string): InstanceRecord | undefined;
  create(wanted: NewInstance): Promise<string>;
  /** All of them or none: it fails before the first is begun (no free address, a disk that takes no record). In the order of the wishes. */
  createMany(wanted: readonly NewInstance[]): Promise<string[]>;
  /** Fails like `begin` where it would fail, and does nothing else. */
  check(kind: Begun, id: string): InstanceRecord;
  /**
   * Journals the operation and returns its task id. Fails with `not-found`, `conflict` when the status does not allow it (or no standby is
   * there to switch to), `invalid-input` when the machine cannot carry it.
   */
  begin(kind: Begun, id: string, input?: Partial<OperationInput>, when?: SwitchTime): Promise<number>;
  /** *Switch now*: begins the operation that waits. */
  beginWaiting(id: string): Promise<number>;
  /** Takes back an operation that waits. */
  cancelWaiting(id: string): Promise<void>;
  change(id: string, change: InstanceChange): Promise<void>;
  /** Checked by the caller; takes hold at once (synchronous standby, thresholds). */
  changeHa(id: string, syncMode: SyncMode, ha: InstanceRecord['ha']): Promise<void>;
  /** Binds groups in this order, whatever operation runs; sessions they forbid end. */
  bindGroups(id: string, groupIds: readonly string[]): Promise<void>;
  /** Opens the public address on a free port of all network addresses, or closes it. What is done when it resolves has a task id all the same. */
  openPublic(id: string): Promise<number>;
  closePublic(id: string): Promise<number>;
  /** A second private address. `host` empty: any free one of the subnet. */
  addNetwork(
    id: string,
    network: { readonly vpcId: string; readonly subnetId: string; readonly host: string },
  ): Promise<number>;
  /** Fails with `conflict` for the last one. */
  removeNetwork(
    id: string,
    network: { readonly vpcId: string; readonly subnetId: string; readonly host: string },
  ): Promise<number>;
  /** An address on which migration tasks reach the instance, by the rules of its own ones, opened when it is not there. Not held with its clients. */
  taskAddress(id: string): Promise<Address>;
  /** Puts further names into the certificates of the instance, at once. */
  certifyFor(id: string, names: readonly string[]): Promise<void>;
  /**
   * Clients of the instance wait from here on, whatever happens to its server, until `letClients` or an exchange and `letClients`: new ones at
   * its addresses; those that are there are cut off, and nothing of them is under way any more when it resolves. Sessions whose name begins
   * with `spared` go on. Fails with `conflict` while an operation runs or another task holds them.
   */
  holdClients(id: string, taskId: string, spared: string): Promise<void>;
  /** They go on, if it was this task that held them. */
  letClients(id: string, taskId: string): Promise<void>;
  /**
   * Both instances have these addresses from here on, which may be each other's. Who waits at an address goes on waiting there, for the other
   * instance. Sessions that are with a server stay with it. Done again after it was interrupted it completes.
   */
  exchangeAddresses(
    first: { readonly id: string; readonly addresses: Addresses },
    second: { readonly id: string; readonly addresses: Addresses },
  ): Promise<void>;
  nodes(id: string): Promise<NodeHealth[]>;
  /** Does it for real and goes on by itself; `drills` tells how it went. Fails with `conflict` without a standby that may take over. */
  drill(id: string, scenario: Drill): Promise<string>;
  /**
   * All servers of the zone are lost at once, of every instance that runs and is free: standbys take over, single nodes recover. One drill per
   * instance, as above.
   */
  drillZone(zone: string): Promise<{ readonly id: string; readonly drillId: string }[]>;
  /** Newest first. */
  drills(id: string): readonly DrillView[];
  noteProblem(id: string, problem: string): Promise<void>;
  noteEvent(
    id: string,
    event: { readonly level: 'info' | 'warn' | 'error'; readonly kind: string; readonly text: string },
  ): Promise<void>;
  /** The disk decides between these two. */
  setServing(id: string, status: 'running' | 'readonly'): Promise<void>;
  /** The node that serves. */
  node(record: InstanceRecord): ClusterNode;
  /** Runs work in a session of the internal superuser on the serving node. Fails with `conflict` when the instance does not serve. */
  withSuperuser<T>(
    id: string,
    database: string,
    work: (session: PgSession) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>;
  /** The certificate of the serving node; null without TLS. */
  certificateOf(id: string): Promise<{
    /** Milliseconds since the epoch. */ readonly validUntil: number;
    readonly addresses: readonly string[];
  } | null>;
  /** The certificate authority of this control plane, PEM. */
  certificateAuthority(): Promise<string>;
  /** Bytes on disk of the serving node, as last looked at; null before the first look. */
  diskUsed(id: string): number | null;
  /** Goes on with what an earlier run left: journalled operations, servers to adopt or to start. */
  resume(): Promise<void>;
  /** Gives up what runs (the journal keeps it) and stops no server. */
  close(): Promise<void>;
}
