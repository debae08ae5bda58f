import { NumberInput, TagsInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { NumberField, TextField, useFieldProps } from './fields';
import { useBoundFields, useForm } from './form-context';
import classes from './servers.module.css';

/** Restriction, password command, time limits, session settings. */
export function AdvancedTab() {
  const { t } = useTranslation('servers');
  const bound = useBoundFields();
  const { form, setServer } = useForm();
  const { server } = form;
  const restriction = useFieldProps({
    field: 'databaseRestriction',
    label: t('fields.databaseRestriction'),
    description: t('help.databaseRestriction'),
  });
  const expiry = useFieldProps({
    field: 'passwordCommandExpiry',
    label: t('fields.passwordCommandExpiry'),
    description: t('help.passwordCommandExpiry'),
    disabled: server.passwordCommand.trim() === '',
    span: 4,
  });
  return (
    <div className={classes.grid}>
      <TagsInput
        {...restriction}
        value={[...server.databaseRestriction]}
        onChange={(databaseRestriction) => setServer({ databaseRestriction })}
        clearable
      />
      <TextField {...bound.server('passwordCommand')} description={t('help.passwordCommand')} span={8} mono />
      <NumberInput
        {...expiry}
        value={server.passwordCommandExpiry ?? ''}
        onChange={(value) => setServer({ passwordCommandExpiry: typeof value === 'number' ? value : null })}
        allowDecimal={false}
        allowNegative={false}
        hideControls
        suffix=" s"
      />
      <NumberField {...bound.server('connectTimeout')} description={t('help.connectTimeout')} span={4} suffix=" s" />
      <NumberField
        {...bound.server('statementTimeout')}
        description={t('help.statementTimeout')}
        span={4}
        suffix=" s"
      />
      <NumberField {...bound.server('keepAlive')} description={t('help.keepAlive')} span={4} suffix=" s" />
      <TextField {...bound.server('applicationName')} span={4} />
      <TextField {...bound.server('options')} span={8} mono placeholder="-c search_path=shop,public" />
    </div>
  );
}
