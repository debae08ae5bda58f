import { z } from 'zod';
import {
  SIGNALS,
  type ActivitySample,
  type BlockedSession,
  type HealthState,
  type LockRow,
  type LogState,
  type Look,
  type PreparedRow,
  type ReplicationState,
  type SessionRow,
  type SettingRow,
  type SignalOutcome,
} from '../model/dashboard';
import { call } from './define';

const where = z.object({ serverId: z.string().min(1).max(64), database: z.string().min(1).max(63) });

/** What a server is doing now, for any registered server. Each look is one question over a session kept for looking. */
export const dashboard = {
  calls: {
    activity: call<Look<ActivitySample>>()(where.extend({ of: z.enum(['server', 'database']) })),
    sessions: call<Look<SessionRow[]>>()(where),
    /** Sessions that wait for locks, with those they wait for. */
    blocking: call<Look<BlockedSession[]>>()(where),
    /** At most 5000. */
    locks: call<Look<LockRow[]>>()(where),
    prepared: call<Look<PreparedRow[]>>()(where),
    replication: call<Look<ReplicationState>>()(where),
    settings: call<Look<SettingRow[]>>()(where),
    /** The end of a log file, the current one when `file` is empty. Never more than `bytes`. */
    log: call<Look<LogState>>()(
      where.extend({
        file: z.string().max(1024),
        bytes: z
          .number()
          .int()
          .min(1024)
          .max(4 * 1024 * 1024),
      }),
    ),
    health: call<Look<HealthState>>()(where),
    /** Cancels what backends do, or ends them. A backend is named by pid and start, so that no other one is hit. `denied` on a read-only registration. */
    signal: call<SignalOutcome[]>()(
      where.extend({
        deed: z.enum(SIGNALS),
        backends: z
          .array(z.object({ pid: z.number().int(), started: z.string().max(40).nullable() }))
          .min(1)
          .max(1000),
      }),
    ),
    /** Nobody looks at this server any more: the session for it ends. */
    leave: call<void>()(z.object({ serverId: z.string().min(1).max(64) })),
  },
  pushes: {},
};
