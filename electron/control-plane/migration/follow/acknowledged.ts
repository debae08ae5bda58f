import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../../adapters/storage/json-document';
import { formatLsn, parseLsn, type Lsn } from './change-stream';

/**
 * What the sender was told to be safe, kept in the folder of the task: a receiving side that falls behind it (a failover to a standby that was
 * late, a backup that was restored) has lost changes that the sender has forgotten. Nothing is told before it is kept.
 */
export interface Acknowledged {
  /** What the records of the receiving side must say at least. */
  readonly recorded: Lsn;
  /** What of `position` may be told now, while the records of the receiving side say `recorded`; the rest once it is kept. */
  allow(position: Lsn, recorded: Lsn): Lsn;
  close(): Promise<void>;
}

export interface AcknowledgedOptions {
  readonly folder: string;
  readonly slot: string;
  /** Where the slot began: another slot of the same name begins elsewhere. */
  readonly begin: Lsn;
  /** More may be told than before. */
  onKept(): void;
  onFailed(error: unknown): void;
}

/** Between two writes, in milliseconds. */
const EVERY_MS = 500;

async function readKept(file: string, begin: Lsn): Promise<Lsn> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const [from = '', recorded = ''] = text.trim().split(' ');
  return from === formatLsn(begin) ? parseLsn(recorded) : 0n;
}

export async function openAcknowledged(options: AcknowledgedOptions): Promise<Acknowledged> {
  const { folder, slot, begin } = options;
  const file = join(folder, `acknowledged-${slot}`);
  let kept = await readKept(file, begin);
  let allowed: Lsn = 0n;
  let wanted: { readonly position: Lsn; readonly recorded: Lsn } | null = null;
  let writing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  const write = async (): Promise<void> => {
    if (!wanted) return;
    const { position, recorded } = wanted;
    wanted = null;
    try {
      await writeFileAtomically(file, `${formatLsn(begin)} ${formatLsn(recorded)}\n`);
      kept = recorded;
      if (position > allowed) allowed = position;
    } catch (error) {
      options.onFailed(error);
    }
  };
  const begun = (): void => {
    writing ??= write().then(() => {
      writing = null;
      if (closed) return;
      timer = setTimeout(() => {
        timer = null;
        if (wanted) begun();
      }, EVERY_MS);
      options.onKept();
    });
  };

  return {
    get recorded() {
      return kept;
    },
    allow(position, recorded) {
      if (recorded <= kept) {
        if (position > allowed) allowed = position;
        return position;
      }
      wanted = { position, recorded };
      if (!timer && !closed) begun();
      return allowed;
    },
    async close() {
      closed = true;
      if (timer) clearTimeout(timer);
      await writing;
    },
  };
}
