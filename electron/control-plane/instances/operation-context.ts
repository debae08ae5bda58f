import type { InstanceStatus } from '../../../shared/model/instance';
import type { Logger } from '../../log';
import type { ServerBinaries } from '../cluster/binaries';
import type { ClusterNode } from '../cluster/node';
import type { GatewayControl } from '../gateway/route';
import type { ProcessIdentity } from '../processes';
import type { Address } from './addresses';
import type { InstanceRecord } from './record';

/** What a step may use. */
export interface OperationContext {
  readonly log: Logger;
  readonly gateway: GatewayControl;
  /** Fires when the daemon ends: the step gives up and the journal stays, for the next start. */
  readonly signal: AbortSignal;
  record(): InstanceRecord;
  node(): ClusterNode;
  /** Binaries of the instance's version, fetched when they are not on this machine. */
  binaries(): Promise<ServerBinaries>;
  /** Durable when it resolves. */
  update(change: Partial<InstanceRecord>): Promise<void>;
  /** Takes part in the limit of heavy steps that run at once. */
  heavy<T>(work: () => Promise<T>): Promise<T>;
  takenAddresses(): readonly Address[];
  serverStarted(identity: ProcessIdentity): void;
  serverStopped(): void;
}

export interface Step {
  readonly name: string;
  /** The instance's status from here on. */
  readonly status: InstanceStatus;
  /** May be done twice: after a crash the step that was running is done again. */
  run(context: OperationContext): Promise<void>;
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
