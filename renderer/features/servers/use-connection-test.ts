import { useEffect, useRef, useState } from 'react';
import { errorInfo } from '../../../shared/errors';
import { api } from '../../api';
import { secretsToUse, type ServerForm } from './form-model';
import type { TestResult } from './test-steps';

/** *Test connection*: one test at a time, cancelled with the dialog. */
export function useConnectionTest() {
  const [result, setResult] = useState<TestResult | 'running' | null>(null);
  const [tested, setTested] = useState<ServerForm | null>(null);
  const [error, setError] = useState<unknown>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  return {
    result,
    /** The form that `result` is about. */
    tested,
    error,
    async run(form: ServerForm): Promise<void> {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      setError(null);
      setTested(form);
      setResult('running');
      try {
        const server = { ...form.server, databaseRestriction: [...form.server.databaseRestriction] };
        const report = await api.servers.test({ server, secrets: secretsToUse(form) }, controller.signal);
        if (running.current === controller) setResult(report);
      } catch (thrown) {
        if (running.current !== controller) return;
        setResult(null);
        if (errorInfo(thrown).code !== 'cancelled') setError(thrown);
      }
    },
    cancel: () => running.current?.abort(),
    clear(): void {
      running.current?.abort();
      running.current = null;
      setResult(null);
      setError(null);
    },
  };
}
