import { Button, Checkbox, PasswordInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFieldProps } from './fields';
import classes from './servers.module.css';

export interface SecretFieldProps {
  readonly field: string;
  readonly label: string;
  readonly saveLabel: string;
  /** Whether one is stored; it never comes back to this window. */
  readonly stored: boolean;
  readonly value: string;
  readonly save: boolean;
  readonly clear: boolean;
  readonly onChange: (change: { value?: string; save?: boolean; clear?: boolean }) => void;
}

/** A password: typed anew, or stored and shown as such with a way to delete it. */
export function SecretField({ field, label, saveLabel, stored, value, save, clear, onChange }: SecretFieldProps) {
  const { t } = useTranslation('servers');
  const kept = stored && !clear;
  return (
    <>
      <PasswordInput
        {...useFieldProps({ field, label, span: 6 })}
        value={value}
        onChange={(event) => onChange({ value: event.currentTarget.value })}
        placeholder={kept ? t('secret.stored') : clear ? t('secret.cleared') : ''}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('secret.show', { label }), tabIndex: 0 }}
      />
      <div className={`${classes.span6} ${classes.besideField}`}>
        <Checkbox
          label={saveLabel}
          checked={save}
          onChange={(event) => onChange({ save: event.currentTarget.checked })}
        />
        {stored && value === '' ? (
          <Button
            size="xs"
            variant="subtle"
            aria-label={`${clear ? t('secret.keep') : t('secret.clear')}: ${label}`}
            onClick={() => onChange({ clear: !clear })}
          >
            {clear ? t('secret.keep') : t('secret.clear')}
          </Button>
        ) : null}
      </div>
    </>
  );
}
