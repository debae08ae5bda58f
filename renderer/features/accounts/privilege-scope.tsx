import { Select } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { PrivilegeObjectType } from '../../../shared/model/account';
import { api } from '../../api';
import { ErrorPanel } from '../../ui/error-panel';
import { needsSchema, PICKED_KINDS, type Scope } from './model';
import classes from './privileges-dialog.module.css';
import { useLoaded } from './use-loaded';

export interface PrivilegeScopeProps {
  readonly plane: string;
  readonly id: string;
  readonly scope: Scope;
  readonly onChange: (scope: Scope) => void;
}

/** Database, kind of objects, schema, table: each picker as soon as the one before it is set. */
export function PrivilegeScope({ plane, id, scope, onChange }: PrivilegeScopeProps) {
  const { t } = useTranslation('accounts');
  const { kind, database, schema, table } = scope;
  const names = (type: PrivilegeObjectType, where: { database: string; schema: string }) => (signal: AbortSignal) =>
    api.accounts.objects({ plane, id, type, table: '', ...where }, signal);
  const databases = useLoaded('databases', names('database', { database: '', schema: '' }));
  const wantsSchema = needsSchema(kind) && database !== '';
  const schemas = useLoaded(wantsSchema ? JSON.stringify([database]) : null, names('schema', { database, schema: '' }));
  const wantsTable = kind === 'column' && schema !== '';
  const tables = useLoaded(
    wantsTable ? JSON.stringify([database, schema]) : null,
    names('table', { database, schema }),
  );
  const failed = [databases, schemas, tables].find(({ error }) => error !== null);

  // A picker that has something to offer is never left empty: the first database that is not the server's own, the schema public.
  const firstDatabase = databases.value?.find((each) => each !== 'postgres') ?? databases.value?.[0];
  const firstSchema = schemas.value?.find((each) => each === 'public') ?? schemas.value?.[0];
  const firstTable = tables.value?.[0];
  useEffect(() => {
    if (database === '' && firstDatabase !== undefined) onChange({ ...scope, database: firstDatabase });
    else if (wantsSchema && schema === '' && firstSchema !== undefined) onChange({ ...scope, schema: firstSchema });
    else if (wantsTable && table === '' && firstTable !== undefined) onChange({ ...scope, table: firstTable });
  }, [scope, database, schema, table, wantsSchema, wantsTable, firstDatabase, firstSchema, firstTable, onChange]);

  return (
    <>
      <div className={classes.scope}>
        <Picker
          label={t('kinds.one.database')}
          names={databases.value}
          value={database}
          onChange={(next) => onChange({ ...scope, database: next, schema: '', table: '' })}
        />
        <Select
          label={t('privileges.kind')}
          allowDeselect={false}
          data={PICKED_KINDS.map((each) => ({ value: each, label: t(`kinds.many.${each}`) }))}
          value={kind}
          onChange={(next) => {
            const chosen = PICKED_KINDS.find((each) => each === next);
            if (chosen) onChange({ ...scope, kind: chosen, table: '' });
          }}
        />
        {needsSchema(kind) ? (
          <Picker
            label={t('kinds.one.schema')}
            names={schemas.value}
            value={schema}
            onChange={(next) => onChange({ ...scope, schema: next, table: '' })}
          />
        ) : null}
        {kind === 'column' ? (
          <Picker
            label={t('kinds.one.table')}
            names={tables.value}
            value={table}
            onChange={(next) => onChange({ ...scope, table: next })}
          />
        ) : null}
      </div>
      {failed === undefined ? null : <ErrorPanel error={failed.error} onRetry={failed.reload} />}
    </>
  );
}

interface PickerProps {
  readonly label: string;
  /** Null while they are read. */
  readonly names: readonly string[] | null;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Picker({ label, names, value, onChange }: PickerProps) {
  const { t } = useTranslation('accounts');
  return (
    <Select
      label={label}
      searchable
      allowDeselect={false}
      disabled={names === null || names.length === 0}
      placeholder={names === null ? t('privileges.reading') : t('privileges.none')}
      data={[...(names ?? [])]}
      value={value === '' ? null : value}
      onChange={(next) => {
        if (next !== null) onChange(next);
      }}
    />
  );
}
