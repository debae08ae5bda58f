import { BrowserWindow, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron';
import { APP_ORIGIN } from './app-url';

/** Whether a message comes from the main frame of one of our windows, showing our own page. */
export function fromOurWindow(event: IpcMainInvokeEvent | IpcMainEvent): boolean {
  const frame = event.senderFrame;
  if (!frame || frame !== event.sender.mainFrame || frame.parent) return false;
  if (!BrowserWindow.fromWebContents(event.sender)) return false;
  return URL.canParse(frame.url) && frame.url.startsWith(`${APP_ORIGIN}/`);
}
