import { afterAll, beforeAll, expect, it } from 'vitest';
import { dtsCompares } from '../support/conformance/dts-compares';
import { dtsConfiguration } from '../support/conformance/dts-configuration';
import { dtsFollowing } from '../support/conformance/dts-following';
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

// In this order: what runs is compared with nothing else in the lists.
everyDtsAction(world);
dtsTasks(world);
dtsConfiguration(world);
dtsCompares(world);
dtsRuns(world);
dtsFollowing(world);

it('every action that is answered was answered, in the form that the SDK declares', async () => {
  // Comparisons have a test of their own.
  const own = (await supported(world)).filter((name) => !name.includes('Compare'));
  expect(own.filter((name) => !world.dts.answered.has(name))).toEqual([]);
});
