import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../../api';
import { ErrorPanel } from '../../ui/error-panel';
import { useLoaded } from './use-loaded';

export interface OwnerFieldProps {
  readonly plane: string;
  readonly id: string;
  readonly value: string;
  readonly onChange: (owner: string) => void;
}

/** One of the instance's accounts. */
export function OwnerField({ plane, id, value, onChange }: OwnerFieldProps) {
  const { t } = useTranslation('accounts');
  const accounts = useLoaded('accounts', (signal) => api.accounts.list({ plane, id }, signal));
  return (
    <>
      <Select
        required
        searchable
        allowDeselect={false}
        label={t('fields.owner')}
        disabled={accounts.value === null}
        placeholder={accounts.value === null ? t('reading') : t('fields.ownerChoose')}
        data={(accounts.value ?? []).map(({ name }) => name)}
        value={value === '' ? null : value}
        onChange={(next) => {
          if (next !== null) onChange(next);
        }}
      />
      {accounts.error === null ? null : <ErrorPanel error={accounts.error} onRetry={accounts.reload} />}
    </>
  );
}
