import { Checkbox, Radio, Select, TextInput } from '@mantine/core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { actionStatements, NEW_CHOICE, type ActionChoice } from '../../../../shared/model/actions/simple-actions';
import type { ObjectRef } from '../../../../shared/model/catalog';
import type { Command, ObjectAction } from '../../../../shared/model/command';
import { api } from '../../../api/index';
import { ErrorPanel } from '../../../ui/error-panel';
import { useLoaded } from '../use-loaded';
import { useServer } from '../use-server';
import classes from './actions.module.css';
import { useObjectsInWords } from './deed-words';
import { StatementDialog } from './statement-dialog';
import { useDatabases } from './use-databases';
import { useParents } from './use-parents';

export interface SimpleDialogProps {
  readonly command: Extract<Command, { do: 'act-on-objects' }>;
  readonly onClose: () => void;
}

const DANGEROUS: ReadonlySet<ObjectAction> = new Set(['truncate', 'reassign-owned', 'detach', 'reset-statistics']);
const ON_PARTS: ReadonlySet<ObjectAction> = new Set(['enable', 'disable', 'validate', 'detach']);

const isView = ({ kind }: ObjectRef): boolean => kind === 'view';

/** An action of a few questions: truncate, refresh, enable, detach, … */
export function SimpleDialog({ command: { action, serverId, database, objects }, onClose }: SimpleDialogProps) {
  const { t } = useTranslation('objects');
  const inWords = useObjectsInWords();
  const server = useServer(serverId);
  const [choice, setChoice] = useState<ActionChoice>(NEW_CHOICE);
  const [chosenDatabase, setDatabase] = useState(database);
  const byDatabase = action === 'reassign-owned';
  const place = byDatabase && chosenDatabase === '' ? (server?.database ?? '') : chosenDatabase;
  const databases = useDatabases(byDatabase ? serverId : '', true);
  const onParts = ON_PARTS.has(action);
  const parents = useParents(onParts, serverId, database, objects);
  const ready = !onParts || parents.value !== null;
  const what = objects.length === 0 ? (server?.name ?? '') : inWords(objects);
  const statements = ready
    ? actionStatements(action, objects, choice, (object) => parents.value?.get(object.oid) ?? null)
    : [];
  const isTurnedOnView =
    (action === 'enable' || action === 'disable') && [...(parents.value?.values() ?? [])].some(isView);
  const change = (some: Partial<ActionChoice>): void => setChoice((before) => ({ ...before, ...some }));
  const single = objects.length === 1 ? objects[0]?.name : undefined;
  return (
    <StatementDialog
      serverId={serverId}
      database={place}
      title={t(`actions.${action}.title`, { what })}
      deed={t(`actions.${action}.deed`)}
      danger={DANGEROUS.has(action)}
      statements={statements}
      typed={single ?? server?.name ?? ''}
      onClose={onClose}
    >
      <p className={classes.text}>{t(`actions.${action}.text`)}</p>
      {isTurnedOnView ? <p className={classes.text}>{t('ask.ofView')}</p> : null}
      {byDatabase ? (
        <Select
          label={t('ask.database')}
          searchable
          data={databases.includes(place) || place === '' ? [...databases] : [place, ...databases]}
          value={place === '' ? null : place}
          allowDeselect={false}
          onChange={(name) => setDatabase(name ?? '')}
        />
      ) : null}
      {parents.error === null ? null : <ErrorPanel error={parents.error} onRetry={parents.reload} />}
      <Questions
        action={action}
        choice={choice}
        version={server?.status.versionNum ?? 0}
        onFiring={objects.some(({ kind }) => kind !== 'subscription')}
        serverId={serverId}
        onChange={change}
      />
    </StatementDialog>
  );
}

interface QuestionsProps {
  readonly action: ObjectAction;
  readonly choice: ActionChoice;
  readonly version: number;
  /** Whether it matters how the thing fires. */
  readonly onFiring: boolean;
  readonly serverId: string;
  readonly onChange: (some: Partial<ActionChoice>) => void;
}

type Check = 'cascade' | 'restartIdentity' | 'withData' | 'concurrently' | 'finalize';

const DETACH_SINCE = 140_000;

/** What one action asks; most ask nothing. */
function Questions({ action, choice, version, onFiring, serverId, onChange }: QuestionsProps) {
  const { t } = useTranslation('objects');
  const check = (key: Check, more: { readonly disabled?: boolean; readonly 'data-autofocus'?: true } = {}) => (
    <Checkbox
      {...more}
      label={t(`ask.${key}`)}
      checked={choice[key]}
      onChange={(event) => onChange({ [key]: event.currentTarget.checked })}
    />
  );
  switch (action) {
    case 'truncate':
      return (
        <>
          {check('restartIdentity')}
          {check('cascade')}
        </>
      );
    case 'refresh-view':
      return (
        <>
          {check('withData', { 'data-autofocus': true })}
          {check('concurrently', { disabled: !choice.withData })}
        </>
      );
    case 'detach':
      return version < DETACH_SINCE ? null : (
        <>
          {check('concurrently', { disabled: choice.finalize })}
          {check('finalize')}
        </>
      );
    case 'enable':
      return onFiring ? (
        <Radio.Group
          label={t('ask.firing')}
          value={choice.firing}
          onChange={(value) => {
            if (value === 'enable' || value === 'replica' || value === 'always') onChange({ firing: value });
          }}
        >
          {(['enable', 'replica', 'always'] as const).map((value) => (
            <Radio
              key={value}
              value={value}
              label={t(`ask.firings.${value}`)}
              {...(value === choice.firing ? { 'data-autofocus': true } : {})}
            />
          ))}
        </Radio.Group>
      ) : null;
    case 'restore-point':
      return (
        <TextInput
          data-autofocus
          label={t('ask.restorePoint')}
          value={choice.restorePoint}
          maxLength={63}
          onChange={(event) => onChange({ restorePoint: event.currentTarget.value })}
          autoComplete="off"
        />
      );
    case 'reassign-owned':
      return (
        <>
          <Radio.Group
            label={t('ask.owned')}
            value={choice.reassign ? 'reassign' : 'drop'}
            onChange={(value) => onChange({ reassign: value === 'reassign' })}
          >
            <Radio value="reassign" label={t('ask.reassign')} />
            <Radio value="drop" label={t('ask.dropOwned')} />
          </Radio.Group>
          {choice.reassign ? (
            <RoleChoice
              serverId={serverId}
              label={t('ask.newOwner')}
              value={choice.newOwner}
              onChange={(newOwner) => onChange({ newOwner })}
            />
          ) : (
            check('cascade')
          )}
        </>
      );
    default:
      return null;
  }
}

interface RoleChoiceProps {
  readonly serverId: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (role: string) => void;
}

/** One of the server's roles. */
function RoleChoice({ serverId, label, value, onChange }: RoleChoiceProps) {
  const read = useCallback(
    (signal: AbortSignal) => api.catalog.choices({ serverId, database: '', source: 'roles', of: '' }, signal),
    [serverId],
  );
  const roles = useLoaded(true, read);
  return (
    <Select
      label={label}
      searchable
      data={(roles.value ?? []).map((role) => role.value)}
      value={value === '' ? null : value}
      onChange={(role) => onChange(role ?? '')}
    />
  );
}
