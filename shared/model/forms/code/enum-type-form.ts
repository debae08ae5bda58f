import type { Statement } from '../../catalog';
import { defineForm, type AnyForm, type FieldProblem, type FormContext } from '../../form';
import { quoteLiteral, quoteQualified } from '../../quote';
import { checkName } from '../cluster/common';
import { GENERAL, identityChanges, targetOf } from './common';
import { renameOrder } from './rename-order';
import { newType, TYPE, TYPE_SECURITY, USUAL_OF_TYPES, type TypeState } from './type-common';

type LabelOfEnum = { readonly id: string; readonly label: string };

type EnumState = TypeState & {
  readonly values: readonly LabelOfEnum[];
  /** Ids of the values that the server has, in its order; empty while creating. */
  readonly known: readonly string[];
};

/** Values can be added and renamed, neither taken away nor moved. */
function check({ values, known }: EnumState): Record<string, FieldProblem> {
  const kept = values.map(({ id }) => id).filter((id) => known.includes(id));
  if (kept.length < known.length) return { values: { problem: 'enum-value-removed' } };
  if (kept.some((id, index) => id !== known[index])) return { values: { problem: 'enum-value-moved' } };
  return new Set(values.map(({ label }) => label)).size < values.length ? { values: { problem: 'twice' } } : {};
}

function valueChanges(state: EnumState, before: EnumState, { version }: FormContext): Statement[] {
  const target = targetOf(TYPE, before);
  const old = new Map(before.values.map(({ id, label }) => [id, label]));
  const renames = renameOrder(
    state.values.flatMap(({ id, label }) => {
      const from = old.get(id);
      return from === undefined ? [] : [{ from, to: label }];
    }),
    before.values.map(({ label }) => label),
  );
  const firstKept = state.values.find(({ id }) => old.has(id));
  const added = state.values.flatMap(({ id, label }, index): Statement[] => {
    if (old.has(id)) return [];
    // Each stands behind the one before it, which is there by then; what comes before all others, before the first of them.
    const previous = state.values[index - 1];
    const leading = firstKept && index < state.values.indexOf(firstKept);
    const place = leading
      ? ` BEFORE ${quoteLiteral(firstKept.label)}`
      : previous
        ? ` AFTER ${quoteLiteral(previous.label)}`
        : '';
    const sql = `ALTER ${target} ADD VALUE ${quoteLiteral(label)}${place}`;
    return [version < 120_000 ? { sql, outside: true } : { sql }];
  });
  return [
    ...renames.map(({ from, to }) => ({
      sql: `ALTER ${target} RENAME VALUE ${quoteLiteral(from)} TO ${quoteLiteral(to)}`,
    })),
    ...added,
  ];
}

function statements(state: EnumState, before: EnumState | null, context: FormContext): Statement[] {
  if (before) return [...valueChanges(state, before, context), ...identityChanges(TYPE, state, before, context)];
  const values = state.values.map(({ label }) => quoteLiteral(label)).join(', ');
  return [
    { sql: `CREATE TYPE ${quoteQualified(state.schema, state.name)} AS ENUM (${values})` },
    ...identityChanges(TYPE, state, null, context, USUAL_OF_TYPES),
  ];
}

export const enumTypeForm: AnyForm = defineForm<EnumState>({
  kind: 'type',
  variant: 'enum',
  words: 'forms-code',
  editable: true,
  tabs: [
    GENERAL,
    {
      id: 'definition',
      fields: [
        {
          id: 'values',
          kind: 'list',
          ordered: true,
          columns: [{ id: 'label', kind: 'text', required: true, check: checkName }],
        },
      ],
    },
    TYPE_SECURITY,
  ],
  initial: (context) => ({ ...newType(context), values: [], known: [] }),
  check,
  statements,
});
