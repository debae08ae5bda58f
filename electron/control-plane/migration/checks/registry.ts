import { CAPACITY_CHECKS } from './capacity-checks';
import type { Check } from './check';
import { DATABASE_CONFLICT_CHECKS } from './conflict-database';
import { NAME_CONFLICT_CHECKS } from './conflict-names';
import { ROLE_CONFLICT_CHECKS } from './conflict-roles';
import { STRUCTURE_CONFLICT_CHECKS } from './conflict-structure';
import { CONNECT_CHECKS } from './connect-checks';
import { DEPENDENCY_CHECKS } from './dependency-checks';
import { DOWNGRADE_CHECKS } from './downgrade-checks';
import { EXTENSION_CHECKS } from './extension-checks';
import { INCREMENT_CHECKS } from './increment-checks';
import { LOCALE_CHECKS } from './locale-checks';
import { CONTENT_CHECKS } from './object-contents';
import { INTEGRITY_CHECKS } from './object-integrity';
import { NAME_CHECKS } from './object-names';
import { SERVER_DEPENDENCY_CHECKS, SERVER_OBJECT_CHECKS } from './object-server';
import { TYPE_CHECKS } from './object-types';
import { SOURCE_PARAMETER_CHECKS } from './source-parameter-checks';
import { SOURCE_PRIVILEGE_CHECKS } from './source-privilege-checks';
import { TARGET_PARAMETER_CHECKS } from './target-parameter-checks';
import { TARGET_PRIVILEGE_CHECKS } from './target-privilege-checks';
import { VERSION_CHECKS } from './version-checks';

/** All checks. They run and are shown in the order of their steps, within a step in this one. */
export const CHECKS: readonly Check[] = [
  ...CONNECT_CHECKS,
  ...VERSION_CHECKS,
  ...SOURCE_PRIVILEGE_CHECKS,
  ...TARGET_PRIVILEGE_CHECKS,
  ...DATABASE_CONFLICT_CHECKS,
  ...SOURCE_PARAMETER_CHECKS,
  ...TARGET_PARAMETER_CHECKS,
  ...CONTENT_CHECKS,
  ...TYPE_CHECKS,
  ...DOWNGRADE_CHECKS,
  ...INTEGRITY_CHECKS,
  ...NAME_CHECKS,
  ...SERVER_OBJECT_CHECKS,
  ...NAME_CONFLICT_CHECKS,
  ...STRUCTURE_CONFLICT_CHECKS,
  ...ROLE_CONFLICT_CHECKS,
  ...LOCALE_CHECKS,
  ...DEPENDENCY_CHECKS,
  ...EXTENSION_CHECKS,
  ...SERVER_DEPENDENCY_CHECKS,
  ...CAPACITY_CHECKS,
  ...INCREMENT_CHECKS,
];
