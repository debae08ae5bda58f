import type { ObjectKind, ObjectRef, Statement } from './catalog';

/** A value of a field, as it crosses the bridge. */
export type FormValue =
  | string
  | number
  | boolean
  | null
  | readonly FormValue[]
  | { readonly [key: string]: FormValue | undefined };

/** The values of a form by field. A form says more exactly which (`defineForm<State>`). */
export type FormState = Readonly<Record<string, FormValue | undefined>>;

/** Where the things are read from that a choice offers; each is one query of the catalog. */
export const CHOICE_SOURCES = [
  'roles',
  'schemas',
  'tablespaces',
  'encodings',
  'templates',
  'locales',
  'icu-locales',
  'types',
  'collations',
  'tables',
  'inheritable-tables',
  'partitioned-tables',
  'views',
  'composite-types',
  'range-subtypes',
  'sequences',
  'columns',
  'unique-keys',
  'table-access-methods',
  'index-access-methods',
  'operator-classes',
  'operators',
  'functions',
  'trigger-functions',
  'event-trigger-functions',
  'support-functions',
  'cast-functions',
  'language-handlers',
  'language-inline-handlers',
  'language-validators',
  'wrapper-handlers',
  'wrapper-validators',
  'languages',
  'foreign-data-wrappers',
  'foreign-servers',
  'available-extensions',
  'extension-versions',
  'installed-extensions',
  'publications',
  'databases',
  'parameters',
  'label-providers',
  'text-search-configurations',
  'text-search-parsers',
  'text-search-templates',
  'text-search-dictionaries',
  'text-search-token-types',
  'text-search-start-functions',
  'text-search-parser-functions',
  'indexes',
] as const;
export type ChoiceSource = (typeof CHOICE_SOURCES)[number];

/** `value` is written into the state; `text` is shown where it differs. Names are unquoted; qualified ones and types are as SQL writes them. */
export interface Choice {
  readonly value: string;
  readonly text?: string;
}

/** What a field, a rule or a statement may look at beside the state. */
export interface FormContext {
  readonly mode: 'create' | 'edit';
  /** `server_version_num`. */
  readonly version: number;
  /** Empty for things of the whole server. */
  readonly database: string;
  /** What the new thing goes into: schema, table, foreign server, …; null at the database and the server. */
  readonly parent: ObjectRef | null;
  /** The object that is changed; null while creating. */
  readonly object: ObjectRef | null;
  /** Who is connected. */
  readonly user: string;
}

export type FieldKind =
  | 'text'
  /** Several lines. */
  | 'long-text'
  /** The state gets what is typed turned into the verifier that the server keeps. */
  | 'password'
  /** A text that is shown only when that is asked for. */
  | 'secret'
  | 'number'
  | 'switch'
  /** One of the choices; the empty string is "not chosen" where the field is not required. */
  | 'choice'
  /** A text with suggestions from the choices, e.g. a type with its length. */
  | 'combo'
  /** Several of the choices, or own texts (`free`): string[]. */
  | 'many'
  /** SQL in an editor. */
  | 'sql'
  /** A grid of records with `columns`: records[]. A row holds an `id` of its own that the form gives and SQL never sees. */
  | 'list'
  /** A moment with time zone, ISO text, empty is none. */
  | 'time'
  /** Shown, never changed. */
  | 'fact'
  /** PrivilegeRow[]; which privileges there are is `privileges`. */
  | 'privileges'
  /** LabelRow[]. */
  | 'labels'
  /** OptionRow[] with names to choose from. */
  | 'options';

/** Privileges of one grantee by one grantor, e.g. letters `arwd` as names: SELECT, INSERT, … */
export interface PrivilegeRow {
  readonly [key: string]: FormValue;
  /** `PUBLIC` is the empty string. */
  readonly grantee: string;
  readonly privileges: readonly string[];
  /** Those of them that may be passed on. */
  readonly grantable: readonly string[];
}

export interface LabelRow {
  readonly [key: string]: FormValue;
  readonly provider: string;
  readonly label: string;
}

export interface OptionRow {
  readonly [key: string]: FormValue;
  readonly name: string;
  readonly value: string;
}

/** A privilege that can be given: its name, with the first server (`server_version_num`) where not all of them know it. */
export type GivenPrivilege = string | { readonly name: string; readonly since: number };

/** What is wrong with a value: a key in the translations of `forms.problems` and its values. */
export interface FieldProblem {
  readonly problem: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

export interface FormField<State extends FormState = FormState> {
  readonly id: string & keyof State;
  readonly kind: FieldKind;
  readonly required?: boolean;
  /** First server (`server_version_num`) that knows it. */
  readonly since?: number;
  /** First server that no longer knows it. */
  readonly until?: number;
  /** Only when creating, or only when changing. */
  readonly only?: 'create' | 'edit';
  /** Can be given when creating and is only shown afterwards. In a column of a list: of a record that is new. */
  readonly fixed?: boolean;
  readonly choices?: readonly Choice[] | ChoiceSource;
  /** A field whose value the choices depend on (name of a table, schema, parser): read again when it changes. */
  readonly choicesOf?: string & keyof State;
  /** A list of the whole form whose records' names are offered too: the columns of a table that is being made. */
  readonly choicesFrom?: string;
  /** `many`: texts beside the choices may be given. */
  readonly free?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** Privileges that can be given, e.g. `['SELECT', 'INSERT']`. */
  readonly privileges?: readonly GivenPrivilege[];
  /** Fields of one record of a list; their rules get the record as state. */
  readonly columns?: readonly FormField[];
  /** A list that only grows and shrinks: its records are never changed. */
  readonly rowsFixed?: boolean;
  /** In a column of a list: its value in a new record; empty without. */
  readonly initial?: FormValue;
  /** A list whose order counts: of what is there too (true), never (false); without it while creating. */
  readonly ordered?: boolean;
  readonly shown?: (state: State, context: FormContext) => boolean;
  readonly enabled?: (state: State, context: FormContext) => boolean;
  readonly check?: (value: FormValue, state: State, context: FormContext) => FieldProblem | null;
}

export interface FormTab<State extends FormState = FormState> {
  /** Key in the translations of `forms.tabs`. */
  readonly id: string;
  readonly fields: readonly FormField<State>[];
}

/** One kind's dialog, whole: what it asks, what goes together, and the statements that come of it. Pure. */
export interface ObjectForm<State extends FormState = FormState> {
  readonly kind: ObjectKind;
  /** Distinguishes several forms of one kind (constraint: primary-key, foreign-key, …); empty where there is one. */
  readonly variant: string;
  /**
   * Translation file with `<kind>.<field>` (or `<kind>-<variant>.<field>`); fields not there are looked up in `forms.fields`. A column of a
   * list is `<kind>.<list>-<column>`, `<kind>.<column>` or in `forms.fields`. Choices without a text are `<kind>.<field>-<value>` (`-none`
   * for the empty one) or the value itself. Tabs, problems and the kind's name are looked up in `tabs`, `problems` and `kinds` of this file,
   * then of `forms` (kinds: of `catalog`).
   */
  readonly words: 'forms' | 'forms-table' | 'forms-code';
  readonly since?: number;
  /** Things of this kind can be changed, not only made. */
  readonly editable: boolean;
  readonly tabs: readonly FormTab<State>[];
  initial(context: FormContext): State;
  /** Values that follow from a changed field. */
  readonly derive?: (changed: string, state: State, context: FormContext) => Partial<State>;
  /** Problems that concern several fields, by field. */
  readonly check?: (state: State, context: FormContext) => Readonly<Record<string, FieldProblem>>;
  /** The statements must run in the server's maintenance database, not in the one that the dialog reads: nobody may be in that. */
  readonly elsewhere?: (state: State, before: State | null) => boolean;
  /**
   * What makes the object as `state` says, or turns `before` into it: empty when nothing changes. The statements run in this order, those that
   * may in one transaction.
   */
  statements(state: State, before: State | null, context: FormContext): readonly Statement[];
}

/** A form whose state is only known to itself. */
export type AnyForm = ObjectForm;

/** Checks a form against its own state type and forgets it. */
export const defineForm = <State extends FormState>(form: ObjectForm<State>): AnyForm => form as unknown as AnyForm;
