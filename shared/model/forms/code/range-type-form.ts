import { defineForm, type AnyForm } from '../../form';
import { quoteIdent, quoteQualified } from '../../quote';
import { checkName } from '../cluster/common';
import { definitionList, GENERAL, identityChanges, NAME, OWNER, SCHEMA, withoutArguments } from './common';
import { newType, TYPE, TYPE_SECURITY, USUAL_OF_TYPES, type TypeState } from './type-common';

type RangeState = TypeState & {
  readonly subtype: string;
  readonly operatorClass: string;
  readonly collation: string;
  readonly canonical: string;
  readonly difference: string;
  /** Unqualified: it stands in the schema of the range. Empty: the server chooses. */
  readonly multirange: string;
};

export const rangeTypeForm: AnyForm = defineForm<RangeState>({
  kind: 'type',
  variant: 'range',
  words: 'forms-code',
  editable: true,
  tabs: [
    GENERAL,
    {
      id: 'definition',
      fields: [
        { id: 'subtype', kind: 'combo', choices: 'range-subtypes', required: true, fixed: true },
        { id: 'operatorClass', kind: 'combo', choices: 'operator-classes', fixed: true },
        { id: 'collation', kind: 'combo', choices: 'collations', fixed: true },
        { id: 'canonical', kind: 'combo', choices: 'functions', fixed: true },
        { id: 'difference', kind: 'combo', choices: 'functions', fixed: true },
        { id: 'multirange', kind: 'text', since: 140_000, fixed: true, check: checkName },
      ],
    },
    TYPE_SECURITY,
  ],
  initial: (context) => ({
    ...newType(context),
    subtype: '',
    operatorClass: '',
    collation: '',
    canonical: '',
    difference: '',
    multirange: '',
  }),
  statements: (state, before, context) => {
    if (before) return identityChanges(TYPE, state, before, context);
    const multirange =
      state.multirange === '' || context.version < 140_000
        ? ''
        : `${quoteIdent(state.schema)}.${quoteIdent(state.multirange)}`;
    const definition = definitionList([
      ['SUBTYPE', state.subtype],
      ['SUBTYPE_OPCLASS', state.operatorClass],
      ['COLLATION', state.collation],
      ['CANONICAL', withoutArguments(state.canonical)],
      ['SUBTYPE_DIFF', withoutArguments(state.difference)],
      ['MULTIRANGE_TYPE_NAME', multirange],
    ]);
    return [
      { sql: `CREATE TYPE ${quoteQualified(state.schema, state.name)} AS RANGE ${definition}` },
      ...identityChanges(TYPE, state, null, context, USUAL_OF_TYPES),
    ];
  },
});

type ShellState = { readonly name: string; readonly schema: string; readonly owner: string };

/** A name that stands for a type which functions need before it is there. It can be given away, and nothing else. */
export const shellTypeForm: AnyForm = defineForm<ShellState>({
  kind: 'type',
  variant: 'shell',
  words: 'forms-code',
  editable: true,
  tabs: [{ id: 'general', fields: [{ ...NAME, fixed: true }, OWNER, { ...SCHEMA, fixed: true }] }],
  initial: (context) => {
    const { name, schema, owner } = newType(context);
    return { name, schema, owner };
  },
  statements: (state, before, context) => {
    const { name, schema } = before ?? state;
    return [
      ...(before ? [] : [{ sql: `CREATE TYPE ${quoteQualified(schema, name)}` }]),
      ...identityChanges(TYPE, { name, schema, owner: state.owner }, before, context),
    ];
  },
});
