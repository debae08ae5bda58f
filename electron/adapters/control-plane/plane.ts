import type { z } from 'zod';

/** Public services that a plane answers; a local one answers all of them at one address. */
export type PlaneService = 'postgres' | 'vpc' | 'tag' | 'dts';

export interface PlaneCall<Schema extends z.ZodType> {
  /** `postgres` when it is left out. */
  readonly service?: PlaneService;
  readonly action: string;
  readonly body: object;
  /** What the answer is parsed by. */
  readonly response: Schema;
  /** A local plane answers for all regions when none is named; a cloud is always asked in its own. */
  readonly region?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Calls one action. Fails with `control-plane` (`apiCode` when the API said no), `unreachable`, `tls` or `cancelled`. */
export type CallPlane = <Schema extends z.ZodType>(wanted: PlaneCall<Schema>) => Promise<z.output<Schema>>;

/** A control plane as features see it: the local daemon and an account of a cloud are the same to them. */
export interface Plane {
  readonly id: string;
  readonly local: boolean;
  /** The region that a cloud is asked in; empty is all regions. */
  readonly region: string;
  readonly call: CallPlane;
  /** Our own service, which only the local daemon has. */
  readonly callOwn: CallPlane | null;
}

/** The planes that the person has. */
export interface Planes {
  /** Fails with `not-found` for a plane that was never there or was removed. */
  get(id: string): Plane;
  list(): readonly Plane[];
}
