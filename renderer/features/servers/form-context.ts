import { createContext, useContext, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServerDefinition, SshTunnel, SslSettings } from '../../../shared/model/server';
import { checkServer } from '../../../shared/model/server-rules';
import { SERVER_TABS, tabOf, type ServerForm, type ServerTab } from './form-model';

/** An error that main gave for one field. Holds until the form changes. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export interface FormHandle {
  readonly form: ServerForm;
  set(change: Partial<ServerForm>): void;
  setServer(change: Partial<ServerDefinition>): void;
  setSsl(change: Partial<SslSettings>): void;
  setSsh(change: Partial<SshTunnel>): void;
  /** Shows the field's problem from now on: called when it loses the focus. */
  touch(field: string): void;
  errorOf(field: string): string | undefined;
  /** Tabs on which a problem is shown. */
  readonly tabsWithErrors: ReadonlySet<ServerTab>;
  /** Shows all problems. Returns the first field with one, or null. */
  revealProblems(ignored?: readonly string[]): string | null;
  setFieldError(error: FieldError | null): void;
  reset(form: ServerForm): void;
}

export const FormContext = createContext<FormHandle | null>(null);

export function useForm(): FormHandle {
  const handle = useContext(FormContext);
  if (!handle) throw new Error('a field stands outside of its form');
  return handle;
}

/** Ties fields to what they show in the form: `<TextField {...bound.ssh('user')} />`. */
export function useBoundFields() {
  const { t } = useTranslation('servers');
  const { form, setServer, setSsl, setSsh } = useForm();
  const { server } = form;
  const binder =
    <T extends object>(path: string, values: T, set: (change: Partial<T>) => void) =>
    <K extends keyof T & string>(key: K) => ({
      field: `${path}${key}`,
      label: t(`fields.${path.replace('.', '_')}${key}`),
      value: values[key],
      onChange: (value: T[K]) => set({ [key]: value } as unknown as Partial<T>),
    });
  return {
    server: binder('', server, setServer),
    ssl: binder('ssl.', server.ssl, setSsl),
    ssh: binder('ssh.', server.ssh, setSsh),
  };
}

/** The dialog's state: values, which fields were visited, what is wrong with them. */
export function useServerForm(initial: ServerForm): FormHandle {
  const { t } = useTranslation('servers');
  const [form, setForm] = useState(initial);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const [fieldError, setFieldError] = useState<FieldError | null>(null);
  const problems = useMemo(() => checkServer(form.server), [form.server]);

  const change = (make: (form: ServerForm) => ServerForm): void => {
    setFieldError(null);
    setForm(make);
  };
  const setServer = (part: Partial<ServerDefinition>): void =>
    change((before) => ({ ...before, server: { ...before.server, ...part } }));

  const shown = problems.filter(({ field }) => all || touched.has(field));
  const errorOf = (field: string): string | undefined => {
    if (fieldError?.field === field) return fieldError.message;
    const problem = shown.find((each) => each.field === field);
    return problem && t(`rules.${problem.key}`);
  };
  const fieldsWithErrors = [...shown.map(({ field }) => field), ...(fieldError ? [fieldError.field] : [])];
  return {
    form,
    set: (part) => change((before) => ({ ...before, ...part })),
    setServer,
    setSsl: (part) =>
      change((before) => ({ ...before, server: { ...before.server, ssl: { ...before.server.ssl, ...part } } })),
    setSsh: (part) =>
      change((before) => ({ ...before, server: { ...before.server, ssh: { ...before.server.ssh, ...part } } })),
    touch: (field) => setTouched((before) => new Set([...before, field])),
    errorOf,
    tabsWithErrors: new Set(SERVER_TABS.filter((tab) => fieldsWithErrors.some((field) => tabOf(field) === tab))),
    revealProblems(ignored = []) {
      const relevant = problems.filter(({ field }) => !ignored.includes(field));
      if (ignored.length === 0) setAll(true);
      else setTouched((before) => new Set([...before, ...relevant.map(({ field }) => field)]));
      return relevant[0]?.field ?? null;
    },
    setFieldError,
    reset(to) {
      setForm(to);
      setTouched(new Set());
      setAll(false);
      setFieldError(null);
    },
  };
}
