import { errorInfo, type Reply } from '../../shared/errors';
import { contract, type AllHandlers } from '../../shared/contract/index';
import type { Call, CallContext } from '../../shared/contract/define';
import type { z } from 'zod';

/** Writes a fault of the program to the log and returns the id under which it stands there. */
export type ReportBug = (call: string, error: unknown) => string;

/** Runs one call by name: parses the input, hands it to its feature, wraps what comes back. Never throws. */
export type Dispatch = (name: string, input: unknown, signal: AbortSignal, window?: number) => Promise<Reply<unknown>>;

interface Entry {
  readonly schema: z.ZodType;
  readonly handle: (input: unknown, context: CallContext) => Promise<unknown>;
}

/** Joins contract and handlers into one table; knows nothing of Electron, so that tests drive it in plain Node. */
export function createDispatch(handlers: AllHandlers, reportBug: ReportBug): Dispatch {
  const table = new Map<string, Entry>();
  for (const [feature, { calls }] of Object.entries(contract)) {
    for (const [name, definition] of Object.entries(calls) as [string, Call<z.ZodType, unknown>][]) {
      const ofFeature = handlers[feature as keyof AllHandlers] as Record<string, Entry['handle']>;
      const handle = ofFeature[name];
      if (!handle) throw new Error(`no handler for ${feature}.${name}`);
      table.set(`${feature}.${name}`, { schema: definition.input, handle });
    }
  }
  return async (name, input, signal, window) => {
    const entry = table.get(name);
    if (!entry) return { ok: false, error: { code: 'invalid-input', message: `There is no call ${name}` } };
    const parsed = entry.schema.safeParse(input);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return {
        ok: false,
        error: {
          code: 'invalid-input',
          message: issue ? issue.message : 'The input is not valid',
          ...(issue ? { field: issue.path.join('.') } : {}),
        },
      };
    }
    try {
      return {
        ok: true,
        value: await entry.handle(parsed.data, window === undefined ? { signal } : { signal, window }),
      };
    } catch (error) {
      const info = errorInfo(error);
      return { ok: false, error: info.code === 'bug' ? { ...info, logId: reportBug(name, error) } : info };
    }
  };
}
