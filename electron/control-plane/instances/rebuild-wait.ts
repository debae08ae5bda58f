const FIRST_MS = 2_000;
const LONGEST_MS = 300_000;

/** How long to wait after the n-th failure in a row to build a standby. Pure. */
export const rebuildWait = (failures: number): number => Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
