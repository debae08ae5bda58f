import type { Statement } from '../../catalog';
import { defineForm, type AnyForm, type FormContext } from '../../form';
import { quoteIdent, quoteQualified } from '../../quote';
import { checkName } from '../cluster/common';
import { commentChange } from '../identity';
import { listChanges } from '../list-changes';
import { GENERAL, identityChanges, targetOf } from './common';
import { renameOrder } from './rename-order';
import { newType, TYPE, TYPE_SECURITY, USUAL_OF_TYPES, type TypeState } from './type-common';

type AttributeRow = {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly collation: string;
  readonly comment: string;
};

type CompositeState = TypeState & { readonly attributes: readonly AttributeRow[] };

const typeSql = ({ type, collation }: AttributeRow): string =>
  `${type}${collation === '' ? '' : ` COLLATE ${collation}`}`;
const attributeSql = (row: AttributeRow): string => `${quoteIdent(row.name)} ${typeSql(row)}`;

function attributeChanges(state: CompositeState, before: CompositeState): Statement[] {
  const target = targetOf(TYPE, before);
  const { added, removed, changed } = listChanges(before.attributes, state.attributes, ({ id }) => id);
  const gone = new Set(removed.map(({ name }) => name));
  const renames = renameOrder(
    changed.map((pair) => ({ from: pair.before.name, to: pair.after.name })),
    before.attributes.map(({ name }) => name).filter((name) => !gone.has(name)),
  );
  const actions = [
    ...changed
      .filter((pair) => typeSql(pair.before) !== typeSql(pair.after))
      .map(({ after }) => `ALTER ATTRIBUTE ${quoteIdent(after.name)} SET DATA TYPE ${typeSql(after)}`),
    ...added.map((row) => `ADD ATTRIBUTE ${attributeSql(row)}`),
  ];
  return [
    ...(removed.length > 0
      ? [{ sql: `ALTER ${target} ${removed.map(({ name }) => `DROP ATTRIBUTE ${quoteIdent(name)}`).join(', ')}` }]
      : []),
    ...renames.map(({ from, to }) => ({
      sql: `ALTER ${target} RENAME ATTRIBUTE ${quoteIdent(from)} TO ${quoteIdent(to)}`,
    })),
    ...(actions.length > 0 ? [{ sql: `ALTER ${target} ${actions.join(', ')}` }] : []),
    ...[...changed, ...added.map((after) => ({ before: null, after }))].flatMap((pair) =>
      commentChange(attributeTarget(before, pair.after), pair.before?.comment ?? null, pair.after.comment),
    ),
  ];
}

const attributeTarget = ({ schema, name }: CompositeState, row: AttributeRow): string =>
  `COLUMN ${quoteQualified(schema, name)}.${quoteIdent(row.name)}`;

function statements(state: CompositeState, before: CompositeState | null, context: FormContext): Statement[] {
  if (before) return [...attributeChanges(state, before), ...identityChanges(TYPE, state, before, context)];
  const attributes = state.attributes.map(attributeSql).join(',\n    ');
  return [
    {
      sql: `CREATE TYPE ${quoteQualified(state.schema, state.name)} AS (${attributes === '' ? '' : `\n    ${attributes}\n`})`,
    },
    ...state.attributes.flatMap((row) => commentChange(attributeTarget(state, row), null, row.comment)),
    ...identityChanges(TYPE, state, null, context, USUAL_OF_TYPES),
  ];
}

export const compositeTypeForm: AnyForm = defineForm<CompositeState>({
  kind: 'type',
  variant: 'composite',
  words: 'forms-code',
  editable: true,
  tabs: [
    GENERAL,
    {
      id: 'definition',
      fields: [
        {
          id: 'attributes',
          kind: 'list',
          columns: [
            { id: 'name', kind: 'text', required: true, check: checkName },
            { id: 'type', kind: 'combo', choices: 'types', required: true },
            { id: 'collation', kind: 'combo', choices: 'collations' },
            { id: 'comment', kind: 'text' },
          ],
        },
      ],
    },
    TYPE_SECURITY,
  ],
  initial: (context) => ({ ...newType(context), attributes: [] }),
  statements,
});
