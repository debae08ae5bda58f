import type { z } from 'zod';
import type { Instances } from '../instances/instances';
import type { Machine } from '../instances/capacity';
import type { GatewayControl } from '../gateway/route';

/** What the handlers work with. */
export interface ApiDeps {
  readonly instances: Instances;
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

/** One action: its documented parameters, and what it answers (without `RequestId`). */
export interface Action {
  /** Whether it changes anything: such a request is never accepted twice. */
  readonly change: boolean;
  readonly request: z.ZodType;
  readonly handle: (request: unknown, context: ActionContext) => Promise<object>;
}

/** Joins a schema with its handler, so that the handler sees the parsed request. */
export const action = <Schema extends z.ZodType, Response extends { RequestId?: string }>(
  request: Schema,
  handle: (request: z.output<Schema>, context: ActionContext) => Promise<Omit<Response, 'RequestId'>>,
  change = false,
): Action => ({
  change,
  request,
  handle: (parsed, context) => handle(request.parse(parsed), context),
});

export type ActionTable = Readonly<Record<string, Action>>;
