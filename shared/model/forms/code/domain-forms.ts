import type { Statement } from '../../catalog';
import { defineForm, type AnyForm, type FieldProblem, type FormContext } from '../../form';
import { quoteIdent, quoteQualified } from '../../quote';
import { checkName } from '../cluster/common';
import { checkNamed, commentChange } from '../identity';
import { listChanges } from '../list-changes';
import { written } from '../written';
import { COMMENT, GENERAL, identityChanges, NAME, targetOf } from './common';
import { renameOrder } from './rename-order';
import { newType, TYPE_SECURITY, USUAL_OF_TYPES, type TypeState } from './type-common';

type CheckRow = {
  readonly id: string;
  readonly name: string;
  readonly expression: string;
  /** The values that there are need not hold to it. */
  readonly notValid: boolean;
  readonly comment: string;
};

type DomainState = TypeState & {
  readonly baseType: string;
  readonly collation: string;
  readonly default: string;
  readonly notNull: boolean;
  readonly checks: readonly CheckRow[];
};

const DOMAIN = { noun: 'DOMAIN' };

const checkSql = ({ name, expression }: Pick<CheckRow, 'name' | 'expression'>): string =>
  `${name === '' ? '' : `CONSTRAINT ${quoteIdent(name)} `}CHECK (${written(expression)})`;
const addCheck = (domain: string, check: Omit<CheckRow, 'id' | 'comment'>): Statement => ({
  sql: `ALTER ${domain} ADD ${checkSql(check)}${check.notValid ? ' NOT VALID' : ''}`,
});
const checkComment = (domain: string, name: string, before: string | null, after: string): Statement[] =>
  name === '' ? [] : commentChange(`CONSTRAINT ${quoteIdent(name)} ON ${domain}`, before, after);
const validation = (domain: string, name: string): Statement => ({
  sql: `ALTER ${domain} VALIDATE CONSTRAINT ${quoteIdent(name)}`,
});

/** A check can be renamed and made valid; anything else is another check. */
const isOther = (before: CheckRow, after: CheckRow): boolean =>
  before.expression !== after.expression || (after.notValid && !before.notValid);

function checkChanges(state: DomainState, before: DomainState): Statement[] {
  const domain = targetOf(DOMAIN, before);
  const { added, removed, changed } = listChanges(before.checks, state.checks, ({ id }) => id);
  const replaced = changed.filter((pair) => isOther(pair.before, pair.after));
  const kept = changed.filter((pair) => !isOther(pair.before, pair.after));
  const dropped = [...removed, ...replaced.map((pair) => pair.before)];
  const gone = new Set(dropped.map(({ name }) => name));
  const made = [...replaced.map((pair) => pair.after), ...added];
  return [
    ...dropped.map(({ name }) => ({ sql: `ALTER ${domain} DROP CONSTRAINT ${quoteIdent(name)}` })),
    ...renameOrder(
      kept.map(({ before: { name }, after }) => ({ from: name, to: after.name === '' ? name : after.name })),
      before.checks.map(({ name }) => name).filter((name) => !gone.has(name)),
    ).map(({ from, to }) => ({
      sql: `ALTER ${domain} RENAME CONSTRAINT ${quoteIdent(from)} TO ${quoteIdent(to)}`,
    })),
    ...kept
      .filter((pair) => pair.before.notValid && !pair.after.notValid)
      .map(({ after }) => validation(domain, after.name)),
    ...made.map((row) => addCheck(domain, row)),
    ...kept.flatMap((pair) => checkComment(domain, pair.after.name, pair.before.comment, pair.after.comment)),
    ...made.flatMap((row) => checkComment(domain, row.name, null, row.comment)),
  ];
}

function create(state: DomainState, context: FormContext): Statement[] {
  const domain = targetOf(DOMAIN, state);
  const parts = [
    `CREATE DOMAIN ${quoteQualified(state.schema, state.name)} AS ${state.baseType}`,
    ...(state.collation === '' ? [] : [`COLLATE ${state.collation}`]),
    ...(state.default === '' ? [] : [`DEFAULT ${written(state.default)}`]),
    ...(state.notNull ? ['NOT NULL'] : []),
    ...state.checks.filter(({ notValid }) => !notValid).map(checkSql),
  ];
  return [
    { sql: parts.join('\n    ') },
    ...state.checks.filter(({ notValid }) => notValid).map((row) => addCheck(domain, row)),
    ...state.checks.flatMap((row) => checkComment(domain, row.name, null, row.comment)),
    ...identityChanges(DOMAIN, state, null, context, USUAL_OF_TYPES),
  ];
}

function change(state: DomainState, before: DomainState, context: FormContext): Statement[] {
  const domain = targetOf(DOMAIN, before);
  return [
    ...(state.default === before.default
      ? []
      : [
          { sql: `ALTER ${domain} ${state.default === '' ? 'DROP DEFAULT' : `SET DEFAULT ${written(state.default)}`}` },
        ]),
    ...(state.notNull === before.notNull
      ? []
      : [{ sql: `ALTER ${domain} ${state.notNull ? 'SET' : 'DROP'} NOT NULL` }]),
    ...checkChanges(state, before),
    ...identityChanges(DOMAIN, state, before, context),
  ];
}

const domainForm = defineForm<DomainState>({
  kind: 'domain',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    GENERAL,
    {
      id: 'definition',
      fields: [
        { id: 'baseType', kind: 'combo', choices: 'types', required: true, fixed: true },
        { id: 'collation', kind: 'combo', choices: 'collations', fixed: true },
        { id: 'default', kind: 'text' },
        { id: 'notNull', kind: 'switch' },
      ],
    },
    {
      id: 'checks',
      fields: [
        {
          id: 'checks',
          kind: 'list',
          columns: [
            { id: 'name', kind: 'text', check: checkName },
            { id: 'expression', kind: 'text', required: true },
            { id: 'notValid', kind: 'switch' },
            { id: 'comment', kind: 'text', check: checkNamed },
          ],
        },
      ],
    },
    TYPE_SECURITY,
  ],
  initial: (context) => ({ ...newType(context), baseType: '', collation: '', default: '', notNull: false, checks: [] }),
  statements: (state, before, context) => (before ? change(state, before, context) : create(state, context)),
});

type DomainCheckState = {
  readonly name: string;
  readonly comment: string;
  /** The domain as SQL writes it. */
  readonly domain: string;
  readonly expression: string;
  readonly notValid: boolean;
  /** The server knows already that it holds: that can't be taken back. */
  readonly isKnownValid: boolean;
};

const domainCheckForm = defineForm<DomainCheckState>({
  kind: 'constraint',
  variant: 'domain-check',
  words: 'forms-code',
  editable: true,
  tabs: [
    {
      id: 'general',
      fields: [
        { ...NAME, required: false },
        { id: 'domain', kind: 'fact' },
        { ...COMMENT, check: checkNamed },
      ],
    },
    {
      id: 'definition',
      fields: [
        { id: 'expression', kind: 'sql', required: true, fixed: true },
        {
          id: 'notValid',
          kind: 'switch',
          enabled: ({ isKnownValid }) => !isKnownValid,
        },
      ],
    },
  ],
  initial: ({ parent }) => ({
    name: '',
    comment: '',
    domain: parent ? quoteQualified(parent.schema, parent.name) : '',
    expression: '',
    notValid: false,
    isKnownValid: false,
  }),
  check: ({ name }, { mode }): Record<string, FieldProblem> =>
    mode === 'edit' && name === '' ? { name: { problem: 'required' } } : {},
  statements: (state, before) => {
    const domain = `DOMAIN ${state.domain}`;
    if (!before) return [addCheck(domain, state), ...checkComment(domain, state.name, null, state.comment)];
    const name = state.name === '' ? before.name : state.name;
    return [
      ...(name === before.name
        ? []
        : [{ sql: `ALTER ${domain} RENAME CONSTRAINT ${quoteIdent(before.name)} TO ${quoteIdent(name)}` }]),
      ...(before.notValid && !state.notValid ? [validation(domain, name)] : []),
      ...checkComment(domain, name, before.comment, state.comment),
    ];
  },
});

export const DOMAIN_FORMS: readonly AnyForm[] = [domainForm, domainCheckForm];
