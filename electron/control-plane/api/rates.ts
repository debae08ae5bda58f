import { join } from 'node:path';
import { z } from 'zod';
import type { RateCard } from '../../../shared/model/control-plane';
import type { Logger } from '../../log';
import type { InstanceClass } from '../instances/classes';
import { openKeptDocument } from '../network/kept-document';
import type { Rates } from './action';

const rate = z.number().min(0).max(1_000_000_000);

export const rateCard = z.object({
  Currency: z.string().regex(/^[A-Z]{3}$/, 'three capital letters, e.g. CNY'),
  CpuHour: rate,
  MemoryGbHour: rate,
  StorageGbHour: rate,
});

const FREE: RateCard = { Currency: 'CNY', CpuHour: 0, MemoryGbHour: 0, StorageGbHour: 0 };

/** The rate card of a control plane, kept in `rates.json` of its state folder with a copy beside it; everything is free until it is changed. */
export function openRates(folder: string, log: Logger): Rates {
  const document = openKeptDocument({
    file: join(folder, 'rates.json'),
    schema: rateCard,
    version: 1,
    defaults: FREE,
    log,
  });
  return {
    trouble: document.trouble,
    current: () => document.current(),
    change: async (card) => void (await document.update(() => card)),
  };
}

/** What one hour of `count` instances costs, in whole hundredths of the currency's unit. */
export function hourlyPrice(
  card: RateCard,
  spec: InstanceClass,
  storageGb: number,
  nodes: number,
  count: number,
): number {
  const one = spec.cpu * card.CpuHour + spec.memoryGb * card.MemoryGbHour + storageGb * card.StorageGbHour;
  return Math.round(one * nodes * count);
}
