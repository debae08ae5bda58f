import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';

/**
 * What axe finds on the page as it stands, as `rule: element`: against WCAG whatever its weight, against good practice what is of weight. What fades in or out has a contrast that nobody reads: motion is off
 * while axe looks, and what moves already is waited for.
 */
export async function barriers(page: Page): Promise<string[]> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate(async () => {
    const moving = document.getAnimations().filter(({ effect }) => {
      const end = effect?.getComputedTiming().endTime;
      return typeof end === 'number' && Number.isFinite(end);
    });
    await Promise.allSettled(moving.map(({ finished }) => finished));
  });
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  await page.emulateMedia({ reducedMotion: null });
  return violations
    .filter(
      ({ impact, tags }) => tags.some((tag) => tag.startsWith('wcag')) || impact === 'serious' || impact === 'critical',
    )
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

/** The window around the views: rail, tabs, palette, status bar. */
export class ShellPage {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }
  /** Waits until the window can be used. */
  ready(): Promise<void> {
    return this.page.locator('html[data-ready]').waitFor({ state: 'attached' });
  }
  door(key: 'create' | 'register' | 'import'): Locator {
    return this.page.locator(`[data-door="${key}"]`);
  }
  /** The head of a tab by the title a person reads. */
  tab(title: string): Locator {
    return this.page.locator('[data-tab]').filter({ hasText: title });
  }
  /** Titles of all tabs in the order they stand. */
  tabTitles(): Promise<string[]> {
    return this.page.locator('[data-tab] [data-title]').allInnerTexts();
  }
  /** The body of a kind of view. */
  view(kind: string): Locator {
    return this.page.locator(`[data-view="${kind}"]`);
  }
  get search(): Locator {
    return this.page.getByRole('textbox', { name: /^(Search everything|搜索全部)$/ });
  }
  /** Opens the palette, types, and takes the first hit. */
  async find(text: string): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await this.search.fill(text);
    await this.page.locator('[data-action]').first().waitFor();
    await this.page.keyboard.press('Enter');
    await this.search.waitFor({ state: 'detached' });
  }
  /** Chooses in the status bar's menu of themes or languages. */
  async choose(menu: string, choice: string): Promise<void> {
    await this.page.getByRole('contentinfo').getByTitle(menu).click();
    await this.page.getByRole('menuitemradio', { name: choice, exact: true }).click();
  }
  get scheme(): Promise<string | null> {
    return this.page.locator('html').getAttribute('data-mantine-color-scheme');
  }
  get explorer(): Locator {
    return this.page.getByRole('complementary', { name: /^(Explorer|资源管理器)$/ });
  }
}
