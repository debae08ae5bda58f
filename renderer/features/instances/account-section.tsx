import { PasswordInput, TextInput } from '@mantine/core';
import { IconCheck, IconCircleDashed, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { passwordChecks } from '../../../shared/model/instance-password';
import { PASSWORD_ADVISED, PASSWORD_MAX, PASSWORD_MIN, PASSWORD_SPECIALS } from '../../../shared/model/instance-rules';
import { ChoiceGroup } from '../../ui/choice-group';
import { FormRow } from '../../ui/form-row';
import type { SectionProps } from './create-form';
import classes from './create-instance-view.module.css';

/** Name, character set and the administrator account. */
export function AccountSection({ form, options, onChange, problemOf, onLeave }: SectionProps) {
  const { t } = useTranslation('instances');
  return (
    <section className={classes.section} aria-label={t('buy.account')}>
      <FormRow label={t('buy.name')} htmlFor="instance-name">
        <TextInput
          id="instance-name"
          className={classes.narrow ?? ''}
          value={form.name}
          onChange={(event) => onChange({ ...form, name: event.currentTarget.value })}
          onBlur={() => onLeave('name')}
          error={problemOf('name')}
          autoComplete="off"
          spellCheck={false}
        />
        <p className={classes.note}>{t('buy.nameNote')}</p>
      </FormRow>
      <FormRow label={t('buy.charset')} required>
        <ChoiceGroup
          label={t('buy.charset')}
          choices={options.charsets.map((charset) => ({ value: charset, label: charset }))}
          value={form.charset}
          onChange={(charset) => onChange({ ...form, charset })}
        />
      </FormRow>
      <FormRow label={t('buy.user')} htmlFor="instance-user" required>
        <TextInput
          id="instance-user"
          className={classes.narrow ?? ''}
          required
          value={form.adminUser}
          onChange={(event) => onChange({ ...form, adminUser: event.currentTarget.value })}
          onBlur={() => onLeave('adminUser')}
          error={problemOf('adminUser')}
          autoComplete="off"
          spellCheck={false}
        />
        <p className={classes.note}>{t('buy.userNote')}</p>
      </FormRow>
      <FormRow label={t('buy.password')} htmlFor="instance-password" required>
        <PasswordInput
          id="instance-password"
          className={classes.narrow ?? ''}
          required
          value={form.adminPassword}
          onChange={(event) => onChange({ ...form, adminPassword: event.currentTarget.value })}
          onBlur={() => onLeave('adminPassword')}
          error={problemOf('adminPassword')}
          autoComplete="new-password"
        />
        <PasswordRules password={form.adminPassword} />
      </FormRow>
    </section>
  );
}

/** Every rule of the password, ticked as one types. */
function PasswordRules({ password }: { readonly password: string }) {
  const { t } = useTranslation('instances');
  const values = { min: PASSWORD_MIN, max: PASSWORD_MAX, advised: PASSWORD_ADVISED, specials: PASSWORD_SPECIALS };
  return (
    <ul className={classes.checks} aria-label={t('buy.passwordRules')}>
      {passwordChecks(password).map(({ rule, ok, advice }) => {
        const state = password === '' || (!ok && advice) ? 'open' : ok ? 'ok' : 'broken';
        const Icon = { open: IconCircleDashed, ok: IconCheck, broken: IconX }[state];
        return (
          <li key={rule} data-rule={rule} data-state={state}>
            <Icon size={16} stroke={1.5} aria-hidden />
            <span>
              {t(`passwordChecks.${rule}`, values)}
              {state === 'open' ? null : <span className="visually-hidden"> {t(`buy.rule-${state}`)}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
