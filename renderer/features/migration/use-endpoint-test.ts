import { useEffect, useRef, useState } from 'react';
import { errorInfo } from '../../../shared/errors';
import type { EndpointTest } from '../../../shared/model/migration-api';
import { api } from '../../api';
import { sideOf, type EndpointDraft, type Side } from './model';

export interface EndpointTestState {
  readonly result: EndpointTest | 'running' | null;
  readonly error: unknown;
  readonly run: (draft: EndpointDraft) => Promise<EndpointTest | null>;
  readonly cancel: () => void;
}

const same = (a: EndpointDraft, b: EndpointDraft): boolean => JSON.stringify(a) === JSON.stringify(b);

/** *Test connectivity* of one side; what was found holds for what was tested, not for what is typed after it. */
export function useEndpointTest(side: Side, jobId: string | null, draft: EndpointDraft): EndpointTestState {
  const [found, setFound] = useState<{ of: EndpointDraft; result: EndpointTest | 'running' | null; error: unknown }>();
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const fits = found !== undefined && same(found.of, draft);
  return {
    result: fits ? found.result : null,
    error: fits ? found.error : null,
    async run(tested) {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      setFound({ of: tested, result: 'running', error: null });
      try {
        const result = await api.migration.test({ id: jobId, role: side, side: sideOf(tested) }, controller.signal);
        if (running.current === controller) setFound({ of: tested, result, error: null });
        return result;
      } catch (error) {
        const told = errorInfo(error).code === 'cancelled' ? null : error;
        if (running.current === controller) setFound({ of: tested, result: null, error: told });
        return null;
      }
    },
    cancel: () => running.current?.abort(),
  };
}
