import type { Statement } from '../../catalog';
import { defineForm, type AnyForm, type FormContext, type FormField, type OptionRow } from '../../form';
import { quoteIdent, quoteLiteral, quoteQualified } from '../../quote';
import { listChanges, same } from '../list-changes';
import {
  COMMENT,
  definitionList,
  GENERAL,
  identityChanges,
  NAME,
  parentSchema,
  SCHEMA,
  targetOf,
  withoutArguments,
} from './common';

type MappingRow = { readonly id: string; readonly token: string; readonly dictionaries: readonly string[] };

type ConfigurationState = {
  readonly name: string;
  readonly schema: string;
  readonly owner: string;
  readonly comment: string;
  /** Another configuration that it becomes a copy of, with its parser and dictionaries. */
  readonly copy: string;
  readonly parser: string;
  readonly mappings: readonly MappingRow[];
};

const CONFIGURATION = { noun: 'TEXT SEARCH CONFIGURATION' };

const mapping = (target: string, verb: 'ADD' | 'ALTER', { token, dictionaries }: MappingRow): Statement => ({
  sql: `ALTER ${target} ${verb} MAPPING FOR ${quoteIdent(token)} WITH ${dictionaries.join(', ')}`,
});

function mappingChanges(target: string, before: readonly MappingRow[], after: readonly MappingRow[]): Statement[] {
  // A token is who it is: another one in the same record is another mapping.
  const { added, removed, changed } = listChanges(before, after, ({ token }) => token);
  return [
    ...removed.map(({ token }) => ({ sql: `ALTER ${target} DROP MAPPING FOR ${quoteIdent(token)}` })),
    ...changed
      .filter((pair) => !same(pair.before.dictionaries, pair.after.dictionaries))
      .map((pair) => mapping(target, 'ALTER', pair.after)),
    ...added.map((row) => mapping(target, 'ADD', row)),
  ];
}

function configurationStatements(
  state: ConfigurationState,
  before: ConfigurationState | null,
  context: FormContext,
): Statement[] {
  const target = targetOf(CONFIGURATION, before ?? state);
  const source = state.copy === '' ? `PARSER = ${state.parser}` : `COPY = ${state.copy}`;
  return [
    ...(before ? [] : [{ sql: `CREATE ${target} (${source})` }]),
    ...(before || state.copy === '' ? mappingChanges(target, before?.mappings ?? [], state.mappings) : []),
    ...identityChanges(CONFIGURATION, state, before, context),
  ];
}

const configurationForm = defineForm<ConfigurationState>({
  kind: 'text-search-configuration',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    GENERAL,
    {
      id: 'definition',
      fields: [
        { id: 'copy', kind: 'combo', choices: 'text-search-configurations', only: 'create' },
        {
          id: 'parser',
          kind: 'combo',
          choices: 'text-search-parsers',
          required: true,
          fixed: true,
          shown: ({ copy }) => copy === '',
        },
        {
          id: 'mappings',
          kind: 'list',
          shown: ({ copy }) => copy === '',
          columns: [
            { id: 'token', kind: 'combo', choices: 'text-search-token-types', choicesOf: 'parser', required: true },
            { id: 'dictionaries', kind: 'many', choices: 'text-search-dictionaries', required: true },
          ],
        },
      ],
    },
  ],
  initial: (context) => ({
    name: '',
    schema: parentSchema(context),
    owner: context.user,
    comment: '',
    copy: '',
    parser: 'pg_catalog."default"',
    mappings: [],
  }),
  check: ({ mappings }) =>
    new Set(mappings.map(({ token }) => token)).size < mappings.length ? { mappings: { problem: 'twice' } } : {},
  statements: configurationStatements,
});

type DictionaryState = {
  readonly name: string;
  readonly schema: string;
  readonly owner: string;
  readonly comment: string;
  readonly template: string;
  readonly options: readonly OptionRow[];
};

const DICTIONARY = { noun: 'TEXT SEARCH DICTIONARY' };

/** Some dictionaries take a number and refuse its text. */
const optionSql = ({ name, value }: OptionRow): string =>
  `${quoteIdent(name)} = ${/^(?:0|[1-9]\d{0,8})$/u.test(value) ? value : quoteLiteral(value)}`;

function dictionaryStatements(
  state: DictionaryState,
  before: DictionaryState | null,
  context: FormContext,
): Statement[] {
  const target = targetOf(DICTIONARY, before ?? state);
  const old = new Map((before?.options ?? []).map((row) => [row.name, row.value]));
  const now = new Set(state.options.map((row) => row.name));
  const parts = [
    ...[...old.keys()].filter((name) => !now.has(name)).map(quoteIdent),
    ...state.options.filter((row) => old.get(row.name) !== row.value).map(optionSql),
  ];
  return [
    ...(before ? [] : [{ sql: `CREATE ${target} (${[`TEMPLATE = ${state.template}`, ...parts].join(', ')})` }]),
    ...(before && parts.length > 0 ? [{ sql: `ALTER ${target} (${parts.join(', ')})` }] : []),
    ...identityChanges(DICTIONARY, state, before, context),
  ];
}

const dictionaryForm = defineForm<DictionaryState>({
  kind: 'text-search-dictionary',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    GENERAL,
    {
      id: 'definition',
      fields: [
        { id: 'template', kind: 'combo', choices: 'text-search-templates', required: true, fixed: true },
        { id: 'options', kind: 'options' },
      ],
    },
  ],
  initial: (context) => ({
    name: '',
    schema: parentSchema(context),
    owner: context.user,
    comment: '',
    template: '',
    options: [],
  }),
  statements: dictionaryStatements,
});

type ParserState = {
  readonly name: string;
  readonly schema: string;
  readonly comment: string;
  readonly start: string;
  readonly getToken: string;
  readonly end: string;
  readonly tokenTypes: string;
  readonly headline: string;
};

const parserFunction = (id: keyof ParserState, required = true): FormField<ParserState> => ({
  id,
  kind: 'combo',
  choices: id === 'start' ? 'text-search-start-functions' : 'text-search-parser-functions',
  required,
  fixed: true,
});

const parserForm = defineForm<ParserState>({
  kind: 'text-search-parser',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    { id: 'general', fields: [NAME, SCHEMA, COMMENT] },
    {
      id: 'definition',
      fields: [
        parserFunction('start'),
        parserFunction('getToken'),
        parserFunction('end'),
        parserFunction('tokenTypes'),
        parserFunction('headline', false),
      ],
    },
  ],
  initial: (context) => ({
    name: '',
    schema: parentSchema(context),
    comment: '',
    start: '',
    getToken: '',
    end: '',
    tokenTypes: '',
    headline: '',
  }),
  statements: (state, before, context) => {
    const definition = definitionList([
      ['START', withoutArguments(state.start)],
      ['GETTOKEN', withoutArguments(state.getToken)],
      ['END', withoutArguments(state.end)],
      ['LEXTYPES', withoutArguments(state.tokenTypes)],
      ['HEADLINE', withoutArguments(state.headline)],
    ]);
    return [
      ...(before
        ? []
        : [{ sql: `CREATE TEXT SEARCH PARSER ${quoteQualified(state.schema, state.name)} ${definition}` }]),
      ...identityChanges({ noun: 'TEXT SEARCH PARSER' }, state, before, context),
    ];
  },
});

type TemplateState = {
  readonly name: string;
  readonly schema: string;
  readonly comment: string;
  readonly init: string;
  readonly lexize: string;
};

const templateForm = defineForm<TemplateState>({
  kind: 'text-search-template',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    { id: 'general', fields: [NAME, SCHEMA, COMMENT] },
    {
      id: 'definition',
      fields: [
        { id: 'init', kind: 'combo', choices: 'text-search-parser-functions', fixed: true },
        { id: 'lexize', kind: 'combo', choices: 'functions', required: true, fixed: true },
      ],
    },
  ],
  initial: (context) => ({ name: '', schema: parentSchema(context), comment: '', init: '', lexize: '' }),
  statements: (state, before, context) => {
    const definition = definitionList([
      ['INIT', withoutArguments(state.init)],
      ['LEXIZE', withoutArguments(state.lexize)],
    ]);
    return [
      ...(before
        ? []
        : [{ sql: `CREATE TEXT SEARCH TEMPLATE ${quoteQualified(state.schema, state.name)} ${definition}` }]),
      ...identityChanges({ noun: 'TEXT SEARCH TEMPLATE' }, state, before, context),
    ];
  },
});

export const TEXT_SEARCH_FORMS: readonly AnyForm[] = [configurationForm, dictionaryForm, parserForm, templateForm];
