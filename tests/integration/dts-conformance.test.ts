import { afterAll, beforeAll, expect, it } from 'vitest';
import { dtsConfiguration } from '../support/conformance/dts-configuration';
import { everyDtsAction } from '../support/conformance/dts-input';
import { dtsRuns } from '../support/conformance/dts-runs';
import { dtsTasks } from '../support/conformance/dts-tasks';
import { openDtsWorld, supported, type DtsWorld } from '../support/conformance/dts-world';
import { openStateFolder, startControlPlane, stopEverything } from '../support/control-plane';

/** Every action of dts 2021-12-06 by the official SDK, unchanged, with good and bad input; every answer is of the type that the SDK declares. */

let state = '';
const world = {} as DtsWorld;

beforeAll(async () => {
  state = await openStateFolder();
  Object.assign(world, await openDtsWorld(await startControlPlane(state)));
});
afterAll(async () => {
  await Promise.all([world.source?.stop(), world.target?.stop(), state === '' ? undefined : stopEverything(state)]);
});

/** Exists, checks its input, and is refused always: a full copy ends by itself. */
const ALWAYS_REFUSED = ['CompleteMigrateJob'];

// In this order: what runs is compared with nothing else in the lists.
everyDtsAction(world);
dtsTasks(world);
dtsConfiguration(world);
dtsRuns(world);

it('every action that is answered was answered, in the form that the SDK declares', async () => {
  expect((await supported(world)).filter((name) => !world.dts.answered.has(name))).toEqual(ALWAYS_REFUSED);
});
