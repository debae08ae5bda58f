import type { FormContext, FormTab, LabelRow, PrivilegeRow } from '../../form';
import { everybody, LABELS, parentSchema } from './common';

/** What all types have. */
export type TypeState = {
  readonly name: string;
  readonly schema: string;
  readonly owner: string;
  readonly comment: string;
  readonly privileges: readonly PrivilegeRow[];
  readonly labels: readonly LabelRow[];
};

export const TYPE = { noun: 'TYPE' };

/** What anybody may do with a new type. */
export const USUAL_OF_TYPES = everybody('USAGE');

export const newType = (context: FormContext): TypeState => ({
  name: '',
  schema: parentSchema(context),
  owner: context.user,
  comment: '',
  privileges: USUAL_OF_TYPES,
  labels: [],
});

export const TYPE_SECURITY: FormTab<TypeState> = {
  id: 'security',
  fields: [{ id: 'privileges', kind: 'privileges', privileges: ['USAGE'] }, LABELS],
};
