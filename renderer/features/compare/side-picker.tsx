import { Button, Select } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ServerView } from '../../../shared/model/server';
import { api } from '../../api';
import { ChoiceGroup } from '../../ui/choice-group';
import { ErrorPanel } from '../../ui/error-panel';
import { MiddleEllipsis } from '../../ui/middle-ellipsis';
import classes from './side-picker.module.css';
import type { SideDraft } from './model';
import { useAnswer } from './use-answer';

export interface SidePickerProps {
  readonly label: string;
  readonly servers: readonly ServerView[];
  readonly draft: SideDraft;
  readonly onChange: (draft: SideDraft) => void;
}

const KINDS = ['database', 'schema', 'file'] as const;

/** One side of a comparison: a database, a schema or a dump file. */
export function SidePicker({ label, servers, draft, onChange }: SidePickerProps) {
  const { t } = useTranslation('compare');
  const { kind, serverId, database } = draft;
  const databases = useAnswer(kind === 'file' || serverId === '' ? null : serverId, () =>
    api.servers.databases({ id: serverId }),
  );
  const schemas = useAnswer(
    kind === 'schema' && serverId !== '' && database !== '' ? JSON.stringify([serverId, database]) : null,
    (signal) =>
      api.catalog.children(
        {
          serverId,
          database,
          folder: 'schemas',
          parent: { kind: 'database', oid: 0, schema: '', name: database, sub: 0 },
          showSystem: false,
        },
        signal,
      ),
  );
  const pick = async (): Promise<void> => {
    const file = await api.app.pickFile({
      title: t('side.pickFile'),
      filters: [
        { name: t('side.dumps'), extensions: ['sql', 'gz', 'dump', 'backup', 'custom', 'tar', 'pgdump'] },
        { name: t('side.all'), extensions: ['*'] },
      ],
      purpose: 'import',
    });
    if (file) onChange({ ...draft, file: { token: file.token, name: file.name } });
  };
  return (
    <fieldset className={classes.side}>
      <legend className={classes.legend}>{label}</legend>
      <ChoiceGroup
        label={t('side.kind', { side: label })}
        value={kind}
        choices={KINDS.map((value) => ({ value, label: t(`side.kinds.${value}`) }))}
        onChange={(value) => onChange({ ...draft, kind: KINDS.find((each) => each === value) ?? 'database' })}
      />
      {kind === 'file' ? (
        <div className={classes.file}>
          <Button variant="default" leftSection={<IconFileImport size={16} stroke={1.5} />} onClick={() => void pick()}>
            {t('side.pickFile')}
          </Button>
          {draft.file === null ? (
            <span className={classes.note}>{t('side.noFile')}</span>
          ) : (
            <MiddleEllipsis text={draft.file.name} />
          )}
        </div>
      ) : null}
      <Select
        label={t(kind === 'file' ? 'side.scratch' : 'side.server')}
        placeholder={t(kind === 'file' ? 'side.otherServer' : 'side.chooseServer')}
        data={servers.map(({ id, name }) => ({ value: id, label: name }))}
        value={serverId === '' ? null : serverId}
        onChange={(id) => onChange({ ...draft, serverId: id ?? '', database: '', schema: '' })}
        searchable
        clearable={kind === 'file'}
        allowDeselect={false}
      />
      {kind === 'file' ? <p className={classes.note}>{t('side.scratchNote')}</p> : null}
      {kind !== 'file' ? (
        <Select
          label={t('side.database')}
          placeholder={t('side.chooseDatabase')}
          data={(databases.value ?? []).map(({ name }) => name)}
          value={database === '' ? null : database}
          onChange={(name) => onChange({ ...draft, database: name ?? '', schema: '' })}
          searchable
          allowDeselect={false}
          disabled={serverId === '' || databases.busy}
        />
      ) : null}
      {databases.error === null ? null : <ErrorPanel error={databases.error} onRetry={databases.again} />}
      {kind === 'schema' ? (
        <Select
          label={t('side.schema')}
          placeholder={t('side.chooseSchema')}
          data={(schemas.value ?? []).map(({ ref }) => ref.name)}
          value={draft.schema === '' ? null : draft.schema}
          onChange={(name) => onChange({ ...draft, schema: name ?? '' })}
          searchable
          allowDeselect={false}
          disabled={database === '' || schemas.busy}
        />
      ) : null}
      {schemas.error === null ? null : <ErrorPanel error={schemas.error} onRetry={schemas.again} />}
    </fieldset>
  );
}
