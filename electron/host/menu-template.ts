import type { MenuItemConstructorOptions } from 'electron';
import type { WindowView } from '../../shared/contract/app';
import type { Command } from '../../shared/model/command';
import { accelerator, shortcutOf, type KeyChoices } from '../../shared/model/keymap';
import { labelsOf } from './labels';

export interface MenuOptions {
  /** The program's name, for macOS's first menu. */
  readonly appName: string;
  readonly language: 'en' | 'zh-CN';
  /** Developer tools and reload: in a clone only. */
  readonly developer: boolean;
  readonly mac: boolean;
  /** Keys that the person chose. */
  readonly shortcuts: KeyChoices;
  /** The windows that are open, when there is more than one. */
  readonly windows: readonly (WindowView & { readonly front: boolean })[];
  focusWindow(id: number): void;
  run(command: Command): void;
}

/** The template of the application menu. An entry's id is its command's name, prefixed by its menu where the command stands twice. */
export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const { appName, language, developer, mac, shortcuts, windows, run } = options;
  const { menu } = labelsOf(language);
  const entry = (label: string, command: Command, id: string = command.do): MenuItemConstructorOptions => {
    const keys = shortcutOf(command.do, shortcuts);
    return {
      id,
      label,
      click: () => run(command),
      // The window handles the keys itself (shared/model/keymap.ts), so that they work the same inside editors; the menu shows them.
      ...(keys ? { accelerator: accelerator(keys), registerAccelerator: false } : {}),
    };
  };
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const settings = entry(menu.settings, { do: 'show-settings' });
  const about = entry(menu.about, { do: 'show-about' });
  const quit: MenuItemConstructorOptions = { label: menu.quit, role: 'quit', id: 'quit' };

  const appMenu: MenuItemConstructorOptions = {
    label: appName,
    submenu: [
      about,
      separator,
      settings,
      separator,
      { role: 'hide', label: menu.hide },
      { role: 'hideOthers', label: menu.hideOthers },
      { role: 'unhide', label: menu.unhide },
      separator,
      quit,
    ],
  };
  const file: MenuItemConstructorOptions = {
    label: menu.file,
    submenu: [
      entry(menu.newQuery, { do: 'new-query' }),
      entry(menu.openFile, { do: 'open-file' }),
      entry(menu.saveFile, { do: 'save-file' }),
      entry(menu.saveFileAs, { do: 'save-file-as' }),
      separator,
      entry(menu.import, { do: 'import' }),
      separator,
      entry(menu.newWindow, { do: 'new-window' }),
      entry(menu.closeTab, { do: 'close-tab' }),
      ...(mac ? [] : [separator, settings, separator, quit]),
    ],
  };
  const edit: MenuItemConstructorOptions = {
    label: menu.edit,
    submenu: [
      { role: 'undo', label: menu.undo },
      { role: 'redo', label: menu.redo },
      separator,
      { role: 'cut', label: menu.cut },
      { role: 'copy', label: menu.copy },
      { role: 'paste', label: menu.paste },
      { role: 'delete', label: menu.delete },
      separator,
      { role: 'selectAll', label: menu.selectAll },
      separator,
      entry(menu.find, { do: 'find' }),
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: menu.view,
    submenu: [
      entry(menu.palette, { do: 'show-palette' }),
      separator,
      entry(menu.explorer, { do: 'show-explorer' }),
      entry(menu.instances, { do: 'show-instances' }),
      entry(menu.networks, { do: 'show-networks' }),
      entry(menu.migrations, { do: 'show-migrations' }),
      entry(menu.tasks, { do: 'show-tasks' }),
      entry(menu.notifications, { do: 'show-notifications' }),
      entry(menu.start, { do: 'show-start' }),
      separator,
      entry(menu.theme, { do: 'toggle-theme' }),
      { role: 'zoomIn', label: menu.zoomIn },
      { role: 'zoomOut', label: menu.zoomOut },
      { role: 'resetZoom', label: menu.zoomReset },
      { role: 'togglefullscreen', label: menu.fullScreen },
      ...(developer
        ? [
            separator,
            { role: 'reload', label: menu.reload, accelerator: 'CmdOrCtrl+Alt+R' } as const,
            { role: 'toggleDevTools', label: menu.developerTools, accelerator: 'F12' } as const,
          ]
        : []),
    ],
  };
  const object: MenuItemConstructorOptions = {
    label: menu.object,
    submenu: [
      {
        label: menu.create,
        submenu: [
          entry(menu.server, { do: 'register-server' }),
          entry(menu.serverGroup, { do: 'create-group' }),
          separator,
          entry(menu.instance, { do: 'create-instance' }),
        ],
      },
      separator,
      entry(menu.queryTool, { do: 'new-query', ofTree: true }, 'object-new-query'),
      entry(menu.viewData, { do: 'view-chosen-data' }),
      entry(menu.dashboard, { do: 'show-dashboard', ofTree: true }, 'object-show-dashboard'),
      entry(menu.terminal, { do: 'open-terminal', ofTree: true }, 'object-open-terminal'),
      separator,
      entry(menu.refresh, { do: 'refresh-tree' }),
    ],
  };
  const tools: MenuItemConstructorOptions = {
    label: menu.tools,
    submenu: [
      entry(menu.queryTool, { do: 'new-query' }, 'tools-new-query'),
      entry(menu.history, { do: 'show-history' }),
      entry(menu.library, { do: 'show-library' }),
      entry(menu.dashboard, { do: 'show-dashboard' }),
      entry(menu.terminal, { do: 'open-terminal' }),
      separator,
      entry(menu.import, { do: 'import' }, 'tools-import'),
      entry(menu.migrate, { do: 'create-migration' }),
      separator,
      entry(menu.searchObjects, { do: 'search-objects' }),
      entry(menu.compare, { do: 'compare' }),
      entry(menu.diagram, { do: 'show-diagram' }),
      separator,
      entry(menu.tasks, { do: 'show-tasks' }, 'tools-show-tasks'),
    ],
  };
  const window: MenuItemConstructorOptions = {
    label: menu.window,
    role: 'window',
    submenu: [
      { role: 'minimize', label: menu.minimize },
      ...(mac ? [{ role: 'zoom', label: menu.zoom } as const, { role: 'front', label: menu.front } as const] : []),
      ...(mac ? [] : [{ role: 'close', label: menu.closeWindow, accelerator: 'CmdOrCtrl+Shift+W' } as const]),
      ...(windows.length > 1 ? [separator] : []),
      ...(windows.length > 1 ? windows : []).map(({ id, title, front }): MenuItemConstructorOptions => ({
        id: `window-${id}`,
        // An ampersand would mark the next letter as the entry's key.
        label: title.replaceAll('&', '&&'),
        type: 'checkbox',
        checked: front,
        click: () => options.focusWindow(id),
      })),
    ],
  };
  const help: MenuItemConstructorOptions = {
    label: menu.help,
    role: 'help',
    submenu: [
      entry(menu.helpPages, { do: 'show-help' }),
      entry(menu.shortcuts, { do: 'show-shortcuts' }),
      ...(mac ? [] : [separator, about]),
    ],
  };
  return [...(mac ? [appMenu] : []), file, edit, view, object, tools, window, help];
}
