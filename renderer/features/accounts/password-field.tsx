import { PasswordInput } from '@mantine/core';
import { IconCheck, IconCircleDashed, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ACCOUNT_PASSWORD_SPECIALS, passwordRules } from '../../../shared/model/account-rules';
import { PASSWORD_MAX, PASSWORD_MIN } from '../../../shared/model/instance-rules';
import classes from './tab.module.css';

export interface PasswordFieldProps {
  readonly label: string;
  readonly value: string;
  readonly focused?: boolean;
  readonly onChange: (value: string) => void;
}

/** A new password with every rule below it, ticked as one types. */
export function PasswordField({ label, value, focused = false, onChange }: PasswordFieldProps) {
  const { t } = useTranslation('accounts');
  const values = { min: PASSWORD_MIN, max: PASSWORD_MAX, specials: ACCOUNT_PASSWORD_SPECIALS };
  return (
    <div>
      <PasswordInput
        {...(focused ? { 'data-autofocus': true } : {})}
        required
        label={label}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        autoComplete="new-password"
      />
      <ul className={classes.checks} aria-label={t('passwordRules.label')}>
        {passwordRules(value).map(({ rule, ok }) => {
          const state = value === '' ? 'open' : ok ? 'ok' : 'broken';
          const Icon = { open: IconCircleDashed, ok: IconCheck, broken: IconX }[state];
          return (
            <li key={rule} data-rule={rule} data-state={state}>
              <Icon size={16} stroke={1.5} aria-hidden />
              <span>
                {t(`passwordRules.${rule}`, values)}
                {state === 'open' ? null : <span className="visually-hidden"> {t(`passwordRules.${state}`)}</span>}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
