/** What can be told of the numbers among selected cells; exact, as the server's texts are. */
export interface CellSums {
  readonly cells: number;
  readonly nulls: number;
  /** Numbers among them. */
  readonly numbers: number;
  /** Null without numbers. */
  readonly sum: string | null;
  readonly average: string | null;
  readonly least: string | null;
  readonly greatest: string | null;
}

const NUMBER = /^([-+]?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d{1,3}))?$/;
/** Digits after the point of an average beyond those of its parts. */
const MORE_DIGITS = 6;

/** A number as `digits` / 10^`scale`. */
interface Exact {
  readonly digits: bigint;
  readonly scale: number;
}

function exact(text: string): Exact | null {
  const found = NUMBER.exec(text);
  if (!found) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = found;
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}

const rescaled = ({ digits, scale }: Exact, to: number): bigint => digits * 10n ** BigInt(to - scale);

function add(a: Exact, b: Exact): Exact {
  const scale = Math.max(a.scale, b.scale);
  return { digits: rescaled(a, scale) + rescaled(b, scale), scale };
}

const isLess = (a: Exact, b: Exact): boolean => {
  const scale = Math.max(a.scale, b.scale);
  return rescaled(a, scale) < rescaled(b, scale);
};

function written({ digits, scale }: Exact): string {
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  const sign = digits < 0n ? '-' : '';
  return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

/** Half away from zero, as numeric rounds. */
function divided(total: Exact, by: number): string {
  const scale = total.scale + MORE_DIGITS;
  const scaled = rescaled(total, scale) * 2n;
  const half = BigInt(by);
  const digits = (scaled + (scaled < 0n ? -half : half)) / (half * 2n);
  const text = written({ digits, scale });
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Sum, least, greatest and average of the numbers among values; words such as NaN are not among them. */
export function cellSums(values: Iterable<string | null>): CellSums {
  let [cells, nulls, numbers] = [0, 0, 0];
  let sum: Exact = { digits: 0n, scale: 0 };
  let least: Exact | null = null;
  let greatest: Exact | null = null;
  for (const value of values) {
    cells += 1;
    const number = value === null ? null : exact(value);
    if (value === null) nulls += 1;
    if (number === null) continue;
    numbers += 1;
    sum = add(sum, number);
    if (least === null || isLess(number, least)) least = number;
    if (greatest === null || isLess(greatest, number)) greatest = number;
  }
  return {
    cells,
    nulls,
    numbers,
    sum: numbers === 0 ? null : written(sum),
    average: numbers === 0 ? null : divided(sum, numbers),
    least: least === null ? null : written(least),
    greatest: greatest === null ? null : written(greatest),
  };
}
