import { app, BrowserWindow, clipboard, dialog, shell } from 'electron';
import { basename } from 'node:path';
import type { app as appContract } from '../../shared/contract/app';
import type { Handlers } from '../../shared/contract/define';
import { AppError } from '../../shared/errors';
import type { FileTokens } from '../ports';
import type { Windows } from './windows';

export interface AppHandlerDeps {
  readonly files: FileTokens;
  readonly folders: { readonly data: string; readonly log: string };
  setLanguage(language: 'en' | 'zh-CN'): void;
  readonly windows: Windows;
}

const parent = (): BrowserWindow | undefined =>
  BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0] ?? undefined;

/** What only Electron itself can do. */
export function createAppHandlers(deps: AppHandlerDeps): Handlers<typeof appContract> {
  const { files, folders, setLanguage, windows } = deps;
  return {
    ...windows.handlers,
    info: async () => ({
      version: app.getVersion(),
      electron: process.versions.electron,
      chrome: process.versions.chrome,
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
      locale: app.getLocale(),
      folders,
    }),
    async pickFile({ title, filters, purpose }) {
      const window = parent();
      const options = { title, filters, properties: ['openFile' as const, 'showHiddenFiles' as const] };
      const { canceled, filePaths } = await (window
        ? dialog.showOpenDialog(window, options)
        : dialog.showOpenDialog(options));
      const path = filePaths[0];
      if (canceled || path === undefined) return null;
      return { token: files.add(path, 'read'), name: basename(path), path: purpose === 'path' ? path : '' };
    },
    async pickFolder({ title }) {
      const window = parent();
      const options = { title, properties: ['openDirectory' as const, 'showHiddenFiles' as const] };
      const { canceled, filePaths } = await (window
        ? dialog.showOpenDialog(window, options)
        : dialog.showOpenDialog(options));
      const path = filePaths[0];
      return canceled || path === undefined ? null : { path };
    },
    async pickSaveFile({ title, suggestedName, filters }) {
      const window = parent();
      const options = {
        title,
        filters,
        defaultPath: basename(suggestedName),
        properties: ['showOverwriteConfirmation' as const, 'createDirectory' as const],
      };
      const { canceled, filePath } = await (window
        ? dialog.showSaveDialog(window, options)
        : dialog.showSaveDialog(options));
      if (canceled || !filePath) return null;
      return { token: files.add(filePath, 'write'), name: basename(filePath) };
    },
    async copy({ text }) {
      // A promise since Electron 40; nothing to wait for before.
      await clipboard.writeText(text);
    },
    async openExternal({ url }) {
      const parsed = URL.canParse(url) ? new URL(url) : null;
      if (!parsed || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) {
        throw new AppError({ code: 'invalid-input', message: 'Only http and https links can be opened', field: 'url' });
      }
      await shell.openExternal(parsed.href);
    },
    async showInFolder({ folder }) {
      const problem = await shell.openPath(folders[folder]);
      if (problem) throw new AppError({ code: 'file', message: problem, detail: folders[folder] });
    },
    async setLanguage({ language }) {
      setLanguage(language);
    },
  };
}
