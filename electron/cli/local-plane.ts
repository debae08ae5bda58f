import { homedir } from 'node:os';
import { defaultStateFolder } from '../../shared/model/control-plane';
import { createControlPlane, type ControlPlane } from '../adapters/control-plane/control-plane';
import { ownProgram } from '../adapters/tools/own-program';
import { startDetached } from '../adapters/tools/start-detached';
import type { Logger } from '../log';

const QUIET: Logger = { write: () => undefined, bug: () => '' };

/** The local control plane on this state folder (the usual one when none is given): its daemon is started when it does not run. */
export function openLocalPlane(state: string | undefined): ControlPlane {
  const facts = {
    platform: process.platform,
    env: process.env,
    home: homedir(),
    isRoot: process.getuid?.() === 0,
  };
  const program = ownProgram('control-plane.js', import.meta.dirname);
  return createControlPlane({
    state: state ?? defaultStateFolder(facts),
    launch: (folder) => startDetached({ program, args: ['--state', folder], timeoutMs: 30_000 }),
    log: QUIET,
  });
}
