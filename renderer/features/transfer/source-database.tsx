import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../../api';
import { formatBytes } from '../../ui/bytes';
import { ChoiceGroup } from '../../ui/choice-group';
import { ErrorPanel } from '../../ui/error-panel';
import classes from './import-wizard.module.css';
import { ObjectPicker } from './object-picker';
import { DatabasesProblem, ServerPicker } from './server-picker';
import type { SourceStepProps } from './source-step';
import { useAnswer, useDatabases } from './use-wizard';

/** A database on a registered server, whole or by schemas and tables. */
export function SourceDatabase({ draft, servers, onChange }: SourceStepProps) {
  const { t } = useTranslation('transfer');
  const server = servers?.find(({ id }) => id === draft.sourceServer);
  const databases = useDatabases(server);
  const { sourceServer: serverId, sourceDatabase: database } = draft;
  const wanted = draft.chosenOnly && serverId !== '' && database !== '';
  const objects = useAnswer(wanted ? `${serverId} ${database}` : null, (signal) =>
    api.transfer.sourceObjects({ serverId, database }, signal),
  );
  const whole = { chosenOnly: false, options: { ...draft.options, schemas: [], tables: [] } };
  return (
    <div className={classes.fields}>
      <ServerPicker
        label={t('source.server')}
        servers={servers}
        value={serverId}
        onChange={(id) => onChange({ ...draft, ...whole, sourceServer: id, sourceDatabase: '', newName: null })}
      />
      {server ? <DatabasesProblem server={server} databases={databases} /> : null}
      {server && databases.error === null ? (
        <Select
          className={classes.narrow ?? ''}
          label={t('source.databaseName')}
          placeholder={databases.busy ? t('loading') : t('server.chooseDatabase')}
          data={(databases.value ?? []).map(({ name, sizeBytes }) => ({
            value: name,
            label: sizeBytes === null ? name : `${name} — ${formatBytes(sizeBytes)}`,
          }))}
          value={database === '' ? null : database}
          onChange={(name) => onChange({ ...draft, ...whole, sourceDatabase: name ?? '', newName: null })}
          searchable
          allowDeselect={false}
          disabled={databases.busy}
        />
      ) : null}
      {database === '' ? null : (
        <ChoiceGroup
          label={t('objects.take')}
          value={draft.chosenOnly ? 'chosen' : 'all'}
          choices={[
            { value: 'all', label: t('objects.all') },
            { value: 'chosen', label: t('objects.chosen') },
          ]}
          onChange={(value) => onChange({ ...draft, ...whole, chosenOnly: value === 'chosen' })}
        />
      )}
      {objects.error === null ? null : <ErrorPanel error={objects.error} onRetry={objects.again} />}
      {wanted && objects.error === null ? (
        <ObjectPicker
          objects={objects.value}
          schemas={draft.options.schemas}
          tables={draft.options.tables}
          onChange={(schemas, tables) => onChange({ ...draft, options: { ...draft.options, schemas, tables } })}
        />
      ) : null}
    </div>
  );
}
