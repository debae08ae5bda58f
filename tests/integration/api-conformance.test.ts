import { afterAll, beforeAll } from 'vitest';
import { accounts } from '../support/conformance/accounts';
import { addresses } from '../support/conformance/addresses';
import { availability } from '../support/conformance/availability';
import { everyAction, everyAnswer } from '../support/conformance/every-action';
import { instances } from '../support/conformance/instances';
import { lifecycle } from '../support/conformance/lifecycle';
import { networks } from '../support/conformance/networks';
import { ownServiceOf } from '../support/conformance/own-service';
import { purchase } from '../support/conformance/purchase';
import { tags } from '../support/conformance/tags';
import { openWorld, type World } from '../support/conformance/world';
import { openStateFolder, startControlPlane, stopEverything } from '../support/control-plane';

/** Every action of the official SDK, unchanged, with good and bad input; every answer is of the type that the SDK declares. */

let state: string;
const world = {} as World;

beforeAll(async () => {
  state = await openStateFolder();
  Object.assign(world, openWorld(await startControlPlane(state)));
});
afterAll(() => stopEverything(state));

// In this order: the later ones work on the instances that the earlier ones made.
everyAction(world);
purchase(world);
networks(world);
instances(world);
availability(world);
ownServiceOf(world);
addresses(world);
accounts(world);
tags(world);
lifecycle(world);
everyAnswer(world);
