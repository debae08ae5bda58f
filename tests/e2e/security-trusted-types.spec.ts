import { expect, test } from './fixtures';

test('text as HTML or as the address of a script: refused by the page, unless it is a file of the app', async ({
  page,
  allowErrors,
}) => {
  // The app's own violations, in any view, are console errors and fail that view's test by the fixture.
  allowErrors(/Trusted(HTML|Script|Type)/);
  const outcomes = await page.evaluate(async (elsewhere) => {
    // In a timer of the page: what evaluate() itself runs is not bound by the policy.
    await new Promise((done) => setTimeout(done));
    const outcome = (act: () => void) => {
      try {
        act();
        return 'done';
      } catch (error) {
        return (error as Error).name;
      }
    };
    const holder = document.createElement('div');
    const script = document.createElement('script');
    return {
      markup: outcome(() => (holder.innerHTML = '<img src="x:" onerror="alert(1)"><script>1</script>')),
      parsed: outcome(() => new DOMParser().parseFromString('<script>1</script>', 'text/html')),
      foreign: outcome(() => (script.src = elsewhere)),
      worker: outcome(() => new Worker(elsewhere)),
      second: outcome(() => {
        const { trustedTypes } = globalThis as unknown as {
          trustedTypes: { createPolicy(n: string, r: object): void };
        };
        trustedTypes.createPolicy('default', { createHTML: (text: string) => text });
      }),
      children: holder.childElementCount,
      ours: outcome(() => (script.src = 'app://howdah/assets/nothing.js')),
    };
  }, 'http://127.0.0.1:9/foreign.js');
  expect(outcomes).toEqual({
    markup: 'TypeError',
    parsed: 'TypeError',
    foreign: 'TypeError',
    worker: 'TypeError',
    second: 'TypeError',
    children: 0,
    ours: 'done',
  });
});
