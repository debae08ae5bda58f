import type { Locator, Page } from '@playwright/test';
import type { MigrationJobView } from '../../../shared/model/migration-api';
import type { MigrationOptions } from '../../../shared/model/migration';
import { NEW_SERVER } from '../../../shared/model/server';
import type { TestServer } from '../../support/postgres';
import { callMain, expect } from '../fixtures';

const HOST = { kind: 'host', accessType: 'cvm', region: '', host: '127.0.0.1', database: 'postgres' };
const DIRECT = { ssl: { ...NEW_SERVER.ssl, mode: 'disable' }, ssh: null, sshPassword: null };

/** A side of a task: a server of the test by its address. */
export const sideAt = (server: TestServer, password: string, user = 'postgres') => ({
  ...HOST,
  user,
  ...DIRECT,
  port: server.port,
  password,
});

/** Everything, with roles left where they are. */
export const EVERYTHING = { mode: 'all', roleMode: 'none', roles: [], databases: [] } as const;

export interface TaskWanted {
  readonly name: string;
  readonly source: ReturnType<typeof sideAt>;
  readonly target: ReturnType<typeof sideAt>;
  readonly options?: Partial<MigrationOptions>;
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
}

/** Makes a task with its configuration, as the wizard would. */
export async function makeTask(page: Page, { name, source, target, options, tags = [] }: TaskWanted): Promise<string> {
  const { id } = await callMain<{ id: string }>(page, 'migration.create', { name, tags });
  await callMain(page, 'migration.configure', {
    id,
    name,
    tags,
    runMode: 'immediate',
    at: null,
    source,
    target,
    options: { type: 'full', objects: EVERYTHING, ...options },
    retryMinutes: 5,
  });
  return id;
}

export const jobOf = (page: Page, id: string): Promise<MigrationJobView> =>
  callMain<MigrationJobView>(page, 'migration.detail', { id });

/** Runs the checks of a task, and takes its warnings. */
export async function verifyTask(page: Page, id: string): Promise<void> {
  await callMain(page, 'migration.check', { id });
  await expect.poll(async () => (await jobOf(page, id)).status, { timeout: 60_000 }).not.toBe('checking');
  const { findings } = await callMain<{ findings: { step: string; level: string; found: string }[] }>(
    page,
    'migration.findings',
    { id },
  );
  expect(findings.filter(({ level }) => level === 'failed').map(({ found }) => found)).toEqual([]);
  const steps = [...new Set(findings.filter(({ level }) => level === 'warning').map(({ step }) => step))];
  if (steps.length > 0) await callMain(page, 'migration.skip', { id, steps });
  expect((await jobOf(page, id)).status).toBe('checkPass');
}

/** The list of migration tasks. */
export class MigrationsPage {
  readonly root: Locator;
  private readonly page: Page;
  constructor(page: Page) {
    this.page = page;
    this.root = page.locator('[data-view="migrations"]');
  }
  row(name: string): Locator {
    return this.root.locator('tr[data-job]').filter({ hasText: name });
  }
  async more(name: string, action: string): Promise<void> {
    await this.row(name)
      .getByRole('button', { name: `More for ${name}` })
      .click();
    await this.page.getByRole('menuitem', { name: action, exact: true }).click();
  }
  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }
  async confirm(deed: string): Promise<void> {
    await this.dialog.getByRole('button', { name: deed, exact: true }).click();
    await expect(this.dialog).toBeHidden();
  }
}

/** The page of one migration task. */
export class MigrationTaskPage {
  readonly root: Locator;
  private readonly page: Page;
  constructor(page: Page) {
    this.page = page;
    this.root = page.locator('[data-view="migration"]').filter({ visible: true });
  }
  /** The page once the task has the status. */
  inStatus(status: string): Locator {
    return this.root.locator(`[data-job][data-status="${status}"]`);
  }
  step(name: string): Locator {
    return this.root.locator(`[data-step="${name}"]`);
  }
  figure(name: string): Locator {
    return this.root.locator(`[data-figure="${name}"]`);
  }
  /** The card of following, once its worst database is in the state. */
  following(state: string): Locator {
    return this.root.locator(`[data-follow="${state}"]`).first();
  }
  halt(kind: string): Locator {
    return this.root.locator(`[data-halt][data-kind="${kind}"]`);
  }
  /** Comparisons in the list, or those that say so. */
  compare(verdict?: string): Locator {
    return this.root.locator(`[data-compare]${verdict === undefined ? '' : `[data-verdict="${verdict}"]`}`);
  }
  tab(name: string): Locator {
    return this.root.getByRole('tab', { name: new RegExp(`^${name}`) });
  }
  /** Rows of the table that is in sight. */
  rows(state?: string): Locator {
    return this.root.locator(`[role="row"][data-state${state === undefined ? '' : `="${state}"`}]`);
  }
  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }
  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }
  async confirm(deed: string): Promise<void> {
    await this.dialog.getByRole('button', { name: deed, exact: true }).click();
    await expect(this.dialog).toBeHidden();
  }
}
