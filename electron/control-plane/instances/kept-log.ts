import { errorInfo } from '../../../shared/errors';
import type { PgSession } from '../../adapters/postgres/session';
import { dropSlot, keptBySlots } from '../cluster/slots';
import type { OperationContext } from './operation-context';
import { standbysOf } from './record';
import { changeNode } from './sync';

/** The log that a primary keeps for a standby that is away: a new copy is cheaper than a full disk. */

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const MOST = 4 * GIB;
const SHARE = 0.2;

/** Bytes of log that are kept for a standby at most. Pure. */
export const keptLogLimit = ({ storageGb }: { readonly storageGb: number }): number =>
  Math.min(MOST, storageGb * GIB * SHARE);

/** The same as a setting; the server knows it from version 13 on. */
export const keptLogSettings = (instance: { readonly storageGb: number; readonly major: number }): [string, string][] =>
  instance.major >= 13 ? [['max_slot_wal_keep_size', `${Math.floor(keptLogLimit(instance) / MIB)}MB`]] : [];

/** Nothing is kept any more for a standby that needs a new copy anyhow. Never fails: it is tried again with the next attempt. */
export async function dropKeptLog(context: OperationContext, id: string): Promise<void> {
  try {
    await dropSlot(context.node(), id);
  } catch (error) {
    context.log.write('warn', 'the log kept for a standby could not be let go', {
      instance: context.record().id,
      node: id,
      reason: errorInfo(error).message,
    });
  }
}

/** The standby needs a new copy. */
export async function loseStandby(context: OperationContext, id: string, problem: string): Promise<void> {
  context.log.write('warn', 'a standby is lost', { instance: context.record().id, node: id, problem });
  await changeNode(context, id, { state: 'lost', inSync: false, problem });
  await dropKeptLog(context, id);
}

/** Before version 13 a server keeps log without end: standbys for which it is too much are lost. */
export async function limitKeptLog(context: OperationContext, session: PgSession): Promise<void> {
  const record = context.record();
  if (record.major >= 13) return;
  for (const { id, bytes } of await keptBySlots(session, context.signal)) {
    if (bytes <= keptLogLimit(record)) continue;
    const standby = standbysOf(record).find((node) => node.id === id);
    if (standby?.state === 'ready') await loseStandby(context, id, 'It was away for longer than the primary keeps log');
    else await dropKeptLog(context, id);
  }
}
