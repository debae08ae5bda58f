import { dialog, type BrowserWindow } from 'electron';
import { labelsOf } from './labels';

/** Asks when the page holds its window back because tabs have unsaved work. True: close and lose it. */
export async function confirmUnsaved(window: BrowserWindow, language: 'en' | 'zh-CN'): Promise<boolean> {
  const { unsaved } = labelsOf(language);
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: unsaved.message,
    detail: unsaved.detail,
    buttons: [unsaved.lose, unsaved.stay],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  });
  return response === 0;
}
