import { z } from 'zod';
import type { PlaneTest, PlaneView, RatesView } from '../model/plane';
import { call, push } from './define';

const text = (max: number) => z.string().max(max);
const definition = z.object({
  /** Empty for a new one. */
  id: text(64),
  name: text(60),
  /** `host[:port]`. */
  endpoint: text(255),
  protocol: z.enum(['https', 'http']),
  region: text(64),
  secretId: text(128),
  /** Empty keeps the stored one. */
  secretKey: text(128),
});
export type PlaneDefinition = z.output<typeof definition>;

/** Hundredths of the currency's unit; the most that the control plane takes. */
const rate = z.number().min(0).max(1_000_000_000);

/** Control planes: the local one and registered clouds. Secret keys go in, never out. */
export const planes = {
  calls: {
    list: call<PlaneView[]>()(z.object({})),
    save: call<PlaneView>()(definition),
    remove: call<void>()(z.object({ id: z.string().min(1).max(64) })),
    test: call<PlaneTest>()(definition),
    /** Of the local control plane, which is started when it does not run. */
    rates: call<RatesView>()(z.object({})),
    setRates: call<void>()(
      z.object({
        currency: z.string().regex(/^[A-Z]{3}$/),
        cpuHour: rate,
        memoryGbHour: rate,
        storageGbHour: rate,
      }),
    ),
  },
  pushes: {
    changed: push<Record<string, never>>(),
  },
};
