import { api } from '../../api';

/** The questions of the pages. Each is one function for good: a page asks the same as long as the function is the same. */

interface Where {
  readonly serverId: string;
  readonly database: string;
}

export const askSessions = (where: Where, signal: AbortSignal) => api.dashboard.sessions(where, signal);
export const askBlocking = (where: Where, signal: AbortSignal) => api.dashboard.blocking(where, signal);
export const askLocks = (where: Where, signal: AbortSignal) => api.dashboard.locks(where, signal);
export const askPrepared = (where: Where, signal: AbortSignal) => api.dashboard.prepared(where, signal);
export const askReplication = (where: Where, signal: AbortSignal) => api.dashboard.replication(where, signal);
export const askSettings = (where: Where, signal: AbortSignal) => api.dashboard.settings(where, signal);
export const askHealth = (where: Where, signal: AbortSignal) => api.dashboard.health(where, signal);
