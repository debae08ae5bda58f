import type { ObjectKind } from '../catalog';
import type { AnyForm } from '../form';
import { CLUSTER_FORMS } from './cluster-forms';
import { CODE_FORMS } from './code-forms';
import { TABLE_FORMS } from './table-forms';

/** Every dialog that there is. */
export const FORMS: readonly AnyForm[] = [...CLUSTER_FORMS, ...TABLE_FORMS, ...CODE_FORMS];

/** The dialogs that make a thing of a kind: none, one, or one for each variant. */
export const formsOf = (kind: ObjectKind): readonly AnyForm[] => FORMS.filter((form) => form.kind === kind);

/** The dialog of a kind and variant; undefined when there is none. */
export const formOf = (kind: ObjectKind, variant: string): AnyForm | undefined =>
  FORMS.find((form) => form.kind === kind && form.variant === variant);
