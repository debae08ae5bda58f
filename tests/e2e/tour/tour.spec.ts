import { join } from 'node:path';
import { artifacts, expect, test } from '../fixtures';
import { TourReport } from './report';
import { seatInClone, seatInInstalled } from './seat';

/** Set by `npm run package -- --verify`: where the installed program listens. */
const installed = process.env['HOWDAH_TOUR_ADDRESS'];

test('the guided tour', async ({ launch }) => {
  const seat = installed ? await seatInInstalled(installed) : await seatInClone(launch);
  const { page } = seat;
  const tour = new TourReport(join(artifacts, 'tour'), () => page, [`Program: ${seat.program}`]);

  await tour.step('The start page has three doors', async ({ held, shot }) => {
    for (const door of ['create', 'register', 'import']) await expect(page.locator(`[data-door=${door}]`)).toBeVisible();
    held('Create an instance, register a server and import a dump are offered');
    await shot('start');
  });
  await seat.leave();
});
