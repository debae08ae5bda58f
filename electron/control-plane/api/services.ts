import { HOWDAH_API, POSTGRES_API } from '../../../shared/model/control-plane';
import { DTS_API } from '../../../shared/model/migration';
import { ACCOUNT_ACTIONS } from './account-actions';
import type { Action, ActionTable } from './action';
import { ADDRESS_ACTIONS } from './address-actions';
import { AVAILABILITY_ACTIONS } from './availability-actions';
import { CATALOGUE_ACTIONS } from './catalogue-actions';
import { CREATE_ACTIONS } from './create-actions';
import { DATABASE_ACTIONS, DATABASE_FIGURE_ACTIONS } from './database-actions';
import { DESCRIBE_ACTIONS } from './describe-actions';
import { DTS_ACTIONS } from './dts-actions';
import { DTS_COMPARE_ACTIONS } from './dts-compare-actions';
import { DTS_READ_ACTIONS } from './dts-read-actions';
import { ApiError } from './errors';
import { GROUP_ACTIONS } from './group-actions';
import { HOWDAH_ACTIONS } from './howdah-actions';
import { LIFECYCLE_ACTIONS } from './lifecycle-actions';
import { MIGRATION_ACTIONS } from './migration-actions';
import { MIGRATION_COMPARE_ACTIONS } from './migration-compare-actions';
import { POLICY_ACTIONS } from './policy-actions';
import { PRICE_ACTIONS } from './price-actions';
import { SECURITY_GROUP_ACTIONS } from './security-group-actions';
import { SETTINGS_ACTIONS } from './settings-actions';
import { TAG_ACTIONS } from './tag-actions';
import { TASK_ACTIONS } from './task-actions';
import { DTS_UNSUPPORTED, UNSUPPORTED } from './unsupported';
import { VPC_ACTIONS } from './vpc-actions';

const TAG_API = '2018-08-13';

/** By version. The services postgres and vpc share theirs, and no two of their actions have the same name. */
const SERVICES: Readonly<Record<string, ActionTable>> = {
  [POSTGRES_API]: {
    ...CATALOGUE_ACTIONS,
    ...DESCRIBE_ACTIONS,
    ...TASK_ACTIONS,
    ...CREATE_ACTIONS,
    ...LIFECYCLE_ACTIONS,
    ...SETTINGS_ACTIONS,
    ...AVAILABILITY_ACTIONS,
    ...ADDRESS_ACTIONS,
    ...GROUP_ACTIONS,
    ...PRICE_ACTIONS,
    ...ACCOUNT_ACTIONS,
    ...DATABASE_ACTIONS,
    ...VPC_ACTIONS,
    ...SECURITY_GROUP_ACTIONS,
    ...POLICY_ACTIONS,
  },
  [TAG_API]: TAG_ACTIONS,
  [DTS_API]: { ...DTS_ACTIONS, ...DTS_READ_ACTIONS, ...DTS_COMPARE_ACTIONS },
  [HOWDAH_API]: { ...HOWDAH_ACTIONS, ...DATABASE_FIGURE_ACTIONS, ...MIGRATION_ACTIONS, ...MIGRATION_COMPARE_ACTIONS },
};

/** Why actions that exist in the cloud are not answered here. */
const REASONS: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  [POSTGRES_API]: UNSUPPORTED,
  [DTS_API]: DTS_UNSUPPORTED,
};

/** Whether an action of this name changes anything, in any service. */
export const isChange = (name: string): boolean =>
  Object.values(SERVICES).some((table) => Object.hasOwn(table, name) && table[name]?.change === true);

/** Fails with `NoSuchVersion`, `UnsupportedOperation` (it exists in the cloud) or `InvalidAction`. */
export function findAction(name: string, version: string): Action {
  if (name === '') throw new ApiError('MissingParameter', 'The name of the action is missing');
  const table = Object.hasOwn(SERVICES, version) ? SERVICES[version] : undefined;
  if (!table) throw new ApiError('NoSuchVersion', `The version ${version || '(none)'} is not known`);
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found) return found;
  const reason = REASONS[version]?.get(name);
  if (reason !== undefined) throw new ApiError('UnsupportedOperation', `${name} is not available: ${reason}`);
  throw new ApiError('InvalidAction', `The action ${name} is not known`);
}
