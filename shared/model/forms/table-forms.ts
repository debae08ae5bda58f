import type { AnyForm } from '../form';
import { COLUMN_FORM } from './table/column-form';
import { CONSTRAINT_FORMS } from './table/constraint-forms';
import { INDEX_FORM } from './table/index-form';
import { POLICY_FORM } from './table/policy-form';
import { RULE_FORM } from './table/rule-form';
import { FOREIGN_TABLE_FORM, PARTITION_FORM, TABLE_FORM } from './table/table-forms';
import { TRIGGER_FORM } from './table/trigger-form';

/** Dialogs of tables and their parts. */
export const TABLE_FORMS: readonly AnyForm[] = [
  TABLE_FORM,
  PARTITION_FORM,
  FOREIGN_TABLE_FORM,
  COLUMN_FORM,
  ...CONSTRAINT_FORMS,
  INDEX_FORM,
  TRIGGER_FORM,
  RULE_FORM,
  POLICY_FORM,
];
