import type { Locator, Page } from '@playwright/test';
import { ShellPage } from './shell';

/** What the palette offers for the tab in front. */
export async function offersOf(page: Page): Promise<string[]> {
  const { search } = new ShellPage(page);
  await page.keyboard.press('Control+k');
  await search.waitFor();
  await page.locator('[data-action]').first().waitFor();
  const found = await page.locator('[data-action]').evaluateAll((lines) =>
    lines
      .filter((line) => {
        const group = line.parentElement?.closest<HTMLElement>('[style*="--spotlight-label"]');
        return group?.style.getPropertyValue('--spotlight-label').includes('In this tab') === true;
      })
      .map((line) => (line.textContent ?? '').trim()),
  );
  await page.keyboard.press('Escape');
  await search.waitFor({ state: 'detached' });
  return found;
}

/** Names of the buttons of a view's bars that the palette does not offer. */
export async function notOffered(page: Page, view: Locator, exceptions: readonly RegExp[]): Promise<string[]> {
  const names = await view
    .getByRole('toolbar')
    .getByRole('button', { disabled: false })
    .filter({ visible: true })
    .evaluateAll((all) => all.map((each) => (each.getAttribute('aria-label') ?? each.textContent ?? '').trim()));
  const offered = await offersOf(page);
  return names.filter(
    (name) =>
      !exceptions.some((exception) => exception.test(name)) &&
      !offered.some((offer) => offer.toLowerCase().includes(name.toLowerCase())),
  );
}
