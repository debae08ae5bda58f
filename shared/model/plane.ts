/** Control planes that the app talks to: the local daemon, and accounts of a cloud (or other daemons) that were registered. */
export const LOCAL_PLANE = 'local';

export interface PlaneView {
  readonly id: string;
  readonly name: string;
  /** `host[:port]`; of the local one where it listens, empty while it does not run. */
  readonly endpoint: string;
  /** Plain HTTP is for endpoints on this machine only. */
  readonly protocol: 'https' | 'http';
  /** e.g. `ap-guangzhou`; empty asks for all regions (local ones only). */
  readonly region: string;
  readonly secretId: string;
  readonly local: boolean;
}

/** What a test looks at, in this order; `tls` only where the endpoint is spoken to by HTTPS. */
export const PLANE_STEPS = ['address', 'tls', 'signature', 'region', 'permission'] as const;
export type PlaneStep = (typeof PLANE_STEPS)[number];

export interface PlaneTestStep {
  readonly step: PlaneStep;
  readonly state: 'ok' | 'failed' | 'not-reached';
}

/** The steps of a test, each told by its outcome: `✓ address ✓ signature ✗ permission`. */
export interface PlaneTest {
  readonly ok: boolean;
  readonly steps: readonly PlaneTestStep[];
  /** What the endpoint said about the step that failed; empty when none did. */
  readonly text: string;
  readonly instances: number | null;
}

/** What instances of the local control plane cost: hundredths of the currency's unit for one hour of each server. */
export interface RatesView {
  /** Three capital letters, e.g. `CNY`. */
  readonly currency: string;
  readonly cpuHour: number;
  readonly memoryGbHour: number;
  readonly storageGbHour: number;
}
