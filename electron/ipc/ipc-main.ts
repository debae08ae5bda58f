import { BrowserWindow, ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type WebContents } from 'electron';
import type { Dispatch } from './dispatch';

/** Decides whether a frame may speak to main: a window of ours, its main frame, our own origin. */
export type TrustSender = (event: IpcMainInvokeEvent | IpcMainEvent) => boolean;

/**
 * Connects the bridge to the dispatcher.
 * Threat: a frame that is not ours (an injected iframe, a navigated window) calls main. It is refused with a rejection, not a silent undefined.
 */
export function serveIpc(dispatch: Dispatch, trustSender: TrustSender): void {
  const running = new Map<string, AbortController>();
  const keyOf = (contents: WebContents, callId: unknown) => `${contents.id}:${String(callId)}`;
  const watched = new WeakSet<WebContents>();

  const abortAllOf = (contents: WebContents): void => {
    for (const [key, controller] of running) if (key.startsWith(`${contents.id}:`)) controller.abort();
  };

  ipcMain.handle('howdah:call', async (event, name: unknown, callId: unknown, input: unknown) => {
    if (!trustSender(event)) throw new Error('refused: unknown sender');
    if (typeof name !== 'string' || typeof callId !== 'string') throw new Error('refused: malformed call');
    const contents = event.sender;
    if (!watched.has(contents)) {
      watched.add(contents);
      contents.once('destroyed', () => abortAllOf(contents));
      contents.on('render-process-gone', () => abortAllOf(contents));
      contents.on('did-navigate', () => abortAllOf(contents));
    }
    const key = keyOf(contents, callId);
    const controller = new AbortController();
    running.set(key, controller);
    try {
      return await dispatch(name, input, controller.signal, BrowserWindow.fromWebContents(contents)?.id);
    } finally {
      running.delete(key);
    }
  });

  ipcMain.on('howdah:abort', (event, callId: unknown) => {
    if (trustSender(event)) running.get(keyOf(event.sender, callId))?.abort();
  });
}
