import { app, Menu } from 'electron';
import { menuTemplate, type MenuOptions } from './menu-template';

export function setApplicationMenu(options: Omit<MenuOptions, 'appName'>): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ ...options, appName: app.name })));
}
