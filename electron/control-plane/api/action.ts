import type { z } from 'zod';
import type { RateCard } from '../../../shared/model/control-plane';
import type { GatewayControl } from '../gateway/route';
import type { Machine } from '../instances/capacity';
import type { Instances } from '../instances/instance-service';
import type { MigrationJobs } from '../migration/job-service';
import type { DocumentTrouble } from '../network/kept-document';
import type { Networks } from '../network/networks';

/** What an hour costs. */
export interface Rates {
  /** What had become of their document when it was opened; null is nothing. */
  readonly trouble: DocumentTrouble | null;
  current(): RateCard;
  /** On disk when it resolves. */
  change(card: RateCard): Promise<void>;
}

/** What the handlers work with. */
export interface ApiDeps {
  readonly instances: Instances;
  readonly networks: Networks;
  readonly rates: Rates;
  readonly migrations: MigrationJobs;
  readonly gateway: GatewayControl;
  readonly machine: () => Machine;
  readonly daemonVersion: string;
  readonly prove: (nonce: string) => string;
  /** Ends the daemon in an orderly way, after the answer has gone out. */
  readonly shutdown: () => void;
}

export interface ActionContext {
  readonly deps: ApiDeps;
  /** `X-TC-Region`; empty when the request had none. */
  readonly region: string;
}

/** Whose error codes an action answers with. */
export type Family = 'postgres' | 'vpc' | 'tag' | 'dts';

/** One action: its documented parameters, and what it answers (without `RequestId`). */
export interface Action {
  /** Whether it changes anything: such a request is never accepted twice. */
  readonly change: boolean;
  readonly family: Family;
  readonly request: z.ZodType;
  readonly handle: (request: unknown, context: ActionContext) => Promise<object>;
}

const joined =
  (family: Family) =>
  <Schema extends z.ZodType, Response extends { RequestId?: string }>(
    request: Schema,
    handle: (request: z.output<Schema>, context: ActionContext) => Promise<Omit<Response, 'RequestId'>>,
    change = false,
  ): Action => ({
    change,
    family,
    request,
    handle: (parsed, context) => handle(request.parse(parsed), context),
  });

/** Joins a schema with its handler, so that the handler sees the parsed request. */
export const action = joined('postgres');
export const vpcAction = joined('vpc');
export const tagAction = joined('tag');
export const dtsAction = joined('dts');

export type ActionTable = Readonly<Record<string, Action>>;
