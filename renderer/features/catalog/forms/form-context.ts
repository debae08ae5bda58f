import { createContext, useContext, type ComponentType } from 'react';
import type { Choice, ChoiceSource, FormContext, FormField, FormState, FormValue } from '../../../../shared/model/form';
import type { FormWords } from './form-words';

/** What the fields of a dialog share. */
export interface FormHandle {
  readonly context: FormContext;
  readonly words: FormWords;
  readonly state: FormState;
  /** The object as it is on the server; null while creating. */
  readonly before: FormState | null;
  set(field: string, value: FormValue): void;
  /** The text of a problem that may be shown; undefined while the field was not visited. */
  errorOf(path: string): string | undefined;
  touch(path: string): void;
  /** Reads choices of the server, once for each source and `of`. */
  choices(source: ChoiceSource, of: string): Promise<readonly Choice[]>;
  /** The SCRAM verifier of a password. Save waits for it. */
  verifier(password: string): Promise<string>;
  /** Grows with every reset: widgets that keep text of their own start anew. */
  readonly round: number;
  /** The field that has the focus when the dialog opens. */
  readonly first: string;
  /** Draws any field: lists hold fields, and are fields. */
  readonly Widget: ComponentType<FieldProps>;
}

const FormHandleContext = createContext<FormHandle | null>(null);
export const FormProvider = FormHandleContext;

/** The dialog around a field. */
export function useForm(): FormHandle {
  const handle = useContext(FormHandleContext);
  if (!handle) throw new Error('a field stands outside of a form');
  return handle;
}

/** One field as its widget gets it. */
export interface FieldProps {
  readonly field: FormField;
  /** `name`, or `columns.2.type`. */
  readonly path: string;
  readonly label: string;
  readonly value: FormValue | undefined;
  /** What the field's rules see: the form's state, or the record of a list. */
  readonly state: FormState;
  readonly locked: boolean;
  /** Stands in a cell of a list: the label is only for screen readers. */
  readonly bare: boolean;
  readonly onChange: (value: FormValue) => void;
}
