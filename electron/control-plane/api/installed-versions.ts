import type { DescribeMachineResponse } from '../../../shared/model/control-plane';
import { findBinaries, RELEASES } from '../cluster/binaries';
import { machineBinaries } from '../cluster/machine-binaries';

/** So long what was found on the machine holds: every look asks each server for its version. */
const KEPT_MS = 60_000;

let looked: { readonly at: number; readonly majors: Promise<ReadonlySet<number>> } | null = null;

function majorsOfMachine(now: number): Promise<ReadonlySet<number>> {
  if (!looked || now - looked.at > KEPT_MS) {
    const majors = machineBinaries().then(
      (found) => new Set(found.map(({ major }) => major)),
      () => new Set<number>(),
    );
    looked = { at: now, majors };
  }
  return looked.majors;
}

/** Of every version that is offered, whether its programs are here already, and from where. */
export async function installedVersions(): Promise<DescribeMachineResponse['InstalledVersions']> {
  const machine = await majorsOfMachine(Date.now());
  return RELEASES.map(({ major }) => {
    const Origin = findBinaries(major) !== null ? 'embedded' : machine.has(major) ? 'machine' : '';
    return { DBMajorVersion: String(major), Installed: Origin !== '', Origin };
  });
}
