import { openClient } from '../../electron/adapters/postgres/connect';
import type { ConnectionProfile } from '../../electron/ports';
import { AppError, type ErrorInfo } from '../../shared/errors';
import type { TestStep } from '../../shared/model/server';

/** The steps of a connection that succeeds, e.g. `tcp ok: db1:5432`; it is closed again. */
export async function outcome(profile: ConnectionProfile): Promise<string[]> {
  const steps: string[] = [];
  const opened = await openClient(profile, undefined, ({ step, state, detail }) =>
    steps.push(detail === '' ? `${step} ${state}` : `${step} ${state}: ${detail}`),
  );
  await opened.client.end();
  opened.release();
  return steps;
}

/** How a connection fails: the error and the steps up to it. */
export async function failureOf(profile: ConnectionProfile): Promise<{ error: ErrorInfo; steps: TestStep[] }> {
  const steps: TestStep[] = [];
  try {
    const opened = await openClient(profile, undefined, (step) => steps.push(step));
    await opened.client.end();
    opened.release();
  } catch (error) {
    if (error instanceof AppError) return { error: error.info, steps };
    throw error;
  }
  throw new Error('the connection succeeded');
}
