import type { AnyForm } from '../form';
import { AGGREGATE_FORMS } from './code/aggregate-form';
import { baseTypeForm } from './code/base-type-form';
import { COLLATION_FORMS } from './code/collation-form';
import { compositeTypeForm } from './code/composite-type-form';
import { CONVERSION_FORMS } from './code/conversion-forms';
import { DOMAIN_FORMS } from './code/domain-forms';
import { enumTypeForm } from './code/enum-type-form';
import { EVENT_TRIGGER_FORMS } from './code/event-trigger-form';
import { FOREIGN_FORMS } from './code/foreign-forms';
import { FUNCTION_FORMS } from './code/function-forms';
import { LANGUAGE_FORMS } from './code/language-form';
import { OPERATOR_FORMS } from './code/operator-form';
import { rangeTypeForm, shellTypeForm } from './code/range-type-form';
import { STATISTICS_FORMS } from './code/statistics-form';
import { TEXT_SEARCH_FORMS } from './code/text-search-forms';

/** Dialogs of functions, types, text search, foreign data and the rest. */
export const CODE_FORMS: readonly AnyForm[] = [
  ...FUNCTION_FORMS,
  ...AGGREGATE_FORMS,
  compositeTypeForm,
  enumTypeForm,
  rangeTypeForm,
  baseTypeForm,
  shellTypeForm,
  ...DOMAIN_FORMS,
  ...COLLATION_FORMS,
  ...CONVERSION_FORMS,
  ...OPERATOR_FORMS,
  ...TEXT_SEARCH_FORMS,
  ...STATISTICS_FORMS,
  ...EVENT_TRIGGER_FORMS,
  ...FOREIGN_FORMS,
  ...LANGUAGE_FORMS,
];
