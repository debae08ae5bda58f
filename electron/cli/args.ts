import { AppError } from '../../shared/errors';

/** Words of a command line, sorted by the options that the command knows. */
export interface ParsedArgs {
  readonly operands: readonly string[];
  has(flag: string): boolean;
  value(option: string): string | undefined;
  all(option: string): readonly string[];
}

export interface KnownArgs {
  /** `--json` */
  readonly flags: readonly string[];
  /** `--to URI` or `--to=URI`; may come more than once. */
  readonly options: readonly string[];
}

export const usageError = (message: string): AppError =>
  new AppError({ code: 'invalid-input', message, hint: 'See howdah --help.' });

/** Sorts the words. Fails with `invalid-input` for what is not known and for options without a value. */
export function parseArgs(args: readonly string[], known: KnownArgs): ParsedArgs {
  const operands: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (word === '--') {
      operands.push(...args.slice(index + 1));
      break;
    }
    if (!word.startsWith('--')) {
      operands.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const name = word.slice(2, equals < 0 ? undefined : equals);
    if (known.flags.includes(name) && equals < 0) flags.add(name);
    else if (known.options.includes(name)) {
      const value = equals < 0 ? args[(index += 1)] : word.slice(equals + 1);
      if (value === undefined) throw usageError(`--${name} needs a value`);
      values.set(name, [...(values.get(name) ?? []), value]);
    } else throw usageError(`There is no option --${name}`);
  }
  return {
    operands,
    has: (flag) => flags.has(flag),
    value: (option) => values.get(option)?.at(-1),
    all: (option) => values.get(option) ?? [],
  };
}
