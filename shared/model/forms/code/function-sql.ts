import type { Statement } from '../../catalog';
import type { FormContext, LabelRow, OptionRow, PrivilegeRow } from '../../form';
import { quoteIdent, quoteLiteral, quoteQualified } from '../../quote';
import { same } from '../list-changes';
import { parameterName, parameterSetting } from '../parameters';
import { written } from '../written';
import { dollarQuoted, everybody, identityChanges, numberOf, targetOf, withoutArguments, type Naming } from './common';

export type ArgumentRow = {
  readonly id: string;
  /** OUT, INOUT or VARIADIC; empty is IN. */
  readonly mode: string;
  readonly name: string;
  readonly type: string;
  readonly default: string;
};

export type ResultColumnRow = { readonly id: string; readonly name: string; readonly type: string };

/** Functions, procedures and trigger functions: one state, of which each dialog shows its part. */
export type FunctionState = {
  readonly name: string;
  readonly schema: string;
  readonly owner: string;
  readonly comment: string;
  readonly arguments: readonly ArgumentRow[];
  readonly returns: string;
  readonly returnType: string;
  readonly returnColumns: readonly ResultColumnRow[];
  readonly language: string;
  /** The body is SQL by itself (BEGIN ATOMIC … END, RETURN …), not a string. */
  readonly atomic: boolean;
  readonly body: string;
  readonly objectFile: string;
  readonly symbol: string;
  readonly volatility: string;
  readonly strict: boolean;
  readonly securityDefiner: boolean;
  readonly window: boolean;
  readonly parallel: string;
  readonly leakproof: boolean;
  readonly cost: number | null;
  readonly rows: number | null;
  readonly support: string;
  readonly parameters: readonly OptionRow[];
  readonly extensions: readonly string[];
  readonly privileges: readonly PrivilegeRow[];
  readonly labels: readonly LabelRow[];
  /** The arguments that the server has: what of them can't be changed is checked against them. Empty while creating. */
  readonly knownArguments: readonly ArgumentRow[];
};

export type FunctionNoun = 'FUNCTION' | 'PROCEDURE';

/** Arguments that are part of the identity: those that a call gives, and of procedures from 14 on all. */
function signature(noun: FunctionNoun, rows: readonly ArgumentRow[], version: number): string {
  const counted = rows.filter(({ mode }) => mode !== 'OUT' || (noun === 'PROCEDURE' && version >= 140_000));
  return `(${counted.map(({ mode, type }) => `${mode === 'VARIADIC' || mode === 'OUT' ? `${mode} ` : ''}${type}`).join(', ')})`;
}

const naming = (noun: FunctionNoun, rows: readonly ArgumentRow[], version: number): Naming => ({
  noun,
  after: signature(noun, rows, version),
});

const argumentSql = ({ mode, name, type, default: value }: ArgumentRow): string =>
  [
    ...(mode === '' ? [] : [mode]),
    ...(name === '' ? [] : [quoteIdent(name)]),
    type,
    ...(value === '' ? [] : [`DEFAULT ${written(value)}`]),
  ].join(' ');

export const isCompiled = (language: string): boolean => language === 'c';
const usualCost = (language: string): number => (language === 'c' || language === 'internal' ? 1 : 100);
export const returnsRows = ({ returns }: FunctionState): boolean => returns === 'SETOF' || returns === 'TABLE';

function returnsClause(state: FunctionState): string[] {
  if (state.returns === 'TABLE') {
    return [`RETURNS TABLE (${state.returnColumns.map(({ name, type }) => `${quoteIdent(name)} ${type}`).join(', ')})`];
  }
  if (state.returnType === '') return [];
  return [`RETURNS ${state.returns === 'SETOF' ? 'SETOF ' : ''}${state.returnType}`];
}

function bodyClause(state: FunctionState): string {
  if (isCompiled(state.language)) {
    const symbol = state.symbol === '' ? '' : `, ${quoteLiteral(state.symbol)}`;
    return `AS ${quoteLiteral(state.objectFile)}${symbol}`;
  }
  return state.atomic && state.language === 'sql' ? state.body : `AS ${dollarQuoted(state.body)}`;
}

/** Clauses of a function that ALTER knows too; those of `state` that differ from `usual`. */
function traits(state: FunctionState, usual: FunctionState): string[] {
  const cost = numberOf(state.cost);
  const rows = numberOf(state.rows);
  return [
    ...(state.volatility === usual.volatility ? [] : [state.volatility]),
    ...(state.strict === usual.strict ? [] : [state.strict ? 'STRICT' : 'CALLED ON NULL INPUT']),
    ...(state.leakproof === usual.leakproof ? [] : [state.leakproof ? 'LEAKPROOF' : 'NOT LEAKPROOF']),
    ...(state.parallel === usual.parallel ? [] : [`PARALLEL ${state.parallel}`]),
    ...(cost === null || cost === usual.cost ? [] : [`COST ${cost}`]),
    ...(rows === null || rows === usual.rows || !returnsRows(state) ? [] : [`ROWS ${rows}`]),
    ...(state.support === usual.support || state.support === '' ? [] : [`SUPPORT ${withoutArguments(state.support)}`]),
  ];
}

/** Clauses of functions and procedures alike. */
function commonTraits(state: FunctionState, usual: FunctionState): string[] {
  const now = new Map(state.parameters.map((row) => [row.name, row.value]));
  const old = new Map(usual.parameters.map((row) => [row.name, row.value]));
  return [
    ...(state.securityDefiner === usual.securityDefiner
      ? []
      : [state.securityDefiner ? 'SECURITY DEFINER' : 'SECURITY INVOKER']),
    ...[...old.keys()].filter((name) => !now.has(name)).map((name) => `RESET ${parameterName(name)}`),
    ...[...now]
      .filter(([name, value]) => old.get(name) !== value)
      .map(([name, value]) => `SET ${parameterSetting(name, value)}`),
  ];
}

/** A function of which nothing is said. */
const plain = (state: FunctionState): FunctionState => ({
  ...state,
  volatility: 'VOLATILE',
  strict: false,
  leakproof: false,
  parallel: 'UNSAFE',
  cost: usualCost(state.language),
  rows: 1000,
  support: '',
  securityDefiner: false,
  parameters: [],
});

function definition(noun: FunctionNoun, state: FunctionState, replace: boolean): string {
  const usual = plain(state);
  return [
    `CREATE ${replace ? 'OR REPLACE ' : ''}${noun} ${quoteQualified(state.schema, state.name)}(${state.arguments.map(argumentSql).join(', ')})`,
    ...(noun === 'FUNCTION' ? returnsClause(state) : []),
    `LANGUAGE ${quoteIdent(state.language)}`,
    ...(state.window && noun === 'FUNCTION' ? ['WINDOW'] : []),
    ...(noun === 'FUNCTION' ? traits(state, usual) : []),
    ...commonTraits(state, usual),
    bodyClause(state),
  ].join('\n    ');
}

/** Parts that only CREATE OR REPLACE changes. */
const REDEFINED = ['arguments', 'language', 'atomic', 'body', 'objectFile', 'symbol'] as const;

/** What makes a function or procedure, or changes it: by ALTER where that can do it, else by CREATE OR REPLACE. */
export function functionStatements(
  noun: FunctionNoun,
  state: FunctionState,
  before: FunctionState | null,
  context: FormContext,
): Statement[] {
  if (!before) {
    const made = naming(noun, state.arguments, context.version);
    return [
      { sql: definition(noun, state, false) },
      ...dependencies(targetOf(made, state), [], state.extensions),
      ...identityChanges(made, state, null, context, everybody('EXECUTE')),
    ];
  }
  const known = naming(noun, before.arguments, context.version);
  const target = targetOf(known, before);
  const isRedefined =
    REDEFINED.some((key) => !same(before[key], state[key])) || (before.support !== '' && state.support === '');
  const changed = [...(noun === 'FUNCTION' ? traits(state, before) : []), ...commonTraits(state, before)];
  const definitionChanges: Statement[] = isRedefined
    ? [
        { sql: definition(noun, { ...state, schema: before.schema, name: before.name }, true) },
        // The server forgets them whenever a function is defined anew.
        ...dependencies(target, [], state.extensions),
      ]
    : [
        ...(changed.length > 0 ? [{ sql: `ALTER ${target}\n    ${changed.join('\n    ')}` }] : []),
        ...dependencies(target, before.extensions, state.extensions),
      ];
  return [...definitionChanges, ...identityChanges(known, state, before, context)];
}

const dependencies = (target: string, before: readonly string[], after: readonly string[]): Statement[] => [
  ...before
    .filter((name) => !after.includes(name))
    .map((name) => ({ sql: `ALTER ${target} NO DEPENDS ON EXTENSION ${quoteIdent(name)}` })),
  ...after
    .filter((name) => !before.includes(name))
    .map((name) => ({ sql: `ALTER ${target} DEPENDS ON EXTENSION ${quoteIdent(name)}` })),
];
