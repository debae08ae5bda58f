import { useEffect, useRef, useState } from 'react';
import type { TaskLogLine } from '../../../shared/model/task';

/** Reads a stretch of a log: lines from this index on, and where to go on; no lines at its end. */
export type ReadLog = (from: number) => Promise<{ readonly lines: readonly TaskLogLine[]; readonly next: number }>;

/** So many lines of a log are held in the window; the file has all of them. */
const HELD = 100_000;

export interface LogLines {
  readonly lines: readonly TaskLogLine[];
  /** Index of the first line held. */
  readonly first: number;
  readonly error: unknown;
}

/** The newest lines of a log, followed while `total` grows. `wanted` false: nothing is asked for. */
export function useLogLines(read: ReadLog, total: number, wanted: boolean): LogLines {
  const [log, setLog] = useState<LogLines>({ lines: [], first: 0, error: null });
  const next = useRef<number | null>(null);
  const busy = useRef(false);
  const target = useRef(total);

  useEffect(() => {
    target.current = total;
    if (!wanted || busy.current || next.current === total) return;
    busy.current = true;
    const readOn = async () => {
      next.current ??= Math.max(0, target.current - HELD);
      const from = next.current;
      setLog((held) => (held.lines.length === 0 ? { ...held, first: from } : held));
      while (next.current < target.current) {
        const { lines, next: after } = await read(next.current);
        if (lines.length === 0) break;
        next.current = after;
        setLog((held) => {
          const all = [...held.lines, ...lines];
          const dropped = Math.max(0, all.length - HELD);
          return { lines: dropped > 0 ? all.slice(dropped) : all, first: held.first + dropped, error: null };
        });
      }
    };
    readOn()
      .catch((error: unknown) => setLog((held) => ({ ...held, error })))
      .finally(() => (busy.current = false));
  }, [read, total, wanted]);
  return log;
}
