import type { FormContext, FormField, FormState, FormValue } from '../../../../shared/model/form';
import { FormRow } from '../../../ui/form-row';
import { useForm } from './form-context';
import { isLocked } from './form-model';
import classes from './forms.module.css';

/** Kinds that need the whole width and stand under their label. */
const WIDE: ReadonlySet<FormField['kind']> = new Set(['list', 'labels', 'options', 'privileges', 'sql']);
export const isWide = (field: FormField): boolean => WIDE.has(field.kind);

export interface LabelledFieldProps {
  readonly field: FormField;
  readonly path: string;
  readonly label: string;
  readonly state: FormState;
  readonly context: FormContext;
  /** Locked for a reason of its surroundings. */
  readonly locked?: boolean;
  readonly onChange: (value: FormValue) => void;
}

/** A field with its label at the left, or above it where it is wide. */
export function LabelledField({ field, path, label, state, context, locked, onChange }: LabelledFieldProps) {
  const { Widget } = useForm();
  const widget = (
    <Widget
      field={field}
      path={path}
      label={label}
      value={state[field.id]}
      state={state}
      locked={locked === true || isLocked(field, state, context)}
      bare={isWide(field)}
      onChange={onChange}
    />
  );
  const required = field.required === true;
  if (!isWide(field)) {
    return (
      <FormRow label={label} htmlFor={`field-${path}`} required={required}>
        {widget}
      </FormRow>
    );
  }
  return (
    <div role="group" aria-label={label} className={classes.wide}>
      <div className={classes.wideLabel} aria-hidden>
        {label}
        {required ? <span className={classes.required}> *</span> : null}
      </div>
      {widget}
    </div>
  );
}

/** A field of the form itself. */
export function RootField({ field }: { readonly field: FormField }) {
  const form = useForm();
  return (
    <LabelledField
      field={field}
      path={field.id}
      label={form.words.field(field.id)}
      state={form.state}
      context={form.context}
      onChange={(value) => form.set(field.id, value)}
    />
  );
}
