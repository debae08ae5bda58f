/** What follows from how full an instance's disk is. Pure. */

export type DiskVerdict = 'fine' | 'warn' | 'full';

const GIB = 1024 ** 3;
const WARN_SHARE = 0.9;
/** A read-only instance becomes writable again only below this share: at the edge it would go back and forth. */
const WRITABLE_SHARE = 0.97;

/** At 90 % a warning, at 100 % read-only until enough was freed. `usedBytes` is what the instance's folder holds. */
export function judgeDisk(usedBytes: number, storageGb: number, isReadOnly: boolean): DiskVerdict {
  const share = usedBytes / (storageGb * GIB);
  if (share >= 1 || (isReadOnly && share >= WRITABLE_SHARE)) return 'full';
  return share >= WARN_SHARE ? 'warn' : 'fine';
}

/** The sentence for the person; empty when all is well. */
export function diskProblem(verdict: DiskVerdict, usedBytes: number, storageGb: number): string {
  if (verdict === 'fine') return '';
  const used = `${(usedBytes / GIB).toFixed(1)} of ${storageGb} GB of its disk are used`;
  return verdict === 'warn'
    ? `${used}: at 100 % the instance becomes read-only`
    : `${used}: the instance is read-only. To free space, a session may SET default_transaction_read_only = off`;
}

/** The same of a standby that fills up beside its primary: with logs, or with what it has not replayed. */
export function standbyDiskProblem(id: string, usedBytes: number, storageGb: number): string {
  if (judgeDisk(usedBytes, storageGb, false) === 'fine') return '';
  return `The standby ${id} takes ${(usedBytes / GIB).toFixed(1)} GB; the disk of the instance has ${storageGb} GB`;
}
