import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { InstanceDetail } from '../../../../shared/model/instance';
import { api, listen } from '../../../api';
import { isChanging } from '../model';
import { settle, usePlaneState } from '../store';

/** Milliseconds between readings: while something changes, and while only the lag does. A cloud is asked less often. */
const BUSY_MS = { local: 700, cloud: 4_000 };
const QUIET_MS = { local: 2_000, cloud: 15_000 };

export interface LiveDetail {
  /** Null until the first answer; a status that is expected stands over what is known. */
  readonly detail: InstanceDetail | null;
  /** Why the last reading failed; what was read before stays. */
  readonly error: unknown;
  readonly refresh: () => void;
}

/** Everything of one instance, kept fresh while it can be seen. */
export function useDetail(plane: string, id: string, visible: boolean): LiveDetail {
  const [known, setKnown] = useState<InstanceDetail | null>(null);
  const [error, setError] = useState<unknown>(null);
  const again = useRef<() => void>(() => undefined);
  const expectation = usePlaneState(plane).expected[id];

  useEffect(() => {
    if (!visible) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let reading: AbortController | null = null;
    const read = async () => {
      clearTimeout(timer);
      reading?.abort();
      const mine = new AbortController();
      reading = mine;
      let wait: number = QUIET_MS.cloud;
      try {
        const detail = await api.instances.detail({ plane, id }, mine.signal);
        if (mine.signal.aborted) return;
        const pace = detail.local ? 'local' : 'cloud';
        wait = (isChanging(detail.status) ? BUSY_MS : QUIET_MS)[pace];
        setKnown((before) => (JSON.stringify(before) === JSON.stringify(detail) ? before : detail));
        setError(null);
        settle(detail);
      } catch (thrown) {
        if (mine.signal.aborted) return;
        setError(thrown);
      }
      if (!document.hidden) timer = setTimeout(() => void read(), wait);
    };
    const now = () => {
      if (!document.hidden) void read();
    };
    again.current = now;
    now();
    const stop = listen('instances', 'changed', now);
    document.addEventListener('visibilitychange', now);
    return () => {
      clearTimeout(timer);
      reading?.abort();
      stop();
      document.removeEventListener('visibilitychange', now);
    };
  }, [plane, id, visible]);

  const detail = useMemo(() => {
    return known !== null && expectation?.from === known.status ? { ...known, status: expectation.status } : known;
  }, [known, expectation]);
  const refresh = useCallback(() => again.current(), []);
  return { detail, error, refresh };
}
