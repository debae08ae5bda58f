import { z } from 'zod';
import { call, push } from './define';

const terminalId = z.string().min(1).max(64);
const size = { columns: z.number().int().min(2).max(1000), rows: z.number().int().min(1).max(1000) };

/** psql in a pseudo-terminal. */
export const terminal = {
  calls: {
    /** Starts psql on a database. `tool` when there is no psql on this machine. */
    start: call<{ terminalId: string; program: string }>()(
      z.object({ serverId: z.string().min(1).max(64), database: z.string().min(1).max(63), ...size }),
    ),
    /** What the person types. */
    write: call<void>()(z.object({ terminalId, data: z.string().max(1_000_000) })),
    /** Another window goes on with it: what the one before has not drawn is no longer waited for. */
    attach: call<void>()(z.object({ terminalId, ...size })),
    resize: call<void>()(z.object({ terminalId, ...size })),
    /** How many bytes of output the window has drawn: more is sent only then. */
    drawn: call<void>()(z.object({ terminalId, bytes: z.number().int().min(0) })),
    /** Ends psql and what it started. */
    end: call<void>()(z.object({ terminalId })),
  },
  pushes: {
    output: push<{ terminalId: string; data: string }>(),
    ended: push<{ terminalId: string; exitCode: number | null; signal: string }>(),
  },
};
