import type { Statement } from '../../catalog';
import { defineForm, type FormContext, type OptionRow, type PrivilegeRow } from '../../form';
import { quoteQualified } from '../../quote';
import { commentChange, ownerChange, renameChange, schemaChange } from '../identity';
import { labelChanges } from '../labels';
import { optionChanges, optionList } from '../options';
import { privilegeChanges } from '../privileges';
import { written } from '../written';
import {
  COMMENT,
  commonState,
  LABELS,
  NAME,
  OWNER,
  SCHEMA,
  schemaOf,
  TABLE_PRIVILEGES,
  values,
  withoutEnd,
  type CommonState,
} from './common';

export interface ViewState extends CommonState {
  readonly schema: string;
  /** A query without a semicolon at its end. */
  readonly definition: string;
  readonly securityBarrier: boolean;
  /** From 15 on. */
  readonly securityInvoker: boolean;
  /** `local`, `cascaded`; empty for none. */
  readonly checkOption: string;
  readonly privileges: readonly PrivilegeRow[];
}

const initial = (context: FormContext): ViewState => ({
  ...commonState(context),
  schema: schemaOf(context),
  definition: '',
  securityBarrier: false,
  securityInvoker: false,
  checkOption: '',
  privileges: [],
});

const options = (state: ViewState): OptionRow[] => [
  ...(state.checkOption === '' ? [] : [{ name: 'check_option', value: state.checkOption }]),
  ...(state.securityBarrier ? [{ name: 'security_barrier', value: 'true' }] : []),
  ...(state.securityInvoker ? [{ name: 'security_invoker', value: 'true' }] : []),
];

/** The query as the server gets it: replacing a view replaces its options too, so that they always stand here. */
function definitionStatement(word: string, state: ViewState): Statement {
  const list = optionList(options(state));
  const name = quoteQualified(state.schema, state.name);
  return { sql: `${word} ${name}${list === '' ? '' : ` WITH (${list})`} AS\n${written(withoutEnd(state.definition))}` };
}

function statements(state: ViewState, before: ViewState | null, context: FormContext): readonly Statement[] {
  const target = `VIEW ${quoteQualified(state.schema, state.name)}`;
  const settings = [
    ...commentChange(target, before?.comment ?? '', state.comment),
    ...privilegeChanges(
      `TABLE ${quoteQualified(state.schema, state.name)}`,
      before?.privileges ?? [],
      state.privileges,
    ),
    ...labelChanges(target, before?.labels ?? [], state.labels),
  ];
  if (before === null) {
    return [definitionStatement('CREATE VIEW', state), ...ownerChange(target, context.user, state.owner), ...settings];
  }
  return [
    ...renameChange(`VIEW ${quoteQualified(before.schema, before.name)}`, before.name, state.name),
    ...schemaChange(`VIEW ${quoteQualified(before.schema, state.name)}`, before.schema, state.schema),
    ...ownerChange(target, before.owner, state.owner),
    ...(withoutEnd(state.definition) === withoutEnd(before.definition)
      ? optionChanges(target, options(before), options(state))
      : [definitionStatement('CREATE OR REPLACE VIEW', state)]),
    ...settings,
  ];
}

export const viewForm = defineForm<ViewState>({
  kind: 'view',
  variant: '',
  words: 'forms',
  editable: true,
  tabs: [
    { id: 'general', fields: [NAME, OWNER, SCHEMA, COMMENT] },
    { id: 'code', fields: [{ id: 'definition', kind: 'sql', required: true }] },
    {
      id: 'definition',
      fields: [
        { id: 'securityBarrier', kind: 'switch' },
        { id: 'securityInvoker', kind: 'switch', since: 150_000 },
        { id: 'checkOption', kind: 'choice', choices: values('local', 'cascaded') },
      ],
    },
    { id: 'security', fields: [{ id: 'privileges', kind: 'privileges', privileges: TABLE_PRIVILEGES }, LABELS] },
  ],
  initial,
  statements,
});
