/** The list with one element moved up (-1) or down (1); as it is at the ends. */
export function moved<T>(list: readonly T[], at: number, step: -1 | 1): readonly T[] {
  const other = at + step;
  const [a, b] = [list[at], list[other]];
  if (a === undefined || b === undefined) return list;
  return list.with(at, b).with(other, a);
}
