import { type IpcMainEvent, type IpcMainInvokeEvent } from 'electron';
import type { Dispatch } from './dispatch';
/** Decides whether a frame may speak to main: a window of ours, its main frame, our own origin. */
export type TrustSender = (event: IpcMainInvokeEvent | IpcMainEvent) => boolean;
/**
 * Connects the bridge to the dispatcher.
 * Threat: a frame that is not ours (an injected iframe, a navigated window) calls main. It is refused with a rejection, not a silent undefined.
 */
export declare function serveIpc(dispatch: Dispatch, trustSender: TrustSender): void;
