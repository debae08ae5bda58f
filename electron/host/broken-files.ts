import { dialog, type BrowserWindow } from 'electron';
import { labelsOf } from './labels';

/** A file of the program that could not be read, and where it was put. */
export interface BrokenFile {
  readonly kept: string;
  readonly reason: string;
}

/** Tells of each, without waiting for an answer. */
export function tellBroken(window: BrowserWindow, broken: readonly BrokenFile[], language: 'en' | 'zh-CN'): void {
  const text = labelsOf(language).broken;
  for (const { kept, reason } of broken) {
    void dialog.showMessageBox(window, {
      type: 'warning',
      message: text.message,
      detail: text.detail.replace('{{kept}}', kept).replace('{{reason}}', reason),
      buttons: [text.close],
      noLink: true,
    });
  }
}
