import type { InstanceStatus } from '../../../shared/model/instance';
import type { Logger } from '../../log';
import type { ServerBinaries } from '../cluster/binaries';
import type { Authority } from '../cluster/certificates';
import type { ClusterNode } from '../cluster/node';
import type { GatewayControl, Route } from '../gateway/route';
import type { Networks } from '../network/networks';
import type { Address } from './addresses';
import type { InstanceEvent, InstanceRecord } from './record';
import type { ServerTable } from './server-table';
import type { LagSample } from './ha-rules';

/** What a step may use. */
export interface OperationContext {
  readonly log: Logger;
  readonly gateway: GatewayControl;
  readonly networks: Networks;
  /** Fires when the daemon ends: the step gives up and the journal stays, for the next start. Also when the step is interrupted. */
  readonly signal: AbortSignal;
  readonly servers: ServerTable;
  /** What was last asked of the gateway for each instance. */
  readonly traffic: Map<string, Route['state']>;
  record(): InstanceRecord;
  /** The primary, or the node of that id, as the record (or the one given) says it should be. */
  node(id?: string, record?: InstanceRecord): ClusterNode;
  /** Binaries that the primary, or the node of that id, runs with; fetched when they are not on this machine. */
  binaries(nodeId?: string): Promise<ServerBinaries>;
  /** Durable when it resolves. */
  update(change: Partial<InstanceRecord>): Promise<void>;
  /** Takes part in the limit of heavy steps that run at once. */
  heavy<T>(work: () => Promise<T>): Promise<T>;
  takenAddresses(): readonly Address[];
  authority(): Promise<Authority>;
  /** Bytes on disk of the serving node, as last looked at. */
  diskUsed(): number | null;
  /** The same, looked at now when it was not yet. */
  measureDisk(): Promise<number>;
  /** What was last measured of a standby. */
  lagOf(nodeId: string): LagSample | null;
  event(event: Omit<InstanceEvent, 'at'>): Promise<void>;
}

export interface Step {
  readonly name: string;
  /** The instance's status from here on. */
  readonly status: InstanceStatus;
  /** The server serves meanwhile and the step may take long: it is given up when the primary is lost. */
  readonly interruptible?: boolean;
  /** Whether it is a step of this operation at all; it is, when nothing decides. */
  applies?(context: OperationContext): boolean;
  /** May be done twice: after a crash the step that was running is done again. Facts that it returns are journalled with the next step. */
  run(context: OperationContext): Promise<Readonly<Record<string, string>> | void>;
}

/** What becomes of the instance at the end of an operation; null when it is gone. */
export type Outcome = Pick<InstanceRecord, 'status' | 'problem'> | null;

export interface OperationPlan {
  readonly steps: readonly Step[];
  /** After the last step. */
  done(context: OperationContext): Promise<Outcome>;
  /** After a step failed: brings the instance into a state that is whole and says why. */
  failed(context: OperationContext, reason: string): Promise<Outcome>;
}

/** Changes facts of the running operation, durably. */
export async function setFacts(context: OperationContext, facts: Readonly<Record<string, string>>): Promise<void> {
  const { operation } = context.record();
  if (!operation) throw new Error('no operation runs');
  await context.update({ operation: { ...operation, facts: { ...operation.facts, ...facts } } });
}

export const factOf = (context: OperationContext, name: string): string =>
  context.record().operation?.facts[name] ?? '';

/** Tells people what a step is doing. Not more often than needed: it is written to the disk. */
export async function setNote(context: OperationContext, note: string): Promise<void> {
  const { operation } = context.record();
  if (operation && operation.note !== note) await context.update({ operation: { ...operation, note } });
}

const NOTE_EVERY_MS = 1_000;
const PERCENT = 100;

/** Tells people how far a copy is, once a second at most. */
export function copyNote(context: OperationContext): (doneBytes: number, totalBytes: number) => void {
  let next = Date.now() + NOTE_EVERY_MS;
  return (done, total) => {
    const now = Date.now();
    if (now < next) return;
    next = now + NOTE_EVERY_MS;
    const share = total > 0 ? Math.min(PERCENT, Math.floor((done * PERCENT) / total)) : 0;
    setNote(context, `Copying the data: ${share} %`).catch(() => undefined);
  };
}
