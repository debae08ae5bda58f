import { defineForm, type AnyForm } from '../../form';
import { quoteIdent, quoteQualified } from '../../quote';
import { written } from '../written';
import { GENERAL, identityChanges, numberOf, parentSchema, targetOf, words } from './common';

type ExpressionRow = { readonly id: string; readonly expression: string };

type StatisticsState = {
  readonly name: string;
  readonly schema: string;
  readonly owner: string;
  readonly comment: string;
  /** As SQL writes it. */
  readonly table: string;
  /** Empty: all that the server knows. */
  readonly kinds: readonly string[];
  readonly columns: readonly string[];
  readonly expressions: readonly ExpressionRow[];
  /** -1: that of the columns. */
  readonly target: number | null;
};

const NAMING = { noun: 'STATISTICS' };
const KINDS = ['ndistinct', 'dependencies', 'mcv'];

function definition(state: StatisticsState): string {
  const parts = [
    ...state.columns.map(quoteIdent),
    ...state.expressions.map(({ expression }) => `(${written(expression)})`),
  ];
  const kinds = state.kinds.filter((kind) => KINDS.includes(kind));
  // Statistics of one expression alone have no kinds.
  const shown = kinds.length === 0 || parts.length < 2 ? '' : ` (${kinds.join(', ')})`;
  return `CREATE STATISTICS ${quoteQualified(state.schema, state.name)}${shown}\n    ON ${parts.join(', ')}\n    FROM ${state.table}`;
}

const statisticsForm = defineForm<StatisticsState>({
  kind: 'statistics-object',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    GENERAL,
    {
      id: 'definition',
      fields: [
        { id: 'table', kind: 'combo', choices: 'tables', required: true, fixed: true },
        { id: 'columns', kind: 'many', choices: 'columns', choicesOf: 'table', fixed: true },
        {
          id: 'expressions',
          kind: 'list',
          since: 140_000,
          fixed: true,
          columns: [{ id: 'expression', kind: 'text', required: true }],
        },
        { id: 'kinds', kind: 'many', choices: words(...KINDS), fixed: true },
        { id: 'target', kind: 'number', min: -1, max: 10_000, since: 130_000 },
      ],
    },
  ],
  initial: (context) => {
    const { parent } = context;
    const isTable = parent !== null && parent.kind !== 'schema';
    return {
      name: '',
      schema: parentSchema(context),
      owner: context.user,
      comment: '',
      table: isTable ? quoteQualified(parent.schema, parent.name) : '',
      kinds: [],
      columns: [],
      expressions: [],
      target: -1,
    };
  },
  check: ({ columns, expressions, kinds }, { version }) => ({
    ...(columns.length + expressions.length < (expressions.length > 0 ? 1 : 2)
      ? { columns: { problem: 'statistics-columns' } }
      : {}),
    ...(kinds.includes('mcv') && version < 120_000
      ? { kinds: { problem: 'needs-version', values: { version: 12 } } }
      : {}),
  }),
  statements: (state, before, context) => {
    const target = numberOf(state.target) ?? -1;
    return [
      ...(before ? [] : [{ sql: definition(state) }]),
      ...(context.version >= 130_000 && target !== (before ? (numberOf(before.target) ?? -1) : -1)
        ? [{ sql: `ALTER ${targetOf(NAMING, before ?? state)} SET STATISTICS ${target}` }]
        : []),
      ...identityChanges(NAMING, state, before, context),
    ];
  },
});

export const STATISTICS_FORMS: readonly AnyForm[] = [statisticsForm];
