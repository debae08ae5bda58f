import type { Statement } from '../../catalog';
import { defineForm, type FormState } from '../../form';
import { quoteIdent, quoteLiteral } from '../../quote';
import { commentChange, schemaChange } from '../identity';
import { COMMENT } from './common';

export interface ExtensionState extends FormState {
  readonly name: string;
  /** Empty: where the extension says, or the first of the search path. */
  readonly schema: string;
  /** Empty: the default version. */
  readonly version: string;
  readonly cascade: boolean;
  readonly relocatable: boolean;
  readonly comment: string;
}

function createStatement(state: ExtensionState): Statement {
  const options = [
    state.schema === '' ? '' : ` SCHEMA ${quoteIdent(state.schema)}`,
    state.version === '' ? '' : ` VERSION ${quoteLiteral(state.version)}`,
    state.cascade ? ' CASCADE' : '',
  ];
  return { sql: `CREATE EXTENSION ${quoteIdent(state.name)}${options.join('')}` };
}

function statements(state: ExtensionState, before: ExtensionState | null): readonly Statement[] {
  const target = `EXTENSION ${quoteIdent(before?.name ?? state.name)}`;
  if (before === null) {
    // The extension's own comment stands unless another one is given.
    return [createStatement(state), ...commentChange(target, '', state.comment)];
  }
  const update =
    state.version === before.version || state.version === ''
      ? []
      : [{ sql: `ALTER ${target} UPDATE TO ${quoteLiteral(state.version)}` }];
  return [
    ...update,
    ...schemaChange(target, before.schema, state.schema),
    ...commentChange(target, before.comment, state.comment),
  ];
}

export const extensionForm = defineForm<ExtensionState>({
  kind: 'extension',
  variant: '',
  words: 'forms',
  editable: true,
  tabs: [
    {
      id: 'general',
      fields: [
        { id: 'name', kind: 'choice', choices: 'available-extensions', required: true, fixed: true },
        {
          id: 'schema',
          kind: 'choice',
          choices: 'schemas',
          enabled: (state, { mode }) => mode === 'create' || state.relocatable,
        },
        { id: 'version', kind: 'combo', choices: 'extension-versions', choicesOf: 'name' },
        { id: 'cascade', kind: 'switch', only: 'create' },
        COMMENT,
      ],
    },
  ],
  initial: () => ({ name: '', schema: '', version: '', cascade: false, relocatable: true, comment: '' }),
  statements,
});
