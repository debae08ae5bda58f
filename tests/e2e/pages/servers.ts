import type { ElectronApplication, Locator, Page } from '@playwright/test';
import type { ServerDefinition, ServerView } from '../../../shared/model/server';
import { callMain, chooseMenu } from '../fixtures';

export type ServerDialogTab = 'General' | 'Connection' | 'SSL' | 'SSH Tunnel' | 'Advanced';

/** The dialog *Create - Server* or *Edit - Server*. */
export class ServerDialogPage {
  readonly root: Locator;
  private readonly page: Page;
  constructor(page: Page) {
    this.page = page;
    this.root = page.getByRole('dialog', { name: /^(Create - Server|Edit - Server|创建 - 服务器|编辑 - 服务器)/ });
  }
  /** Opens it by the application menu, as *Object > Create > Server…*. */
  async openByMenu(app: ElectronApplication): Promise<void> {
    await this.page.locator('html[data-ready]').waitFor();
    await chooseMenu(app, 'register-server');
    await this.root.waitFor();
  }
  tab(name: ServerDialogTab): Promise<void> {
    return this.root.getByRole('tab', { name }).click();
  }
  field(label: string): Locator {
    // A required field's label ends with an asterisk.
    const escaped = label.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
    return this.root.getByLabel(new RegExp(`^${escaped}( \\*)?$`)).filter({ visible: true });
  }
  async choose(label: string, option: string): Promise<void> {
    await this.field(label).click();
    await this.page.getByRole('option', { name: option, exact: true }).click();
  }
  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }
  /** The steps of the last test, e.g. `passed: name`. */
  steps(): Promise<string[]> {
    return this.root.getByRole('list', { name: 'Steps of the test' }).getByRole('listitem').allTextContents();
  }
  get outcome(): Locator {
    return this.root.locator('[data-outcome]');
  }
}

/** The prompt that connects a server. */
export class ConnectDialogPage {
  readonly root: Locator;
  constructor(page: Page) {
    this.root = page.getByRole('dialog', { name: /^Connect to / });
  }
  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }
}

/** What is registered, as main tells it. */
export async function listServers(page: Page): Promise<ServerView[]> {
  return (await callMain<{ servers: ServerView[] }>(page, 'servers.list', {})).servers;
}

/** Registers without the dialog, for tests of something else. */
export function registerServer(page: Page, server: ServerDefinition, password?: string): Promise<ServerView> {
  return callMain<ServerView>(page, 'servers.save', { server, secrets: password === undefined ? {} : { password } });
}
