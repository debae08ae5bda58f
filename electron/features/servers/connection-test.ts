import { AppError, errorInfo, throwIfAborted } from '../../../shared/errors';
import { CONNECTION_STEPS, type ConnectionStep, type TestStep } from '../../../shared/model/server';
import { openClient } from '../../adapters/postgres/connect';
import type { ConnectionProfile } from '../../ports';

export interface TestReport {
  readonly steps: TestStep[];
  /** Fingerprint of a tunnel host that was not known yet; null otherwise. */
  readonly newHostKey: string | null;
}

const failedStep = (step: ConnectionStep, error: unknown): TestStep => {
  const { message, hint } = errorInfo(error);
  return { step, state: 'failed', detail: message, hint: hint ?? '', ms: 0 };
};

/** The step at which what comes before a connection belongs: a service names the host, a command gives the password. */
const stepOfPreparation = (error: AppError): ConnectionStep =>
  error.info.field === 'server.service' ? 'name' : 'authentication';

/** Connects step by step, closes again and tells how far it came. Fails only with `cancelled` or `secrets-locked`. */
export async function testConnection(
  makeProfile: () => Promise<ConnectionProfile>,
  signal: AbortSignal,
): Promise<TestReport> {
  const found = new Map<ConnectionStep, TestStep>();
  let newHostKey: string | null = null;
  let profile: ConnectionProfile | undefined;
  try {
    profile = await makeProfile();
    const opened = await openClient(profile, signal, (step) => found.set(step.step, step));
    await opened.client.end().catch(() => undefined);
    opened.release();
  } catch (error) {
    throwIfAborted(signal);
    if (!(error instanceof AppError) || error.code === 'secrets-locked') throw error;
    const { field, detail } = error.info;
    if (field === 'ssh.hostKey' && profile?.ssh.hostKey === '') newHostKey = detail ?? null;
    if (!profile) {
      const step = stepOfPreparation(error);
      found.set(step, failedStep(step, error));
    } else if (![...found.values()].some((step) => step.state === 'failed')) {
      found.set('database', failedStep('database', error));
    }
  }
  const steps = CONNECTION_STEPS.map(
    (step): TestStep => found.get(step) ?? { step, state: 'not-reached', detail: '', hint: '', ms: 0 },
  );
  return { steps, newHostKey };
}
