import { BrowserWindow, dialog } from 'electron';
import { labelsOf } from './labels';

/** Asks whether to quit although tasks run. True: quit. */
export async function confirmQuit(language: 'en' | 'zh-CN', running: number): Promise<boolean> {
  const { quit } = labelsOf(language);
  const options = {
    type: 'warning' as const,
    message: quit.message,
    detail: quit.detail.replace('{{count}}', String(running)),
    buttons: [quit.quit, quit.stay],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  };
  const window = BrowserWindow.getAllWindows()[0];
  const { response } = await (window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options));
  return response === 0;
}
