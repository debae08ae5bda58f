import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = resolve(import.meta.dirname, '../../resources/translations');
const PLURAL = /_(zero|one|two|few|many|other)$/;

function read(language: string, file: string): unknown {
  return JSON.parse(readFileSync(join(folder, language, file), 'utf8'));
}

/** Every text by its dotted key; the plural forms of a language count as one key. */
function texts(value: unknown, path = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[path.replace(PLURAL, ''), value]]);
  const found = new Map<string, string>();
  for (const [key, child] of Object.entries(value as object)) {
    for (const [at, text] of texts(child, path === '' ? key : `${path}.${key}`)) found.set(at, text);
  }
  return found;
}

const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name))]
    .filter((name) => name !== 'name' && name !== 'count')
    .toSorted();

describe.each(readdirSync(join(folder, 'en')))('%s', (file) => {
  const english = texts(read('en', file));
  const chinese = texts(read('zh-CN', file));

  it('has the same keys in both languages', () => {
    expect([...chinese.keys()].toSorted()).toEqual([...english.keys()].toSorted());
  });

  it('has no empty text', () => {
    const empty = [...english, ...chinese].filter(([, text]) => text === '').map(([key]) => key);
    expect(empty).toEqual([]);
  });

  it('fills the same values into both', () => {
    const differing = [...english]
      .filter(([key, text]) => placeholders(chinese.get(key) ?? '').join() !== placeholders(text).join())
      .map(([key]) => key);
    expect(differing).toEqual([]);
  });

  it('shouts at nobody', () => {
    const loud = [...english].filter(([, text]) => /\w!(\s|$)/.test(text)).map(([key]) => key);
    expect(loud).toEqual([]);
  });
});
