import { describe, expect, it } from 'vitest';
import { isAllowed } from '../../electron/dev/house/licences.mjs';
import { checkLock } from '../../electron/dev/house/lock.mjs';
import { checkTranslations } from '../../electron/dev/house/translations.mjs';
import { checkWords } from '../../electron/dev/house/words.mjs';

const words = (text: string) => checkWords([{ path: 'shared/a.ts', text }]);

describe('words', () => {
  it.each([
    ['a registry', 'fetch("https://registry.example.org/x")'],
    ["a home of one person's machine", `const a = '/home/alice/project';`],
    ["root's folder", `const a = '/root/x';`],
    ['a silenced rule', '// oxlint-disable-next-line no-eval'],
    ['a silenced type error', '// @ts-expect-error it works'],
  ])('refuses %s', (_what, text) => {
    expect(words(text)).toHaveLength(1);
  });

  it.each([
    'import x from "../work/list";',
    'the root / work folder',
    "join(root, 'home')",
    'https://example.org/root/x',
  ])('lets %s pass', (text) => {
    expect(words(text)).toEqual([]);
  });

  it('tells the line', () => {
    expect(words('\n\n// eslint-disable')[0]).toMatch(/^shared\/a\.ts:3: /);
  });
});

describe('translations', () => {
  const language = (name: string, content: object) => ({
    path: `resources/translations/${name}/query.json`,
    text: JSON.stringify(content),
  });
  const view = (text: string) => ({ path: 'renderer/features/query/x.tsx', text });
  const both = (content: object) => [language('en', content), language('zh-CN', content)];

  it('wants the same keys in both languages, plural forms aside', () => {
    expect(
      checkTranslations([
        language('en', { rows_one: '{{count}} row', rows_other: '{{count}} rows', run: 'Run' }),
        language('zh-CN', { rows_other: '{{count}} 行', stop: '停止' }),
      ]),
    ).toEqual(['zh-CN/query.json lacks run', 'en/query.json lacks stop']);
  });

  it('wants the same variables', () => {
    expect(
      checkTranslations([language('en', { a: 'of {{total}}' }), language('zh-CN', { a: '共 {{count}}' })]),
    ).toHaveLength(1);
  });

  it('finds a key that a view asks for and nobody wrote', () => {
    const text = `const { t } = useTranslation('query');\nt('run.now');\nt('run.later');`;
    expect(checkTranslations([...both({ run: { now: 'Run' } }), view(text)])).toEqual([
      'renderer/features/query/x.tsx:3: no translation of run.later in query',
    ]);
  });

  it('takes namespaces, plurals and computed ends into account', () => {
    const text = "const { t } = useTranslation('query');\nt('query:run');\nt('rows', { count });\nt(`state.${state}`);";
    const content = { run: 'Run', rows_one: '{{count}} row', rows_other: '{{count}} rows', state: { idle: 'Idle' } };
    expect(checkTranslations([...both(content), view(text)])).toEqual([]);
    expect(checkTranslations([...both({ run: 'Run' }), view(text)])).toHaveLength(2);
  });
});

describe('lock', () => {
  const lock = (packages: object) => JSON.stringify({ packages: { '': {}, ...packages } });

  it('refuses addresses, missing checksums and missing platforms', () => {
    expect(
      checkLock(
        lock({
          'node_modules/a': { integrity: 'sha512-x', resolved: 'https://example.org/a.tgz' },
          'node_modules/b': {},
          'node_modules/c': { integrity: 'sha512-x', optionalDependencies: { 'c-linux': '1.0.0' } },
        }),
      ),
    ).toHaveLength(3);
  });

  it('finds an optional package where Node would', () => {
    expect(
      checkLock(
        lock({
          'node_modules/a/node_modules/b': { integrity: 'sha512-x', optionalDependencies: { c: '1.0.0' } },
          'node_modules/a/node_modules/c': { integrity: 'sha512-x', optional: true },
        }),
      ),
    ).toEqual([]);
  });
});

describe('licences', () => {
  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-only)', true],
    ['MIT AND Zlib', true],
    ['MIT AND GPL-3.0-only', false],
    ['AGPL-3.0', false],
    ['SEE LICENSE IN x', false],
  ])('%s: %s', (expression, allowed) => {
    expect(isAllowed(expression)).toBe(allowed);
  });
});
