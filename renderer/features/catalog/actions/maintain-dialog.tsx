import { Checkbox, NumberInput, Radio, Select, TextInput } from '@mantine/core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  isBufferLimit,
  knowsOption,
  maintenanceStatements,
  NEW_MAINTENANCE,
  operationsFor,
  type MaintenanceChoice,
} from '../../../../shared/model/actions/maintenance';
import type { Command } from '../../../../shared/model/command';
import { api } from '../../../api/index';
import { useLoaded } from '../use-loaded';
import { useServer } from '../use-server';
import classes from './actions.module.css';
import { useObjectsInWords } from './deed-words';
import { StatementDialog } from './statement-dialog';

export interface MaintainDialogProps {
  readonly command: Extract<Command, { do: 'act-on-objects' }>;
  readonly onClose: () => void;
}

type Switch = {
  readonly [Key in keyof MaintenanceChoice]: MaintenanceChoice[Key] extends boolean ? Key : never;
}[keyof MaintenanceChoice];

const VACUUM_SWITCHES: readonly Switch[] = [
  'full',
  'freeze',
  'analyze',
  'disablePageSkipping',
  'skipLocked',
  'truncate',
  'processToast',
  'processMain',
  'skipDatabaseStats',
  'onlyDatabaseStats',
  'verbose',
];

/** VACUUM, ANALYZE, REINDEX and CLUSTER with every option that the server knows. */
export function MaintainDialog({ command: { serverId, database, objects }, onClose }: MaintainDialogProps) {
  const { t } = useTranslation('objects');
  const inWords = useObjectsInWords();
  const server = useServer(serverId);
  const version = server?.status.versionNum ?? 0;
  const operations = operationsFor(objects);
  const [choice, setChoice] = useState<MaintenanceChoice>({
    ...NEW_MAINTENANCE,
    operation: operations[0] ?? 'vacuum',
  });
  const change = (some: Partial<MaintenanceChoice>): void => setChoice((before) => ({ ...before, ...some }));
  const { operation } = choice;
  const readTablespaces = useCallback(
    (signal: AbortSignal) => api.catalog.choices({ serverId, database, source: 'tablespaces', of: '' }, signal),
    [serverId, database],
  );
  const tablespaces = (useLoaded(operation === 'reindex', readTablespaces).value ?? []).map(({ value }) => value);
  const switches: readonly Switch[] =
    operation === 'vacuum'
      ? VACUUM_SWITCHES
      : operation === 'analyze'
        ? ['skipLocked', 'verbose']
        : operation === 'reindex'
          ? [
              ...(objects.some(({ kind }) => kind === 'database') ? (['system'] as const) : []),
              'concurrently',
              'verbose',
            ]
          : ['verbose'];
  return (
    <StatementDialog
      serverId={serverId}
      database={database}
      title={t('actions.maintain.title', { what: inWords(objects) })}
      deed={t(`maintenance.deeds.${operation}`)}
      statements={version === 0 ? [] : maintenanceStatements(choice, objects, version)}
      typed=""
      tellsMessages
      onClose={onClose}
    >
      <Radio.Group
        label={t('maintenance.operation')}
        value={operation}
        onChange={(value) => {
          const found = operations.find((each) => each === value);
          if (found) change({ operation: found });
        }}
      >
        <div className={classes.inline}>
          {operations.map((each) => (
            <Radio
              key={each}
              value={each}
              label={each.toUpperCase()}
              {...(each === operation ? { 'data-autofocus': true } : {})}
            />
          ))}
        </div>
      </Radio.Group>
      <p className={classes.muted}>{t(`maintenance.texts.${operation}`)}</p>
      <div className={classes.options}>
        {switches
          .filter((key) => knowsOption(key, version))
          .map((key) => (
            <Checkbox
              key={key}
              label={t(`maintenance.options.${key}`)}
              checked={choice[key] && !(key === 'concurrently' && choice.system)}
              disabled={key === 'concurrently' && choice.system}
              onChange={(event) => change({ [key]: event.currentTarget.checked })}
            />
          ))}
      </div>
      {operation === 'vacuum' && knowsOption('indexCleanup', version) ? (
        <Select
          label={t('maintenance.options.indexCleanup')}
          data={[
            { value: '', label: t('maintenance.usual') },
            ...(version >= 140_000 ? ['auto'] : []).map((value) => ({ value, label: value.toUpperCase() })),
            { value: 'on', label: 'ON' },
            { value: 'off', label: 'OFF' },
          ]}
          allowDeselect={false}
          value={choice.indexCleanup}
          onChange={(value) => {
            if (value === '' || value === 'auto' || value === 'on' || value === 'off') change({ indexCleanup: value });
          }}
        />
      ) : null}
      {operation === 'vacuum' && !choice.full && knowsOption('parallel', version) ? (
        <NumberInput
          label={t('maintenance.options.parallel')}
          min={-1}
          max={1024}
          value={choice.parallel}
          onChange={(value) => change({ parallel: typeof value === 'number' ? value : -1 })}
        />
      ) : null}
      {(operation === 'vacuum' || operation === 'analyze') && knowsOption('bufferUsageLimit', version) ? (
        <TextInput
          label={t('maintenance.options.bufferUsageLimit')}
          value={choice.bufferUsageLimit}
          error={isBufferLimit(choice.bufferUsageLimit) ? null : t('maintenance.wrongLimit')}
          onChange={(event) => change({ bufferUsageLimit: event.currentTarget.value })}
        />
      ) : null}
      {operation === 'reindex' && knowsOption('tablespace', version) ? (
        <Select
          label={t('maintenance.options.tablespace')}
          searchable
          clearable
          disabled={choice.system}
          data={tablespaces}
          value={choice.tablespace === '' ? null : choice.tablespace}
          onChange={(tablespace) => change({ tablespace: tablespace ?? '' })}
        />
      ) : null}
    </StatementDialog>
  );
}
