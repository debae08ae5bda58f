import type { ElectronApplication, Locator, Page } from '@playwright/test';
import { NEW_SERVER, type ServerView } from '../../../shared/model/server';
import type { TestServer } from '../../support/postgres';
import { callMain, chooseMenu, expect } from '../fixtures';

/** Registers a server and connects it, as the dialogs would. */
export async function registerServer(page: Page, server: TestServer, name: string): Promise<ServerView> {
  await page.locator('html[data-ready]').waitFor();
  const saved = await callMain<ServerView>(page, 'servers.save', {
    server: {
      ...NEW_SERVER,
      name,
      host: '127.0.0.1',
      port: server.port,
      ssl: { ...NEW_SERVER.ssl, mode: 'disable' },
    },
    secrets: {},
  });
  await callMain(page, 'servers.connect', { id: saved.id, remember: false });
  return saved;
}

/** A query tab. */
export class QueryPage {
  readonly root: Locator;
  private readonly page: Page;
  constructor(page: Page) {
    this.page = page;
    this.root = page.locator('[data-view="query"]').filter({ visible: true });
  }

  /** Opens one by the application menu; the only connected server is taken. */
  async openByMenu(app: ElectronApplication): Promise<void> {
    await chooseMenu(app, 'new-query');
    await this.root.locator('.monaco-editor').waitFor();
    await this.status.waitFor();
  }

  /** Types a text in place of what is there. */
  async write(sql: string): Promise<void> {
    await this.root.locator('.monaco-editor .view-lines').first().click();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.press('Delete');
    await this.page.keyboard.insertText(sql);
  }

  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }

  run(): Promise<void> {
    return this.page.keyboard.press('ControlOrMeta+Enter');
  }

  /** A page of the lower panel, e.g. `Result 1`. */
  tab(name: string | RegExp): Locator {
    return this.root.getByRole('tab', { name });
  }

  /** The transaction state. */
  get status(): Locator {
    return this.root.locator('[data-transaction]');
  }

  get messages(): Locator {
    return this.root.getByRole('list', { name: 'Messages' }).getByRole('listitem');
  }

  /** A cell by column and row, both from 0, row numbers not counted. */
  cell(column: number, row: number): Locator {
    return this.root.getByTestId(`glide-cell-${column + 1}-${row}`);
  }

  /**
   * Puts the keyboard's cell into the grid's first cell, `x` pixels from its left edge: row numbers stand before it. A grid takes clicks once it
   * has been drawn in its size, which is later than its rows are there: what was clicked before is clicked again.
   */
  async enterGrid(x = 70): Promise<void> {
    const canvas = this.root.getByTestId('data-grid-canvas');
    await expect(async () => {
      const box = await canvas.boundingBox();
      if (!box) throw new Error('the grid is not to be seen');
      await this.page.mouse.click(box.x + x, box.y + 40);
      await expect(this.root.getByText('1 × 1 cells selected')).toBeVisible({ timeout: 4000 });
    }).toPass({ timeout: 20_000 });
  }
}
