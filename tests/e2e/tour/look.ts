import { expect } from '../fixtures';
import { ExplorerPage, ObjectPage } from '../pages/catalog';
import { QueryPage } from '../pages/query';
import { ShellPage } from '../pages/shell';
import { ImportWizardPage } from '../pages/transfer';
import { INSTANCE } from './begin';
import { COPY, DATABASE } from './move';
import type { StepLog } from './report';
import type { Seat } from './seat';

const SQL = `SELECT c.name, count(*) AS orders, sum(t.total) AS total
FROM shop.order_totals t
JOIN shop.customers c ON c.id = t.customer_id
GROUP BY c.name
ORDER BY total DESC NULLS LAST, c.name;`;

export async function browse({ page }: Seat, { did, held, shot }: StepLog): Promise<void> {
  const explorer = new ExplorerPage(page);
  await explorer.open('Databases', DATABASE, 'Schemas');
  const schema = explorer.tree.locator('[aria-level="6"]').filter({ hasText: /^shop/ });
  await schema.dblclick();
  await explorer.open('Tables');
  await explorer.line('orders').dblclick();
  did(`Opened ${INSTANCE}, Databases, ${DATABASE}, Schemas, shop, Tables, orders`);
  const object = new ObjectPage(page);
  await expect(object.root).toBeVisible();
  await shot('table-properties');
  await object.tab('SQL');
  await expect(object.root.getByText('CREATE TABLE', { exact: false }).first()).toBeVisible();
  held('Its properties and its exact SQL are shown');
  await shot('table-sql');
}

export async function query({ page }: Seat, { did, held, shot }: StepLog): Promise<void> {
  const shell = new ShellPage(page);
  await shell.tab(`Import — ${DATABASE}`).first().click();
  await new ImportWizardPage(page).button('Open query').click();
  const tab = new QueryPage(page);
  await tab.root.locator('.monaco-editor').waitFor();
  await tab.status.waitFor();
  await tab.write(SQL);
  await tab.run();
  did('Asked what each customer ordered');
  await expect(tab.tab(/^Result 1/)).toBeVisible();
  await expect(tab.cell(0, 0)).not.toHaveText('');
  await expect(tab.cell(2, 0)).toHaveText(/^\d+\.\d\d/);
  held('The rows are in the grid, as the server wrote them');
  await shot('query');
}

export async function seeTasks({ page }: Seat, { held, shot }: StepLog): Promise<void> {
  const shell = new ShellPage(page);
  await shell.find('Show tasks');
  const tasks = shell.view('tasks').filter({ visible: true });
  await expect(tasks.getByText(DATABASE, { exact: false }).first()).toBeVisible();
  await expect(tasks.getByText(COPY, { exact: false }).first()).toBeVisible();
  held('Both imports are in the list of tasks, with their times');
  await shot('tasks');
}

export async function darkAndChinese({ page }: Seat, { did, held, shot }: StepLog): Promise<void> {
  const shell = new ShellPage(page);
  await shell.choose('Theme', 'Dark');
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await shell.tab('Query 1').click();
  await shot('dark-query');
  await shell.tab('Start').click();
  await shot('dark');
  held('The dark theme applies at once');
  await shell.choose('Language', '简体中文');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(shell.door('create')).not.toContainText('Create an instance');
  did('Switched to 简体中文');
  held('Every visible text changed with it');
  await shot('chinese-dark');
  await shell.choose('主题', '浅色');
  await shot('chinese-light');
}
