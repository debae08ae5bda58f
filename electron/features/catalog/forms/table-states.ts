import type { StateReaders } from './state-reader';
import { readColumnState } from './table/column-state';
import { readConstraintState } from './table/constraint-state';
import { readIndexState } from './table/index-state';
import { readPolicyState } from './table/policy-state';
import { readRuleState } from './table/rule-state';
import { readTableState } from './table/table-state';
import { readTriggerState } from './table/trigger-state';

export const TABLE_STATES: StateReaders = {
  table: readTableState,
  'foreign-table': readTableState,
  column: readColumnState,
  constraint: readConstraintState,
  index: readIndexState,
  trigger: readTriggerState,
  rule: readRuleState,
  policy: readPolicyState,
};
