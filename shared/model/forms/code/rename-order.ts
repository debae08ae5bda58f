/** One name that becomes another. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

/**
 * Renames in an order in which no name is taken when it is given: where names change places, one of them waits under a name that nobody has.
 * @param taken every name that there is before
 */
export function renameOrder(renames: readonly Rename[], taken: readonly string[]): Rename[] {
  const used = new Set(taken);
  const ordered: Rename[] = [];
  let waiting = renames.filter(({ from, to }) => from !== to);
  const give = ({ from, to }: Rename): void => {
    ordered.push({ from, to });
    used.delete(from);
    used.add(to);
  };
  while (waiting.length > 0) {
    const ready = waiting.find(({ to }) => !used.has(to));
    if (ready) {
      give(ready);
      waiting = waiting.filter((each) => each !== ready);
      continue;
    }
    const [first, ...others] = waiting;
    // A name that a stranger keeps stays taken: the server says so.
    if (!first || !waiting.some(({ from }) => from === first.to)) return [...ordered, ...waiting];
    let between = `${first.from.slice(0, 40)}_`;
    while (used.has(between)) between = `${between}_`;
    give({ from: first.from, to: between });
    waiting = [...others, { from: between, to: first.to }];
  }
  return ordered;
}
