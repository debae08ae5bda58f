import { join } from 'node:path';
import { stopEverything } from '../../support/control-plane';
import { artifacts, test } from '../fixtures';
import { connectInstance, createInstance, seeStartPage } from './begin';
import { browse, darkAndChinese, query, seeTasks } from './look';
import { migrate } from './migrate';
import { copyDatabase, importSample } from './move';
import { TourReport, type StepLog } from './report';
import { seatInClone, seatInInstalled, type Seat } from './seat';

/** Set by `npm run package -- --verify`: where the installed program listens. */
const installed = process.env['HOWDAH_TOUR_ADDRESS'];

const STEPS: readonly (readonly [string, (seat: Seat, log: StepLog) => Promise<void>])[] = [
  ['The start page has three doors', seeStartPage],
  ['Create an instance', createInstance],
  ['Connect it', connectInstance],
  ['Import the sample shop', importSample],
  ['Browse to a table', browse],
  ['Query', query],
  ['Copy the database', copyDatabase],
  ['Migrate the shop', migrate],
  ['Tasks', seeTasks],
  ['Dark theme and 简体中文', darkAndChinese],
];

test.afterEach(({ profile }) => stopEverything(join(profile, 'state')));

test('the guided tour', async ({ launch }) => {
  const seat = installed ? await seatInInstalled(installed) : await seatInClone(launch);
  const tour = new TourReport(join(artifacts, 'tour'), () => seat.page, [`Program: ${seat.program}`], STEPS.length);
  for (const [title, work] of STEPS) await tour.step(title, (log) => work(seat, log));
  await seat.leave();
});
