import { accounts } from './accounts';
import { app } from './app';
import { catalog } from './catalog';
import { compare } from './compare';
import { dashboard } from './dashboard';
import { diagram } from './diagram';
import { instances } from './instances';
import { library } from './library';
import { migration } from './migration';
import { networks } from './networks';
import { planes } from './planes';
import { query } from './query';
import { servers } from './servers';
import { settings } from './settings';
import { tasks } from './tasks';
import { terminal } from './terminal';
import { transfer } from './transfer';

/** The whole wire between the window and main. Preload, fakes, tests and both sides derive from it. */
export const contract = {
  accounts,
  app,
  catalog,
  compare,
  dashboard,
  diagram,
  instances,
  library,
  migration,
  networks,
  planes,
  query,
  servers,
  settings,
  tasks,
  terminal,
  transfer,
};
export type Contract = typeof contract;
export type FeatureName = keyof Contract;
/** Handlers of every feature: a forgotten one is a compile error. */
export type AllHandlers = { readonly [F in FeatureName]: import('./define').Handlers<Contract[F]> };
