import { noticeError } from '../../../adapters/postgres/errors';
import type { RawSession } from '../../../adapters/postgres/raw-session';
import type { WireNotice } from '../../../adapters/postgres/wire-messages';
import { decodeRow, rowSize } from '../../../adapters/postgres/wire-rows';
import { cancelled, throwIfAborted } from '../../../../shared/errors';
import type { Row } from '../../../../shared/model/query';

/** What one statement of ours brought. */
export interface Ran {
  readonly rows: readonly Row[];
  /** Command tag, e.g. `UPDATE 1`. */
  readonly tag: string;
}

/** Runs one statement of our own to its end. Fails with `sql`, `lost-connection` or `cancelled`; an abort cancels on the server. */
export async function runOne(raw: RawSession, sql: string, signal: AbortSignal): Promise<Ran> {
  throwIfAborted(signal);
  const rows: Row[] = [];
  let tag = '';
  let failure: WireNotice | null = null;
  // Awaited before the next statement: a CancelRequest on its way must not hit that one.
  const cancels: Promise<void>[] = [];
  const stop = (): void => {
    cancels.push(raw.cancel().catch(() => undefined));
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    await raw.query(sql, {
      columns: () => undefined,
      rows(chunk, start, end) {
        for (let at = start; at < end; at += rowSize(chunk, at)) {
          rows.push(decodeRow(chunk, at, Number.MAX_SAFE_INTEGER));
        }
      },
      complete: (text) => void (tag = text),
      error: (notice) => void (failure ??= notice),
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await Promise.all(cancels);
  }
  if (failure) throw signal.aborted ? cancelled() : noticeError(failure);
  return { rows, tag };
}

/** Rows that a command tag tells, e.g. 1 of `INSERT 0 1`. */
export const rowsOfTag = (tag: string): number => Number(tag.split(' ').at(-1) ?? 0);
