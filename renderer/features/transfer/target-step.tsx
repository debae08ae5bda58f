import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Finding } from '../../../shared/model/import';
import type { ServerView } from '../../../shared/model/server';
import { formatBytes } from '../../ui/bytes';
import { ChoiceGroup } from '../../ui/choice-group';
import { FindingsList } from './findings-list';
import classes from './import-wizard.module.css';
import type { Draft } from './model';
import { DatabasesProblem, ServerPicker } from './server-picker';
import type { DatabaseName, Loaded } from './use-wizard';

export interface TargetStepProps {
  readonly draft: Draft;
  readonly servers: readonly ServerView[] | null;
  readonly databases: Loaded<readonly DatabaseName[]>;
  readonly suggestion: string;
  readonly findings: Loaded<readonly Finding[]>;
  readonly onChange: (draft: Draft) => void;
}

const ENCODINGS = [
  'UTF8',
  'SQL_ASCII',
  'LATIN1',
  'LATIN2',
  'LATIN9',
  'WIN1250',
  'WIN1251',
  'WIN1252',
  'EUC_CN',
  'EUC_TW',
  'EUC_JP',
  'EUC_KR',
];

/** Where the data goes, and what the checks say about it. */
export function TargetStep({ draft, servers, databases, suggestion, findings, onChange }: TargetStepProps) {
  const { t } = useTranslation('transfer');
  const [left, setLeft] = useState(false);
  const server = servers?.find(({ id }) => id === draft.targetServer);
  const name = draft.newName ?? suggestion;
  const problem =
    name.trim() === ''
      ? t('target.nameEmpty')
      : new TextEncoder().encode(name).length > 63
        ? t('target.nameLong')
        : databases.value?.some((each) => each.name === name)
          ? t('target.nameTaken', { name })
          : null;
  return (
    <>
      <div>
        <h2 className={classes.heading}>{t('target.title')}</h2>
        <p className={classes.lead}>{t('target.lead')}</p>
      </div>
      <div className={classes.fields}>
        <ServerPicker
          label={t('target.server')}
          servers={servers}
          value={draft.targetServer}
          onChange={(id) => onChange({ ...draft, targetServer: id, targetDatabase: '' })}
        />
        {server ? <DatabasesProblem server={server} databases={databases} /> : null}
        <ChoiceGroup
          label={t('target.database')}
          value={draft.create ? 'new' : 'existing'}
          choices={[
            { value: 'new', label: t('target.new') },
            { value: 'existing', label: t('target.existing') },
          ]}
          onChange={(value) => onChange({ ...draft, create: value === 'new' })}
        />
        {draft.create ? (
          <div className={classes.row}>
            <TextInput
              className={classes.narrow ?? ''}
              w="100%"
              label={t('target.name')}
              value={name}
              onChange={(event) => onChange({ ...draft, newName: event.currentTarget.value })}
              onBlur={() => setLeft(true)}
              error={(left || draft.newName !== null) && problem}
              spellCheck={false}
            />
            <Select
              label={t('target.encoding')}
              data={[
                { value: '', label: t('target.encodingSource') },
                ...ENCODINGS.map((value) => ({ value, label: value })),
              ]}
              value={draft.encoding}
              onChange={(value) => onChange({ ...draft, encoding: value ?? '' })}
              allowDeselect={false}
            />
          </div>
        ) : (
          <Select
            className={classes.narrow ?? ''}
            label={t('target.database')}
            placeholder={databases.busy ? t('loading') : t('server.chooseDatabase')}
            data={(databases.value ?? []).map(({ name: value, sizeBytes }) => ({
              value,
              label: sizeBytes === null ? value : `${value} — ${formatBytes(sizeBytes)}`,
            }))}
            value={draft.targetDatabase === '' ? null : draft.targetDatabase}
            onChange={(value) => onChange({ ...draft, targetDatabase: value ?? '' })}
            searchable
            allowDeselect={false}
            disabled={server === undefined || databases.busy || databases.error !== null}
          />
        )}
      </div>
      <FindingsList draft={draft} findings={findings} onChange={onChange} />
    </>
  );
}
