import { type Reply } from '../../shared/errors';
import { type AllHandlers } from '../../shared/contract/index';
/** Writes a fault of the program to the log and returns the id under which it stands there. */
export type ReportBug = (call: string, error: unknown) => string;
/** Runs one call by name: parses the input, hands it to its feature, wraps what comes back. Never throws. */
export type Dispatch = (name: string, input: unknown, signal: AbortSignal) => Promise<Reply<unknown>>;
/** Joins contract and handlers into one table; knows nothing of Electron, so that tests drive it in plain Node. */
export declare function createDispatch(handlers: AllHandlers, reportBug: ReportBug): Dispatch;
