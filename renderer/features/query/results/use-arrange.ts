import { useCallback, useRef, useState } from 'react';
import { NO_ARRANGEMENT } from '../../../../shared/model/arrange';
import { AppError } from '../../../../shared/errors';
import type { Arrangement, ResultState } from '../../../../shared/model/query';
import { api } from '../../../api';

/** Sorting and filtering of one result by the server. */
export interface Arranging {
  readonly arrangement: Arrangement;
  /** The server is at it. */
  readonly busy: boolean;
  /** Why the last wish could not be fulfilled; the rows are as they were. */
  readonly error: unknown;
  /** What was wished for last; differs from `arrangement` after a failure. */
  readonly wish: Arrangement;
  apply(next: Arrangement): void;
  cancel(): void;
}

/** The rows come under another result id, at the same place among the results: this view goes, and one of the new id comes. */
export function useArrange(result: ResultState): Arranging {
  const { resultId } = result;
  const arrangement = result.arrangement ?? NO_ARRANGEMENT;
  const [state, setState] = useState<{ busy: boolean; error: unknown; wish: Arrangement }>({
    busy: false,
    error: null,
    wish: arrangement,
  });
  const ending = useRef(new AbortController());
  const apply = useCallback(
    (wish: Arrangement) => {
      ending.current.abort();
      ending.current = new AbortController();
      const { signal } = ending.current;
      setState({ busy: true, error: null, wish });
      const run = async () => {
        try {
          await api.query.arrange(
            { resultId, arrangement: { sort: [...wish.sort], filters: [...wish.filters], where: wish.where } },
            signal,
          );
          if (!signal.aborted) setState((before) => ({ ...before, busy: false }));
        } catch (error) {
          if (signal.aborted) return;
          const cancelled = error instanceof AppError && error.code === 'cancelled';
          setState((before) => ({ ...before, busy: false, error: cancelled ? null : error }));
        }
      };
      void run();
    },
    [resultId],
  );
  const cancel = useCallback(() => {
    ending.current.abort();
    setState((before) => ({ ...before, busy: false }));
  }, []);
  return { arrangement, ...state, apply, cancel };
}
