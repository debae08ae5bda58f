import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(resolve(import.meta.dirname, '../../renderer/ui/tokens.css'), 'utf8');
const [usual = '', highContrast = ''] = css.split('/* High contrast');

/** The colours of one theme, by role. */
function rolesOf(text: string, scheme: 'light' | 'dark'): Map<string, string> {
  const block = text.split(`[data-mantine-color-scheme='${scheme}'] {`)[1]?.split('}')[0] ?? '';
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, role = '', hex = '']) => [role, hex]));
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

const TEXTS = ['text', 'muted', 'accent', 'ok', 'warn', 'error', 'info'];
const GROUNDS = ['background', 'surface', 'raised'];
const PAIRS: readonly (readonly [text: string, ground: string, least: number])[] = [
  ...TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground, 4.5] as const)),
  ...['hover', 'selected'].map((ground) => ['text', ground, 4.5] as const),
  ['muted', 'hover', 4.5],
  ['muted', 'selected', 4.5],
  ...['keyword', 'type', 'string', 'number', 'comment'].map((kind) => [`syntax-${kind}`, 'background', 4.5] as const),
  ['on-accent', 'accent', 4.5],
  ['on-accent', 'accent-hover', 4.5],
  ['on-error', 'error', 4.5],
  ...['ok', 'warn', 'error', 'info'].map((role) => ['text', `${role}-soft`, 4.5] as const),
  ...['development', 'test', 'production'].map((name) => ['text', `environment-${name}-soft`, 4.5] as const),
  // Edges of controls and colour marks: WCAG 1.4.11.
  ['border-strong', 'background', 3],
  ['accent', 'background', 3],
  ...['development', 'test', 'production'].map((name) => [`environment-${name}`, 'surface', 3] as const),
];

describe.each([
  ['light', rolesOf(usual, 'light'), 1],
  ['dark', rolesOf(usual, 'dark'), 1],
  ['light, high contrast', new Map([...rolesOf(usual, 'light'), ...rolesOf(highContrast, 'light')]), 7 / 4.5],
  ['dark, high contrast', new Map([...rolesOf(usual, 'dark'), ...rolesOf(highContrast, 'dark')]), 7 / 4.5],
])('%s', (_name, roles, more) => {
  it('has every role', () => {
    expect(roles.size).toBeGreaterThan(25);
  });

  it.each(PAIRS)('%s on %s stands out by at least %d', (text, ground, least) => {
    const found = contrast(roles.get(text) ?? '', roles.get(ground) ?? '');
    expect(found).toBeGreaterThanOrEqual(least * more);
  });
});

it('the accent is the one of the brand', () => {
  expect(rolesOf(usual, 'light').get('accent')).toBe('#0e7c86');
  expect(rolesOf(usual, 'dark').get('accent')).toBe('#3fb6bf');
});
