import { create } from 'zustand';
import { DEFAULT_EXPLAIN, EXPLAIN_OPTIONS, type ExplainOption } from '../../../../shared/model/explain';
import type { ExplainOptions } from '../../../../shared/model/query';

const KEY = 'howdah.query.explain';
const SERIALIZE: readonly ExplainOptions['serialize'][] = ['none', 'text', 'binary'];

/** What was kept; anything that can't be used is as at first. */
export function readOptions(text: string | null): ExplainOptions {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '{}');
  } catch {
    return DEFAULT_EXPLAIN;
  }
  if (typeof value !== 'object' || value === null) return DEFAULT_EXPLAIN;
  const kept = new Map<string, unknown>(Object.entries(value));
  const flags = EXPLAIN_OPTIONS.flatMap((option) => {
    const flag = kept.get(option);
    return option !== 'serialize' && typeof flag === 'boolean' ? [[option, flag] as const] : [];
  });
  const serialize = SERIALIZE.find((each) => each === kept.get('serialize')) ?? DEFAULT_EXPLAIN.serialize;
  return { ...DEFAULT_EXPLAIN, ...Object.fromEntries(flags), serialize };
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** The options that the person chose last, for all query tabs. */
export const useExplainOptions = create<ExplainOptions>()(() => readOptions(stored()));

function keep(options: ExplainOptions): void {
  useExplainOptions.setState(options);
  try {
    localStorage.setItem(KEY, JSON.stringify(options));
  } catch {
    // A full or forbidden store: the choice holds until the window closes.
  }
}

export function toggleOption(option: Exclude<ExplainOption, 'serialize'>): void {
  const options = useExplainOptions.getState();
  keep({ ...options, [option]: !options[option] });
}

export const chooseSerialize = (serialize: ExplainOptions['serialize']): void =>
  keep({ ...useExplainOptions.getState(), serialize });
