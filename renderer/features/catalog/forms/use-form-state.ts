import { useCallback, useMemo, useRef, useState } from 'react';
import type { Statement } from '../../../../shared/model/catalog';
import { same } from '../../../../shared/model/forms/list-changes';
import type { AnyForm, Choice, FieldProblem, FormContext, FormState } from '../../../../shared/model/form';
import { api } from '../../../api';
import { Widget } from './field';
import type { FormHandle } from './form-context';
import { problemsOf, shownTabs, withValue } from './form-model';
import type { FormWords } from './form-words';

/** What a dialog works on. */
export interface FormSubject {
  readonly serverId: string;
  readonly form: AnyForm;
  readonly context: FormContext;
  /** The state that the dialog starts with. */
  readonly start: FormState;
}

export interface OpenForm {
  readonly handle: FormHandle;
  readonly problems: ReadonlyMap<string, FieldProblem>;
  /** What Save runs; empty while there are problems. */
  readonly statements: readonly Statement[];
  readonly dirty: boolean;
  /** A password is being turned into its verifier. */
  readonly waiting: boolean;
  /** Shows all problems from now on; returns the path of the first, or null. */
  reveal(): string | null;
  reset(): void;
}

const NOTHING: readonly Statement[] = [];

/** The state of a form while it is filled in, and what follows from it. */
export function useFormState({ serverId, form, context, start }: FormSubject, words: FormWords): OpenForm {
  const [state, setState] = useState(start);
  const [visited, setVisited] = useState<ReadonlySet<string>>(new Set());
  const [revealed, setRevealed] = useState(false);
  const [round, setRound] = useState(0);
  const [deriving, setDeriving] = useState(0);
  const read = useRef(new Map<string, Promise<readonly Choice[]>>());
  const before = context.mode === 'edit' ? start : null;
  const { database } = context;

  const problems = useMemo(() => problemsOf(form, state, before, context), [form, state, before, context]);
  const statements = useMemo(
    () => (problems.size > 0 ? NOTHING : form.statements(state, before, context)),
    [problems, form, state, before, context],
  );

  const choices = useCallback<FormHandle['choices']>(
    (source, of) => {
      const key = JSON.stringify([source, of]);
      const kept = read.current.get(key);
      if (kept) return kept;
      const reading = api.catalog.choices({ serverId, database, source, of });
      read.current.set(key, reading);
      // What failed is tried again when the list is opened again.
      reading.catch(() => read.current.delete(key));
      return reading;
    },
    [serverId, database],
  );
  const verifier = useCallback(async (password: string): Promise<string> => {
    setDeriving((count) => count + 1);
    try {
      return (await api.catalog.passwordVerifier({ password })).verifier;
    } finally {
      setDeriving((count) => count - 1);
    }
  }, []);

  const handle: FormHandle = {
    context,
    words,
    state,
    before,
    set: (field, value) => setState((now) => withValue(form, now, field, value, context)),
    errorOf(path) {
      const problem = revealed || visited.has(path) ? problems.get(path) : undefined;
      return problem && words.problem(problem);
    },
    touch: (path) => setVisited((paths) => (paths.has(path) ? paths : new Set([...paths, path]))),
    choices,
    verifier,
    round,
    first: shownTabs(form, start, context)[0]?.fields[0]?.id ?? '',
    Widget,
  };
  return {
    handle,
    problems,
    statements,
    dirty: !same(state, start),
    waiting: deriving > 0,
    reveal() {
      setRevealed(true);
      return [...problems.keys()][0] ?? null;
    },
    reset() {
      setState(start);
      setVisited(new Set());
      setRevealed(false);
      setRound((count) => count + 1);
    },
  };
}
