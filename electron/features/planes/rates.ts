import { AppError } from '../../../shared/errors';
import type { RatesView } from '../../../shared/model/plane';
import { rateCardResponse } from '../../adapters/control-plane/own-responses';
import type { CallPlane, Plane } from '../../adapters/control-plane/plane';
import { anyResponse } from '../../adapters/control-plane/responses';

/** The rate card of a control plane of our own: what a cloud charges is its own affair. */

function ownCall({ callOwn }: Plane): CallPlane {
  if (callOwn) return callOwn;
  throw new AppError({ code: 'unsupported', message: 'Prices are set on a control plane of your own only' });
}

export async function readRates(plane: Plane, signal: AbortSignal): Promise<RatesView> {
  const card = await ownCall(plane)({ action: 'DescribeRateCard', body: {}, response: rateCardResponse, signal });
  return {
    currency: card.Currency,
    cpuHour: card.CpuHour,
    memoryGbHour: card.MemoryGbHour,
    storageGbHour: card.StorageGbHour,
  };
}

export async function setRates(plane: Plane, rates: RatesView, signal: AbortSignal): Promise<void> {
  const body = {
    Currency: rates.currency,
    CpuHour: rates.cpuHour,
    MemoryGbHour: rates.memoryGbHour,
    StorageGbHour: rates.storageGbHour,
  };
  await ownCall(plane)({ action: 'ModifyRateCard', body, response: anyResponse, signal });
}
